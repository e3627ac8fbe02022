"""What each alert adds to the figures about alerts, and the time under a plan that they are held against."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from outcomes.alerts_raised import AlertRaised
from outcomes.asks import Ask
from outcomes.ground import Ground
from outcomes.in_force import InForce
from outcomes.measures import TARGETS
from outcomes.reckoning import Part

MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class UnderPlan:
    """Time under one version of a plan, within one week and with one agency leading."""

    version: InForce
    start: datetime
    end: datetime


def time_to_contact(ground: Ground) -> list[Part]:
    """Alerts that asked for contact: always in time, or once late or never.

    The extra is the minutes of the longest wait, endless where there was no contact.
    """
    found = []
    for alert in ground.alerts:
        decided = [ask for ask in alert.asks if not _undecided(ask, alert, ground.now)]
        met = all(_waited(ask) <= TARGETS[ask.severity] / MINUTE for ask in decided)
        if not decided or (met and len(decided) < len(alert.asks)):
            continue
        longest = max(_waited(ask) for ask in decided)
        found.append(_part(alert, met=met, extra=longest, without=math.isinf(longest)))
    return found


def _waited(ask: Ask) -> float:
    """Minutes from ask to contact; endless without one."""
    return math.inf if ask.contact_at is None else (ask.contact_at - ask.at) / MINUTE


def _undecided(ask: Ask, alert: AlertRaised, now: datetime) -> bool:
    waiting = ask.contact_at is None and alert.closed_at is None
    return waiting and now - ask.at <= TARGETS[ask.severity]


def escalations(ground: Ground) -> list[Part]:
    """Every alert: whether its ladder went past its first step. The extra is how many steps."""
    return [_part(alert, met=alert.steps > 0, extra=float(alert.steps)) for alert in ground.alerts]


def alerts_per_person_month(ground: Ground) -> list[Part]:
    """Alerts about people under a plan, and that time in microseconds, week by week."""
    covered: dict[int, list[InForce]] = {}
    for version in ground.plans:
        covered.setdefault(version.person_id, []).append(version)
    counted = [
        _part(alert, met=True, of=0)
        for alert in ground.alerts
        if any(
            version.start <= alert.raised_at < version.end
            for person_id in alert.people
            for version in covered.get(person_id, ())
        )
    ]
    return counted + [
        Part(
            one.start,
            (one.version.person_id,),
            one.version.pathways,
            agency_id,
            met=0,
            of=(one.end - one.start) // MICROSECOND,
            source=one,
        )
        for one, agency_id in _time(ground)
    ]


def _time(ground: Ground) -> Iterator[tuple[UnderPlan, int | None]]:
    for version in ground.plans:
        for week in ground.weeks:
            start, end = max(version.start, week.start), min(version.end, week.end, ground.now)
            if start < end:
                for one, next_one, agency_id in ground.ties.stretches(version.person_id, start, end):
                    yield UnderPlan(version, one, next_one), agency_id


def _part(
    alert: AlertRaised, *, met: bool, of: int = 1, extra: float | None = None, without: bool = False
) -> Part:
    """The response is the owning agency's; what is held against time under a plan, that of who led then."""
    return Part(
        alert.raised_at,
        alert.people,
        (alert.pathway,) if alert.pathway else (),
        alert.agency_id if of else alert.led_by,
        met=int(met),
        of=of,
        extra=extra,
        without=without,
        class_=alert.class_.value,
        cause=alert.cause,
        source=alert,
    )
