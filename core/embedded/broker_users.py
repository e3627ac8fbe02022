"""Who may publish and subscribe what at the embedded broker, written as the file it includes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import bcrypt

from core.embedded.secrets import write_private
from core.errors import Invalid

BCRYPT_ROUNDS = 6  # device secrets are long and random, and a whole fleet may reconnect at once
BCRYPT_FORM = "$2a$"  # the only one the broker takes for a hash; anything else it would compare as plain text
FORBIDDEN = {
    ".": "a full stop",
    " ": "a space",
    "\t": "a tab",
    "\n": "a line break",
    "*": "an asterisk",
    ">": "a greater-than sign",
}
MAPPED, PARTS = "hearth.v1.", "intake.*."
"""Where the broker parts the load for several intake workers, it looks at permissions only after it has put
the part before the subject. Elsewhere nobody listens there."""
DELIVERIES = "$MQTT.sub.>"  # where the broker delivers a QoS 1 subscription to the client that made it


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """A user of the broker. `publish` and `subscribe` are MQTT topic filters; nothing else is allowed."""

    name: str
    password_hash: str
    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()


def hash_password(password: str, rounds: int = BCRYPT_ROUNDS) -> str:
    """The password's bcrypt hash in the form the broker understands."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds, prefix=b"2a")).decode()


def is_password(password: str, password_hash: str) -> bool:
    """Whether a hash of `hash_password` is that of this password; one that bcrypt can't take is none."""
    try:
        return bcrypt.checkpw(password.encode(), password_hash.encode())
    except ValueError:  # more than 72 bytes
        return False


def subjects(topic_filter: str) -> tuple[str, ...]:
    """The broker's own names for an MQTT topic filter: a/+/c is a.*.c, and a/# is a.> and a itself.

    Invalid for what the broker can't express or would misread: an empty level, a character with a meaning
    of its own there, a wildcard inside a level or before the end.
    """
    levels = topic_filter.split("/")
    for level in levels:
        _check_level(topic_filter, level)
    if "#" in levels[:-1]:
        raise _invalid(topic_filter, "# may only be the last level")
    names = ["*" if level == "+" else level for level in levels]
    if names[-1] != "#":
        return (".".join(names),)
    above = ".".join(names[:-1])
    return (f"{above}.>", above) if above else (">",)


def write_users(path: Path, users: Iterable[BrokerUser]) -> None:
    """Replace the broker's users by these; it takes them over when it is told to reload.

    Invalid for a topic the broker can't express or a password that is not hashed. Then nothing is written.
    """
    rows = [json.dumps(_row(user)) for user in users]
    write_private(path, "users = [\n" + ",\n".join(rows) + "\n]\n")


def _row(user: BrokerUser) -> dict[str, object]:
    if not user.password_hash.startswith(BCRYPT_FORM):
        raise Invalid({"password_hash": f"Hash it with bcrypt, in the form {BCRYPT_FORM}."})
    subscribe = _all(user.subscribe)
    return {
        "user": user.name,
        "password": user.password_hash,
        "permissions": {
            "publish": _allow(_with_parts(_all(user.publish))),
            "subscribe": _allow([*subscribe, DELIVERIES] if subscribe else []),
        },
    }


def _all(filters: Iterable[str]) -> list[str]:
    return [subject for topic_filter in filters for subject in subjects(topic_filter)]


def _with_parts(names: list[str]) -> list[str]:
    return [*names, *(f"{PARTS}{name}" for name in names if name.startswith(MAPPED))]


def _allow(names: list[str]) -> dict[str, list[str]]:
    return {"allow": names} if names else {"deny": [">"]}


def _check_level(topic_filter: str, level: str) -> None:
    if not level:
        raise _invalid(topic_filter, "it has an empty level")
    for sign, name in FORBIDDEN.items():
        if sign in level:
            raise _invalid(topic_filter, f"it holds {name}")
    if level not in ("+", "#") and ("+" in level or "#" in level):
        raise _invalid(topic_filter, "a wildcard must be a level of its own")


def _invalid(topic_filter: str, why: str) -> Invalid:
    return Invalid({"topic": f"The broker can't use {topic_filter!r}: {why}."})
