"""Words on their way to people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.channel import Channel
from care_plans.messages import outbox
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.claiming import BATCH
from care_plans.messages.letter import Answer, Letter
from care_plans.messages.outbox import RETRIES, Recipient
from care_plans.models.messages import Message, MessageState
from care_plans.severity import Class, Severity
from core.clock import Clock
from core.db import Db
from people.models.agencies import Staff, Team
from tests.care_plans.alerting import raised
from tests.care_plans.checking import lapse
from tests.care_plans.messages.postman import WORDS, Failures, Postman
from tests.cast import Cast
from tests.cast import make as make_cast


def queued(db: Db, now: datetime, *keys: str, staff: bool = False, important: bool = False) -> Cast:
    with db.transaction() as session:
        cast = make_cast(session)
        to = Recipient(staff_id=cast.dev.id) if staff else Recipient(team_id=cast.nurses.id)
        for key in keys:
            outbox.queue(session, to, WORDS, key=key, now=now, important=important)
    return cast


def states(db: Db) -> list[tuple[str, int]]:
    with db.transaction() as session:
        return [
            (row.state.value, row.attempts) for row in session.scalars(select(Message).order_by(Message.id))
        ]


def send(db: Db, postman: Postman, now: datetime, failures: Failures | None = None) -> bool:
    carriers = {Channel.EMAIL: postman, Channel.PAGE: PageCarrier()}
    return outbox.step(db, carriers, now, failures or Failures())


def test_the_same_key_for_the_same_recipient_is_queued_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    team, staff = Recipient(team_id=cast.nurses.id), Recipient(staff_id=cast.dev.id)
    assert [outbox.queue(session, to, WORDS, key="event 1", now=now) for to in (team, staff, team)] == [
        True, True, False,
    ]  # fmt: skip
    assert outbox.queue(session, team, WORDS, key="event 2", now=now)


def test_what_is_queued_is_sent_to_the_teams_mailbox_once(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    postman = Postman()
    assert send(real_db, postman, now)
    assert not send(real_db, postman, now)
    [letter] = postman.letters
    assert letter.to == ("community.nurses@westmere.example",)
    assert letter.subject == WORDS.subject
    assert states(real_db) == [("sent", 1)]


def test_a_team_without_a_mailbox_is_reached_through_its_people(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    with real_db.transaction() as session:
        session.execute(update(Team).values(email=None))
    postman = Postman()
    send(real_db, postman, now)
    assert postman.letters[0].to == ("dev@westmere.example",)


def test_in_a_team_without_a_mailbox_whose_check_has_lapsed_is_not_asked(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    with real_db.transaction() as session:
        session.execute(update(Team).values(email=None))
        dev = session.scalars(select(Staff).where(Staff.name == "Dev")).one()
        lapse(session, dev, now)
    postman = Postman()
    send(real_db, postman, now)
    assert postman.letters == []


def test_what_reaches_nobody_fails_out_loud(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1", staff=True)
    with real_db.transaction() as session:
        session.execute(update(Staff).values(left_at=now))
    failures = Failures()
    send(real_db, Postman(), now, failures)
    assert states(real_db) == [("failed", 1)]
    assert len(failures.told) == 1


def test_without_a_mail_server_it_is_shown_on_the_page(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    assert outbox.step(real_db, {Channel.PAGE: PageCarrier()}, now, Failures())
    with real_db.transaction() as session:
        row = session.scalars(select(Message)).one()
        assert (row.state, row.channel, row.sent_at) == (MessageState.SENT, Channel.PAGE, now)


def test_what_is_refused_for_now_is_tried_again_later_and_then_fails(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    failures = Failures()
    moment = now
    for attempt, wait in enumerate(RETRIES, 1):
        send(real_db, Postman(Answer("450 busy", again=True)), moment, failures)
        assert states(real_db) == [("waiting", attempt)]
        assert not send(real_db, Postman(), moment + wait - timedelta(seconds=1), failures)
        moment += wait
    send(real_db, Postman(Answer("450 busy", again=True)), moment, failures)
    assert states(real_db) == [("failed", len(RETRIES) + 1)]
    assert len(failures.told) == 1
    assert not send(real_db, Postman(), moment + timedelta(days=1))


def test_what_is_refused_for_good_is_not_tried_again(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    failures = Failures()
    send(real_db, Postman(Answer("550 no such mailbox")), now, failures)
    assert states(real_db) == [("failed", 1)]
    assert len(failures.told) == 1


def test_a_channel_that_is_down_is_asked_once_a_batch_and_delays_no_other(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1", "event 2", "event 3")
    with real_db.transaction() as session:
        last = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert last is not None
        last.channel = Channel.PAGE
    postman = Postman(None)
    send(real_db, postman, now)
    assert postman.asked == 1
    assert states(real_db) == [("waiting", 1), ("waiting", 1), ("sent", 1)]
    send(real_db, Postman(), now + RETRIES[0])
    assert states(real_db) == [("sent", 2), ("sent", 2), ("sent", 1)]


def test_after_a_sender_died_the_same_message_is_sent_again(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")

    class Dies:
        letters: list[Letter] = []  # noqa: RUF012

        def send(self, letter: Letter) -> Answer:
            self.letters.append(letter)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        outbox.step(real_db, {Channel.EMAIL: Dies()}, now, Failures())
    postman = Postman()
    assert not send(real_db, postman, now + timedelta(seconds=120)), "it is still claimed"
    assert send(real_db, postman, now + timedelta(seconds=121))
    assert postman.letters[0].uuid == Dies.letters[0].uuid
    with real_db.transaction() as session:
        assert session.scalars(select(Message.maybe_twice)).all() == [True], "a double is counted"


def test_on_a_fast_clock_a_claim_lasts_as_long_in_real_time(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1")
    fast = Db(real_db.engine, Clock(now, now, 60.0), real_db.vault)
    with pytest.raises(RuntimeError):
        outbox.step(fast, {Channel.EMAIL: _Broken()}, now, Failures())
    assert not send(fast, Postman(), now + timedelta(minutes=119))
    assert send(fast, Postman(), now + timedelta(minutes=121))


class _Broken:
    def send(self, _letter: Letter) -> Answer:
        raise RuntimeError


def test_two_senders_send_each_message_once(real_db: Db, now: datetime) -> None:
    queued(real_db, now, *(f"event {number}" for number in range(60)), important=True)
    postman = Postman()
    with ThreadPoolExecutor(4) as pool:
        while any(list(pool.map(lambda _: send(real_db, postman, now), range(4)))):
            pass
    assert len(postman.letters) == len({letter.uuid for letter in postman.letters}) == 60


def test_the_oldest_that_waits_is_known(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        assert outbox.oldest_waiting(session, now) is None
    queued(real_db, now, "event 1")
    with real_db.transaction() as session:
        assert outbox.oldest_waiting(session, now + timedelta(seconds=90)) == 90


def test_what_was_sent_is_on_record_although_a_later_one_fails_hard(real_db: Db, now: datetime) -> None:
    queued(real_db, now, "event 1", "event 2", important=True)

    class DiesAtTheSecond(Postman):
        def send(self, letter: Letter) -> Answer:
            if self.letters:
                raise RuntimeError
            return super().send(letter)

    with pytest.raises(RuntimeError):
        send(real_db, DiesAtTheSecond(), now)
    assert states(real_db) == [("sent", 1), ("waiting", 1)]


def test_what_is_pressing_goes_before_what_has_waited_longer(real_db: Db, now: datetime) -> None:
    cast = queued(real_db, now, *(f"event {number}" for number in range(BATCH + 5)))
    with real_db.transaction() as session:
        alerts.raise_(session, raised(cast, now, Severity.AMBER, key="an.amber"), now)
        alerts.raise_(session, raised(cast, now, Severity.WATCH, Class.LIFE_SAFETY, key="a.press"), now)
        alerts.raise_(session, raised(cast, now, key="a.red"), now)
    postman = Postman()
    send(real_db, postman, now + timedelta(minutes=5))
    first = [letter.subject.split(",")[0:2] for letter in postman.letters[:3]]
    assert first == [
        ["Watch alert", " life-safety"],
        ["Red alert", " clinical"],
        [f"{BATCH + 5} messages: Red alert", " clinical"],
    ]
