"""Sight of an alert for those it is sent to."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation, read, sights
from care_plans.models.alerts import Alert, ContactKind
from care_plans.severity import Class, Severity
from devices import subjects
from people.models.caring import AlertSight, CareTeam
from people.models.homes import Residency
from tests.care_plans.alerting import cora, raised, vi, viewer
from tests.cast import Cast

DAY = timedelta(days=1)


def test_it_is_granted_once_and_made_longer_when_granted_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    sights.grant(session, alert, now, staff_id=cast.vi.id)
    sights.grant(session, alert, now + DAY, staff_id=cast.vi.id)
    [row] = session.scalars(select(AlertSight).where(AlertSight.staff_id == cast.vi.id))
    session.refresh(row)
    assert (row.period.lower, row.period.upper) == (now, now + 8 * DAY)


def test_it_is_for_this_alert_only_and_ends_by_itself(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    other = alerts.raise_(session, raised(cast, now, key="other.rule"), now)
    sights.grant(session, alert, now, team_id=cast.befrienders.id)
    found = [
        session.scalars(select(Alert.id).where(alerts_in_sight(cast, at))).all()
        for at in (now, now + 8 * DAY)
    ]
    assert found == [[alert.id], []]
    assert other.id not in found[0]


def alerts_in_sight(cast: Cast, at: datetime) -> ColumnElement[bool]:

    return read.in_sight(vi(cast), at)


def test_it_ends_a_day_after_closing_and_never_later_than_it_would(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    sights.end(session, alert, now)
    sights.end(session, alert, now + 5 * DAY)
    row = session.scalars(select(AlertSight)).one()
    session.refresh(row)
    assert row.period.upper == now + DAY


def test_an_alert_about_a_home_is_about_everybody_in_it(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, subject=subjects.home(cast.ben_home.id)), now)
    assert sights.people_of(session, alert, now) == [cast.ben.id]


def test_an_alert_about_a_home_where_nobody_lives_any_more_opens_to_whom_it_is_sent(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.execute(
        update(Residency)
        .where(Residency.home_id == cast.ada_home.id)
        .values(period=Range(now - 30 * DAY, now - DAY))
    )
    session.execute(delete(CareTeam).where(CareTeam.person_id == cast.ada.id))
    smoke = raised(cast, now, class_=Class.LIFE_SAFETY, subject=subjects.home(cast.ada_home.id))
    alert = alerts.raise_(session, smoke, now)
    assert alerts.get(session, cora(cast), alert.uuid, now) is alert
    assert read.whole(session, alert, now).people == (), "it tells nothing of who lived there before"


def test_whoever_is_reminded_can_open_what_they_are_reminded_of(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.hand_over(session, alert, team_id=cast.strangers.id, reason="Theirs", by=cora(cast), now=now)
    there = viewer(cast.mallory, cast.strangers)
    alerts.accept(session, alert, by=there, now=now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=there, now=now)
    later = now + 8 * DAY
    for hours in range(8 * 24 + 1):
        escalation.step(session, now + timedelta(hours=hours))
    assert alert.owner_team_id == cast.strangers.id
    assert alerts.get(session, there, alert.uuid, later) is alert
