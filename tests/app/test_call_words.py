"""How calls stand, in words and on pages."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.web import call_words
from care_plans.alerts import escalation
from care_plans.models.calls import CallState
from care_plans.models.messages import MessageState
from tests.app.conftest import ClientAs
from tests.app.raising import OXYGEN_LOW
from tests.care_plans.calls.calling import calls, placed, rings, tell
from tests.cast import Cast


@pytest.mark.parametrize("centre", [True, False])
@pytest.mark.parametrize("state", CallState)
def test_only_what_was_answered_is_said_to_be(state: CallState, centre: bool) -> None:
    words = call_words.placed(state, centre=centre, at="07:44")
    answered = state in (CallState.ANSWERED, CallState.TAKEN, CallState.NOT_TAKEN)
    assert words.startswith("Answered") is answered


def test_the_outbox_and_the_alert_say_that_somebody_is_rung_and_when_they_do_not_answer(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    alert = rings(session, cast, now)
    alert.rule = OXYGEN_LOW
    [(_, message)] = placed(session, now)
    cora = client_as(cast.cora)
    for path in ("/outbox", f"/alerts/{alert.uuid}"):
        assert "nobody has answered yet" in cora.get(path).text, path
    tell(session, message, "no_answer", now)
    assert "▲ Not answered" in cora.get("/outbox").text
    page = cora.get(f"/alerts/{alert.uuid}").text
    assert "▲ Not answered" in page
    assert "The telephone was not answered" in page
    assert "Dev did not answer" in page


def test_a_receiving_centre_was_told_and_not_answered(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    alert = rings(session, cast, now)
    alert.rule = OXYGEN_LOW
    for minutes in (10, 20):
        escalation.step(session, now + timedelta(minutes=minutes))
    [(_, message)] = placed(session, now + timedelta(minutes=20))
    cora = client_as(cast.cora)
    assert "Told" in cora.get("/outbox").text
    assert "Told; not answered yet" in cora.get(f"/alerts/{alert.uuid}").text
    tell(session, message, "answered", now + timedelta(minutes=21))
    assert "not answered yet" not in cora.get(f"/alerts/{alert.uuid}").text


def test_what_was_not_needed_is_no_failure(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    rings(session, cast, now)
    [(call, message)] = placed(session, now)
    call.state, message.state, message.sent_at = CallState.NOT_NEEDED, MessageState.DROPPED, None
    session.flush()
    assert [each.state for each, _ in calls(session)] == [CallState.NOT_NEEDED]
    text = client_as(cast.cora).get("/outbox?state=dropped").text
    assert "Not needed any more" in text
    assert "▲ Not needed" not in text
