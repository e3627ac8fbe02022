"""Keeps the users of the embedded broker, or of Mosquitto, up to date with the registry."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core import heartbeats, mosquitto
from core.db import Db
from core.embedded.broker import Broker
from core.embedded.broker_users import BrokerUser
from core.errors import Invalid, Unavailable
from core.models import Heartbeat
from core.mosquitto import MosquittoFiles
from devices import broker_access, broker_rules

log = logging.getLogger(__name__)

INTAKES_ITERATIONS = 10_000
"""For intake's own password, which somebody may have thought up; 5 ms at each of its sign-ins."""
HEARD_WITHIN = timedelta(seconds=15)
"""Real time in which intake has to have said that it hears the broker: three of its heartbeats."""


def refresher(db: Db, state_dir: Path) -> Callable[[], None]:
    """What to call after a device's secret or route has changed; nothing where the broker isn't ours."""
    broker = Broker(state_dir)
    if not broker.users_file.exists():
        return _nothing

    def refresh() -> None:
        try:
            broker_access.refresh(db, broker.users_file, [broker.intake_user()], broker.reload)
        except Unavailable:
            return  # it is being restarted: the timetable asks again, and it reads its users at the start

    return refresh


def mosquitto_refresher(
    db: Db, files: MosquittoFiles, mqtt_url: str, real_now: Callable[[], datetime]
) -> Callable[[], None]:
    """The same where Mosquitto reads files of ours. Invalid for an `mqtt_url` without intake's sign-in.

    A Mosquitto that was started again, and is told to read its files before intake is back, keeps nothing for
    intake any more (eclipse-mosquitto issue 2934, 2.0.11). So the files are written at once, and it is told
    while intake hears it; meanwhile intake itself refuses what revoked kit says. Only an intake that can't
    come in before it is told is not waited for.
    """
    return _MosquittosUsers(db, files, mqtt_url, real_now).refresh


class _MosquittosUsers:
    def __init__(
        self, db: Db, files: MosquittoFiles, mqtt_url: str, real_now: Callable[[], datetime]
    ) -> None:
        self._db, self._files, self._real_now = db, files, real_now
        self._intake, self._lets_intake_in = _intake(files, mqtt_url)
        self._why_not = ""

    def refresh(self) -> None:
        try:
            broker_access.refresh_mosquitto(self._db, self._files, self._intake, self._reload)
            self._why_not = ""
        except Unavailable as fault:  # the timetable asks again
            if str(fault) != self._why_not:
                log.warning("mosquitto is to be told of its users later", extra={"why": str(fault)})
            self._why_not = str(fault)

    def _reload(self) -> None:
        if self._lets_intake_in and not _intake_hears(self._db, self._real_now()):
            raise Unavailable("Intake does not hear the broker, which might keep nothing for it any more.")
        self._files.reload()
        self._lets_intake_in = True


def address(url: str | None) -> str | None:
    """Where kit connects: the broker's address without Hearthline's own name and password."""
    parts = urlsplit(url or "")
    if not parts.hostname:
        return None
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def sign_in(url: str | None) -> tuple[str, str] | None:
    """The name and the password that intake signs in with; None where the address holds none."""
    parts = urlsplit(url or "")
    if not parts.username or not parts.password:
        return None
    return unquote(parts.username), unquote(parts.password)


def _intake(files: MosquittoFiles, mqtt_url: str) -> tuple[BrokerUser, bool]:
    """Intake's own entry, and whether it is in the files already."""
    found = sign_in(mqtt_url)
    if found is None:
        raise Invalid({"mqtt_url": "Give the user and the password that intake signs in to Mosquitto with."})
    name, password = found
    kept = files.kept(name)
    known = kept is not None and mosquitto.is_password(password, kept)
    if kept is None or not known:  # another hash of the same would count as a change at each start
        kept = mosquitto.hash_password(password, INTAKES_ITERATIONS)
    return BrokerUser(name, kept, subscribe=broker_rules.INTAKE.subscribe), known


def _intake_hears(db: Db, real_now: datetime) -> bool:
    with db.transaction() as session:
        beat = session.get(Heartbeat, "intake")
        return (
            beat is not None
            and real_now - beat.at < HEARD_WITHIN
            and bool(beat.counts.get(heartbeats.LISTENING, False))
        )


def _nothing() -> None:
    return None
