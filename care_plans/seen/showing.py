"""An alert and its story as somebody sees them: in full, what sort of thing it is, or "check on them".

Decided from values alone. Acting is the same in every extent: consent makes the view smaller and never stops
the work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import inspect

from care_plans.models.alerts import Alert
from care_plans.severity import Class
from devices import kinds
from people.access import Extent, RecordClass, Sees
from people.class_words import CLASSES

_OF_CLASS: Final[Mapping[Class, RecordClass]] = {
    Class.LIFE_SAFETY: RecordClass.SAFETY_EVENTS,
    Class.CLINICAL: RecordClass.VITALS,
    Class.HOME_SOCIAL: RecordClass.HOME_ENVIRONMENT,
    Class.TECHNICAL: RecordClass.SAFETY_EVENTS,
}
FOUND: Final = frozenset({"raised", "worse", "confirmed", "reopened", "cleared"})
"""Events of an alert (care_plans.alerts.events.What) whose words are the finding itself."""
WRITTEN: Final = frozenset({"contact", "commented", "shelved", "handed_over", "declined", "closed"})
"""Events whose words somebody wrote."""
OF_WHY: Final = frozenset({"cause", "outcome", "clinical_reason"})
"""Details of an event that tell what it was about."""
CHECK_SAYS: Final = (
    "Ring, or go and see that they are all right; the responder card says what to know first. No answer, or "
    "anything wrong: 999. Record the contact: it stops the ladder."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of an alert is shown, of which class it is, and whether words and the plan are shown too."""

    extent: Extent
    record_class: RecordClass
    notes: bool
    plan: bool

    @property
    def full(self) -> bool:
        """Whether it is shown as it is."""
        return self.extent is Extent.FULL


IN_FULL: Final = Shown(Extent.FULL, RecordClass.SAFETY_EVENTS, notes=True, plan=True)


def class_of(kind: str | None, class_: Class, asked: str | None = None) -> RecordClass:
    """The class of record that an alert is: as its rule asks, else its kind's, else by the alert's class."""
    if asked is not None:
        return RecordClass(asked)
    known = kinds.find(kind) if kind else None
    return known.record_class if known is not None else _OF_CLASS[class_]


def shown(record_class: RecordClass, sees: Sees) -> Shown:
    """How much of an alert of that class is shown to whoever sees that much."""
    return Shown(
        sees[record_class],
        record_class,
        notes=sees[RecordClass.NOTES] is Extent.FULL,
        plan=sees[RecordClass.PLAN] is Extent.FULL,
    )


def finding(how: Shown, who: str | None) -> str:
    """The words that stand for a finding that is not shown: what sort, or whom to check on."""
    if how.extent is Extent.CATEGORY:
        words = CLASSES[how.record_class]
        return f"Something about {words[:1].lower()}{words[1:]}"
    return f"Check on {who or 'them'}"


def as_seen(alert: Alert, how: Shown, who: str | None = None) -> Alert:
    """The alert, or a copy that belongs to no session and holds nothing that is not shown.

    Severity, times, owner and the steps of its ladder are the same in all: they are what people act by.
    """
    if how.full and how.plan and how.notes:
        return alert
    seen = Alert(**{each.key: getattr(alert, each.key) for each in inspect(Alert).column_attrs})
    if not (how.full and how.notes):
        seen.action = None
    if not (how.full and how.plan):
        if alert.pathway is not None:  # it stands in front of its rules' keys
            seen.rule_key = f"plan.{alert.rule_key.rpartition('.')[2]}"
            seen.rule = {**alert.rule, "key": seen.rule_key}
        seen.goal_key = seen.goal_text = seen.pathway = seen.version_id = None
    if how.full:
        return seen
    words = finding(how, who)
    seen.name, seen.words, seen.rule_key = words, words, ""
    seen.kind = seen.value = seen.unit = seen.device_id = None
    seen.evidence, seen.rule = [], {}
    seen.ladder = {**alert.ladder, "key": "ladder", "name": "Ladder"}
    seen.copied, seen.centre = False, None
    seen.outcome = seen.cause = None
    if how.extent is Extent.CHECK:
        seen.what_should_happen = CHECK_SAYS
    return seen


def class_shown(class_: Class, how: Shown) -> Class | None:
    """The alert's class, or None where even that would say why."""
    return None if how.extent is Extent.CHECK else class_


def words_shown(what: str, how: Shown, *, own: bool) -> bool:
    """Whether the words of an event are shown; `own` is what the reader's agency wrote or was told."""
    if own:
        return True
    if what in FOUND:
        return how.full
    return what not in WRITTEN or (how.full and how.notes)


def details_shown(details: Mapping[str, Any], *, words: bool) -> dict[str, Any]:
    """An event's details; without its words, none that say why either."""
    return {name: value for name, value in details.items() if words or name not in OF_WHY}
