"""What comes of calls."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, deadlines, escalation
from care_plans.alerts.events import What
from care_plans.alerts.ladder import LadderStep, Way
from care_plans.calls import reports
from care_plans.calls.reports import LISTENS
from care_plans.models.alerts import Cause, ContactKind, Outcome
from care_plans.models.calls import CallReport
from care_plans.severity import Severity
from core.errors import Invalid
from core.journal import Actor
from people import teams
from people.models.agencies import Role
from tests.care_plans.alerting import cora, dev, events_of
from tests.care_plans.calls.calling import NUMBER, RING, placed, rings, states, steps, tell
from tests.cast import Cast

SECOND = timedelta(seconds=1)


def test_only_a_report_makes_it_answered(session: Session, cast: Cast, now: datetime) -> None:
    rings(session, cast, now)
    [(_, message)] = placed(session, now)
    assert states(session) == ["placed"]
    tell(session, message, "ringing", now)
    assert states(session) == ["ringing"]
    tell(session, message, "answered", now)
    assert states(session) == ["answered"]


def test_pressing_1_acknowledges_by_name_and_never_holds_a_red(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = rings(session, cast, now)
    [(_, message)] = placed(session, now)
    tell(session, message, "answered", now)
    tell(session, message, "key", now, key="1")
    assert states(session) == ["taken"]
    assert (alert.owner_staff_id, alert.acknowledged_at) == (cast.dev.id, now)
    assert alert.contact_at is None
    assert deadlines.held(alert) is None
    escalation.step(session, now + timedelta(minutes=10))
    assert alert.step == 2, "only a contact stops the ladder of a red"


def test_pressing_1_holds_an_amber_as_the_button_does(session: Session, cast: Cast, now: datetime) -> None:
    alert = rings(session, cast, now, Severity.AMBER)
    [(_, message)] = placed(session, now)
    tell(session, message, "taken", now)
    assert alert.seen_until == now + alerts.SEEN_FOR
    escalation.step(session, now + timedelta(minutes=10))
    assert alert.step == 1


def test_at_a_teams_number_nobody_knows_who_pressed_and_nothing_is_held(
    session: Session, cast: Cast, now: datetime
) -> None:
    first = LadderStep(1, "Coordinators", Way.CALL, 600, team=cast.coordinators.id)
    alert = rings(session, cast, now, Severity.AMBER, [first])
    [(_, message)] = placed(session, now)
    tell(session, message, "taken", now)
    assert alert.acknowledged_at is None
    assert states(session) == ["taken"]
    assert What.CALL_ANSWERED.value in events_of(session, alert)


@pytest.mark.parametrize("change", ["left", "volunteer"])
def test_whoever_may_not_act_on_alerts_acknowledges_none(
    session: Session, cast: Cast, now: datetime, change: str
) -> None:
    alert = rings(session, cast, now)
    [(_, message)] = placed(session, now)
    if change == "left":
        cast.dev.left_at = now
    else:
        cast.dev.role = Role.VOLUNTEER
    tell(session, message, "taken", now)
    assert alert.acknowledged_at is None


@pytest.mark.parametrize("status", ["no_answer", "failed"])
def test_without_an_answer_the_next_step_begins_at_once(
    session: Session, cast: Cast, now: datetime, status: str
) -> None:
    alert = rings(session, cast, now)
    [(_, message)] = placed(session, now)
    tell(session, message, status, now + SECOND)
    assert (alert.step, states(session)) == (2, [status])
    assert alert.escalate_after == now + SECOND + timedelta(minutes=10)
    assert events_of(session, alert)[-2:] == ["call_unanswered", "step"]


def test_a_provider_that_reports_nothing_counts_as_no_answer(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = rings(session, cast, now)
    placed(session, now)
    assert not reports.end_due(session, now + RING - SECOND)
    assert reports.end_due(session, now + RING)
    assert (alert.step, states(session)) == (2, ["no_answer"])
    assert not reports.end_due(session, now + RING)


def test_an_answering_machine_presses_nothing_and_holds_nothing_up(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = rings(session, cast, now)
    [(_, message)] = placed(session, now)
    tell(session, message, "answered", now)
    assert not reports.end_due(session, now + RING)
    assert reports.end_due(session, now + LISTENS)
    assert (alert.step, states(session)) == (2, ["not_taken"])


def test_pressing_1_after_the_next_step_began_still_counts(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = rings(session, cast, now)
    [(_, message)] = placed(session, now)
    reports.end_due(session, now + RING)
    tell(session, message, "taken", now + RING)
    assert (alert.step, alert.owner_staff_id) == (2, cast.dev.id)
    tell(session, message, "no_answer", now + RING)
    assert states(session)[0] == "taken"


def test_nobody_is_hurried_on_where_somebody_has_it(session: Session, cast: Cast, now: datetime) -> None:
    alert = rings(session, cast, now)
    placed(session, now)
    alerts.acknowledge(session, alert, by=cora(cast), now=now)
    reports.end_due(session, now + RING)
    assert alert.step == 1


def test_nobody_is_hurried_on_while_another_of_the_step_still_rings(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.nurses.telephone = None
    cast.cora.telephone = NUMBER
    teams.join(session, cast.nurses, cast.cora, now, actor=Actor("test"))
    cast.dev.telephone = NUMBER
    alert = rings(session, cast, now, some=[
        LadderStep(1, "Nurses", Way.CALL, 600, team=cast.nurses.id), *steps(cast)[1:],
    ])  # fmt: skip
    (_, first), (_, second) = placed(session, now)
    tell(session, first, "no_answer", now)
    assert alert.step == 1
    tell(session, second, "no_answer", now)
    assert alert.step == 2


def test_the_last_step_is_never_hurried_on(session: Session, cast: Cast, now: datetime) -> None:
    alert = rings(session, cast, now, some=[LadderStep(1, "Dev", Way.CALL, 600, staff=cast.dev.id)])
    placed(session, now)
    reports.end_due(session, now + RING)
    assert events_of(session, alert).count("step") == 1


def test_a_receiving_centre_is_answered_only_when_that_is_reported_and_presses_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = rings(session, cast, now)
    for minutes in (10, 20):
        escalation.step(session, now + timedelta(minutes=minutes))
    later = now + timedelta(minutes=20)
    [(call, message)] = placed(session, later)
    assert call.centre
    assert states(session) == ["placed"]
    tell(session, message, "answered", later)
    assert states(session) == ["answered"]
    assert not reports.end_due(session, later + timedelta(hours=1))
    assert alert.acknowledged_at is None
    assert alert.contact_at is None


def test_a_report_counts_once_and_one_of_an_unknown_call_does_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = rings(session, cast, now)
    [(_, message)] = placed(session, now)
    for _ in range(3):
        reports.note(session, message.uuid, "answered", "", name="msg_1", now=now)
    reports.note(session, uuid4(), "taken", "", name="msg_2", now=now)
    assert reports.read(session, now)
    assert not reports.read(session, now)
    assert events_of(session, alert).count(What.CALL_ANSWERED.value) == 1
    assert session.scalars(select(CallReport.read_at)).all() == [now, now]


def test_another_key_says_nothing_and_another_status_is_refused(session: Session, now: datetime) -> None:
    reports.note(session, uuid4(), "key", "2", name="msg_1", now=now)
    assert session.scalars(select(CallReport)).all() == []
    with pytest.raises(Invalid):
        reports.note(session, uuid4(), "busy", "", name="msg_2", now=now)


def test_of_a_closed_alert_a_late_key_is_on_record_and_opens_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = rings(session, cast, now)
    [(_, message)] = placed(session, now)
    by = dev(cast)
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Well", by=by, now=now)
    alerts.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Rang", outcome=Outcome.ADVICE_GIVEN, by=by, now=now
    )
    tell(session, message, "taken", now)
    assert states(session) == ["taken"]
    assert alert.closed_at == now
    assert alert.escalate_after is None


def test_one_report_that_can_not_be_read_stops_no_other(
    session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings(session, cast, now)
    [(_, message)] = placed(session, now)
    act, left = reports._act, [1]

    def fails_once(*given: object) -> None:
        if left:
            left.pop()
            raise ZeroDivisionError
        act(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(reports, "_act", fails_once)
    reports.note(session, message.uuid, "ringing", "", name="msg_1", now=now)
    reports.note(session, message.uuid, "answered", "", name="msg_2", now=now)
    reports.read(session, now)
    assert states(session) == ["answered"]
