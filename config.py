"""Every setting of a process, read once from the environment and checked all together."""

import re
import ssl
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "HEARTH_"
SHORTEST_KEY = 32
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SHARES, MOST_SEATS = ("partitions", "group"), 64
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class ConfigError(Exception):
    """Some settings are wrong; the message names every one of them."""


class Wrong(ValueError):
    """One setting's fault: what is wrong with it and what would be right."""


def an_address(*schemes: str) -> Callable[[str], str]:
    """A reader of URLs with one of the schemes and a host."""

    def read(text: str) -> str:
        try:
            parts = urlsplit(text)
            complete = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            complete = False
        if not complete:
            forms = " or ".join(f"{scheme}://host:port" for scheme in schemes)
            raise Wrong(f"is not an address it can use; give one like {forms}")
        return text

    return read


def a_database(text: str) -> str:
    """PostgreSQL's address, in the form SQLAlchemy takes with psycopg 3."""
    scheme, separator, rest = text.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not separator or not rest:
        raise Wrong("is not a PostgreSQL address; give postgresql://user:password@host:5432/database")
    return f"postgresql+psycopg://{rest}"


def a_port(text: str) -> int:
    """A TCP port; 0 picks a free one."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise Wrong("is not a port; give a whole number from 0 (any free one) to 65535")
    return int(text)


def a_key(text: str) -> str:
    """A secret long enough to be one."""
    if len(text) < SHORTEST_KEY:
        raise Wrong(f"is too short to be secret; give at least {SHORTEST_KEY} random characters")
    return text


def a_subject(text: str) -> str:
    """Whom a push service may write to."""
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://[^/\s]+(/\S*)?", text):
        raise Wrong(
            "is nobody to write to; give mailto:care@example.org or an address that begins with https://"
        )
    return text


def a_time_zone(text: str) -> str:
    """The name of a time zone."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise Wrong("is not a time zone; give a name like Europe/London") from fault
    return text


def a_level(text: str) -> str:
    """The least important level that is logged."""
    if text.upper() not in LEVELS:
        raise Wrong(f"is not a level; give one of {', '.join(LEVELS)}")
    return text.upper()


def a_store(text: str) -> str:
    """Where files are kept: a folder, or a bucket that speaks S3."""
    try:
        parts = urlsplit(text)
        endpoint = parse_qs(parts.query).get("endpoint", ["https://s3"])[-1]
        bucket = (
            parts.scheme == "s3" and bool(parts.hostname) and endpoint.startswith(("https://", "http://"))
        )
        folder = parts.scheme == "file" and not parts.netloc and len(parts.path) > 1
    except ValueError:
        bucket = folder = False
    if not (bucket or folder):
        raise Wrong("is no place for files; give file:///folder or s3://bucket/prefix?endpoint=https://host")
    return text


def a_scanner(text: str) -> str:
    """A ClamAV daemon's address."""
    try:
        parts = urlsplit(text)
        reached = (parts.scheme == "tcp" and bool(parts.hostname) and parts.port != 0) or (
            parts.scheme == "unix" and len(parts.path) > 1
        )
    except ValueError:
        reached = False
    if not reached:
        raise Wrong("is not an address of clamd; give tcp://host:3310 or unix:///run/clamav/clamd.sock")
    return text


def certificates(text: str) -> str:
    """Certificates of authorities, in PEM; what stands between them is left out."""
    found = "\n".join(
        re.findall(r"-----BEGIN CERTIFICATE-----[\x20-\x7e\s]+?-----END CERTIFICATE-----", text)
    )
    try:
        ssl.create_default_context(cadata=found or "none")
    except (ssl.SSLError, ValueError) as fault:
        raise Wrong("holds no certificates; give those of authorities in PEM, one after the other") from fault
    return found


def addresses(text: str) -> tuple[str, ...]:
    """E-mail addresses with commas between."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found or any(not re.fullmatch(r"[^@\s]+@[^@\s]+", one) for one in found):
        raise Wrong("are not e-mail addresses; give name@example.org, with commas between several")
    return found


def a_signing_secret(text: str) -> str:
    """A secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64."""
    try:
        key = b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not text.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise Wrong("is no secret to sign with; give whsec_ and 24 to 64 random bytes in base64")
    return text


def seconds(least: int, most: int) -> Callable[[str], int]:
    """A reader of a whole number of seconds."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise Wrong(f"is no number of seconds; give a whole number from {least} to {most}")
        return int(text)

    return read


def a_folder(text: str) -> Path:
    """A folder that is there."""
    found = Path(text)
    if not found.is_dir():
        raise Wrong("is not a folder that is there; give the path of one")
    return found


def a_share(text: str) -> tuple[str, int] | None:
    """How intake workers share the load: by what, and into how many seats; None when there is one worker."""
    kind, _, number = text.partition(":")
    if text == "none":
        return None
    if (
        kind not in SHARES
        or not number.isascii()
        or not number.isdigit()
        or not 2 <= int(number) <= MOST_SEATS
    ):
        raise Wrong(f"is no way to share; give none, partitions:2 or group:2 (up to {MOST_SEATS})")
    return kind, int(number)


def a_switch(text: str) -> bool:
    """On or off."""
    if text.lower() not in YES + NO:
        raise Wrong("is neither on nor off; give true or false")
    return text.lower() in YES


def _setting(read: Callable[[str], Any], default: Any = None) -> Any:
    return field(default=default, metadata={"read": read})


@dataclass(frozen=True, slots=True)
class Config:
    """The settings. One left out has its default here; None means that it has none.

    Each field is the variable HEARTH_ and its name in capitals. Its value may instead lie in a file named
    by the same variable with _FILE, which keeps secrets out of the environment.
    """

    database_url: str | None = _setting(a_database)
    web_database_url: str | None = _setting(a_database)
    owner_database_url: str | None = _setting(a_database)
    mqtt_url: str | None = _setting(an_address("mqtt", "mqtts"))
    mqtt_ca: str | None = _setting(certificates)
    mosquitto_files: Path | None = _setting(Path)
    mosquitto_pid: Path | None = _setting(Path)
    broker_token: str | None = _setting(a_key)
    state_dir: Path = _setting(Path, Path("var/hearthline"))
    web_port: int = _setting(a_port, 8080)
    base_url: str | None = _setting(an_address("https", "http"))
    secret_key: str | None = _setting(a_key)
    secure_cookies: bool | None = _setting(a_switch)
    time_zone: str = _setting(a_time_zone, "Europe/London")
    smtp_url: str | None = _setting(an_address("smtp", "smtp+starttls", "smtps"))
    alarm_to: tuple[str, ...] | None = _setting(addresses)
    alarm_smtp_url: str | None = _setting(an_address("smtp", "smtp+starttls", "smtps"))
    alarm_url: str | None = _setting(an_address("https", "http"))
    alive_url: str | None = _setting(an_address("https", "http"))
    ready_url: str | None = _setting(an_address("https", "http"))
    attachments_url: str | None = _setting(a_store)
    s3_access_key: str | None = _setting(str)
    s3_secret_key: str | None = _setting(str)
    clamd: str | None = _setting(a_scanner)
    webhooks_inside: bool = _setting(a_switch, False)
    notify_key: str | None = _setting(str)
    notify_template: str | None = _setting(str)
    notify_token: str | None = _setting(a_key)
    notify_url: str = _setting(an_address("https", "http"), "https://api.notifications.service.gov.uk")
    push_key: str | None = _setting(str)
    push_subject: str | None = _setting(a_subject)
    voice_url: str | None = _setting(an_address("https", "http"))
    voice_secret: str | None = _setting(a_signing_secret)
    voice_ring: int = _setting(seconds(10, 300), 45)
    mappings: Path | None = _setting(a_folder)
    intake_share: tuple[str, int] | None = _setting(a_share)
    log_level: str = _setting(a_level, "INFO")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """Read every setting; ConfigError names all that are wrong, what is wrong and what would be right.

        An empty value counts as left out. No message holds a value: it may be a secret.
        """
        values: dict[str, Any] = {}
        faults: list[str] = []
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            try:
                text = _look_up(name, environ)
                if text:
                    values[setting.name] = setting.metadata["read"](text)
            except Wrong as fault:
                faults.append(f"{name} {fault}")
        if faults:
            raise ConfigError(_together(faults))
        return cls(**values)

    @property
    def goes_by_https(self) -> bool:
        """Whether cookies go by HTTPS alone: as set, or else where people come by it."""
        if self.secure_cookies is None:
            return (self.base_url or "").startswith("https:")
        return self.secure_cookies

    def require(self, *names: str) -> None:
        """ConfigError that names every one of these settings that was left out."""
        missing = [f"{PREFIX}{name.upper()} is not set" for name in names if getattr(self, name) is None]
        if missing:
            raise ConfigError(_together(missing))


def _look_up(name: str, environ: Mapping[str, str]) -> str:
    text, file = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if text and file:
        raise Wrong(f"is given twice; keep it or {name}_FILE")
    if not file:
        return text
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise Wrong(
            f"can't be read from the file that {name}_FILE names; check its path and rights"
        ) from fault


def _together(faults: list[str]) -> str:
    """One message for all faults."""
    what = "One setting is wrong:" if len(faults) == 1 else f"{len(faults)} settings are wrong:"
    return "\n".join([what, *(f"  {fault}." for fault in faults)])
