"""Kit that Ada and Ben share in one home, for tests."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices.models import Device
from people.models.homes import Residency
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, MINUTE, message


def move_in(session: Session, cast: Cast, start: datetime = NOW - 100 * DAY) -> None:
    """Ben lives with Ada from `start` on."""
    row = session.scalars(select(Residency).where(Residency.person_id == cast.ben.id)).one()
    row.period = Range(row.period.lower, start)
    session.add(Residency(person_id=cast.ben.id, home_id=cast.ada_home.id, period=Range(start, None)))
    session.flush()


def scale(session: Session, cast: Cast) -> Device:
    """The bathroom scale of the home that both live in."""
    move_in(session, cast)
    made = kit.device(session, "scale-1", name="Bathroom scale", model="HL-S1")
    kit.give(session, made, home_id=cast.ada_home.id)
    return made


def weighs(
    session: Session,
    value: float,
    user: int | None = None,
    at: datetime = NOW - MINUTE,
    *,
    kind: str = "weight",
    key: str = "scale-1",
) -> None:
    """The kit says that it measured; of which user, if it tells."""
    channel = {} if user is None else {"channel": f"user {user}"}
    reading = {"kind": kind, "value": value, "at": at.isoformat(), **channel}
    kit.take_in(session, message(f"hearth/v1/{key}/readings", {"readings": [reading]}))
