"""Who is without protection because kit is broken, and which hub answers for its sensors (H5).

It is amber, and begins with a message and a call within the hour; where somebody who lives alone was not rung
in time it becomes a matter of life-safety, which calls (docs/decisions/0041).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, care_team_ladder
from care_plans.alerts.alerts import AskedFollowUp, Raised
from care_plans.evaluating import unread
from care_plans.judging.verdicts import Finding
from care_plans.messages import about
from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUpKind
from care_plans.protecting import interims
from care_plans.severity import Class, Severity
from devices import silence, subjects, works
from devices.models import Assignment, Device
from devices.silence import HubDown, Unprotected
from devices.subjects import Subject
from people.models.homes import Residency

HUB, PERSON = "protection.hub.", interims.UNPROTECTED
AGAIN_AFTER = timedelta(hours=4)
"""An alert that was closed while the kit is still down comes back after this long."""
INTERIM_CALL = 60 * 60
"""Seconds within which somebody without protection is to be called for the first time."""
WHY = {
    "hub": "not heard; the hub it speaks through is down",
    "away": "not heard; it is not in the home",
    "fault": "reports a fault",
    "mains": "without mains, and its battery must have run out",
}
REPLACE = "Ring now and agree interim calls until the kit is mended or replaced; replace it today."
REACH = "Nobody has reached them since. Ring now; where nobody answers, send somebody."
MEND = "Ring, and ask about power and the router. Book an engineer if that does not help."


@dataclass(frozen=True, slots=True)
class _Down:
    subject: Subject
    rule_key: str
    name: str
    words: str
    since: datetime
    latest: datetime
    """When the last piece of kit went down: what was dealt with before did not know of it."""
    device_id: int
    what_should_happen: str
    severity: Severity = Severity.AMBER


def step(session: Session, now: datetime, limit: int = 200) -> bool:
    """Raise what is down and not raised yet, clear what is up again; whether anything changed.

    At most `limit` are raised at once, what began first before the rest: their subjects are locked meanwhile.
    """
    down = {(each.subject.number, each.rule_key): each for each in _everything_down(session, now)}
    open_ = _open(session)
    closed = _closed(session, now)
    new = [each for key, each in down.items() if _is_new(each, open_.get(key), closed.get(key), now)]
    over = [alert for key, alert in open_.items() if key not in down and _clears(alert)]
    new = sorted(new, key=lambda one: one.since)[:limit]
    for each in sorted(new, key=lambda one: one.subject.number):
        unread.lock(session, each.subject)
        alerts.raise_(session, _raised(session, each, now), now)
    for alert in sorted(over, key=lambda one: one.subject):
        unread.lock(session, subjects.of_number(alert.subject))
        alerts.clear(session, alert, "Heard from again.", now)
    return bool(new or over)


def _is_new(each: _Down, alert: Alert | None, closed_at: datetime | None, now: datetime) -> bool:
    """Whether it is to be raised: it is not open, or cleared too early, or says more; nor just dealt with."""
    if alert is not None:
        lesser = each.severity.rank < alert.severity.rank
        return alert.cleared_at is not None or (alert.words != each.words and not lesser)
    return closed_at is None or each.latest > closed_at or now - closed_at >= AGAIN_AFTER


def _clears(alert: Alert) -> bool:
    """Whether being heard ends it; not where nobody was reached: somebody must find out how they are."""
    return alert.cleared_at is None and alert.class_ is not Class.LIFE_SAFETY


def _everything_down(session: Session, now: datetime) -> Iterable[_Down]:
    hubs, unprotected = silence.everything_down(session, now)
    silent = {each.device_id for each in unprotected} | {each.device_id for each in hubs}
    at_work = works.under_way(session, silent, now)
    unprotected = [each for each in unprotected if each.device_id not in at_work]
    hubs = [each for each in hubs if each.device_id not in at_work]
    ids = {each.device_id for each in unprotected} | {each.device_id for each in hubs}
    kit = {device.id: device for device in session.scalars(select(Device).where(Device.id.in_(ids)))}
    yield from _people(session, unprotected, kit, now)
    yield from _hubs(session, hubs, kit, unprotected, now)


def _people(
    session: Session, unprotected: Iterable[Unprotected], kit: dict[int, Device], now: datetime
) -> Iterable[_Down]:
    by_person: dict[int, list[Unprotected]] = {}
    late = interims.not_reached(session, now)
    for each in unprotected:
        by_person.setdefault(each.person_id, []).append(each)
    for person_id, causes in by_person.items():
        first = min(causes, key=lambda cause: cause.since)
        names = ", ".join(dict.fromkeys(kit[cause.device_id].name for cause in causes))
        words = f"Without protection: {names} {WHY.get(first.why, 'not heard')}"
        amber = _Down(
            subjects.person(person_id),
            PERSON,
            "Without protection",
            words,
            first.since,
            max(cause.since for cause in causes),
            first.device_id,
            REPLACE,
        )
        yield _not_reached(session, amber, late[person_id], now) if person_id in late else amber


def _not_reached(session: Session, each: _Down, due_at: datetime, now: datetime) -> _Down:
    """The same as a matter of life-safety: somebody alone can't call, and nobody has heard how they are."""
    zone = about.find(session, each.subject.id, None, now).zone
    at = f"{due_at.astimezone(ZoneInfo(zone)):%H:%M}"
    words = f"Not reached: the call due {at} was not made. {each.words}"
    return replace(
        each, words=words, since=due_at, latest=due_at, severity=Severity.RED, what_should_happen=REACH
    )


def _hubs(
    session: Session,
    hubs: Iterable[HubDown],
    kit: dict[int, Device],
    unprotected: list[Unprotected],
    now: datetime,
) -> Iterable[_Down]:
    for hub in hubs:
        owner = session.execute(
            select(Assignment.person_id, Assignment.home_id).where(
                Assignment.device_id == hub.device_id,
                Assignment.deleted_at.is_(None),
                Assignment.period.contains(now),
            )
        ).first()
        if owner is None:
            continue
        subject = subjects.person(owner.person_id) if owner.person_id else subjects.home(owner.home_id)
        left = len(_living_with(session, subject, now) & {each.person_id for each in unprotected})
        people = "" if not left else f": {left} {'person' if left == 1 else 'people'} without protection"
        yield _Down(
            subject,
            f"{HUB}{kit[hub.device_id].uuid}",
            "Hub offline",
            f"Hub offline{people}; {hub.sensors} {'sensor' if hub.sensors == 1 else 'sensors'} unheard",
            hub.since,
            hub.since,
            hub.device_id,
            MEND,
        )


def _living_with(session: Session, subject: Subject, now: datetime) -> set[int]:
    if subject.about == "person":
        return {subject.id}
    there = select(Residency.person_id).where(Residency.home_id == subject.id, Residency.period.contains(now))
    return set(session.scalars(there))


def _open(session: Session) -> dict[tuple[int, str], Alert]:
    rows = session.scalars(
        select(Alert).where(Alert.closed_at.is_(None), Alert.rule_key.startswith("protection."))
    )
    return {(alert.subject, alert.rule_key): alert for alert in rows}


def _closed(session: Session, now: datetime) -> dict[tuple[int, str], datetime]:
    """When the last alert of each was closed, where that is not long ago."""
    rows = session.execute(
        select(Alert.subject, Alert.rule_key, func.max(Alert.closed_at))
        .where(Alert.rule_key.startswith("protection."), Alert.closed_at > now - AGAIN_AFTER)
        .group_by(Alert.subject, Alert.rule_key)
    )
    return {(number, rule_key): at for number, rule_key, at in rows if at is not None}


def _raised(session: Session, each: _Down, now: datetime) -> Raised:
    class_ = Class.LIFE_SAFETY if each.severity is Severity.RED else Class.TECHNICAL
    ladder = care_team_ladder.of(session, each.subject, class_, now)
    first = next((step.team for step in ladder.steps if step.team is not None), None)
    call = each.rule_key == PERSON and each.severity is Severity.AMBER and first is not None
    return Raised(
        subject=each.subject,
        rule_key=each.rule_key,
        name=each.name,
        class_=class_,
        finding=Finding(each.severity, each.words, each.since, "", None, None, (), each.since),
        ladder=ladder,
        what_should_happen=each.what_should_happen,
        device_id=each.device_id,
        follow_up=AskedFollowUp(
            FollowUpKind.CALL, "Interim call while the kit is down.", first or 0, INTERIM_CALL
        )
        if call
        else None,
        pages_within=30 * 86400,
    )
