"""One message by two lanes."""

from datetime import timedelta

from devices.inbox import Message
from devices.overlap import Overlap
from tests.conftest import NOW

WITHIN = timedelta(seconds=10)
LATER = timedelta(milliseconds=40)


def press(at: timedelta = timedelta(0), topic: str = "hearth/v1/pendant-1/urgent") -> Message:
    return Message(topic, b'{"readings": [{"kind": "pendant"}]}', False, NOW + at)


def test_the_second_lane_takes_over_the_time_of_the_first() -> None:
    for first in (True, False):
        overlap = Overlap(WITHIN)
        assert overlap.settle(press(), safety=first).received_at == NOW
        assert overlap.settle(press(LATER), safety=not first).received_at == NOW


def test_two_presses_are_paired_in_their_order() -> None:
    overlap = Overlap(WITHIN)
    second = timedelta(seconds=3)
    overlap.settle(press(), safety=True)
    overlap.settle(press(second), safety=True)
    other = [overlap.settle(press(at + LATER), safety=False).received_at for at in (timedelta(0), second)]
    assert other == [NOW, NOW + second]


def test_one_lane_alone_changes_nothing() -> None:
    overlap = Overlap(WITHIN)
    times = [overlap.settle(press(n * LATER), safety=True).received_at for n in range(3)]
    assert times == [NOW, NOW + LATER, NOW + 2 * LATER]


def test_what_came_long_ago_is_another_message() -> None:
    overlap = Overlap(WITHIN)
    overlap.settle(press(), safety=True)
    assert overlap.settle(press(2 * WITHIN), safety=False).received_at == NOW + 2 * WITHIN


def test_ordinary_topics_are_let_through_until_a_safety_lane_carries_them() -> None:
    overlap = Overlap(WITHIN)
    topic = "hearth/v1/hub-1/zigbee2mqtt/0xa1"
    overlap.settle(press(topic=topic), safety=False)
    assert overlap.settle(press(LATER, topic), safety=True).received_at == NOW + LATER
    assert overlap.settle(press(2 * LATER, topic), safety=False).received_at == NOW + LATER
