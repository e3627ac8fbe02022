"""What each alert adds to the figures about alerts, and the time under a plan that they are held against."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from outcomes.alerts_raised import AlertRaised
from outcomes.ground import Ground
from outcomes.in_force import InForce
from outcomes.measures import TARGETS
from outcomes.reckoning import Part

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class UnderPlan:
    """Time under one version of a plan, within one week and with one agency leading."""

    version: InForce
    start: datetime
    end: datetime


def time_to_contact(ground: Ground) -> list[Part]:
    """Red and amber alerts: in time, late or never. The extra is minutes, endless where there was none."""
    found = []
    for alert in ground.alerts:
        target = TARGETS.get(alert.severity)
        if target is None or _undecided(alert, target, ground.now):
            continue
        took = alert.contact_at - alert.raised_at if alert.contact_at is not None else None
        found.append(
            _part(
                alert,
                met=took is not None and took <= target,
                extra=took / timedelta(minutes=1) if took is not None else float("inf"),
                without=took is None,
            )
        )
    return found


def _undecided(alert: AlertRaised, target: timedelta, now: datetime) -> bool:
    waiting = alert.contact_at is None and alert.closed_at is None
    return waiting and now - alert.raised_at <= target


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
