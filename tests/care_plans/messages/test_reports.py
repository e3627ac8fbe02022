"""What the network says of texts after it took them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import outbox, reports, ways
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.messages import Message, MessageState
from care_plans.models.ways import TextReport
from core.errors import Invalid
from core.journal import Actor
from tests.cast import Cast

WORDS = Words("Call for A.M., Westmere: missed", "It was due at 07:00.")


@pytest.fixture
def text(session: Session, cast: Cast, now: datetime) -> Message:
    """A text to Dev that Notify has taken."""
    cast.dev.telephone = "07700 900002"
    document = {"important": ["sms"], "ordinary": ["sms"]}
    ways.choose(session, cast.dev.id, document, zone="Europe/London", version=0, actor=Actor("Dev"))
    outbox.queue(session, Recipient(staff_id=cast.dev.id), WORDS, key="event 1", now=now)
    row = session.scalars(select(Message)).one()
    row.state, row.sent_at = MessageState.SENT, now
    session.flush()
    return row


class Failures:
    def __init__(self) -> None:
        self.told: list[Message] = []

    def __call__(self, _session: Session, message: Message, _now: datetime) -> None:
        self.told.append(message)


def hear(session: Session, about: UUID, status: str, now: datetime, failures: Failures | None = None) -> None:
    reports.note(session, about, status, name=f"{about} {status}", now=now)
    assert reports.read(session, now, failures or Failures())
    assert not reports.read(session, now, failures or Failures())


def channels(session: Session) -> list[tuple[Channel, MessageState]]:
    return [(row.channel, row.state) for row in session.scalars(select(Message).order_by(Message.id))]


def test_what_was_delivered_is_shown_as_delivered_and_no_more(
    session: Session, text: Message, now: datetime
) -> None:
    hear(session, text.uuid, "delivered", now)
    assert (text.state, text.delivered_at) == (MessageState.SENT, now)


def test_a_report_counts_once(session: Session, text: Message, now: datetime) -> None:
    for _ in range(2):
        reports.note(session, text.uuid, "delivered", name="report 1", now=now)
    assert len(session.scalars(select(TextReport)).all()) == 1


@pytest.mark.parametrize("status", ["permanent-failure", "temporary-failure", "technical-failure"])
def test_what_did_not_arrive_goes_by_the_next_way_at_once(
    session: Session, text: Message, now: datetime, status: str
) -> None:
    failures = Failures()
    hear(session, text.uuid, status, now, failures)
    assert channels(session) == [
        (Channel.SMS, MessageState.FAILED),
        (Channel.EMAIL, MessageState.WAITING),
    ]
    assert failures.told == []


def test_a_number_that_does_not_exist_is_remembered(
    session: Session, text: Message, cast: Cast, now: datetime
) -> None:
    hear(session, text.uuid, "temporary-failure", now)
    assert ways.of(session, cast.dev.id).bad == frozenset()
    hear(session, text.uuid, "permanent-failure", now)
    assert ways.of(session, cast.dev.id).bad == {Channel.SMS}


def test_what_was_delivered_is_not_undone_by_a_report_that_comes_late(
    session: Session, text: Message, now: datetime
) -> None:
    hear(session, text.uuid, "delivered", now)
    hear(session, text.uuid, "temporary-failure", now + timedelta(hours=1))
    assert text.state is MessageState.SENT


def test_of_a_letter_for_several_each_of_them_is_meant(
    session: Session, text: Message, cast: Cast, now: datetime
) -> None:
    outbox.queue(session, Recipient(staff_id=cast.dev.id), WORDS, key="event 2", now=now)
    letter = uuid4()
    for row in session.scalars(select(Message)):
        row.state, row.sent_at, row.sent_in = MessageState.SENT, now, letter
    session.flush()
    hear(session, letter, "delivered", now)
    assert all(row.delivered_at == now for row in session.scalars(select(Message)))


def test_a_report_that_comes_before_its_text_is_on_record_waits_for_that(
    session: Session, text: Message, now: datetime
) -> None:
    text.state = MessageState.WAITING
    session.flush()
    reports.note(session, text.uuid, "temporary-failure", name="report 1", now=now)
    assert not reports.read(session, now, Failures())
    text.state = MessageState.SENT
    session.flush()
    assert reports.read(session, now, Failures())
    assert text.state is MessageState.FAILED


def test_a_text_that_is_not_known_does_nothing(session: Session, text: Message, now: datetime) -> None:
    reports.note(session, uuid4(), "permanent-failure", name="report 1", now=now)
    assert not reports.read(session, now, Failures())
    assert reports.read(session, now + timedelta(minutes=10), Failures())
    assert text.state is MessageState.SENT


def test_a_report_that_says_nothing_known_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(Invalid):
        reports.note(session, uuid4(), "pending-virus-check", name="report 1", now=now)
