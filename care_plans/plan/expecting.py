"""What a plan expects to hear, and by when: the windows that silence is measured against."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.rules import Monitoring
from care_plans.plan import drafts
from care_plans.work import recurrence
from devices import kinds, silence, subjects
from devices.models import Expectation, HeardState
from devices.subjects import Subject
from devices.unread import wake
from people import absences
from people.access import RecordClass
from people.models.homes import Residency
from people.models.people import Person

DAY = 86400
ACTIVITY = kinds.of_class(RecordClass.ACTIVITY)
"""What an empty home does not show: whether it is warm, dry and safe is expected of it all the same."""
LONGEST_WINDOW = timedelta(seconds=DAY)


def expect(session: Session, person: Person, version: PlanVersion, now: datetime) -> None:
    """Let the monitoring of `version` be what is expected of the person and their home, and nothing else.

    Where two pathways ask for the same kind, the one that asks more often is what is expected.
    """
    source = source_of(version)
    home_id = session.scalar(
        select(Residency.home_id).where(Residency.person_id == person.id, Residency.period.contains(now))
    )
    wanted: dict[tuple[Subject, str], Monitoring] = {}
    for row in session.scalars(select(Monitoring).where(Monitoring.version_id == version.id)):
        if row.about == "home" and home_id is None:
            continue
        of = (subjects.home(home_id or 0) if row.about == "home" else subjects.person(person.id), row.kind)
        if of not in wanted or _pace(row.document) < _pace(wanted[of].document):
            wanted[of] = row
    _end_others(session, source, set(wanted), now)
    away = absences.back_of_people(session, [person.id]).get(person.id, now)
    empty = absences.back_in_homes(session, [home_id], now).get(home_id, now) if home_id is not None else now
    for (subject, kind), row in wanted.items():
        back = away if row.about == "person" else empty if kind in ACTIVITY else now
        calendar, every = row.document.get("by"), row.document.get("every")
        silence.expect(
            session,
            source=source,
            subject=subject,
            kind=kind,
            calendar=calendar,
            every_seconds=every,
            grace_seconds=row.document["grace"],
            first_by=_first_by(calendar, every, max(now, back)),
            now=now,
        )


def put_off(
    session: Session, subject: Subject, moment: datetime, now: datetime, only: Collection[str] | None = None
) -> None:
    """Expect nothing of a subject (or nothing of these kinds) before a moment; until then all is heard."""
    column = Expectation.person_id if subject.about == "person" else Expectation.home_id
    asked = select(Expectation).where(column == subject.id, Expectation.ended_at.is_(None))
    if only is not None:
        asked = asked.where(Expectation.kind.in_(only))
    for row in session.scalars(asked.with_for_update()):
        row.expected_by = _first_by(row.calendar, row.every_seconds, moment)
        if row.state is not HeardState.HEARD:
            row.state, row.state_since = HeardState.HEARD, now
    session.flush()


def follow(session: Session, person: Person, now: datetime) -> None:
    """Let what is expected, and what is watched, be where the person lives now."""
    version = drafts.find_published(session, person)
    if version is None:
        return
    before = _running(session, source_of(version))
    expect(session, person, version, now)
    homes = {each.home_id for each in (*before, *_running(session, source_of(version)))}
    lives_in = session.scalar(
        select(Residency.home_id).where(Residency.person_id == person.id, Residency.period.contains(now))
    )
    concerned = [subjects.home(home_id) for home_id in homes | {lives_in} if home_id is not None]
    wake(session, [subjects.person(person.id), *concerned], now)


def astray(session: Session, plans: Sequence[Plan], now: datetime) -> set[int]:
    """The ids of those plans that watch a home, and not the one where their person lives now."""
    by_source = {f"plan:{plan.id}": plan for plan in plans}
    watching_homes = session.scalars(
        select(PlanVersion.plan_id)
        .join(Monitoring, Monitoring.version_id == PlanVersion.id)
        .where(
            PlanVersion.plan_id.in_([plan.id for plan in plans]),
            PlanVersion.state == VersionState.PUBLISHED,
            Monitoring.about == "home",
        )
        .distinct()
    ).all()
    watched: dict[int, set[int | None]] = {}
    for source, home_id in session.execute(
        select(Expectation.source, Expectation.home_id).where(
            Expectation.source.in_(by_source),
            Expectation.ended_at.is_(None),
            Expectation.home_id.is_not(None),
        )
    ):
        watched.setdefault(by_source[source].id, set()).add(home_id)
    lives_in: dict[int, set[int | None]] = {}
    for person_id, home_id in session.execute(
        select(Residency.person_id, Residency.home_id).where(
            Residency.person_id.in_([plan.person_id for plan in plans]), Residency.period.contains(now)
        )
    ):
        lives_in.setdefault(person_id, set()).add(home_id)
    return {
        plan.id
        for plan in plans
        if plan.id in watching_homes and watched.get(plan.id, set()) != lives_in.get(plan.person_id, set())
    }


def _pace(document: Mapping[str, Any]) -> float:
    """Seconds from one reading that is expected to the next, on average."""
    if "every" in document:
        return float(document["every"])
    due = recurrence.from_document(document["by"])
    return 7 * DAY * due.every_days / (len(due.times) * len(due.weekdays))


def _first_by(calendar: Mapping[str, Any] | None, every: int | None, moment: datetime) -> datetime:
    """When the first that is due after a moment is due."""
    return next_window(calendar, moment)[1] if calendar else moment + timedelta(seconds=every or 0)


def source_of(version: PlanVersion) -> str:
    """The name under which a plan expects, whatever its version."""
    return f"plan:{version.plan_id}"


def next_window(calendar: Mapping[str, Any], after: datetime) -> tuple[datetime, datetime]:
    """When the first window that is due after `after` opens, and when it is due.

    A window opens when the one before was due, and at most a day ahead: last night's weight is not today's.
    """
    due = recurrence.from_document(calendar)
    by = recurrence.next_after(due, after)
    opens = by - LONGEST_WINDOW
    between = recurrence.next_after(due, opens)
    while between < by:
        opens, between = between, recurrence.next_after(due, between)
    return opens, by


def _end_others(session: Session, source: str, wanted: set[tuple[Subject, str]], now: datetime) -> None:
    for each in _running(session, source):
        subject = subjects.person(each.person_id) if each.person_id else subjects.home(each.home_id or 0)
        if (subject, each.kind) not in wanted:
            silence.end(session, source=source, subject=subject, kind=each.kind, now=now)


def _running(session: Session, source: str) -> Sequence[Expectation]:
    return session.scalars(
        select(Expectation).where(Expectation.source == source, Expectation.ended_at.is_(None))
    ).all()
