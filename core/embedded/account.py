"""The system account that PostgreSQL runs as when Hearthline runs as root, which PostgreSQL refuses to."""

import logging
import os
import pwd
import stat
import subprocess
from pathlib import Path

from core.errors import Unavailable

log = logging.getLogger(__name__)

ACCOUNT = "hearthline"
CREATE = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT)


def _exists() -> bool:
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        return False
    return True


def ensure_account() -> str | None:
    """The account's name, created when missing; None for an ordinary user, who needs no other."""
    if os.geteuid() != 0:
        return None
    if not _exists():
        log.info("creating the system account")
        try:
            subprocess.run(CREATE, check=False, capture_output=True)
        except FileNotFoundError:
            log.warning("no useradd on this machine")
        if not _exists():
            raise Unavailable(
                f"As root, PostgreSQL needs a system account {ACCOUNT}: create it, or run as another user."
            )
    return ACCOUNT


def open_the_way(path: Path) -> None:
    """Let the account pass through the folders above `path`: passing only, without listing them."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            log.info("letting the database's account pass through a folder")
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def own(path: Path, account: str | None) -> None:
    """Give a file or folder to the account; nothing to do for an ordinary user."""
    if account is not None:
        entry = pwd.getpwnam(account)
        os.chown(path, entry.pw_uid, entry.pw_gid)
