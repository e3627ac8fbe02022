"""Kit for tests: enrolled, assigned, and what it says."""

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.journal import Actor
from devices import partitions, speakers, storing
from devices.gather import Arrivals, Batch, gather
from devices.inbox import Message
from devices.models import Assignment, Device, Reading, Series, Unread
from devices.storing import Stored
from tests.conftest import NOW

CORA = Actor("Cora")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def device(session: Session, key: str = "oximeter-1", **given: Any) -> Device:
    """A device with a key of its own."""
    made = Device(key=key, **{"name": "Oximeter", "model": "HL-O1", **given})
    session.add(made)
    session.flush()
    return made


def sensor(session: Session, hub: Device, address: str, **given: Any) -> Device:
    """A sensor behind a hub."""
    made = Device(hub_id=hub.id, address=address, **{"name": "Sensor", "model": "HS1SA-E-PLUS", **given})
    session.add(made)
    session.flush()
    return made


def give(
    session: Session,
    kit: Device,
    *,
    person_id: int | None = None,
    home_id: int | None = None,
    start: datetime = NOW - 30 * DAY,
    end: datetime | None = None,
) -> Assignment:
    """An assignment as a bare row."""
    made = Assignment(device_id=kit.id, person_id=person_id, home_id=home_id, period=Range(start, end))
    session.add(made)
    session.flush()
    return made


def message(
    topic: str,
    body: Any,
    *,
    at: datetime = NOW,
    retained: bool = False,
) -> Message:
    """A message that arrived at `at`; `body` is bytes or becomes JSON."""
    payload = body if isinstance(body, bytes) else orjson.dumps(body)
    return Message(topic, payload, retained, at)


def says(
    key: str, *readings: dict[str, Any], at: datetime = NOW, urgent: bool = False, **more: Any
) -> Message:
    """A message of our own format."""
    kind = "urgent" if urgent else "readings"
    return message(f"hearth/v1/{key}/{kind}", {"readings": list(readings), **more}, at=at)


def spo2(value: float = 93, at: datetime | None = NOW - MINUTE, **more: Any) -> dict[str, Any]:
    """One reading of oxygen saturation, with or without a time."""
    return {"kind": "spo2", "value": value, **({"at": at.isoformat()} if at else {}), **more}


def read(session: Session, *messages: Message, now: datetime = NOW) -> Batch:
    """The messages, decoded for devices as they are registered now."""
    batch = gather(
        messages,
        lambda topic: speakers.find(session, topic, now),
        Arrivals(),
        partitions.retention_start(now),
    )
    assert batch is not None
    return batch


def take_in(session: Session, *messages: Message, now: datetime = NOW) -> tuple[Stored, Batch]:
    """The messages stored, as intake does in one transaction."""
    batch = read(session, *messages, now=now)
    return storing.store(session, batch, {}, now), batch


def stored(session: Session) -> list[tuple[str, datetime, float, int]]:
    """Every reading there is: kind, time, value, flags; by time and kind."""
    rows = session.execute(
        select(Series.kind, Reading.measured_at, Reading.value, Reading.flags)
        .join(Series, Series.id == Reading.series_id)
        .order_by(Reading.measured_at, Series.kind)
    )
    return [(kind, at, value, flags) for kind, at, value, flags in rows]


def woken(session: Session) -> set[int]:
    """The numbers of the subjects that wait for a judgement; they wait no more."""
    found = set(session.scalars(select(Unread.subject)))
    session.execute(text("DELETE FROM unread"))
    return found
