"""What judging does to alerts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.alerts.alerts import AskedFollowUp
from care_plans.alerts.events import What
from care_plans.judging.verdicts import Finding
from care_plans.models.alerts import Alert, ContactKind
from care_plans.models.messages import Message
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.severity import Class, Severity
from core.db import Db
from core.models import JournalEntry
from devices import subjects
from people.models.caring import AlertSight
from tests.care_plans.alerting import (
    cora,
    dev,
    events_of,
    ladder,
    messages_to,
    open_alerts,
    raised,
    times,
    unconfirmed,
)
from tests.cast import Cast
from tests.cast import make as make_cast

AN_HOUR = timedelta(hours=1)


def test_a_finding_opens_one_alert_with_all_that_raised_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert (alert.person_id, alert.severity, alert.class_) == (cast.ada.id, Severity.RED, Class.CLINICAL)
    assert alert.began_at == now - timedelta(minutes=2)
    assert (alert.raised_at, alert.value, alert.goal_text) == (now, 84.0, "The lunch club on Thursdays")
    assert alert.ladder["steps"][0]["team"] == cast.coordinators.id
    assert events_of(session, alert) == ["raised", "step"]
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).first()
    assert entry is not None
    assert (entry.what, entry.subject_uuid, entry.person_id) == ("raised", alert.uuid, cast.ada.id)


def test_the_first_step_begins_at_once_and_opens_the_alert_to_its_team(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert alert.step == 1
    assert alert.escalate_after == now + timedelta(minutes=5)
    [message] = messages_to(session, cast.coordinators)
    assert message.subject == "Red alert, clinical, for A.M., Westmere"
    sight = session.scalars(select(AlertSight)).one()
    assert (sight.alert_id, sight.team_id, sight.person_id) == (alert.id, cast.coordinators.id, cast.ada.id)
    assert sight.period.upper == now + timedelta(days=7)


def test_the_same_finding_again_changes_nothing(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    version, deadline = alert.version, alert.escalate_after
    again = alerts.raise_(session, raised(cast, now), now + timedelta(minutes=1))
    assert again is alert
    session.flush()
    assert (alert.version, alert.escalate_after) == (version, deadline)
    assert len(messages_to(session, cast.coordinators)) == 1


def test_it_keeps_the_worst_value_with_the_latest_words(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, value=82), now)
    alerts.raise_(session, raised(cast, now, value=86), now)
    assert (alert.value, alert.words) == (82, "Oxygen 86%")
    alerts.raise_(session, raised(cast, now, value=79), now)
    assert (alert.value, alert.words) == (79, "Oxygen 79%")
    assert times(session, alert, What.STEP) == 1


def test_where_higher_is_worse_the_highest_is_kept(session: Session, cast: Cast, now: datetime) -> None:
    rule = {"steps": [{"severity": "red", "when": {"kind": "spo2", "above": 30}}]}
    alert = alerts.raise_(session, replace(raised(cast, now, value=35), rule=rule), now)
    alerts.raise_(session, replace(raised(cast, now, value=31), rule=rule), now)
    assert alert.value == 35


def test_something_worse_restarts_the_ladder_and_ends_every_pause(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.shelve(session, alert, until=now + AN_HOUR, reason="Nurse was there", by=cora(cast), now=now)
    alerts.acknowledge(session, alert, by=dev(cast), now=now)
    later = now + timedelta(minutes=10)
    alerts.raise_(session, raised(cast, later, Severity.RED), later)
    assert (alert.severity, alert.shelved_until, alert.seen_until, alert.acknowledged_at) == (
        Severity.RED, None, None, None,
    )  # fmt: skip
    assert (alert.step, alert.escalate_after) == (1, later + timedelta(minutes=5))
    assert times(session, alert, What.WORSE) == 1
    assert len(messages_to(session, cast.coordinators)) == 2


def test_something_less_bad_never_hides_what_was_worse(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.RED), now)
    alerts.raise_(session, raised(cast, now, Severity.AMBER, value=87), now)
    assert (alert.severity, alert.words, alert.value) == (Severity.RED, "Oxygen 84%", 84)


def test_what_had_cleared_and_is_back_reopens_in_place(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.clear(session, alert, "Back within limits", now + AN_HOUR)
    assert alert.cleared_at == now + AN_HOUR
    later = now + 2 * AN_HOUR
    again = alerts.raise_(session, raised(cast, later, Severity.AMBER), later)
    assert again is alert
    assert (alert.cleared_at, alert.times_raised, alert.step) == (None, 2, 1)
    assert alert.began_at == later - timedelta(minutes=2)
    assert times(session, alert, What.REOPENED) == 1
    assert open_alerts(session) == 1


def test_a_red_that_cleared_unseen_stays_red_when_less_comes_back(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.RED), now)
    alerts.clear(session, alert, "Back within limits", now + AN_HOUR)
    alerts.raise_(session, raised(cast, now + AN_HOUR, Severity.AMBER), now + AN_HOUR)
    assert alert.severity is Severity.RED
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Well", by=dev(cast), now=now + AN_HOUR)
    alerts.clear(session, alert, "Back within limits", now + AN_HOUR)
    alerts.raise_(session, raised(cast, now + 2 * AN_HOUR, Severity.AMBER), now + 2 * AN_HOUR)
    assert alert.severity is Severity.AMBER
    assert alert.contact_at is None, "what was recorded before was about the time before"


def test_a_shelved_alert_that_comes_and_goes_stays_shelved(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.shelve(session, alert, until=now + AN_HOUR, reason="Flaps", by=cora(cast), now=now)
    alerts.clear(session, alert, "Back", now + timedelta(minutes=5))
    alerts.raise_(session, raised(cast, now, Severity.AMBER), now + timedelta(minutes=10))
    assert alert.shelved_until == alert.escalate_after == now + AN_HOUR
    assert len(messages_to(session, cast.coordinators)) == 1


def test_a_press_that_arrives_late_still_pages_with_both_times(
    session: Session, cast: Cast, now: datetime
) -> None:
    pressed = raised(cast, now, class_=Class.LIFE_SAFETY, ago=timedelta(hours=23))
    alert = alerts.raise_(session, replace(pressed, pages_within=60), now)
    assert (alert.late, alert.step) == (False, 1)
    [message] = messages_to(session, cast.coordinators)
    assert "began Saturday 21 November, 08:46 and reached us Sunday 22 November, 07:46" in message.body


def test_a_second_press_after_somebody_was_reached_calls_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    def pressed(at: datetime) -> Alert:
        return alerts.raise_(session, raised(cast, at, class_=Class.LIFE_SAFETY), at)

    alert = pressed(now)
    alerts.contact(
        session, alert, kind=ContactKind.SPOKE_TO, words="Slipped, is up again", by=dev(cast), now=now
    )
    alerts.raise_(session, raised(cast, now, class_=Class.LIFE_SAFETY), now + AN_HOUR)
    assert times(session, alert, What.REOPENED) == 0, "the same press again is no other one"
    later = now + AN_HOUR
    assert pressed(later) is alert
    assert (alert.contact_at, alert.times_raised, alert.step) == (None, 2, 1)
    assert alert.escalate_after == later + timedelta(minutes=5)
    assert len(messages_to(session, cast.coordinators)) == 2


def test_a_replayed_press_after_somebody_was_reached_calls_nobody_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, class_=Class.LIFE_SAFETY), now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now)
    later = now + AN_HOUR
    alerts.raise_(session, unconfirmed(raised(cast, later, class_=Class.LIFE_SAFETY)), later)
    assert alert.contact_at == now


def test_a_late_red_clinical_reading_still_pages(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, ago=timedelta(hours=20)), now)
    assert (alert.late, alert.step) == (False, 1)


@pytest.mark.parametrize(
    ("severity", "class_", "ago"),
    [
        (Severity.AMBER, Class.CLINICAL, timedelta(hours=7)),
        (Severity.RED, Class.CLINICAL, timedelta(hours=25)),
        (Severity.RED, Class.HOME_SOCIAL, timedelta(hours=7)),
        (Severity.RED, Class.LIFE_SAFETY, timedelta(hours=25)),
    ],
)
def test_other_late_findings_open_quietly_with_a_follow_up_in_working_hours(
    session: Session, cast: Cast, now: datetime, severity: Severity, class_: Class, ago: timedelta
) -> None:
    alert = alerts.raise_(session, raised(cast, now, severity, class_, ago=ago), now)
    assert (alert.late, alert.step) == (True, 0)
    assert session.scalars(select(Message)).all() == []
    follow_up = session.scalars(select(FollowUp)).one()
    monday_noon = datetime(2026, 11, 23, 12, tzinfo=now.tzinfo)
    assert (follow_up.alert_id, follow_up.due_at) == (alert.id, monday_noon)
    assert (follow_up.team_id, alert.escalate_after) == (cast.coordinators.id, monday_noon)


def test_a_fresh_finding_after_a_late_one_pages(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER, ago=timedelta(hours=8)), now)
    alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    assert (alert.late, alert.step) == (False, 1)
    assert len(messages_to(session, cast.coordinators)) == 1


def test_what_is_worse_but_too_late_to_page_leaves_a_running_ladder_as_it_is(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.WATCH), now)
    alerts.raise_(session, raised(cast, now, Severity.AMBER, ago=timedelta(hours=8)), now)
    assert (alert.severity, alert.step) == (Severity.AMBER, 1)
    assert alert.escalate_after == now + timedelta(minutes=5)
    assert len(messages_to(session, cast.coordinators)) == 1


def test_a_replayed_danger_is_raised_as_unconfirmed_and_confirmed_by_a_fresh_one(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, unconfirmed(raised(cast, now)), now)
    assert alert.unconfirmed
    assert alert.step == 1, "it pages all the same"
    assert "Not confirmed" in messages_to(session, cast.coordinators)[0].body
    alerts.raise_(session, raised(cast, now), now)
    assert not alert.unconfirmed
    assert times(session, alert, What.CONFIRMED) == 1
    alerts.raise_(session, unconfirmed(raised(cast, now)), now)
    assert not alert.unconfirmed


def test_a_red_that_clears_keeps_its_ladder(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.clear(session, alert, "Back within limits", now + timedelta(minutes=1))
    assert alert.cleared_at is not None
    assert alert.closed_at is None
    assert alert.escalate_after == now + timedelta(minutes=5)


def test_an_amber_that_clears_stays_open_until_somebody_looks(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.clear(session, alert, "Back within limits", now)
    assert alert.closed_at is None
    assert alert.escalate_after == now + timedelta(hours=4)


def test_life_safety_is_never_cleared_by_readings(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, class_=Class.LIFE_SAFETY), now)
    alerts.clear(session, alert, "Button released", now)
    assert alert.cleared_at is None
    assert times(session, alert, What.CLEARED) == 0


def test_a_technical_watch_that_clears_closes_by_itself(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.WATCH, Class.TECHNICAL), now)
    alerts.clear(session, alert, "Heard again", now)
    assert alert.closed_at == now
    assert alert.escalate_after is None


def test_another_watch_that_clears_closes_only_if_somebody_has_seen_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    unseen = alerts.raise_(session, raised(cast, now, Severity.WATCH, key="a.unseen"), now)
    seen = alerts.raise_(session, raised(cast, now, Severity.WATCH, key="a.seen"), now)
    alerts.acknowledge(session, seen, by=cora(cast), now=now)
    for alert in (unseen, seen):
        alerts.clear(session, alert, "Back", now)
    assert (unseen.closed_at, seen.closed_at) == (None, now)


def test_a_closed_alert_makes_room_for_a_new_one(session: Session, cast: Cast, now: datetime) -> None:
    first = alerts.raise_(session, raised(cast, now, Severity.WATCH, Class.TECHNICAL), now)
    alerts.clear(session, first, "Heard again", now)
    second = alerts.raise_(session, raised(cast, now, Severity.WATCH, Class.TECHNICAL), now)
    assert second.id != first.id


def test_the_follow_up_of_a_contingency_is_made_once(session: Session, cast: Cast, now: datetime) -> None:
    asked = AskedFollowUp(FollowUpKind.CALL, "Ring within two hours", cast.nurses.id, 7200)
    alert = alerts.raise_(session, replace(raised(cast, now, Severity.AMBER), follow_up=asked), now)
    alerts.raise_(session, replace(raised(cast, now), follow_up=asked), now)
    follow_up = session.scalars(select(FollowUp)).one()
    assert (follow_up.alert_id, follow_up.due_at) == (alert.id, now + 2 * AN_HOUR)
    assert (follow_up.team_id, follow_up.goal_key) == (cast.nurses.id, "lunch")


def test_an_alert_about_a_home_opens_to_the_step_for_everybody_in_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    alert = alerts.raise_(session, cold, now)
    assert (alert.person_id, alert.home_id) == (None, cast.ada_home.id)
    assert session.scalars(select(AlertSight.person_id)).all() == [cast.ada.id]
    assert messages_to(session, cast.coordinators)[0].subject.endswith("for a home, Westmere")


def test_two_who_raise_the_same_at_once_make_one_alert(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)

    def raise_it(_: int) -> int:
        with real_db.transaction() as session:
            return alerts.raise_(session, raised(cast, now), now).id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(raise_it, range(16)))
    assert len(ids) == 1
    with real_db.transaction() as session:
        assert open_alerts(session) == 1
        alert = session.get_one(Alert, ids.pop())
        assert times(session, alert, What.RAISED) == 1
        assert len(messages_to(session, cast.coordinators)) == 1


def test_what_judging_finds_is_what_an_alert_can_be_raised_from(
    now: datetime, session: Session, cast: Cast
) -> None:
    missing = Finding(Severity.AMBER, "No weight since Friday", now, "", None, None, (), now)
    alert = alerts.raise_(session, replace(raised(cast, now), finding=missing), now)
    assert (alert.kind, alert.value, alert.evidence) == (None, None, [])


def test_a_red_that_comes_and_goes_unanswered_climbs_all_the_same(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    for minute in range(1, 24):
        at = now + timedelta(minutes=minute)
        escalation.step(session, at)
        if minute % 4 == 0:
            alerts.clear(session, alert, "Back within limits", at)
        elif minute % 4 == 2:
            alerts.raise_(session, raised(cast, at), at)
    assert (alert.step, alert.times_raised) == (3, 6)
    assert len(messages_to(session, cast.centre)) == 1


def test_somebody_on_the_way_is_still_on_the_way_when_a_red_is_back(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.going(session, alert, until=now + timedelta(minutes=20), by=dev(cast), now=now)
    alerts.clear(session, alert, "Back within limits", now)
    alerts.raise_(session, raised(cast, now), now + timedelta(minutes=6))
    assert (alert.cleared_at, alert.escalate_after) == (None, now + timedelta(minutes=20))


def test_a_shelved_alert_that_is_back_under_a_shorter_ladder_goes_on_from_its_last_step(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    escalation.step(session, now + timedelta(minutes=5))
    escalation.step(session, now + timedelta(minutes=15))
    assert alert.step == 3
    alerts.shelve(session, alert, until=now + AN_HOUR, reason="Flaps", by=cora(cast), now=now)
    alerts.clear(session, alert, "Back", now)
    shorter = replace(ladder(cast), steps=ladder(cast).steps[:2])
    alerts.raise_(session, replace(raised(cast, now, Severity.AMBER), ladder=shorter), now)
    escalation.step(session, now + AN_HOUR)
    assert (alert.shelved_until, alert.step) == (None, 2)
    assert len(messages_to(session, cast.nurses)) == 2


@pytest.mark.parametrize("cleared", [False, True])
def test_whoever_had_paused_it_is_told_when_something_worse_ends_that(
    session: Session, cast: Cast, now: datetime, cleared: bool
) -> None:
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER), now)
    alerts.shelve(session, alert, until=now + AN_HOUR, reason="Known", by=cora(cast), now=now)
    if cleared:
        alerts.clear(session, alert, "Back", now)
    alerts.raise_(session, raised(cast, now), now)
    [told] = messages_to(session, staff=cast.cora)
    assert told.subject.startswith("Red alert")
    assert "what you had recorded no longer holds" in told.body
