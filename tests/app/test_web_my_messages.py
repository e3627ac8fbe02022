"""The page on which staff choose how they are told."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import ways
from care_plans.models.messages import Message, MessageState
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast

GIVEN = {
    "important_first": "sms",
    "important_second": "email",
    "ordinary_first": "email",
    "wait_minutes": "3",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "quiet_days": ["0", "1", "2", "3", "4"],
    "row_version": "0",
}


@pytest.fixture
def dev(cast: Cast, client_as: ClientAs) -> FlaskClient:
    return client_as(cast.dev)


def test_whoever_has_chosen_nothing_sees_that_it_is_by_email(dev: FlaskClient) -> None:
    answer = dev.get("/my-messages")
    assert h1(answer) == "How you are told"
    assert "None yet. Send yourself a test." in answer.text
    assert answer.text.count('value="email" selected') == 2
    assert 'href="/my-messages"' in dev.get("/").text


def test_what_is_chosen_is_kept_and_shown(dev: FlaskClient, session: Session, cast: Cast) -> None:
    answer = dev.post("/my-messages", data=GIVEN)
    assert (answer.status_code, answer.location) == (303, "/my-messages")
    mine = ways.of(session, cast.dev.id)
    assert (mine.important, mine.ordinary) == ((Channel.SMS, Channel.EMAIL), (Channel.EMAIL,))
    assert mine.wait == timedelta(minutes=3)
    assert mine.quiet is not None
    assert mine.quiet.days == {0, 1, 2, 3, 4}
    shown = dev.get("/my-messages").text
    assert 'value="22:00"' in shown
    assert "Kept: from now on" in shown


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(dev: FlaskClient) -> None:
    wrong = GIVEN | {"important_first": "", "important_second": "", "quiet_until": "22:00"}
    answer = dev.post("/my-messages", data=wrong)
    assert answer.status_code == 422
    assert "Choose at least one way" in answer.text
    assert "They end when they begin" in answer.text
    assert 'value="22:00"' in answer.text


def test_of_two_browsers_the_second_is_told(dev: FlaskClient) -> None:
    assert dev.post("/my-messages", data=GIVEN).status_code == 303
    assert dev.post("/my-messages", data=GIVEN).status_code == 409


def test_a_test_is_sent_and_what_came_of_it_is_shown(
    dev: FlaskClient, session: Session, now: datetime
) -> None:
    assert dev.post("/my-messages/test", data={"way": "email"}).status_code == 303
    row = session.scalars(select(Message)).one()
    assert "Waiting to be sent" in dev.get("/my-messages").text
    row.state, row.fault = MessageState.FAILED, "550 no such mailbox"
    session.flush()
    assert "Failed: 550 no such mailbox" in dev.get("/my-messages").text
    assert (
        "A test was sent within this minute"
        in dev.post("/my-messages/test", data={"way": "email"}, follow_redirects=True).text
    )


@pytest.mark.parametrize("way", ["", "voice", "page", "pigeon"])
def test_no_other_way_can_be_tried(dev: FlaskClient, way: str) -> None:
    assert dev.post("/my-messages/test", data={"way": way}).status_code == 404


def test_a_number_that_texts_do_not_reach_is_said(
    dev: FlaskClient, session: Session, cast: Cast, now: datetime
) -> None:
    assert "You have no telephone number here" in dev.get("/my-messages").text
    cast.dev.telephone = "07700 900002"
    dev.post("/my-messages", data=GIVEN)
    ways.found_bad(session, cast.dev.id, now)
    session.flush()
    assert "Texts have not reached this number since" in dev.get("/my-messages").text
