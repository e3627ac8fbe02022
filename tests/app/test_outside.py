"""The ways to other systems beside the mail."""

import threading
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import outside, ticks
from care_plans.alerts import alerts
from care_plans.calls import placing
from care_plans.channel import Channel
from care_plans.messages import subscriptions
from care_plans.messages.channels.push import new_key
from care_plans.messages.letter import Letter
from care_plans.models.messages import Message
from core.db import Db
from core.journal import Actor
from core.outward import Replied
from tests import listening
from tests.care_plans.alerting import raised
from tests.care_plans.calls.calling import SECRET, states
from tests.care_plans.calls.calling import laid as lay_calls
from tests.care_plans.messages.browser import Browser
from tests.care_plans.messages.post_office import opened as opened_post_office
from tests.care_plans.webhooks.setting import added, at, deliveries
from tests.cast import make as make_cast
from tests.sealing import seal_all


def test_the_timetable_queues_and_posts_what_agencies_are_to_be_told(real_db: Db, now: datetime) -> None:
    with listening.opened() as there:
        with real_db.transaction() as session:
            cast = make_cast(session)
            added(session, cast, there.url, now, events="alert.raised")
        with real_db.transaction() as session:
            alerts.raise_(session, raised(cast, now), now)
        seal_all(real_db)
        ticks = outside.webhooks(real_db, inside=True, web_url=None)
        assert [tick.step() for tick in ticks] == [True, True]
        assert there.asked.wait(10)
    _wait_until_told(real_db)
    assert len(there.posted) == 1


def _wait_until_told(db: Db) -> None:
    for _ in range(500):
        if deliveries(db)[0].delivered_at is not None:
            return
        threading.Event().wait(0.02)
    raise AssertionError("it was never told")


def test_nothing_to_tell_is_no_work(session: Session, real_db: Db) -> None:
    ticks = outside.webhooks(real_db, inside=False, web_url=None)
    assert [tick.step() for tick in ticks] == [False, False]


def test_a_telephone_that_hangs_holds_up_no_mail(real_db: Db, now: datetime) -> None:
    with listening.opened() as adaptor, opened_post_office() as office:
        adaptor.hangs = True
        lay_calls(real_db, now)
        by = outside.telephone(adaptor.url, SECRET, web_url="https://care.example", ring=45)
        queue, place, _hear = outside.calls(real_db, by)
        assert queue.step()
        ringing = threading.Thread(target=place.step)
        ringing.start()
        assert adaptor.asked.wait(5)
        carriers = ticks.carriers(f"smtp://127.0.0.1:{office.port}", "https://care.example", real_db.clock)
        every = ticks.timetable(real_db, carriers, lambda: None, calls=True)
        send = next(tick for tick in every if tick.name == "send email")
        assert send.step()
        assert len(office.letters) == 1
        assert ringing.is_alive(), "the telephone still hangs"
        adaptor.let_go.set()
        ringing.join(10)
        assert not send.step(), "the call is left to its own sender"


def test_a_call_is_placed_and_ends_without_an_answer(real_db: Db, now: datetime) -> None:
    with listening.opened() as adaptor:
        lay_calls(real_db, now)
        by = outside.telephone(adaptor.url, SECRET, web_url="https://care.example", ring=45)
        queue, place, hear = outside.calls(real_db, by)
        assert queue.step()
        assert not queue.step()
        assert place.step()
        assert not hear.step()
        later = at(real_db, now + timedelta(seconds=45))
        *_, hear_later = outside.calls(later, by)
        assert hear_later.step()
        with real_db.transaction() as session:
            assert states(session) == ["no_answer"]
        assert len(adaptor.posted) == 1


def test_without_a_telephone_nothing_is_left_waiting_for_one(real_db: Db, now: datetime) -> None:
    lay_calls(real_db, now)
    with real_db.transaction() as session:
        placing.queue(session, now)
    every = ticks.timetable(real_db, ticks.carriers(None, None, real_db.clock), lambda: None)
    assert next(tick for tick in every if tick.name == "send").step()
    with real_db.transaction() as session:
        assert session.scalars(select(Message.channel)).all() == [Channel.PAGE, Channel.PAGE]


def test_a_browser_that_its_push_service_knows_no_more_is_ended(real_db: Db, now: datetime) -> None:
    browser = Browser("https://push.example/gone")
    with real_db.transaction() as session:
        staff_id = make_cast(session).dev.id
        subscriptions.keep(session, staff_id, browser.subscription, browser="", now=now, actor=Actor("Dev"))
    letter = Letter(uuid4(), (browser.address,), "Red alert", "It began at 07:44.")
    with patch("care_plans.messages.channels.push.outward.post", return_value=Replied(410, b"")):
        answer = outside.pushes(real_db, new_key(), "mailto:care@example.org", zone="Europe/London").send(
            letter
        )
    assert (answer.again, answer.fault) == (False, "No browser of theirs takes messages any more.")
    with real_db.transaction() as session:
        assert subscriptions.list_of(session, staff_id) == []


def test_browsers_are_told_nothing_by_what_goes_to_our_own_networks(real_db: Db) -> None:
    with listening.opened() as there:
        carrier = outside.pushes(real_db, new_key(), "mailto:care@example.org", zone="Europe/London")
        assert carrier.send(Letter(uuid4(), (Browser(there.url).address,), "Red alert", "")).fault
        assert there.posted == []
