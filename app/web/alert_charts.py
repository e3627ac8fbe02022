"""The readings that made an alert, and those beside them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.web.charts import KindChart, Stretch, in_order
from app.web.essentials import sentences
from care_plans.alerts.whole import Whole
from care_plans.judging.conditions import Rule, conditions, kinds_of
from care_plans.judging.rules import from_document
from core.zones import UK
from devices import kinds, subjects
from devices.kinds import Group
from devices.shared_kinds import Seen
from devices.subjects import Subject

BEFORE = timedelta(hours=24)
LONGEST = timedelta(days=7)
# What whoever decides wants to see beside a reading of each group.
BESIDE = {
    Group.VITALS: ("spo2", "pulse", "systolic", "body_temperature", "room_temperature"),
    Group.HOME: ("room_temperature", "room_humidity"),
}


def stretch(whole: Whole, now: datetime, seen: Seen) -> Stretch | None:
    """A day before the alert began, up to now or a week at most; None where there is nothing to draw.

    Only kinds that the viewer is shown in full.
    """
    alert = whole.alert
    rule = rule_of(whole)
    asked = {alert.kind} if alert.kind else set()
    asked |= {kind for kind, _at, _value in whole.evidence}
    asked |= {kind for leaf in conditions(rule) for kind in kinds_of(leaf)} if rule else set()
    first = kinds.find(alert.kind) if alert.kind else None
    beside = BESIDE.get(first.group, ()) if first else ()
    codes = seen.full(in_order({*asked, *beside}, first=[code for code in asked if code]))
    if not codes:
        return None
    start = alert.began_at - BEFORE
    end = min(alert.closed_at or now, start + LONGEST)
    zone = whole.home.time_zone if whole.home else UK
    return Stretch(_subjects(whole), codes, start, end, zone, (rule,) if rule else ())


def _subjects(whole: Whole) -> tuple[Subject, ...]:
    found = []
    if whole.alert.person_id is not None:
        found.append(subjects.person(whole.alert.person_id))
    if whole.home is not None:
        found.append(subjects.home(whole.home.id))
    return tuple(found)


def rule_of(whole: Whole) -> Rule | None:
    """The rule that raised it, as it was then; None for what no plan asked for."""
    return from_document(whole.alert.rule) if whole.alert.rule else None


def beside_words(whole: Whole, drawn: Iterable[KindChart]) -> str:
    """What the other readings of that time say, newest values with their names; "" for nothing."""
    told = [
        f"{chart.name} {chart.value}"
        for chart in drawn
        if chart.rows and chart.value and chart.key.partition(".")[0] != whole.alert.kind
    ]
    return sentences(*told[:3])
