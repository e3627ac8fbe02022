"""Adjusting one rule of somebody's plan: what it says, what may be set, within which bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.web.charts import said
from app.web.plan_views import pathways_own, worst_of
from app.web.words import initial_capital
from care_plans.judging import describing
from care_plans.judging.conditions import conditions, kinds_of
from care_plans.judging.rules import from_document
from care_plans.pathways.limits import limit_of
from care_plans.plan import drafts
from care_plans.plan.whole import RuleRead
from core.errors import Invalid
from devices import kinds
from people.models.agencies import Staff
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class RuleField:
    """One limit that may be set: see plan_edit.html."""

    name: str
    label: str
    unit: str
    usual: str
    bounds: str


@dataclass(frozen=True, slots=True)
class EditedRule:
    """The rule, in words, with the limits that may be set."""

    key: str
    severity: str
    words: str
    source: str
    fields: tuple[RuleField, ...]
    kinds: tuple[str, ...]


def edited(row: RuleRead) -> EditedRule:
    """The rule as the form shows it."""
    rule, own = from_document(row.rule.document), pathways_own(row.rule)
    words = "; ".join(f"{severity}: {words}" for severity, words in describing.step_words(rule))
    return EditedRule(
        key=rule.key,
        severity=worst_of(rule).value,
        words=initial_capital(words),
        source=rule.source,
        fields=tuple(
            RuleField(
                limit.personal.name,
                limit.personal.label,
                limit.personal.unit,
                f"{limit_of(own.document, limit.personal):g}" if own else "none",
                f"{limit.personal.lowest:g} to {limit.personal.highest:g}",
            )
            for limit in row.limits
        ),
        kinds=tuple(dict.fromkeys(kind for leaf in conditions(rule) for kind in kinds_of(leaf))),
    )


def adjust(
    session: Session, person: Person, row: RuleRead, given: Mapping[str, str], *, by: Staff, now: datetime
) -> None:
    """Set every limit that is another than before; Invalid with each fault at its field."""
    faults: dict[str, str] = {}
    wanted: dict[str, float] = {}
    for limit in row.limits:
        name = limit.personal.name
        try:
            wanted[name] = float(given[name].replace(",", "."))
        except ValueError:
            faults[name] = "Give a number."
    if not given["why"]:
        faults["why"] = "Say why this limit is right for this person, and who decided."
    changed = {
        limit.personal.name: limit.at for limit in row.limits if wanted.get(limit.personal.name) != limit.at
    }
    if not faults and not changed:
        faults[row.limits[0].personal.name] = "This is what it is already."
    if faults:
        raise Invalid(faults)
    for name in changed:
        try:
            drafts.set_limit(
                session, person, row.rule.key, name, wanted[name], why=given["why"], by=by, now=now
            )
        except Invalid as fault:
            faults[name] = fault.fields.get("limit") or next(iter(fault.fields.values()))
    if faults:
        raise Invalid(faults)


def usual_words(usual: Mapping[str, list[float]]) -> str | None:
    """Where most readings of the last 30 days lay: "Oxygen was 90 % to 92 % on most of the last 30 days"."""
    told = []
    for key, (low, high) in usual.items():
        kind = kinds.get(key.partition(".")[0])
        told.append(f"{kind.name} was {said(kind, low)} to {said(kind, high)}")
    return f"{'; '.join(told[:3])} in most readings of the last 30 days" if told else None
