"""Who of Westmere is at a home this morning, whom a volunteer is to visit, and a check that lapses soon."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.models.work import FollowUpKind
from care_plans.visits import visits
from care_plans.work import follow_ups
from people import signing_in
from people.models.agencies import Staff, Team
from people.models.caring import CareTeam
from people.models.checks import StaffCheck
from people.models.people import Person

MINUTE = timedelta(minutes=1)


def lay(session: Session, westmere: Westmere, laid: list[Laid], now: datetime) -> None:
    """Dev has been with the first person for twenty minutes; Vi is asked to bring somebody their shopping."""
    dev = westmere.staff["Dev"]
    dev.telephone = dev.telephone or "+441632960141"
    _visit(session, dev, westmere.teams["Community nurses"], laid[0].people[0], now)
    befrienders = westmere.teams["Befrienders"]
    follow_ups.make(
        session,
        kind=FollowUpKind.VISIT,
        text="Bring the shopping, and have a cup of tea together.",
        team_id=befrienders.id,
        due_at=now + timedelta(hours=2),
        now=now - timedelta(hours=3),
        person_id=_befriended(session, befrienders, laid[-1].people[0], now),
    )
    for name, valid_for in (("DBS check", 12), ("Lone-worker induction", 300)):
        session.add(
            StaffCheck(
                staff_id=dev.id, name=name, done_on=(now - timedelta(days=353)).date(),
                valid_until=(now + timedelta(days=valid_for)).date(), recorded_at=now,
            )
        )  # fmt: skip
    session.flush()


def _visit(session: Session, dev: Staff, nurses: Team, person: Person, now: datetime) -> None:
    by = signing_in.viewer_of(session, dev, now)
    row = follow_ups.make(
        session,
        kind=FollowUpKind.VISIT,
        text="Dress the leg, and look at the blister.",
        team_id=nurses.id,
        due_at=now + 15 * MINUTE,
        now=now - timedelta(hours=20),
        person_id=person.id,
    )
    follow_ups.take(session, row, by=by, now=now - 40 * MINUTE)
    visit = visits.find_open(session, dev.id, follow_up_id=row.id)
    if visit is not None:
        visits.arrive(session, visit, by=by, now=now - 20 * MINUTE)


def _befriended(session: Session, befrienders: Team, otherwise: Person, now: datetime) -> int:
    """Somebody whom the befrienders know; `otherwise` gets to know them."""
    known = session.scalar(
        select(CareTeam.person_id)
        .where(CareTeam.team_id == befrienders.id, CareTeam.period.contains(now))
        .order_by(CareTeam.id)
        .limit(1)
    )
    if known is None:
        since = Range(now - timedelta(days=60), None)
        session.add(CareTeam(person_id=otherwise.id, team_id=befrienders.id, period=since))
        session.flush()
    return known or otherwise.id
