"""Interim plans of those whose life-safety kit does not protect them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.evaluating import protection
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUpKind, FollowUpOutcome
from care_plans.protecting import interims, recalls
from care_plans.protection_states import Lack
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
from core.errors import Invalid
from core.models import JournalEntry
from devices import kit_life, works
from devices.models import Device
from people.models.absences import Absence, Away
from people.models.homes import Residency
from people.signing_in import viewer_of
from tests.care_plans.protecting import unprotected
from tests.care_plans.protecting.unprotected import HOUR, asked, plan_of
from tests.cast import Cast
from tests.devices.kit import CORA

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CALL, REPAIR = FollowUpKind.CALL, FollowUpKind.REPAIR


@pytest.fixture
def pendant(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada's, which has failed an hour ago."""
    made = unprotected.pendant(session, cast)
    unprotected.fails(session, made, now - HOUR)
    return made


@pytest.mark.usefixtures("pendant")
def test_whoever_is_without_protection_has_a_replacement_clock_and_calls(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert interims.step(session, now)
    row = plan_of(session, cast)
    [mend] = asked(session, cast, REPAIR)
    assert (row.lack, row.kit, row.alone, row.since) == (Lack.DOWN, "Pendant", True, now - HOUR)
    assert (mend.due_at, mend.team_id) == (row.replace_by, cast.coordinators.id)
    assert row.call_times == ["09:00", "13:00", "17:00", "21:00"]
    assert not interims.step(session, now + MINUTE)


@pytest.mark.usefixtures("pendant")
def test_each_call_is_asked_for_an_hour_before_its_time(session: Session, cast: Cast, now: datetime) -> None:
    interims.step(session, now)
    at = plan_of(session, cast).next_call_at
    assert at is not None
    interims.step(session, at - HOUR - MINUTE)
    assert not asked(session, cast, CALL)
    interims.step(session, at - HOUR)
    [call] = asked(session, cast, CALL)
    assert call.due_at == at
    assert (plan_of(session, cast).next_call_at or at) > at


@pytest.mark.usefixtures("pendant")
def test_no_second_call_is_asked_for_while_the_first_is_still_to_be_made(
    session: Session, cast: Cast, now: datetime
) -> None:
    interims.step(session, now)
    for hours in range(1, 30):
        interims.step(session, now + hours * HOUR)
    assert len(asked(session, cast, CALL)) == 1


def test_it_ends_with_what_it_asked_for_when_they_are_protected_again(
    session: Session, cast: Cast, now: datetime, pendant: Device
) -> None:
    interims.step(session, now)
    unprotected.works_again(session, pendant)
    assert interims.step(session, now + HOUR)
    assert interims.find(session, cast.ada.id) is None
    assert [each.outcome for each in asked(session, cast, REPAIR)] == [FollowUpOutcome.NOT_NEEDED]


def test_kit_that_fails_again_within_a_day_goes_on_by_what_was_agreed(
    session: Session, cast: Cast, now: datetime, pendant: Device
) -> None:
    interims.step(session, now)
    cora = viewer_of(session, cast.cora, now)
    interims.agree(session, plan_of(session, cast), ["8:30"], "With Beth", by=cora, now=now)
    unprotected.works_again(session, pendant)
    interims.step(session, now + HOUR)
    unprotected.fails(session, pendant, now + 2 * HOUR)
    interims.step(session, now + 2 * HOUR)
    assert plan_of(session, cast).call_times == ["08:30"]
    ended, again = asked(session, cast, REPAIR)
    assert (ended.done_at, again.done_at, again.due_at) == (now + HOUR, None, ended.due_at)


@pytest.mark.usefixtures("pendant")
def test_what_was_said_to_be_mended_and_is_still_down_is_to_be_mended_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    interims.step(session, now)
    [mend] = asked(session, cast, REPAIR)
    cora = viewer_of(session, cast.cora, now)
    follow_ups.complete(session, mend, outcome=FollowUpOutcome.DONE, remarks="", by=cora, now=now)
    interims.step(session, now + 3 * HOUR)
    assert len(asked(session, cast, REPAIR)) == 1
    interims.step(session, now + 4 * HOUR)
    assert len(asked(session, cast, REPAIR)) == 2


@pytest.mark.usefixtures("pendant")
def test_when_it_is_put_off_the_clock_follows(session: Session, cast: Cast, now: datetime) -> None:
    interims.step(session, now)
    [mend] = asked(session, cast, REPAIR)
    cora = viewer_of(session, cast.cora, now)
    follow_ups.reschedule(session, mend, due_at=now + 2 * DAY, reason="No stock", by=cora, now=now)
    interims.step(session, now + MINUTE)
    assert plan_of(session, cast).replace_by == now + 2 * DAY


@pytest.mark.usefixtures("pendant")
def test_what_was_agreed_is_on_record(session: Session, cast: Cast, now: datetime) -> None:
    interims.step(session, now)
    cora = viewer_of(session, cast.cora, now)
    interims.agree(session, plan_of(session, cast), ["18:00", "10:00"], "Beth stays", by=cora, now=now)
    row = plan_of(session, cast)
    assert (row.call_times, row.agreed, row.agreed_by_id) == (["10:00", "18:00"], "Beth stays", cast.cora.id)
    told = select(JournalEntry.what).where(JournalEntry.subject_uuid == row.uuid).order_by(JournalEntry.id)
    assert list(session.scalars(told)) == ["interim plan begun", "interim plan agreed"]


@pytest.mark.parametrize(
    ("times", "words", "field"),
    [(["10 o’clock"], "Beth", "call_times"), (["10:00"], " ", "agreed"), ([f"{n:02}:00" for n in range(9)],
     "Often", "call_times")],
)  # fmt: skip
@pytest.mark.usefixtures("pendant")
def test_what_cannot_be_agreed_is_refused(
    session: Session, cast: Cast, now: datetime, times: list[str], words: str, field: str
) -> None:
    interims.step(session, now)
    cora = viewer_of(session, cast.cora, now)
    with pytest.raises(Invalid) as refused:
        interims.agree(session, plan_of(session, cast), times, words, by=cora, now=now)
    assert set(refused.value.fields) == {field}


@pytest.mark.usefixtures("pendant")
def test_who_shares_a_home_is_rung_less_often(session: Session, cast: Cast, now: datetime) -> None:
    session.query(Residency).filter_by(person_id=cast.ben.id).update({"home_id": cast.ada_home.id})
    interims.step(session, now)
    assert plan_of(session, cast).call_times == ["10:00", "18:00"]


@pytest.mark.usefixtures("pendant")
def test_nobody_rings_a_home_whose_person_is_in_hospital(session: Session, cast: Cast, now: datetime) -> None:
    session.add(
        Absence(
            person_id=cast.ada.id, why=Away.HOSPITAL, known_from="Beth", recorded_at=now, began_at=now - HOUR,
            ends_at=now + DAY, recorded_by_id=cast.cora.id, confirmed_at=now, confirmed_by_id=cast.cora.id,
            begun_at=now,
        )
    )  # fmt: skip
    session.flush()
    interims.step(session, now)
    assert interims.find(session, cast.ada.id) is None


def test_kit_that_is_being_worked_on_begins_none(
    session: Session, cast: Cast, now: datetime, pendant: Device
) -> None:
    given = {"starts": now - MINUTE, "ends": now + HOUR, "why": "A new hub"}
    works.plan(session, pendant, given, now=now, actor=CORA)
    assert not interims.step(session, now)


def test_life_safety_kit_that_is_called_back_marks_whoever_has_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    pendant = unprotected.pendant(session, cast)
    kit_life.recall(session, model=pendant.model, reason="May fail", now=now, actor=CORA)
    recalls.step(session, now)
    interims.step(session, now)
    row = plan_of(session, cast)
    assert (row.lack, row.replace_by) == (Lack.RECALLED, now + 7 * DAY)
    unprotected.fails(session, pendant, now)
    interims.step(session, now + HOUR)
    assert (plan_of(session, cast).lack, len(asked(session, cast, REPAIR))) == (Lack.DOWN, 1)
    unprotected.works_again(session, pendant)
    interims.step(session, now + 2 * HOUR)
    assert (plan_of(session, cast).lack, asked(session, cast, REPAIR)[0].done_at) == (
        Lack.RECALLED,
        now + 2 * HOUR,
    )


@pytest.mark.usefixtures("pendant")
def test_who_lives_alone_and_was_not_rung_in_time_becomes_a_matter_of_life_safety(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert alert_after(session, now, HOUR).severity is Severity.AMBER
    alert = alert_after(session, now, HOUR + 16 * MINUTE)
    assert (alert.severity, alert.class_) == (Severity.RED, Class.LIFE_SAFETY)
    assert alert.words.startswith("Not reached: the call due ")
    assert not protection.step(session, now + HOUR + 17 * MINUTE)


def alert_after(session: Session, now: datetime, span: timedelta) -> Alert:
    """The alert about Ada, so long after it was first looked at."""
    for at in (now, now + span):
        protection.step(session, at)
        interims.step(session, at)
    return session.scalars(select(Alert).where(Alert.rule_key == interims.UNPROTECTED)).one()


@pytest.mark.usefixtures("pendant")
def test_a_later_call_that_is_late_is_red_though_the_first_alert_was_closed(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alert_after(session, now, MINUTE)
    alert.closed_at, alert.cause, alert.action, alert.outcome = now, Cause.TRUE_ACTED, "Rang", Outcome.NONE
    alert.escalate_after = None
    at = plan_of(session, cast).next_call_at
    assert at is not None
    interims.step(session, at)
    assert protection.step(session, at + 16 * MINUTE)
    again = session.scalars(select(Alert).where(Alert.closed_at.is_(None))).one()
    assert (again.severity, again.person_id) == (Severity.RED, cast.ada.id)


def test_that_red_stays_until_somebody_has_found_out_though_the_kit_is_heard_again(
    session: Session, cast: Cast, now: datetime, pendant: Device
) -> None:
    later = now + HOUR + 16 * MINUTE
    alert = alert_after(session, now, later - now)
    unprotected.works_again(session, pendant)
    assert not protection.step(session, later)
    assert (alert.cleared_at, alert.closed_at) == (None, None)


@pytest.mark.usefixtures("pendant")
def test_somebody_who_was_spoken_to_about_the_alert_counts_as_reached(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alert_after(session, now, MINUTE)
    cora = viewer_of(session, cast.cora, now)
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Well", by=cora, now=now + 5 * MINUTE)
    assert not interims.not_reached(session, now + 2 * HOUR)


@pytest.mark.usefixtures("pendant")
def test_nobody_who_shares_a_home_becomes_red_for_it(session: Session, cast: Cast, now: datetime) -> None:
    session.query(Residency).filter_by(person_id=cast.ben.id).update({"home_id": cast.ada_home.id})
    assert alert_after(session, now, 2 * HOUR).severity is Severity.AMBER
