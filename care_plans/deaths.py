"""A death: recorded by named staff, taken back whole when it was a mistake, gentle with who is left (H16)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select, text, update
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanVersion
from care_plans.models.rules import Schedule
from care_plans.models.work import FollowUp, FollowUpEvent, FollowUpKind
from care_plans.plan import expecting
from care_plans.work import follow_ups, part_in_care
from core import journal, undoing
from core.errors import Conflict, Invalid, NotFound
from core.undoing import Around
from core.zones import UK
from devices import own_kit, subjects
from devices.models import Assignment, Expectation
from devices.unread import wake
from people import merging, residencies, unseen, visible
from people.access import RecordClass, Viewer
from people.faults import LINES, day, read_fields, words
from people.models.agencies import Staff
from people.models.homes import Residency
from people.models.identity import Death
from people.models.people import Person

KIT_AFTER = timedelta(days=14)
LEFT = "Is anyone left in the home who needs something? See or ring them today."
STILL = "After a death, is this still needed? "
KIT = "Ask gently when the kit may be collected: {number} of it is still with them."
READERS = {"died_on": day, "known_from": words(LINES)}
OWN = merging.OWN | {"deaths"}


def record(session: Session, person: Person, given: Mapping[str, Any], *, by: Viewer, now: datetime) -> Death:
    """Write down that somebody died, on which day and from whom it is known.

    What is expected of them ends, and their plan asks for nothing new. Open follow-ups become reviews of
    today; open alerts stay open. Invalid with every field that is wrong; Conflict when it is recorded
    already.
    """

    def died(value: Any) -> date:
        on = day(value)
        if on > now.date():
            raise Invalid({"": "This day has not come yet."})
        if on < person.date_of_birth:
            raise Invalid({"": "This is before they were born: check the year."})
        return on

    readers = READERS | {"died_on": died}
    values = read_fields(given, readers, required=("died_on", "known_from"))
    session.refresh(person, with_for_update=True)
    if find(session, person) is not None:
        raise Conflict("Somebody has recorded this already.")
    around = _around(session, person)
    before = undoing.look(session, around)
    death = Death(
        person_id=person.id,
        recorded_at=now,
        recorded_by_id=by.staff_id,
        ask_for_kit_at=now + KIT_AFTER,
        **values,
    )
    session.add(death)
    person.died_on = values["died_on"]
    _expect_nothing(session, person, now)
    _end_access(session, person, now)
    _review_open_work(session, person, by, now)
    session.flush()
    changes = undoing.difference(before, undoing.look(session, around))
    merging.keep_changes(session, changes, death_id=death.id)
    _note(session, "recorded a death", death, person, by)
    return death


def take_back(session: Session, person: Person, *, why: str, by: Viewer, now: datetime) -> Death:
    """It was a mistake: all is as it was, but for what somebody changed since. Invalid without a reason."""
    if not why.strip():
        raise Invalid({"why": "Say why this was a mistake."})
    session.refresh(person, with_for_update=True)
    death = find(session, person)
    if death is None:
        raise NotFound("No death is recorded.")
    left = undoing.put_back(session, merging.kept_changes(session, death_id=death.id))
    death.undone_at, death.undone_by_id, death.undone_why = now, by.staff_id, why.strip()
    death.left = merging.told(left)
    session.flush()
    expecting.follow(session, person, now)
    wake(session, [subjects.person(person.id)], now)
    _note(session, "took a death back", death, person, by)
    return death


def find(session: Session, person: Person) -> Death | None:
    """What is recorded and not taken back, or None."""
    return session.scalar(select(Death).where(Death.person_id == person.id, Death.undone_at.is_(None)))


def words_shown(session: Session, viewer: Viewer, person: Person, death: Death, now: datetime) -> bool:
    """Whether the viewer is shown what staff wrote of it: from whom it is known. The day is shown to all."""
    own = session.get_one(Staff, death.recorded_by_id).agency_id == viewer.agency_id
    return own or unseen.shown(session, viewer, person, RecordClass.NOTES, now)


def ask_for_kit(session: Session, now: datetime, limit: int = 50) -> bool:
    """Two weeks after a death, let the leading team ask for the kit, once; whether any was due."""
    rows = session.scalars(
        select(Death)
        .where(Death.ask_for_kit_at <= now, Death.kit_asked_at.is_(None), Death.undone_at.is_(None))
        .order_by(Death.ask_for_kit_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for death in rows:
        death.kit_asked_at = now
        number = session.scalars(_kit_of(death.person_id, now)).one()
        team_id = part_in_care.leading_team(session, death.person_id, None, now)
        if number and team_id is not None:
            follow_ups.make(
                session, kind=FollowUpKind.CALL, text=KIT.format(number=number), team_id=team_id,
                due_at=now + timedelta(days=7), now=now, person_id=death.person_id,
            )  # fmt: skip
    session.flush()
    return bool(rows)


def today_by(now: datetime, zone: str) -> datetime:
    """A time that is still today: four hours on, or the end of the day where that comes first."""
    local = now.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=23, minute=59, second=0, microsecond=0)
    return max(min(now + timedelta(hours=4), midnight), now + timedelta(minutes=1))


def _around(session: Session, person: Person) -> Around:
    plans = session.scalars(select(Plan.id).where(Plan.person_id == person.id)).all()
    return Around("people", (person.id,), OWN, {("expectations", "source"): [f"plan:{key}" for key in plans]})


def _expect_nothing(session: Session, person: Person, now: datetime) -> None:
    plans = session.scalars(select(Plan).where(Plan.person_id == person.id)).all()
    sources = [f"plan:{plan.id}" for plan in plans]
    session.execute(
        update(Expectation)
        .where(or_(Expectation.person_id == person.id, Expectation.source.in_(sources)))
        .where(Expectation.ended_at.is_(None))
        .values(ended_at=now)
    )
    for plan in plans:
        plan.reckon_at = None
    versions = select(PlanVersion.id).join(Plan, Plan.id == PlanVersion.plan_id)
    session.execute(
        update(Schedule)
        .where(Schedule.version_id.in_(versions.where(Plan.person_id == person.id)))
        .values(next_at=None)
    )


def _end_access(session: Session, person: Person, now: datetime) -> None:
    """Whoever was let in by the person is let in no more."""
    if session.scalar(text("SELECT to_regclass('proxies') IS NOT NULL")):
        ending = "UPDATE proxies SET ended_at = :now WHERE person_id = :person AND ended_at IS NULL"
        session.execute(text(ending), {"now": now, "person": person.id})


def _review_open_work(session: Session, person: Person, by: Viewer, now: datetime) -> None:
    home = residencies.find_home(session, person, now)
    due_at = today_by(now, home.time_zone if home else UK)
    open_ = select(FollowUp).where(
        FollowUp.person_id == person.id, FollowUp.done_at.is_(None), FollowUp.deleted_at.is_(None)
    )
    for row in session.scalars(open_).all():
        row.kind, row.text, row.due_at, row.missed_at = (
            FollowUpKind.REVIEW,
            f"{STILL}{row.text}",
            due_at,
            None,
        )
        row.schedule_key = None
        session.add(
            FollowUpEvent(follow_up_id=row.id, at=now, what="rescheduled", by_staff_id=by.staff_id,
                          words="A death was recorded.")
        )  # fmt: skip
    team_id = part_in_care.leading_team(session, person.id, None, now)
    if team_id is not None:
        follow_ups.make(
            session, kind=FollowUpKind.REVIEW, text=LEFT, team_id=team_id, due_at=due_at, now=now,
            person_id=person.id, home_id=home.id if home else None,
        )  # fmt: skip


def _kit_of(person_id: int, now: datetime) -> Select[int]:
    """How many pieces of ours are with somebody who died, or in a home where nobody else lives."""
    lived = select(Residency.home_id).where(Residency.person_id == person_id, Residency.period.contains(now))
    others = select(Residency.home_id).where(Residency.person_id != person_id, Residency.period.contains(now))
    alone = Assignment.home_id.in_(lived) & Assignment.home_id.not_in(others)
    return select(func.count(Assignment.id)).where(
        or_(Assignment.person_id == person_id, alone),
        Assignment.period.contains(now),
        Assignment.deleted_at.is_(None),
        ~own_kit.is_own(Assignment.device_id),
    )


def _note(session: Session, what: str, death: Death, person: Person, by: Viewer) -> None:
    journal.write(
        session, what, actor=visible.actor(by), subject="death", subject_uuid=death.uuid, person_id=person.id
    )
