"""Somebody answered and is not well: an alert is raised, or one that is open is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts import care_team_ladder, events
from care_plans.alerts.events import What
from care_plans.alerts.raising import Raised, raise_
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity
from core.errors import Invalid
from devices import subjects
from people.access import Viewer
from people.models.people import Person

RULE_KEY = "not_well"
WHAT_SHOULD_HAPPEN = (
    "Ring them back, or go and see. Breathless, in pain, confused, or you are afraid for them: 999, with the "
    "address. Record the contact."
)


@dataclass(frozen=True, slots=True)
class SaysSo:
    """What was found: somebody said so on the telephone at `at`."""

    words: str
    at: datetime
    severity: Severity
    kind: str = ""
    value: float | None = None
    unit: str | None = None
    evidence: Sequence[tuple[str, datetime, float]] = ()
    unconfirmed: bool = False

    @property
    def latest(self) -> datetime:
        """The same moment: nothing is measured."""
        return self.at


def tell(
    session: Session,
    person: Person,
    words: str,
    *,
    alert: Alert | None,
    severity: Severity | None,
    by: Viewer,
    now: datetime,
) -> Alert:
    """Write it on `alert`, which is open and theirs, or raise one of `severity`; Invalid for another's."""
    if alert is not None:
        session.refresh(alert, with_for_update=True)
        if alert.person_id != person.id or alert.closed_at is not None:
            raise Invalid({"next": "This alert is closed, or is about somebody else. Raise one."})
        events.write(session, alert, What.COMMENTED, now, words=f"On the telephone: {words}", by=by)
        return alert
    subject = subjects.person(person.id)
    return raise_(
        session,
        Raised(
            subject=subject,
            rule_key=RULE_KEY,
            name="Says they are not well",
            class_=Class.CLINICAL,
            finding=SaysSo(words, now, severity or Severity.AMBER),
            ladder=care_team_ladder.of(session, subject, Class.CLINICAL, now),
            what_should_happen=WHAT_SHOULD_HAPPEN,
        ),
        now,
    )
