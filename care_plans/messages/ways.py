"""How each member of staff is told: what they chose, and what does not reach them."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.documents import Part
from care_plans.messages.telling import EVERY_DAY, Quiet, Ways
from care_plans.models.ways import MessageWays
from core.errors import Conflict
from core.journal import Actor
from people.changes import note
from people.models.agencies import Staff

CHOICES = (Channel.PUSH, Channel.SMS, Channel.EMAIL)
"""What somebody can choose among; who is rung, and when, is the ladder's."""
AT_LEAST_ONE = "Choose at least one way: what is about a person must reach you."
TWICE = "Each way once: it goes by it once."
THE_SAME = "They end when they begin: give two times."
BOTH = "Give both times, or neither."


def of(session: Session, staff_id: int) -> Ways:
    """How they are told: by e-mail alone, at any time, where they have chosen nothing."""
    found = session.execute(
        select(MessageWays, Staff.telephone)
        .join(Staff, Staff.id == MessageWays.staff_id)
        .where(MessageWays.staff_id == staff_id)
    ).first()
    return read(found[0], found[1]) if found else Ways()


def row_of(session: Session, staff_id: int) -> MessageWays | None:
    """What they chose, as a row; None where they have chosen nothing yet."""
    return session.scalars(select(MessageWays).where(MessageWays.staff_id == staff_id)).first()


def read(row: MessageWays, telephone: str | None) -> Ways:
    """A row as the decision reads it. A number that does not work counts as long as it is theirs."""
    quiet = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet = Quiet(row.quiet_from, row.quiet_until, row.zone, frozenset(row.quiet_days))
    is_bad = row.bad_number is not None and row.bad_number == telephone
    return Ways(
        important=tuple(Channel(each) for each in row.important),
        ordinary=tuple(Channel(each) for each in row.ordinary),
        wait=timedelta(minutes=row.wait_minutes),
        quiet=quiet,
        bad=frozenset({Channel.SMS} if is_bad else ()),
    )


def choose(
    session: Session, staff_id: int, given: Mapping[str, Any], *, zone: str, version: int, actor: Actor
) -> MessageWays:
    """Keep how somebody wants to be told from now on; `version` is 0 for whoever had chosen nothing.

    `given` is a document: important and ordinary (channels in order), wait_minutes, and quiet_from,
    quiet_until ("22:00") and quiet_days (0 for Monday). Raises Invalid with every fault at its field, and
    Conflict where it was changed meanwhile.
    """
    values = _read(given)
    row = session.scalars(
        select(MessageWays).where(MessageWays.staff_id == staff_id).with_for_update()
    ).first()
    if (row.version if row else 0) != version:
        raise Conflict("This was changed meanwhile: look at it again.")
    if row is None:
        row = MessageWays(staff_id=staff_id, zone=zone, **values)
        session.add(row)
    else:
        for name, value in (values | {"zone": zone, "bad_number": None, "bad_since": None}).items():
            setattr(row, name, value)
    session.flush()
    note(session, "chose how to be told", row, "message_ways", actor=actor)
    return row


def found_bad(session: Session, staff_id: int, now: datetime) -> None:
    """Note that texts do not reach the number that they have now."""
    number = session.scalar(select(Staff.telephone).where(Staff.id == staff_id))
    row = session.scalars(
        select(MessageWays).where(MessageWays.staff_id == staff_id).with_for_update()
    ).first()
    if row is not None and number is not None and row.bad_number != number:
        row.bad_number, row.bad_since = number, now


def _read(given: Mapping[str, Any]) -> dict[str, Any]:
    part = Part(given)
    starts, ends = _time(part, "quiet_from"), _time(part, "quiet_until")
    values = {
        "important": _order(part, "important"),
        "ordinary": _order(part, "ordinary"),
        "wait_minutes": part.whole("wait_minutes", 1, 60, default=5),
        "quiet_from": starts,
        "quiet_until": ends,
        "quiet_days": _days(part),
    }
    if (starts is None) != (ends is None):
        part.fault("quiet_until" if ends is None else "quiet_from", BOTH)
    elif starts is not None and starts == ends:
        part.fault("quiet_until", THE_SAME)
    part.no_more()
    part.refuse_faults("This is not right.")
    return values


def _time(part: Part, field: str) -> time | None:
    return part.clock(field) if part.has(field) else None


def _order(part: Part, field: str) -> list[str]:
    chosen = [str(each) for each in part.listed(field, least=0)]
    if not chosen:
        part.fault(field, AT_LEAST_ONE)
    elif not set(chosen) <= set(CHOICES):
        part.fault(field, f"Choose among {', '.join(CHOICES)}.")
    elif len(set(chosen)) < len(chosen):
        part.fault(field, TWICE)
    return chosen


def _days(part: Part) -> list[int]:
    """The days of the week, once each and in order; every day where none are said."""
    given = part.listed("quiet_days") if part.has("quiet_days") else sorted(EVERY_DAY)
    if not all(type(each) is int and each in EVERY_DAY for each in given):
        part.fault("quiet_days", "Give days from 0 for Monday to 6 for Sunday.")
        return []
    return sorted(set(given))
