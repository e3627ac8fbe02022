"""One shift of a team hands over to the next, which takes over by name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from care_plans.alerts import board
from care_plans.alerts.choosing import BoardFilters
from care_plans.models.handovers import ShiftHandover
from core import journal
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from people.access import Viewer
from people.faults import LINES
from people.models.agencies import Staff, Team
from people.visible import actor

SHOWN_FOR = timedelta(hours=48)
TAKEN_WITHIN = timedelta(hours=1)
"""After this time a handover that nobody has taken is shown as such; a default to be confirmed."""
NOT_YOURS = "You are not in that team."
YOURSELF = "Somebody else takes over what you handed over."


@dataclass(frozen=True, slots=True)
class Told:
    """A handover with the names of the team, of who gave it and of who took over."""

    row: ShiftHandover
    team: str
    given_by: str
    taken_by: str | None

    def waits(self, now: datetime) -> bool:
        """Whether nobody has taken over for longer than that may last."""
        return self.row.taken_at is None and now - self.row.given_at >= TAKEN_WITHIN


def give(session: Session, team: Team, words: str, *, by: Viewer, now: datetime) -> ShiftHandover:
    """Tell the next shift. NotAllowed outside of one's own teams; Invalid where it says nothing."""
    if team.id not in by.team_ids:
        raise NotAllowed(NOT_YOURS)
    said = words.strip()
    if not said or len(said) > LINES:
        raise Invalid({"words": f"Say what the next shift has to know, in at most {LINES} characters."})
    row = ShiftHandover(
        team_id=team.id,
        words=said,
        open_alerts=board.count(session, by, BoardFilters(team_id=team.id), now).total,
        given_at=now,
        given_by_id=by.staff_id,
    )
    session.add(row)
    session.flush()
    _write(session, "handed a shift over", row, by)
    return row


def take(session: Session, uuid: UUID, *, by: Viewer, now: datetime) -> ShiftHandover:
    """Take over. NotFound outside of one's own teams; Conflict where somebody has, which says who."""
    row = session.scalar(
        select(ShiftHandover)
        .where(ShiftHandover.uuid == uuid, ShiftHandover.team_id.in_(by.team_ids))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    if row.given_by_id == by.staff_id:
        raise Conflict(YOURSELF)
    if row.taken_by_id is not None:
        raise Conflict(f"{session.get_one(Staff, row.taken_by_id).name} has taken over already.")
    row.taken_at, row.taken_by_id = now, by.staff_id
    session.flush()
    _write(session, "took a shift over", row, by)
    return row


def list_recent(session: Session, viewer: Viewer, now: datetime) -> list[Told]:
    """What was handed over in the viewer's teams in the last two days, or waits still; the latest first."""
    recent = or_(ShiftHandover.taken_at.is_(None), ShiftHandover.given_at > now - SHOWN_FOR)
    return _told(session, viewer, recent)


def get(session: Session, uuid: UUID, viewer: Viewer) -> Told:
    """One, however long ago it was given. NotFound outside of the viewer's own teams."""
    found = _told(session, viewer, ShiftHandover.uuid == uuid)
    if not found:
        raise NotFound
    return found[0]


def _told(session: Session, viewer: Viewer, wanted: ColumnElement[bool]) -> list[Told]:
    given, taken = aliased(Staff), aliased(Staff)
    rows = session.execute(
        select(ShiftHandover, Team.name, given.name, taken.name)
        .join(Team, Team.id == ShiftHandover.team_id)
        .join(given, given.id == ShiftHandover.given_by_id)
        .outerjoin(taken, taken.id == ShiftHandover.taken_by_id)
        .where(ShiftHandover.team_id.in_(viewer.team_ids), wanted)
        .order_by(ShiftHandover.given_at.desc(), ShiftHandover.id.desc())
    )
    return [Told(*row) for row in rows]


def _write(session: Session, what: str, row: ShiftHandover, by: Viewer) -> None:
    journal.write(session, what, actor=actor(by), subject="shift handover", subject_uuid=row.uuid)
