"""Warnings about a visit: what whoever goes must know to be safe, on what evidence, and until when (H22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotAllowed, NotFound
from people import reach, scoping, visible
from people.access import Extent, RecordClass, Viewer
from people.changes import note
from people.faults import LINES, as_given, day, read_fields, words
from people.models.agencies import Team
from people.models.homes import Home, Residency
from people.models.identity import VisitWarning
from people.models.people import Person

LONGEST = timedelta(days=366)
"""A warning is looked at again at least once a year: it says something of a person that may be over."""
READERS = {"words": words(300), "evidence": words(LINES), "owner_team_id": as_given, "review_on": day}
REQUIRED = ("words", "evidence", "owner_team_id", "review_on")


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in force, with the team that answers for it; `late` when its review is overdue."""

    row: VisitWarning
    team: Team
    late: bool


def add(
    session: Session,
    given: Mapping[str, Any],
    *,
    by: Viewer,
    now: datetime,
    person: Person | None = None,
    home: Home | None = None,
) -> VisitWarning:
    """Warn of a visit to a person, or to a home whoever lives there; Invalid with every fault."""
    values = read_fields(given, READERS, required=REQUIRED)
    _refuse_review(values["review_on"], now)
    row = VisitWarning(
        person_id=person.id if person else None,
        home_id=home.id if home else None,
        set_at=now,
        set_by_id=by.staff_id,
        **values,
    )
    session.add(row)
    session.flush()
    _note(session, "warned", row, by)
    return row


def review(
    session: Session, row: VisitWarning, given: Mapping[str, Any], *, by: Viewer, now: datetime
) -> VisitWarning:
    """It holds still: on what evidence, and when it is looked at again."""
    _refuse_ended(session, row)
    readers = {name: READERS[name] for name in ("evidence", "review_on")}
    values = read_fields(given, readers, required=("evidence", "review_on"))
    _refuse_review(values["review_on"], now)
    row.evidence, row.review_on, row.review_asked_at = values["evidence"], values["review_on"], None
    session.flush()
    _note(session, "reviewed", row, by)
    return row


def end(session: Session, row: VisitWarning, *, why: str, by: Viewer, now: datetime) -> VisitWarning:
    """It holds no more; Invalid without a reason."""
    _refuse_ended(session, row)
    if not why.strip():
        raise Invalid({"why": "Say why nobody has to be warned any more."})
    row.ended_at, row.ended_by_id, row.ended_why = now, by.staff_id, why.strip()
    session.flush()
    _note(session, "ended", row, by)
    return row


def about(
    session: Session, now: datetime, *, person_id: int | None = None, home_id: int | None = None
) -> list[Warned]:
    """Every warning in force of a person and the home they live in, or of a home and who lives there."""
    whose = [VisitWarning.person_id == person_id] if person_id is not None else []
    if person_id is not None:
        lives = select(Residency.home_id).where(
            Residency.person_id == person_id, Residency.period.contains(now)
        )
        whose.append(VisitWarning.home_id.in_(lives))
    if home_id is not None:
        whose.append(VisitWarning.home_id == home_id)
        living = select(Residency.person_id).where(
            Residency.home_id == home_id, Residency.period.contains(now)
        )
        whose.append(VisitWarning.person_id.in_(living))
    rows = session.execute(
        select(VisitWarning, Team)
        .join(Team, Team.id == VisitWarning.owner_team_id)
        .where(or_(*whose), VisitWarning.ended_at.is_(None), VisitWarning.deleted_at.is_(None))
        .order_by(VisitWarning.set_at, VisitWarning.id)
    )
    return [Warned(row, team, row.review_on < now.date()) for row, team in rows]


def before_going(
    session: Session, now: datetime, *, person_id: int | None, home_id: int | None
) -> tuple[str, ...]:
    """What whoever may be sent must know beforehand: of the person, their home, and all who live there.

    It is read past the limits of whoever asks, who may not see the person yet: only these words leave here.
    """
    with scoping.lifted(session):
        if home_id is None and person_id is not None:
            lives = select(Residency.home_id).where(
                Residency.person_id == person_id, Residency.period.contains(now)
            )
            home_id = session.scalar(lives)
        if person_id is None and home_id is None:
            return ()
        found = about(session, now, person_id=person_id, home_id=home_id)
        return tuple(dict.fromkeys(each.row.words for each in found))


def evidence_shown(
    session: Session, viewer: Viewer, found: Sequence[Warned], now: datetime
) -> Mapping[int, bool]:
    """By inner key of each warning, whether the viewer is shown its evidence, which is what staff wrote.

    The warning itself is shown to whoever may be sent. Who answers for one sees the evidence in any event.
    """
    rows = [each.row for each in found]
    reached = reach.read(session, viewer, [row.person_id for row in rows], [row.home_id for row in rows], now)
    return {
        each.row.id: each.team.agency_id == viewer.agency_id
        or reached.of(each.row.person_id, each.row.home_id, RecordClass.NOTES) is Extent.FULL
        for each in found
    }


def get_seen(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> VisitWarning:
    """One in sight whose evidence the viewer is shown; NotAllowed for another in sight, else NotFound.

    Whether it holds still is decided on the evidence, and a review writes over it.
    """
    row = get(session, viewer, uuid, now)
    team = session.get_one(Team, row.owner_team_id)
    if not evidence_shown(session, viewer, [Warned(row, team, False)], now)[row.id]:
        raise NotAllowed(f"What this warning rests on is not shared with {viewer.agency}: ask {team.name}.")
    return row


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> VisitWarning:
    """A warning about somebody or some home in sight, or NotFound."""
    seen = or_(
        VisitWarning.person_id.in_(visible.person_ids(viewer, now)),
        VisitWarning.home_id.in_(visible.home_ids(viewer, now)),
    )
    row = session.scalar(
        select(VisitWarning).where(VisitWarning.uuid == uuid, VisitWarning.deleted_at.is_(None), seen)
    )
    if row is None:
        raise NotFound
    return row


def _refuse_review(on: date, now: datetime) -> None:
    if on <= now.date():
        raise Invalid({"review_on": "Choose a day that is still to come."})
    if on > (now + LONGEST).date():
        raise Invalid({"review_on": "Look at it again within a year."})


def _refuse_ended(session: Session, row: VisitWarning) -> None:
    session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise Conflict("This warning has ended. Look again.")


def _note(session: Session, what: str, row: VisitWarning, by: Viewer) -> None:
    note(session, what, row, "warning", actor=visible.actor(by), person_id=row.person_id)
