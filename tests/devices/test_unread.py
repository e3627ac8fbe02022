"""Waking subjects."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import subjects, unread
from devices.models import Unread
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, HOUR


def test_it_asks_for_each_subject_once(session: Session) -> None:
    unread.wake(session, [subjects.person(3), subjects.home(3), subjects.person(3)], NOW)
    assert list(session.scalars(select(Unread.subject).order_by(Unread.id))) == [6, 7]


def test_it_asks_again_although_somebody_asked_before(session: Session) -> None:
    """Whoever has just deleted the earlier row may not have seen what is new."""
    for _ in range(2):
        unread.wake(session, [subjects.person(3)], NOW)
    assert len(session.scalars(select(Unread)).all()) == 2


def test_a_span_wakes_everyone_who_had_the_device_in_it(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    kit.give(session, device, person_id=cast.ada.id, start=NOW - 9 * DAY, end=NOW - DAY)
    kit.give(session, device, person_id=cast.ben.id, start=NOW - DAY)
    ada, ben = subjects.person(cast.ada.id).number, subjects.person(cast.ben.id).number
    unread.wake_by_devices(session, {device.id: (NOW - 2 * DAY, NOW)}, NOW)
    assert kit.woken(session) == {ada, ben}
    unread.wake_by_devices(session, {device.id: (NOW - HOUR, NOW)}, NOW)
    assert kit.woken(session) == {ben}
    unread.wake_by_devices(session, {}, NOW)
    assert kit.woken(session) == set()
