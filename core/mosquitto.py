"""Mosquitto's own files: who may sign in and what each may do, and the signal to read them again."""

import os
import signal
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from hmac import compare_digest
from pathlib import Path

from core.embedded.broker_users import BrokerUser
from core.embedded.secrets import write_private
from core.errors import Invalid, Unavailable

FORM = "$7$"  # PBKDF2 with SHA-512; Mosquitto reads no bcrypt
ITERATIONS = 101
"""What mosquitto_passwd takes. Mosquitto counts them for each live connection when it reads its files again,
and 192 random bits need none; a password that somebody thought up needs more."""
SALT_BYTES = 12
PROGRAM = "mosquitto"


def hash_password(password: str, iterations: int = ITERATIONS) -> str:
    """The password's hash as mosquitto_passwd of 2.0 writes it."""
    return _hash(password, iterations, os.urandom(SALT_BYTES))


def is_password(password: str, kept: str) -> bool:
    """Whether `kept`, a hash in Mosquitto's form, is of this password."""
    try:
        _, form, iterations, salt, _ = kept.split("$")
        again = _hash(password, int(iterations), b64decode(salt, validate=True))
    except ValueError:
        return False
    return f"${form}$" == FORM and compare_digest(again, kept)


def can_say(topic_filter: str) -> bool:
    """Whether a line of Mosquitto's file of rights can hold this topic: it may have spaces inside."""
    return topic_filter == topic_filter.strip() and topic_filter.isprintable()


@dataclass(frozen=True, slots=True)
class MosquittoFiles:
    """The files in `folder` that mosquitto.conf names, and Mosquitto's own file of its process id.

    They are 0600; 0640 in a folder that is set-group-ID, where Mosquitto runs as another user of its group.
    Without `pid_file` somebody else has to see to it that Mosquitto reads them again.
    """

    folder: Path
    pid_file: Path | None = None

    @property
    def passwords(self) -> Path:
        """What `password_file` has to name."""
        return self.folder / "passwords"

    @property
    def rights(self) -> Path:
        """What `acl_file` has to name."""
        return self.folder / "rights"

    def kept(self, name: str) -> str | None:
        """The hash that was last written for a user; None where none was."""
        if not self.passwords.exists():
            return None
        lines = (line.partition(":") for line in self.passwords.read_text().splitlines())
        return next((kept for user, _, kept in lines if user == name), None)

    def write(self, users: Iterable[BrokerUser]) -> None:
        """Replace all users by these. Invalid for a name, topic or hash that would be misread, or for nobody.

        Rights first: who is new has them when let in, and who is gone has none at once. No rights for
        anybody would be all rights for everybody.
        """
        everybody = list(users)
        if not everybody:
            raise Invalid(
                {"users": "With nobody in its file of rights Mosquitto allows everybody everything."}
            )
        for user in everybody:
            _check(user)
        for_group = bool(self.folder.stat().st_mode & stat.S_ISGID)
        rights = "\n".join(_rights(user) for user in everybody)
        passwords = "".join(f"{user.name}:{user.password_hash}\n" for user in everybody)
        for path, text in ((self.rights, rights), (self.passwords, passwords)):
            if not path.exists() or path.read_text() != text:
                write_private(path, text, for_group=for_group)

    def reload(self) -> None:
        """Let the running Mosquitto read its files again; Unavailable when it is down or can't be told.

        It ends the connections of whoever is gone or has another password by now (2.0.11: within 0.2 s).
        """
        if self.pid_file is None:
            return
        try:
            process = int(self.pid_file.read_text())
            if not _is_mosquitto(process):
                raise Unavailable("The process that Mosquitto's pid file names is not Mosquitto.")
            os.kill(process, signal.SIGHUP)
        except (OSError, ValueError) as fault:
            raise Unavailable("Mosquitto could not be told to read its files again.") from fault


def _hash(password: str, iterations: int, salt: bytes) -> str:
    found = pbkdf2_hmac("sha512", password.encode(), salt, iterations)
    return f"{FORM}{iterations}${b64encode(salt).decode()}${b64encode(found).decode()}"


def _check(user: BrokerUser) -> None:
    if not user.name or not user.name.isprintable() or ":" in user.name or user.name != user.name.strip():
        raise Invalid({"name": "Mosquitto's files can't hold this name of a user."})
    if not user.password_hash.startswith(FORM) or not user.password_hash.isprintable():
        raise Invalid({"password_hash": f"Hash it for Mosquitto, in the form {FORM}."})
    if not all(can_say(topic) for topic in (*user.publish, *user.subscribe)):
        raise Invalid({"topic": "Mosquitto's files can't hold this topic."})


def _rights(user: BrokerUser) -> str:
    lines = [f"topic write {topic}" for topic in user.publish]
    lines += [f"topic read {topic}" for topic in user.subscribe]
    return "\n".join([f"user {user.name}", *lines, ""])


def _is_mosquitto(process: int) -> bool:
    """Whether that process is Mosquitto: another that has its number by now would die of the signal.

    Where the system doesn't say (no /proc), its file is believed.
    """
    name = Path(f"/proc/{process}/comm")
    return name.read_text().strip() == PROGRAM if Path("/proc/self").exists() else True
