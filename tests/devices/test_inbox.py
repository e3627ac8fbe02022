"""The queue between network and store."""

from threading import Thread
from time import monotonic

from devices.inbox import Inbox, Message
from tests.conftest import NOW


def some(count: int, size: int = 10) -> list[Message]:
    return [Message(f"t/{number}", b"x" * size, False, NOW) for number in range(count)]


def test_messages_come_out_in_the_order_they_went_in() -> None:
    inbox = Inbox()
    inbox.put(some(5))
    assert [message.topic for message in inbox.take(3, 0, 0)] == ["t/0", "t/1", "t/2"]
    assert [message.topic for message in inbox.take(3, 0, 0)] == ["t/3", "t/4"]
    assert inbox.take(3, 0, 0) == []


def test_there_is_room_until_there_are_too_many_or_they_are_too_large() -> None:
    inbox = Inbox(most_messages=3, most_bytes=100)
    inbox.put(some(2))
    assert inbox.has_room()
    inbox.put(some(1))
    assert not inbox.has_room()
    inbox.take(3, 0, 0)
    inbox.put(some(1, size=100))
    assert not inbox.has_room()
    inbox.take(1, 0, 0)
    assert inbox.has_room()


def test_the_first_is_given_time_for_others_to_come_along() -> None:
    inbox = Inbox()
    inbox.put(some(1))
    Thread(target=inbox.put, args=(some(4),)).start()
    assert len(inbox.take(5, 5.0, 0)) == 5, "and it goes as soon as the batch is full"
    inbox.put(some(1))
    began = monotonic()
    assert len(inbox.take(5, 0.02, 0)) == 1
    assert monotonic() - began < 2


def test_a_closed_inbox_gives_out_what_it_has_and_waits_no_more() -> None:
    inbox = Inbox()
    inbox.put(some(1))
    inbox.close()
    assert not inbox.has_room()
    began = monotonic()
    assert len(inbox.take(5, 60, 60)) == 1
    assert inbox.take(5, 60, 60) == []
    assert monotonic() - began < 5


def test_it_knows_what_has_waited_longest() -> None:
    inbox = Inbox()
    assert inbox.oldest_received_at() is None
    inbox.put(some(1))
    assert inbox.oldest_received_at() == NOW
