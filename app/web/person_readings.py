"""Which readings a person's page tells and draws, over which time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.web.charts import Stretch, in_order
from app.web.words import counted
from care_plans.judging import damp, home_pressure
from care_plans.judging.conditions import Rule, conditions, kinds_of
from care_plans.judging.rules import from_document
from care_plans.plan.whole import PlanRead
from core.zones import UK
from devices import kinds, subjects
from devices.kinds import Group
from devices.models import Device
from devices.readings import Latest
from devices.shared_kinds import Seen, Withheld
from people.class_words import CLASSES
from people.households import Household
from people.models.people import Person

MOST = 12  # kinds on one page: what the plan watches comes first
RANGES = {
    "day": ("Day", timedelta(days=1)),
    "week": ("Week", timedelta(days=7)),
    "month": ("Month", timedelta(days=30)),
    "year": ("Year", timedelta(days=365)),
}
USUAL = "week"


@dataclass(frozen=True, slots=True)
class RangeChoice:
    """How far back: see range_picker in _parts/chart.html."""

    words: str
    href: str
    on: bool


def range_of(asked: str) -> str:
    """The range that the address names; a week for any other."""
    return asked if asked in RANGES else USUAL


def choices(path: str, chosen: str) -> tuple[RangeChoice, ...]:
    """Links to each range."""
    return tuple(
        RangeChoice(words, f"{path}?range={name}", on=name == chosen) for name, (words, _) in RANGES.items()
    )


def stretch(
    person: Person,
    household: Household,
    plan: PlanRead | None,
    latest: Iterable[Latest],
    chosen: str,
    now: datetime,
    seen: Seen,
) -> Stretch:
    """What the plan watches first, then whatever else is measured; not how the kit itself is.

    Of all that only what is shown to the viewer in full.
    """
    rules, home = rules_of(plan), household.home
    watched = {kind for rule in rules for leaf in conditions(rule) for kind in kinds_of(leaf)}
    watched |= {one.kind for one in plan.monitoring} if plan else set()
    measured = {each.kind for each in latest if kinds.get(each.kind).group is not Group.KIT}
    return Stretch(
        subjects=(subjects.person(person.id), *([subjects.home(home.id)] if home else [])),
        kinds=seen.full(in_order(watched | measured, first=watched))[:MOST],
        start=now - RANGES[chosen][1],
        end=now,
        zone=home.time_zone if home else UK,
        rules=rules,
        home_since=household.since,
    )


@dataclass(frozen=True, slots=True)
class NotShared:
    """A class of readings that is not shown: see _parts/person_readings.html."""

    words: str | None
    at: datetime | None
    late: bool


def told(withheld: Iterable[Withheld]) -> tuple[NotShared, ...]:
    """What is said of the readings that are not shown."""
    return tuple(
        NotShared(CLASSES[each.record_class] if each.record_class else None, each.heard_at, each.late)
        for each in withheld
    )


def made_of(path: str, measured: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pages on what is made of the kinds that are measured and shown in full: their words and addresses."""
    told = set(measured)
    return tuple(
        (words, f"{path}/{page}")
        for kind, words, page in (
            (home_pressure.SYSTOLIC, "Mean blood pressure", "home-pressure"),
            (damp.HUMIDITY, "Humidity at the walls", "rooms"),
        )
        if kind in told
    )


def nobodys(found: Iterable[tuple[Device, int]]) -> tuple[tuple[str, str], ...]:
    """What kit measured for nobody, in words, and where it is said whose."""
    return tuple(
        (
            f"{device.name}: {counted(count, 'reading waits', 'readings wait')} to hear whose",
            f"/kit/{device.uuid}/users",
        )
        for device, count in found
    )


def rules_of(plan: PlanRead | None) -> tuple[Rule, ...]:
    """Every rule of the version in force."""
    if plan is None:
        return ()
    return tuple(
        from_document(rule.rule.document) for contingency in plan.contingencies for rule in contingency.rules
    )
