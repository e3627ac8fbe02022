"""The browsers in which staff are told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from care_plans.messages import subscriptions
from care_plans.messages.subscriptions import MOST
from care_plans.models.ways import PushSubscription
from core.db import Db
from core.errors import Invalid, NotFound
from core.journal import Actor
from tests.care_plans.messages.browser import Browser, text
from tests.cast import Cast
from tests.cast import make as make_cast

ME = Actor("Dev")
POINT = Browser().subscription["p256dh"]
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36"
)


def keep(session: Session, cast: Cast, now: datetime, browser: Browser, **given: str) -> PushSubscription:
    return subscriptions.keep(
        session, cast.dev.id, browser.subscription | given, browser=ANDROID, now=now, actor=ME
    )


def test_a_browser_is_taken_up_and_messages_go_there(session: Session, cast: Cast, now: datetime) -> None:
    browser = Browser()
    row = keep(session, cast, now, browser)
    assert row.name == "Chrome, Android"
    assert subscriptions.addresses(session, [cast.dev.id]) == {cast.dev.id: (browser.address,)}


def test_the_same_browser_again_is_one_with_its_keys_replaced(
    session: Session, cast: Cast, now: datetime
) -> None:
    keep(session, cast, now, Browser())
    again = Browser()
    keep(session, cast, now, again)
    assert subscriptions.addresses(session, [cast.dev.id]) == {cast.dev.id: (again.address,)}


def test_a_browser_is_whose_who_took_it_up_last(session: Session, cast: Cast, now: datetime) -> None:
    shared = Browser()
    keep(session, cast, now, shared)
    theirs = subscriptions.keep(
        session, cast.cora.id, shared.subscription, browser=ANDROID, now=now, actor=Actor("Cora")
    )
    both = [cast.dev.id, cast.cora.id]
    assert set(subscriptions.addresses(session, both)) == {cast.cora.id}
    subscriptions.end(session, theirs, now, actor=Actor("Cora"))
    assert subscriptions.addresses(session, both) == {}, "who had it before does not get it back unasked"
    keep(session, cast, now, shared)
    assert set(subscriptions.addresses(session, both)) == {cast.dev.id}


def test_of_too_many_the_oldest_makes_room(session: Session, cast: Cast, now: datetime) -> None:
    for number in range(MOST + 2):
        keep(session, cast, now + timedelta(minutes=number), Browser(f"https://push.example/{number}"))
    mine = [row.endpoint.rsplit("/", 1)[1] for row in subscriptions.list_of(session, cast.dev.id)]
    assert mine == [str(number) for number in range(MOST + 1, 1, -1)]


def test_what_has_ended_or_is_of_somebody_who_left_gets_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = keep(session, cast, now, Browser())
    subscriptions.end(session, row, now, actor=ME)
    assert subscriptions.addresses(session, [cast.dev.id]) == {}
    keep(session, cast, now, Browser("https://push.example/two"))
    subscriptions.gone(session, "https://push.example/two", now)
    assert subscriptions.addresses(session, [cast.dev.id]) == {}
    keep(session, cast, now, Browser("https://push.example/three"))
    cast.dev.left_at = now
    session.flush()
    assert subscriptions.addresses(session, [cast.dev.id]) == {}


def test_nobody_elses_is_found(session: Session, cast: Cast, now: datetime) -> None:
    row = keep(session, cast, now, Browser())
    assert subscriptions.get(session, cast.dev.id, row.uuid) is row
    with pytest.raises(NotFound):
        subscriptions.get(session, cast.cora.id, row.uuid)
    with pytest.raises(NotFound):
        subscriptions.get(session, cast.dev.id, uuid4())


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""},
        {"endpoint": "http://push.example/one"},
        {"endpoint": "https://127.0.0.1/one"},
        {"endpoint": "https://10.0.0.7/one"},
        {"endpoint": "https://push.example/" + "a" * 2000},
        {"endpoint": "https://push.example/a b"},
        {"endpoint": "https://push.example:/one"},
        {"endpoint": "https://[2606:4700::1111]/one"},
        {"endpoint": "https://93.184.215.14/one"},
        {"endpoint": "https://user@push.example/one"},
        {"p256dh": ""},
        {"p256dh": text(b"\x04" + b"\x01" * 64)},
        {"p256dh": text(b"\x04" * 33)},
        {"p256dh": "no base64!"},
        {"p256dh": POINT[:9] + "    " + POINT[9:]},
        {"p256dh": POINT[:9] + "!?*%" + POINT[9:]},
        {"p256dh": POINT + "\n"},
        {"auth": text(b"sixteen bytes it")[:4] + "    " + text(b"sixteen bytes it")[4:]},
        {"auth": text(b"too short")},
        {"auth": "ä" * 22},
    ],
)
def test_what_is_no_subscription_is_refused(
    session: Session, cast: Cast, now: datetime, wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        keep(session, cast, now, Browser(), **wrong)
    assert subscriptions.list_of(session, cast.dev.id) == []


@pytest.mark.parametrize(
    ("says", "name"),
    [
        (ANDROID, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_named_as_far_as_it_says(says: str, name: str) -> None:
    assert subscriptions.named(says) == name


def test_two_who_take_up_the_same_browser_at_once_take_it_up_once(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        staff_id = make_cast(session).dev.id
    together = Barrier(2)
    given = Browser().subscription

    def take_up(_turn: int) -> None:
        with real_db.transaction() as session:
            together.wait()
            subscriptions.keep(session, staff_id, given, browser=ANDROID, now=now, actor=ME)

    with ThreadPoolExecutor(2) as both:
        list(both.map(take_up, range(2)))
    with real_db.transaction() as session:
        assert len(subscriptions.list_of(session, staff_id)) == 1
