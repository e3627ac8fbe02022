"""What a human has to decide before two records become one, and whether all of it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.plans import Plan
from care_plans.plan import drafts
from core.errors import Invalid
from people import joining, residencies
from people.joining import GONE, KEPT
from people.models.homes import Home
from people.models.people import Person

THEIRS, OTHER = "theirs", "other"
"""An open alert is of this person, or it is of somebody else."""
STAYS, JOINS = "stays", "joins"
"""Of two open alerts of one rule: this one stays open, or it is closed as the other's duplicate."""
UNANSWERED = "Say of this alert what becomes of it."
SOMEBODY_ELSES = "Then these are two people: do not bring them together."
WORSE_STAYS = "The worse of the two has to stay open."
CHOOSE = f"Choose {KEPT} or {GONE}."
DRAFT_ONLY = "The other record has the plan that is in force: keep that record, and bring this one into it."


@dataclass(frozen=True, slots=True)
class AlertAsked:
    """An open alert of either record; `twin` is the open one of the same rule on the other record.

    Only the alert of the record that goes is asked about where there is a twin.
    """

    alert: Alert
    twin: Alert | None
    of_gone: bool

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be answered."""
        return (STAYS, JOINS) if self.twin is not None else (THEIRS, OTHER)


@dataclass(frozen=True, slots=True)
class Questions:
    """All that is to be decided; `fills` comes along by itself, `differs` is chosen field by field."""

    differs: tuple[str, ...]
    fills: tuple[str, ...]
    alerts: tuple[AlertAsked, ...]
    homes: tuple[Home, Home] | None
    """Where they live by the record that stays and by the one that goes, where that is not one place."""
    two_plans: bool
    """Both have a plan in force: the one of the record that stays goes on, the other is kept as history."""


def of(session: Session, kept: Person, gone: Person, now: datetime) -> Questions:
    """What has to be decided before `gone` can be brought into `kept`."""
    homes = (residencies.find_home(session, kept, now), residencies.find_home(session, gone, now))
    both = homes[0] is not None and homes[1] is not None and homes[0].id != homes[1].id
    plans = [drafts.find_published(session, each) for each in (kept, gone)]
    return Questions(
        differs=tuple(name for name in joining.FIELDS if joining.differs(kept, gone, name)),
        fills=tuple(name for name in joining.FIELDS if joining.fills(kept, gone, name)),
        alerts=_alerts(session, kept, gone),
        homes=(homes[0], homes[1]) if both and homes[0] and homes[1] else None,
        two_plans=all(plan is not None for plan in plans),
    )


def settled(
    session: Session, kept: Person, gone: Person, decisions: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The decisions as they are carried out; Invalid with everything that is not decided, at its place."""
    asked = of(session, kept, gone, now)
    fields, alerts = dict(decisions.get("fields") or {}), dict(decisions.get("alerts") or {})
    faults: dict[str, str] = {}
    for name, choice in fields.items():
        if name not in asked.differs and name not in joining.FIELDS:
            faults[f"fields.{name}"] = "There is no such field to decide."
        elif choice not in (KEPT, GONE):
            faults[f"fields.{name}"] = CHOOSE
    home = decisions.get("home")
    if asked.homes is not None and home not in (KEPT, GONE):
        faults["home"] = "Say where they live now."
    for each in asked.alerts:
        words = _fault(each, alerts.get(str(each.alert.uuid)))
        if words:
            faults[f"alerts.{each.alert.uuid}"] = words
    drafted = find_plan(session, kept) is not None and drafts.find_published(session, kept) is None
    if drafted and drafts.find_published(session, gone) is not None:
        faults["keep"] = DRAFT_ONLY
    if faults:
        raise Invalid(faults, "This is not decided yet.")
    known = {str(each.alert.uuid) for each in asked.alerts}
    return {
        "fields": {name: fields.get(name, KEPT) for name in asked.differs},
        "home": home if asked.homes is not None else KEPT,
        "alerts": {uuid: choice for uuid, choice in alerts.items() if uuid in known},
    }


def find_plan(session: Session, person: Person) -> Plan | None:
    """The person's plan, in force or not."""
    return session.scalar(select(Plan).where(Plan.person_id == person.id))


def uuid_of(place: str) -> UUID:
    """The alert that a fault's place names."""
    return UUID(place.removeprefix("alerts."))


def _alerts(session: Session, kept: Person, gone: Person) -> tuple[AlertAsked, ...]:
    """Every open alert of both, where both have any or the one that goes has; worst first."""
    rows = session.scalars(
        select(Alert)
        .where(Alert.person_id.in_((kept.id, gone.id)), Alert.closed_at.is_(None), Alert.deleted_at.is_(None))
        .order_by(Alert.began_at)
    ).all()
    mine = {row.rule_key: row for row in rows if row.person_id == kept.id}
    theirs = [row for row in rows if row.person_id == gone.id]
    asked = [AlertAsked(row, mine.get(row.rule_key), of_gone=True) for row in theirs]
    twins = {row.rule_key for row in theirs}
    if theirs:
        asked += [AlertAsked(row, None, of_gone=False) for key, row in mine.items() if key not in twins]
    return tuple(sorted(asked, key=lambda each: (-each.alert.severity.rank, each.alert.began_at)))


def _fault(asked: AlertAsked, answer: Any) -> str | None:
    if answer not in asked.choices:
        return UNANSWERED
    if answer == OTHER:
        return SOMEBODY_ELSES
    if asked.twin is None:
        return None
    stays, joins = (asked.alert, asked.twin) if answer == STAYS else (asked.twin, asked.alert)
    return WORSE_STAYS if joins.severity.rank > stays.severity.rank else None
