"""What one sender takes of what is due."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import claiming, outbox
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.messages import Message, MessageState
from tests.cast import Cast

PAGE = {Channel.PAGE: PageCarrier()}
MAIL = {**PAGE, Channel.EMAIL: PageCarrier()}
FOR = timedelta(minutes=2)


def lay(session: Session, cast: Cast, now: datetime, many: int, **given: bool) -> list[int]:
    to = Recipient(staff_id=cast.dev.id)
    for number in range(many):
        outbox.queue(session, to, Words(f"Words {number}", "More."), key=f"event {number}", now=now, **given)
    return list(session.scalars(select(Message.id).order_by(Message.id)))


def test_all_that_is_due_to_one_recipient_goes_in_one_letter_however_much_it_is(
    session: Session, cast: Cast, now: datetime
) -> None:
    ids = lay(session, cast, now, claiming.BATCH * 3)
    found, (letter,) = claiming.claim(session, MAIL, now, FOR)
    assert found
    assert sorted(letter.ids) == ids
    assert claiming.claim(session, MAIL, now, FOR) == (False, [])


def test_what_is_claimed_is_another_senders_once_the_claim_has_ended(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now, 1)
    claiming.claim(session, MAIL, now, FOR)
    assert claiming.claim(session, MAIL, now + FOR, FOR) == (False, [])
    _found, (letter,) = claiming.claim(session, MAIL, now + FOR + timedelta(seconds=1), FOR)
    assert letter.letter.again


def test_a_sender_takes_its_own_channels_alone(session: Session, cast: Cast, now: datetime) -> None:
    lay(session, cast, now, 2)
    assert claiming.claim(session, MAIL, now, FOR, (Channel.SMS,)) == (False, [])


def test_where_nothing_leaves_the_house_each_message_stands_on_the_page_by_itself(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now, 3)
    _found, letters = claiming.claim(session, PAGE, now, FOR)
    assert [each.channel for each in letters] == [Channel.PAGE] * 3


def test_what_is_held_is_found_and_not_sent(session: Session, cast: Cast, now: datetime) -> None:
    first, second = lay(session, cast, now, 2)
    row = session.get_one(Message, first)
    row.state, row.sent_at = MessageState.SENT, now
    session.flush()
    assert claiming.claim(session, MAIL, now, FOR) == (True, [])
    held = session.get_one(Message, second)
    assert (held.attempts, held.send_after) == (0, now + timedelta(minutes=10))


def test_what_is_important_is_never_held(session: Session, cast: Cast, now: datetime) -> None:
    first, _second = lay(session, cast, now, 2, important=True)
    row = session.get_one(Message, first)
    row.state, row.sent_at = MessageState.SENT, now
    session.flush()
    _found, letters = claiming.claim(session, MAIL, now, FOR)
    assert len(letters) == 1
