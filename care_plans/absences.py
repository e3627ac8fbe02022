"""Somebody is away: nothing is expected of them, everything else goes on, and it has an end (H15).

What is heard is judged as ever: an absence takes silence for what it is, and nothing else. It is a person's
and never a home's, so that whoever else lives there, and all life-safety kit, stay watched.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.messages import about
from care_plans.models.work import FollowUpKind
from care_plans.plan import expecting
from care_plans.work import follow_ups, part_in_care, recurrence
from core.errors import Conflict, Invalid
from core.journal import Actor
from devices import heard, kinds
from devices.subjects import home as home_subject
from devices.subjects import person as person_subject
from devices.unread import wake
from people import absences, residencies, scoping, visible
from people.absences import WORDS
from people.access import Viewer
from people.changes import in_conflict, note
from people.faults import LINES, as_given, one_of, read_fields, words
from people.models.absences import Absence, Away
from people.models.people import Person

LONGEST = timedelta(days=90)
"""A default to be confirmed: whoever is away for longer is asked about again."""
AHEAD = timedelta(days=90)
ASK_WITHIN = timedelta(hours=2)
"""How soon the leading team answers what is asked here by day; what is asked at night is for the morning."""
DAY, MORNING = (time(8), time(18)), time(10)
ASK_AGAIN = timedelta(hours=24)
LEAVING = timedelta(hours=2)
"""What is heard so soon after an absence began may be the leaving itself."""

READERS = {
    "why": one_of(Away),
    "place": words(300),
    "known_from": words(LINES),
    "began_at": as_given,
    "ends_at": as_given,
}
REQUIRED = ("why", "began_at", "ends_at", "known_from")
CONFIRM = "Are they {away}, as somebody said? Confirm it on their page, or say there that it is not so."
OVER = "They were {away} until now. Are they back? All is expected of them again; say on their page if not."
BACK = "Back already? {kind} was heard at {at}, and they are recorded as {away}. Ring; their page ends it."
TWICE = "An absence of theirs is recorded already: end it first, or change until when it lasts."
CHANGED = "Somebody has ended this meanwhile."
RAN_OUT = "Its time was over."
NOT_SO = "It was not so."
MACHINE = Actor("Hearthline")


@scoping.past
def record(
    session: Session, person: Person, given: Mapping[str, Any], *, by: Viewer, now: datetime, confirmed: bool
) -> Absence:
    """Write down that somebody is, or will be, away; unless whoever does confirms it, it is a proposal.

    A proposal asks the leading team, and changes nothing else. Invalid with every field that is wrong;
    Conflict where an absence of theirs stands already, or their death.
    """
    values = read_fields(given, READERS, required=REQUIRED)
    began_at, ends_at = values["began_at"], values["ends_at"]
    _refuse({"began_at": _wrong_begin(began_at, now), "ends_at": _wrong_end(began_at, ends_at, now)})
    if person.died_on is not None:
        raise Conflict("Their death is recorded.")
    row = Absence(person_id=person.id, recorded_at=now, recorded_by_id=by.staff_id, **values)
    with in_conflict(session, "uq_absences_open", TWICE):
        session.add(row)
    if confirmed:
        return _confirm(session, row, "recorded", by, now)
    _note(session, "proposed", row, visible.actor(by))
    _ask(session, row, CONFIRM.format(away=WORDS[row.why]), now)
    return row


@scoping.past
def confirm(session: Session, row: Absence, *, by: Viewer, now: datetime) -> Absence:
    """A proposal is so. Conflict for one that has been confirmed, or ended, already."""
    _lock(session, row)
    if row.confirmed_at is not None:
        raise Conflict("This is confirmed already.")
    return _confirm(session, row, "confirmed", by, now)


@scoping.past
def change_end(session: Session, row: Absence, ends_at: datetime, *, by: Viewer, now: datetime) -> Absence:
    """They are back at another time than was said. Invalid for one that is past or too far off."""
    _lock(session, row)
    _refuse({"ends_at": _wrong_end(row.began_at, ends_at, now)})
    row.ends_at = ends_at
    _note(session, "changed the end of", row, visible.actor(by))
    if row.begun_at is not None:
        _expect_from(session, row, ends_at, now)
    return row


@scoping.past
def end(session: Session, row: Absence, *, by: Viewer, now: datetime, why: str = "") -> Absence:
    """They are back, or it was never so: all is expected of them from now on. Conflict when it has ended."""
    _lock(session, row)
    _end(session, row, why.strip() or (None if row.begun_at else NOT_SO), now, by)
    return row


def step(session: Session, now: datetime, limit: int = 50) -> bool:
    """Begin what is due, end what is over and ask whether they are back; whether there was any."""
    rows = session.scalars(
        select(Absence)
        .where(
            Absence.ended_at.is_(None),
            (Absence.ends_at <= now)
            | ((Absence.began_at <= now) & Absence.begun_at.is_(None) & Absence.confirmed_at.is_not(None)),
        )
        .order_by(Absence.ends_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        if row.ends_at > now:
            _begin(session, row, now)
            continue
        was = row.begun_at is not None
        _end(session, row, RAN_OUT, now, None)
        if was:
            _ask(session, row, OVER.format(away=WORDS[row.why]), now)
    session.flush()
    return bool(rows)


def ask_who_is_back(session: Session, now: datetime) -> bool:
    """Ask about those whose kit is heard although they are away, once a day; whether there were any."""
    rows = session.scalars(
        select(Absence)
        .where(
            Absence.begun_at.is_not(None),
            Absence.ended_at.is_(None),
            Absence.asked_back_at.is_(None) | (Absence.asked_back_at <= now - ASK_AGAIN),
        )
        .order_by(Absence.id)
        .with_for_update(skip_locked=True)
    ).all()
    asked = False
    for row in rows:
        since = max(row.began_at + LEAVING, row.asked_back_at or row.began_at)
        home_id = _empty_home(session, row, now)
        sign = heard.sign_of_life(session, row.person_id, home_id, since, now)
        if sign is None:
            continue
        kind, at = sign
        zone = ZoneInfo(about.find(session, row.person_id, None, now).zone)
        words = BACK.format(kind=kinds.get(kind).name, at=f"{at.astimezone(zone):%H:%M}", away=WORDS[row.why])
        _ask(session, row, words, now)
        row.asked_back_at, asked = now, True
    session.flush()
    return asked


def _confirm(session: Session, row: Absence, what: str, by: Viewer, now: datetime) -> Absence:
    row.confirmed_at, row.confirmed_by_id = now, by.staff_id
    _note(session, what, row, visible.actor(by))
    if row.began_at <= now:
        _begin(session, row, now)
    return row


def _begin(session: Session, row: Absence, now: datetime) -> None:
    row.begun_at = now
    session.flush()
    _expect_from(session, row, row.ends_at, now)


def _end(session: Session, row: Absence, why: str | None, now: datetime, by: Viewer | None) -> None:
    was_empty = _empty_home(session, row, now) if row.begun_at else None
    row.ended_at, row.ended_why, row.ended_by_id = now, why, by.staff_id if by else None
    session.flush()
    _note(session, "ended", row, visible.actor(by) if by else MACHINE)
    if row.begun_at is not None:
        _expect_from(session, row, now, now, was_empty)


def _expect_from(
    session: Session, row: Absence, moment: datetime, now: datetime, was_empty: int | None = None
) -> None:
    """Expect of the person only what is due after a moment; of their home too where nobody else is there."""
    concerned = [person_subject(row.person_id)]
    expecting.put_off(session, concerned[0], moment, now)
    home_id = was_empty or _empty_home(session, row, now)
    if home_id is not None:
        concerned.append(home_subject(home_id))
        back = absences.back_in_homes(session, [home_id], now).get(home_id, now)
        expecting.put_off(session, concerned[1], max(now, back), now, expecting.ACTIVITY)
    wake(session, concerned, now)


def _empty_home(session: Session, row: Absence, now: datetime) -> int | None:
    """The home of the person where everybody who lives there is away, or None."""
    person = session.get_one(Person, row.person_id)
    home = residencies.find_home(session, person, now)
    if home is None:
        return None
    back = absences.back_in_homes(session, [home.id], now).get(home.id)
    return home.id if back is not None and back > now else None


def _lock(session: Session, row: Absence) -> None:
    session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise Conflict(CHANGED)


def _wrong_begin(began_at: datetime, now: datetime) -> str | None:
    if began_at > now + AHEAD:
        return "That is more than three months off: write it down nearer the time."
    if began_at < now - LONGEST:
        return "That is more than three months ago: see who lives where first."
    return None


def _wrong_end(began_at: datetime, ends_at: datetime, now: datetime) -> str | None:
    if ends_at <= now:
        return "This time is past: an absence ends at a time to come, and can be changed."
    if ends_at <= began_at:
        return "They come back after they have left."
    if ends_at > max(now, began_at) + LONGEST:
        return "Three months at most: then somebody asks whether it goes on."
    return None


def _refuse(faults: Mapping[str, str | None]) -> None:
    found = {name: words for name, words in faults.items() if words}
    if found:
        raise Invalid(found)


def _ask(session: Session, row: Absence, text: str, now: datetime) -> None:
    """The leading team is asked, as long as the person lives."""
    team_id = part_in_care.leading_team(session, row.person_id, None, now)
    died = session.scalar(select(Person.died_on).where(Person.id == row.person_id))
    if team_id is not None and died is None:
        follow_ups.make(
            session, kind=FollowUpKind.CALL, text=text, team_id=team_id, now=now, person_id=row.person_id,
            due_at=_soon(now, about.find(session, row.person_id, None, now).zone),
        )  # fmt: skip


def _soon(now: datetime, zone: str) -> datetime:
    """Two hours on by day, the next morning at ten for what comes at night."""
    local = now.astimezone(ZoneInfo(zone))
    if DAY[0] <= local.time() < DAY[1]:
        return now + ASK_WITHIN
    return recurrence.moment(local.date() + timedelta(days=local.time() >= DAY[1]), MORNING, zone)


def _note(session: Session, what: str, row: Absence, actor: Actor) -> None:
    note(session, what, row, "absence", actor=actor, person_id=row.person_id)
