"""Kit that lost its mains or a line: an alert for each home, louder before its battery ends (H5)."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, care_team_ladder
from care_plans.alerts.alerts import Raised
from care_plans.alerts.ladder import Ladder
from care_plans.evaluating import unread
from care_plans.evaluating.lost import Standing, list_standing
from care_plans.judging import outages
from care_plans.judging.outages import What
from care_plans.judging.verdicts import Finding
from care_plans.messages.wording import local
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity
from devices import subjects

PREFIX = "power."
AGAIN_AFTER = timedelta(hours=4)
"""What was closed while it is still so comes back after this long; sooner when a battery is about to end."""
PRESSING_WAIT = 15 * 60
"""Seconds that each step has once a battery is about to run out."""
NAMES = {
    What.MAINS: "Mains power failed",
    What.LINE: "Line lost",
    What.BACKUP_LINE: "Backup line lost",
}
OVER = {
    What.MAINS: "Mains power is back.",
    What.LINE: "The line is back.",
    What.BACKUP_LINE: "The backup line is back.",
}
TO_DO = {
    What.MAINS: (
        "Ring: is it a power cut, or a plug pulled out? 105 says how long a cut will last. Agree how to call "
        "for help, and who looks in, before the battery ends."
    ),
    What.LINE: (
        "Ring the provider. Try the alarm from the button to a voice; agree interim calls if nobody answers."
    ),
    What.BACKUP_LINE: "Ring the provider: if the other line fails too, no alarm gets out.",
}


def step(session: Session, now: datetime, limit: int = 200) -> bool:
    """Raise what is lost and not raised yet, or presses more; clear what is back; whether anything changed.

    At most `limit` are raised at once, what began first before the rest: their subjects are locked meanwhile.
    """
    standing = {_key(each): each for each in list_standing(session, now)}
    open_ = _open(session)
    closed = _closed(session, now) if standing else {}
    new = [each for key, each in standing.items() if _is_new(each, open_.get(key), closed.get(key), now)]
    over = [alert for key, alert in open_.items() if key not in standing and alert.cleared_at is None]
    new = sorted(new, key=lambda one: one.lost.since)[:limit]
    for each in sorted(new, key=lambda one: one.lost.subject):
        unread.lock(session, subjects.of_number(each.lost.subject))
        alerts.raise_(session, _raised(session, each, now), now)
    for alert in sorted(over, key=lambda one: one.subject):
        unread.lock(session, subjects.of_number(alert.subject))
        alerts.clear(session, alert, OVER[What(alert.rule_key.removeprefix(PREFIX))], now)
    return bool(new or over)


def _key(each: Standing) -> tuple[int, str]:
    return each.lost.subject, f"{PREFIX}{each.lost.what}"


def _is_new(each: Standing, alert: Alert | None, closed_at: datetime | None, now: datetime) -> bool:
    """Whether it is to be raised: it is not open, or cleared too early, or says more; nor just dealt with."""
    if alert is not None:
        worse = outages.severity(each.lost, each.outage, now).rank > alert.severity.rank
        return worse or alert.cleared_at is not None or alert.words != _words(each, now)
    pressing = each.lost.pressing_from if outages.is_pressing(each.lost, now) else each.lost.since
    return closed_at is None or max(pressing, each.lost.since) > closed_at or now - closed_at >= AGAIN_AFTER


def _words(each: Standing, now: datetime) -> str:
    return outages.words(each.lost, each.outage, now, local(each.lost.ends, each.zone))


def _open(session: Session) -> dict[tuple[int, str], Alert]:
    rows = session.scalars(select(Alert).where(Alert.closed_at.is_(None), Alert.rule_key.startswith(PREFIX)))
    return {(alert.subject, alert.rule_key): alert for alert in rows}


def _closed(session: Session, now: datetime) -> dict[tuple[int, str], datetime]:
    """When the last alert of each was closed, where that is not long ago."""
    rows = session.execute(
        select(Alert.subject, Alert.rule_key, func.max(Alert.closed_at))
        .where(Alert.rule_key.startswith(PREFIX), Alert.closed_at > now - AGAIN_AFTER)
        .group_by(Alert.subject, Alert.rule_key)
    )
    return {(number, rule_key): at for number, rule_key, at in rows if at is not None}


def _raised(session: Session, each: Standing, now: datetime) -> Raised:
    lost = each.lost
    subject, severity = subjects.of_number(lost.subject), outages.severity(lost, each.outage, now)
    finding = Finding(
        severity, _words(each, now), lost.since, "", None, None, (), now, unconfirmed=not lost.confirmed
    )
    pressing = severity is not Severity.WATCH and outages.is_pressing(lost, now)
    return Raised(
        subject=subject,
        rule_key=f"{PREFIX}{lost.what}",
        name=NAMES[lost.what],
        class_=Class.TECHNICAL,
        finding=finding,
        ladder=_pressed(care_team_ladder.of(session, subject, Class.LIFE_SAFETY, now))
        if pressing
        else care_team_ladder.of(session, subject, Class.TECHNICAL, now),
        what_should_happen=TO_DO[lost.what],
        device_id=each.device_id,
        pages_within=30 * 86400,
    )


def _pressed(ladder: Ladder) -> Ladder:
    """Those who are always there first, and no more than a quarter of an hour for each."""
    return replace(ladder, steps=tuple(replace(step, wait=PRESSING_WAIT) for step in ladder.steps))
