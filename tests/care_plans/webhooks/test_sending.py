"""Posting to other systems."""

import threading
from datetime import datetime, timedelta
from time import monotonic

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.messages import Message
from care_plans.models.webhooks import Delivery, DeliveryState, Endpoint
from care_plans.models.work import FollowUp
from care_plans.webhooks import endpoints, sending, telling
from care_plans.webhooks.sending import AT_ONCE, OFF_AFTER, RETRIES
from care_plans.work import follow_ups
from core import signing
from core.clock import real_time
from core.db import Db
from people.models.caring import AlertSight, CareTeam
from tests import listening
from tests.care_plans.alerting import raised
from tests.care_plans.webhooks.setting import (
    added,
    administrator,
    at,
    deliveries,
    queue,
    send_all,
)
from tests.care_plans.webhooks.setting import sending as sender_of
from tests.cast import Cast
from tests.cast import make as make_cast

DAY = timedelta(days=1)


def laid(db: Db, url: str, now: datetime, *urls: str, events: str = "alert.raised") -> tuple[Cast, str]:
    """The cast, an address (and more of the same agency), and one alert that they are to be told of."""
    with db.transaction() as session:
        cast = make_cast(session)
        _, secret = added(session, cast, url, now, events=events)
        for each in urls:
            added(session, cast, each, now, events=events)
    with db.transaction() as session:
        alerts.raise_(session, raised(cast, now), now)
    queue(db, now)
    return cast, secret


def the_endpoint(session: Session) -> Endpoint:
    return session.scalars(select(Endpoint).order_by(Endpoint.id)).first()  # type: ignore[return-value]


def test_it_is_posted_signed_and_once(real_db: Db, now: datetime) -> None:
    with listening.opened() as there:
        _, secret = laid(real_db, there.url, now)
        send_all(real_db)
        send_all(real_db)
        [posted] = there.posted
        name = signing.check(posted.headers, posted.body, secret, real_time().start)
        assert name.startswith("msg_")
        assert posted.json["type"] == "alert.raised"
    [delivery] = deliveries(real_db)
    assert (delivery.state, delivery.attempts, delivery.delivered_at) == (DeliveryState.DELIVERED, 1, now)


def test_what_is_refused_is_tried_again_later_under_the_same_id(real_db: Db, now: datetime) -> None:
    with listening.opened() as there:
        laid(real_db, there.url, now)
        there.statuses = [500, 307]
        moment = now
        for wait in (RETRIES[0], RETRIES[1]):
            send_all(at(real_db, moment))
            [delivery] = deliveries(real_db)
            assert delivery.send_after == moment + wait
            send_all(at(real_db, moment + wait - timedelta(seconds=1)))
            moment += wait
        send_all(at(real_db, moment))
        assert len(there.posted) == 3
        assert len({each.headers["webhook-id"] for each in there.posted}) == 1
    [delivery] = deliveries(real_db)
    assert (delivery.state, delivery.attempts, delivery.fault) == (DeliveryState.DELIVERED, 3, None)
    with real_db.transaction() as session:
        assert the_endpoint(session).failing_since is None


def test_while_a_secret_is_changed_both_sign(real_db: Db, now: datetime) -> None:
    with listening.opened() as there:
        cast, first = laid(real_db, there.url, now)
        with real_db.transaction() as session:
            second = endpoints.rotate(session, the_endpoint(session), by=administrator(cast.dev), now=now)
        send_all(real_db)
        [posted] = there.posted
        real_now = real_time().start
        assert signing.check(posted.headers, posted.body, first, real_now)
        assert signing.check(posted.headers, posted.body, second, real_now)


def test_one_that_hangs_delays_no_other(real_db: Db, now: datetime) -> None:
    with listening.opened() as hangs, listening.opened() as well:
        hangs.hangs = True
        cast, _ = laid(real_db, hangs.url, now, well.url)
        with sender_of(real_db, timeout=20) as sender:
            assert sender.step()
            assert hangs.asked.wait(5)
            for number in range(3):
                with real_db.transaction() as session:
                    alerts.raise_(session, raised(cast, now, key=f"more.{number}"), now)
            queue(real_db, now)
            began = monotonic()
            while len(well.posted) < 4 and monotonic() - began < 5:
                sender.step()
                threading.Event().wait(0.02)
            assert len(well.posted) == 4
            assert not hangs.posted
            hangs.let_go.set()


def test_more_that_hang_than_can_be_asked_at_once_hold_nobody_up_for_long(real_db: Db, now: datetime) -> None:
    with listening.opened() as hangs, listening.opened() as well:
        hangs.hangs = True
        laid(real_db, hangs.url, now, *[hangs.url] * (AT_ONCE - 1), well.url)
        with sender_of(real_db, timeout=0.4) as sender:
            began = monotonic()
            while not well.posted and monotonic() - began < 5:
                sender.step()
                threading.Event().wait(0.02)
        assert well.posted


def test_what_the_agency_no_longer_sees_when_it_is_to_go_is_withheld(real_db: Db, now: datetime) -> None:
    with listening.opened() as there:
        laid(real_db, there.url, now)
        with real_db.transaction() as session:
            session.execute(delete(CareTeam))
            session.execute(delete(AlertSight))
        send_all(real_db)
        assert there.posted == []
    assert [each.state for each in deliveries(real_db)] == [DeliveryState.WITHHELD]


def test_one_that_can_not_be_written_is_set_aside_and_stops_no_other(
    real_db: Db, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening.opened() as there:
        laid(real_db, there.url, now, there.url)
        with real_db.transaction() as session:
            bad = the_endpoint(session).id
        told = telling.told

        def fails(session: Session, viewer: object, delivery: Delivery, *more: object) -> object:
            if delivery.endpoint_id == bad:
                raise ZeroDivisionError
            return told(session, viewer, delivery, *more)  # type: ignore[arg-type]

        monkeypatch.setattr(telling, "told", fails)
        send_all(real_db)
        assert len(there.posted) == 1
    assert [each.state for each in deliveries(real_db)] == [DeliveryState.FAILED, DeliveryState.DELIVERED]


def test_after_days_without_an_answer_it_is_turned_off_and_somebody_is_asked_to_mend_it(
    real_db: Db, now: datetime
) -> None:
    with listening.opened() as there:
        there.statuses = [500] * 40
        cast, _ = laid(real_db, there.url, now)
        moment = now
        for wait in RETRIES:
            send_all(at(real_db, moment))
            moment += wait
        send_all(at(real_db, moment))
        assert [each.state for each in deliveries(real_db)] == [DeliveryState.FAILED]
        by = administrator(cast.dev)
        later = now + OFF_AFTER
        with real_db.transaction() as session:
            assert the_endpoint(session).off_at is None
            endpoints.test(session, the_endpoint(session), by=by, now=later)
        send_all(at(real_db, later))
    with real_db.transaction() as session:
        row = the_endpoint(session)
        assert row.off_at == later
        [follow_up] = session.scalars(select(FollowUp).where(FollowUp.endpoint_id == row.id)).all()
        assert (follow_up.team_id, follow_up.due_at) == (cast.nurses.id, later + DAY)
        told = session.scalars(select(Message).where(Message.subject.contains("is off"))).all()
        assert {(each.team_id, each.staff_id) for each in told} == {
            (cast.nurses.id, None), (None, cast.dev.id),
        }  # fmt: skip
        follow_ups.miss_due(session, later + 2 * DAY)
        assert follow_up.missed_at is not None
    with real_db.transaction() as session:
        endpoints.switch_on(session, the_endpoint(session), by=by, now=later)
        assert session.scalars(select(FollowUp).where(FollowUp.endpoint_id.is_not(None))).one().done_at


def test_an_address_that_says_it_is_gone_is_turned_off_at_once(real_db: Db, now: datetime) -> None:
    with listening.opened() as there:
        there.statuses = [410]
        laid(real_db, there.url, now)
        send_all(real_db)
    with real_db.transaction() as session:
        assert the_endpoint(session).off_at == now
    assert [each.state for each in deliveries(real_db)] == [DeliveryState.FAILED]


def test_an_address_inside_is_not_posted_to_even_where_it_was_set(real_db: Db, now: datetime) -> None:
    with listening.opened() as there:
        laid(real_db, there.url, now)
        sender = sending.Sender(
            real_db, inside=False, web_url=None, real_now=lambda: real_time().start, timeout=2
        )
        sender.step()
        sender.close()
        assert there.posted == []
    [delivery] = deliveries(real_db)
    assert delivery.fault is not None
