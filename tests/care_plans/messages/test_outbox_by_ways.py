"""Messages to staff by the ways that they chose, and those that go together."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from care_plans.alerts import alerts
from care_plans.channel import Channel
from care_plans.messages import outbox, ways
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.letter import Answer, Carrier
from care_plans.messages.outbox import Recipient
from care_plans.models.messages import Message, MessageState
from core.db import Db
from core.journal import Actor
from people.models.agencies import Staff
from tests.care_plans.alerting import raised
from tests.care_plans.messages.postman import WORDS, Failures, Postman
from tests.care_plans.messages.test_outbox import queued, send
from tests.cast import Cast
from tests.cast import make as make_cast

MACHINE = Actor("Hearthline")


def chosen(db: Db, now: datetime, **given: object) -> Cast:
    """The cast, of whom Dev has chosen how to be told."""
    with db.transaction() as session:
        cast = make_cast(session)
        document = {"important": ["sms", "email"], "ordinary": ["sms", "email"], **given}
        ways.choose(session, cast.dev.id, document, zone="Europe/London", version=0, actor=MACHINE)
        session.get_one(Staff, cast.dev.id).telephone = "07700 900111"
    return cast


def by_all(postmen: dict[Channel, Postman]) -> dict[Channel, Carrier]:
    return {Channel.PAGE: PageCarrier(), **postmen}


def rows_of(db: Db) -> list[tuple[str, str, int]]:
    with db.transaction() as session:
        return [
            (row.channel.value, row.state.value, row.attempts)
            for row in session.scalars(select(Message).order_by(Message.id))
        ]


def ask_dev(db: Db, cast: Cast, now: datetime, *, important: bool, key: str = "event 1") -> None:
    with db.transaction() as session:
        outbox.queue(session, Recipient(staff_id=cast.dev.id), WORDS, key=key, now=now, important=important)


def test_what_is_important_goes_by_each_way_in_order_some_minutes_apart(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now, wait_minutes=3)
    ask_dev(real_db, cast, now, important=True)
    texts, mail = Postman(), Postman()
    carriers = by_all({Channel.SMS: texts, Channel.EMAIL: mail})
    outbox.step(real_db, carriers, now, Failures())
    assert [letter.to for letter in texts.letters] == [("07700 900111",)]
    assert mail.letters == []
    outbox.step(real_db, carriers, now + timedelta(minutes=3), Failures())
    assert [letter.to for letter in mail.letters] == [("dev@westmere.example",)]
    assert rows_of(real_db) == [("sms", "sent", 1), ("email", "sent", 1)]


def test_the_second_way_is_let_go_of_once_the_alert_is_seen(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now)
    with real_db.transaction() as session:
        alert = alerts.raise_(session, raised(cast, now), now)
        to = Recipient(staff_id=cast.dev.id)
        outbox.queue(session, to, WORDS, key="event 1", now=now, alert_id=alert.id, important=True)
        alert.seen_until = now + timedelta(minutes=30)
    mail = Postman()
    carriers = by_all({Channel.SMS: Postman(), Channel.EMAIL: mail})
    for minutes in (0, 6):
        outbox.step(real_db, carriers, now + timedelta(minutes=minutes), Failures())
    assert ("dev@westmere.example",) not in [letter.to for letter in mail.letters]
    with real_db.transaction() as session:
        mine = select(Message).where(Message.staff_id == cast.dev.id).order_by(Message.id)
        assert [row.state for row in session.scalars(mine)] == [MessageState.SENT, MessageState.DROPPED]


def test_where_a_way_fails_the_next_goes_at_once_and_nobody_is_troubled(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now, wait_minutes=30)
    for important in (True, False):
        ask_dev(real_db, cast, now, important=important, key=f"event {important}")
    failures, mail = Failures(), Postman()
    refuses = Postman(*[Answer("No such number.")] * 2)
    carriers = by_all({Channel.SMS: refuses, Channel.EMAIL: mail})
    for _ in range(2):
        outbox.step(real_db, carriers, now, failures)
    assert len(mail.letters) == 2
    assert failures.told == []


def test_where_every_way_fails_it_is_told_once_and_of_the_first(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now)
    ask_dev(real_db, cast, now, important=True)
    failures = Failures()
    refuses = {each: Postman(Answer("No.")) for each in (Channel.SMS, Channel.EMAIL)}
    for _ in range(2):
        outbox.step(real_db, by_all(refuses), now, failures)
    assert [state for _channel, state, _tries in rows_of(real_db)] == ["failed", "failed"]
    with real_db.transaction() as session:
        assert failures.told == [session.scalar(select(Message.id).where(Message.channel == Channel.SMS))]


def test_a_way_that_is_not_set_up_here_is_passed_over(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now)
    ask_dev(real_db, cast, now, important=False)
    mail = Postman()
    for _ in range(2):
        outbox.step(real_db, by_all({Channel.EMAIL: mail}), now, Failures())
    assert len(mail.letters) == 1
    assert rows_of(real_db) == [("sms", "failed", 1), ("email", "sent", 1)]


def test_in_quiet_hours_what_can_wait_waits_and_then_goes_together(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now, quiet_from="07:00", quiet_until="09:00")
    for number in range(3):
        ask_dev(real_db, cast, now, important=False, key=f"event {number}")
    texts = Postman()
    carriers = by_all({Channel.SMS: texts, Channel.EMAIL: Postman()})
    assert not outbox.step(real_db, carriers, now, Failures())
    with real_db.transaction() as session:
        assert outbox.oldest_waiting(session, now + timedelta(hours=1)) is None, "it is held, not late"
    outbox.step(real_db, carriers, now.replace(hour=9, minute=0), Failures())
    (letter,) = texts.letters
    assert letter.subject == f"3 messages: {WORDS.subject}; and 2 more"
    assert len(letter.parts) == 3
    ask_dev(real_db, cast, now, important=True, key="a red")
    outbox.step(real_db, carriers, now, Failures())
    assert len(texts.letters) == 2


def test_what_was_held_has_waited_since_it_was_to_go(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now, quiet_from="07:00", quiet_until="09:00", wait_minutes=5)
    ask_dev(real_db, cast, now, important=False)
    ask_dev(real_db, cast, now, important=True, key="a red")
    nine = now.replace(hour=9, minute=0)
    with real_db.transaction() as session:
        session.execute(update(Message).where(Message.important, Message.after_id.is_(None)).values(
            state=MessageState.SENT
        ))  # fmt: skip
        assert outbox.oldest_waiting(session, now + timedelta(minutes=5, seconds=1)) == 1
        session.execute(update(Message).where(Message.important).values(state=MessageState.SENT))
        assert outbox.oldest_waiting(session, nine + timedelta(seconds=2)) == 2


def test_a_way_that_fails_after_the_next_was_not_needed_troubles_nobody(real_db: Db, now: datetime) -> None:
    cast = chosen(real_db, now)
    ask_dev(real_db, cast, now, important=True)
    failures = Failures()
    with real_db.transaction() as session:
        first, second = session.scalars(select(Message).order_by(Message.id))
        first.state, second.state = MessageState.SENT, MessageState.DROPPED
        session.flush()
        outbox.no_longer_reached(session, first, "No such number.", now, failures)
    assert failures.told == []


def test_a_storm_to_one_recipient_is_a_first_word_and_then_one_letter(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    postman = Postman()
    send(real_db, postman, now)
    with real_db.transaction() as session:
        team_id = session.scalar(select(Message.team_id).limit(1))
        for number in range(40):
            to = Recipient(team_id=team_id)
            outbox.queue(session, to, WORDS, key=f"more {number}", now=now + timedelta(minutes=1))
    for minutes in (1, 5, 9):
        while send(real_db, postman, now + timedelta(minutes=minutes)):
            pass
    assert len(postman.letters) == 1, "the next goes ten minutes after the first"
    while send(real_db, postman, now + timedelta(minutes=10)):
        pass
    assert [len(letter.parts) for letter in postman.letters] == [0, 40]
    with real_db.transaction() as session:
        rows = session.scalars(select(Message).where(Message.sent_in.is_not(None))).all()
        assert {row.sent_in for row in rows} == {postman.letters[1].uuid}
        assert len(rows) == 40
