"""What today asks of somebody: readings to take, and who comes or rings; for the person alone."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.work.recurrence import moment
from devices import expected, kinds, subjects
from devices.models import HeardState
from people.access import RecordClass
from people.models.agencies import Team
from people.models.people import Person

COMES = {FollowUpKind.VISIT: "{team} visit you", FollowUpKind.CALL: "{team} ring you"}


@dataclass(frozen=True, slots=True)
class AskedToday:
    """One thing of today: see me.html. `late` when its time is over."""

    words: str
    more: str | None
    by: datetime
    late: bool


def of(session: Session, person: Person, now: datetime, zone: str) -> tuple[AskedToday, ...]:
    """Readings of their own that the plan asks for by a time of today, and visits and calls; soonest first.

    What staff wrote for each other is not told: only who comes, and of what the plan asks for, what it says.
    """
    start = moment(now.astimezone(ZoneInfo(zone)).date(), time(0), zone)
    end = moment((now.astimezone(ZoneInfo(zone)) + timedelta(days=1)).date(), time(0), zone)
    found = [*_readings(session, person, start, end), *_visits(session, person, now, start, end)]
    return tuple(sorted(found, key=lambda each: each.by))


def _readings(session: Session, person: Person, start: datetime, end: datetime) -> list[AskedToday]:
    found = []
    for each in expected.list_of_subjects(session, [subjects.person(person.id)]):
        kind = kinds.find(each.kind) if each.kind else None
        if kind is None or kind.record_class is not RecordClass.VITALS or not start <= each.due_at < end:
            continue
        late = each.state is not HeardState.HEARD
        found.append(AskedToday(f"Take a reading: {kind.name.lower()}", None, each.due_at, late))
    return found


def _visits(
    session: Session, person: Person, now: datetime, start: datetime, end: datetime
) -> list[AskedToday]:
    rows = session.execute(
        select(FollowUp, Team.name)
        .join(Team, Team.id == FollowUp.team_id)
        .where(
            FollowUp.person_id == person.id,
            FollowUp.kind.in_(COMES),
            FollowUp.done_at.is_(None),
            FollowUp.deleted_at.is_(None),
            ~FollowUp.restricted,
            FollowUp.due_at >= start,
            FollowUp.due_at < end,
        )
    )
    return [
        AskedToday(
            COMES[row.kind].format(team=team),
            row.text if row.schedule_key is not None else None,
            row.due_at,
            row.due_at < now,
        )
        for row, team in rows
    ]
