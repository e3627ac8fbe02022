"""Words on their way to people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.channel import Channel
from care_plans.messages import outbox, ways
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.claiming import BATCH
from care_plans.messages.letter import TAKEN, Answer, Carrier, Letter
from care_plans.messages.outbox import RETRIES, Recipient
from care_plans.messages.wording import Words
from care_plans.models.messages import Message, MessageState
from care_plans.severity import Class, Severity
from core.clock import Clock
from core.db import Db
from core.errors import Unavailable
from core.journal import Actor
from people.models.agencies import Staff, Team
from tests.care_plans.alerting import raised
from tests.care_plans.checking import lapse
from tests.cast import Cast
from tests.cast import make as make_cast

MACHINE = Actor("Hearthline")
WORDS = Words("Red alert, clinical, for A.M., Westmere", "It began at 07:44.")


class Postman:
    """Keeps what it is given and answers as told; None is a channel that does not answer."""

    def __init__(self, *answers: Answer | None) -> None:
        self.letters: list[Letter] = []
        self.asked = 0
        self._answers = list(answers)

    def send(self, letter: Letter) -> Answer:
        self.asked += 1
        answer = self._answers.pop(0) if self._answers else TAKEN
        if answer is None:
            raise Unavailable("The mail server does not answer.")
        if answer == TAKEN:
            self.letters.append(letter)
        return answer


class Failures:
    def __init__(self) -> None:
        self.told: list[int] = []

    def __call__(self, _session: Session, message: Message, _now: datetime) -> None:
        self.told.append(message.id)


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
