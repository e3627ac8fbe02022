"""What a plan expects to hear, and by when: the windows that silence is measured against."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import Monitoring, PlanVersion
from care_plans.work import recurrence
from devices import silence, subjects
from devices.models import Expectation
from people.models import Person, Residency

LONGEST_WINDOW = timedelta(days=1)


def expect(session: Session, person: Person, version: PlanVersion, now: datetime) -> None:
    """Let the monitoring of `version` be what is expected of the person and their home, and nothing else."""
    source = source_of(version)
    home_id = session.scalar(
        select(Residency.home_id).where(Residency.person_id == person.id, Residency.period.contains(now))
    )
    rows = session.scalars(select(Monitoring).where(Monitoring.version_id == version.id)).all()
    wanted = [row for row in rows if row.about == "person" or home_id is not None]
    _end_others(session, source, {row.kind for row in wanted}, now)
    for row in wanted:
        calendar, every = row.document.get("by"), row.document.get("every")
        silence.expect(
            session,
            source=source,
            subject=subjects.home(home_id or 0) if row.about == "home" else subjects.person(person.id),
            kind=row.kind,
            calendar=calendar,
            every_seconds=every,
            grace_seconds=row.document["grace"],
            first_by=next_window(calendar, now)[1] if calendar else now + timedelta(seconds=every or 0),
            now=now,
        )


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


def _end_others(session: Session, source: str, kinds: set[str], now: datetime) -> None:
    running = session.scalars(
        select(Expectation).where(Expectation.source == source, Expectation.ended_at.is_(None))
    )
    for each in running.all():
        if each.kind not in kinds:
            silence.end(session, source=source, kind=each.kind, now=now)
