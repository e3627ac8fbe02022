"""Connections to the broker."""

from collections.abc import Callable, Iterator

import pytest

from core.clock import real_time
from devices.inbox import Inbox, Message
from devices.lanes import READS_A_TURN, Lane, MqttAddress
from tests.devices.conftest import Publisher, Running, stay, until

EVERYTHING = "hearth/v1/+/+/#"
TOPIC = "hearth/v1/oximeter-1/readings"

Start = Callable[..., tuple[Lane, Inbox]]


@pytest.fixture
def start(broker: Running) -> Iterator[Start]:
    """Starts lanes, and stops them at the end."""
    started: list[Lane] = []

    def begin(
        name: str = "lane", topics: tuple[str, ...] = (EVERYTHING,), most: int = 4096, user: str | None = None
    ) -> tuple[Lane, Inbox]:
        address = broker.intake
        if user is not None:
            address = MqttAddress(address.host, address.port, user, "wrong")
        inbox = Inbox(most_messages=most)
        lane = Lane(1, address, name, topics, inbox, lambda: real_time().real_start)
        lane.start()
        started.append(lane)
        if user is None:
            until(lambda: lane.listening)
        return lane, inbox

    yield begin
    for lane in started:
        lane.stop()


def take(inbox: Inbox, count: int) -> list[Message]:
    found: list[Message] = []
    until(lambda: found.extend(inbox.take(1000, 0, 0.05)) or len(found) >= count)  # type: ignore[func-returns-value]
    return found


def send(publisher: Publisher, *bodies: bytes, topic: str = TOPIC) -> None:
    publisher.send(*((topic, body) for body in bodies))


def test_messages_come_in_with_all_that_is_known_of_them(broker: Running, start: Start) -> None:
    _, inbox = start()
    before = real_time().real_start
    send(broker.publisher, b"one", b"two")
    one, two = take(inbox, 2)
    assert (one.topic, one.payload, two.payload, one.retained, one.lane) == (TOPIC, b"one", b"two", False, 1)
    assert before <= one.received_at <= two.received_at <= real_time().real_start
    assert one.packet != two.packet


def test_what_was_acknowledged_is_forgotten_and_the_rest_comes_again(broker: Running, start: Start) -> None:
    lane, inbox = start()
    send(broker.publisher, b"stored", b"lost")
    messages = take(inbox, 2)
    lane.acknowledge(messages[:1])
    lane.stop()
    send(broker.publisher, b"while away")
    _, inbox = start()
    assert sorted(message.payload for message in take(inbox, 2)) == [b"lost", b"while away"]
    stay(lambda: not inbox.take(10, 0, 0))


def test_what_is_sent_again_while_it_is_being_stored_is_taken_once(broker: Running, start: Start) -> None:
    lane, inbox = start()
    send(broker.publisher, b"slow")
    messages = take(inbox, 1)
    stay(lambda: not inbox.take(10, 0, 0), 5.0)
    lane.acknowledge(messages)
    send(broker.publisher, b"next")
    assert [message.payload for message in take(inbox, 1)] == [b"next"]


def test_an_acknowledgement_does_not_outlive_its_connection(broker: Running, start: Start) -> None:
    lane, inbox = start()
    send(broker.publisher, b"before")
    (before,) = take(inbox, 1)
    thief = Publisher(
        broker.intake, "lane", clean=False
    )  # the broker lets nobody share a name: it cuts the lane off
    until(lambda: not lane.connected)
    thief.leave()
    until(lambda: lane.connected)
    (again,) = take(inbox, 1)
    assert again.payload == b"before"
    assert again.connection != before.connection
    lane.acknowledge([before])
    lane.stop()
    _, inbox = start()
    assert [message.payload for message in take(inbox, 1)] == [b"before"], "it was not acknowledged"


def test_reading_stops_while_there_is_no_room_and_nothing_is_lost(broker: Running, start: Start) -> None:
    lane, inbox = start(most=10)
    bodies = [str(number).encode() for number in range(400)]
    send(broker.publisher, *bodies)
    until(lambda: not inbox.has_room())
    stay(lambda: len(inbox) <= 10 + READS_A_TURN)
    found: list[bytes] = []

    def drained() -> bool:
        messages = inbox.take(50, 0, 0.05)
        lane.acknowledge(messages)
        found.extend(message.payload for message in messages)
        return len(set(found)) == 400

    until(drained)


def test_topics_may_be_added_and_taken_away_while_it_runs(broker: Running, start: Start) -> None:
    lane, inbox = start(topics=("hearth/v1/+/urgent",))
    lane.subscribe(["hearth/v1/+/urgent", "glow/#"])
    until(lambda: lane.listening and lane.topics == {"hearth/v1/+/urgent", "glow/#"})

    def heard() -> bool:
        send(broker.publisher, b"meter", topic="glow/AABB/SENSOR")
        return any(message.payload == b"meter" for message in inbox.take(100, 0, 0.1))

    until(heard)
    assert lane.topics == {"hearth/v1/+/urgent", "glow/#"}
    lane.subscribe(["hearth/v1/+/urgent"])
    send(broker.publisher, b"press", topic="hearth/v1/pendant-1/urgent")
    until(lambda: b"press" in [message.payload for message in inbox.take(100, 0, 0.1)])


def test_a_topic_the_broker_refuses_is_counted_and_the_others_stand(broker: Running, start: Start) -> None:
    lane, inbox = start(topics=("hearth/v1/a b/readings", EVERYTHING))
    assert lane.refused == 1
    send(broker.publisher, b"heard")
    assert [message.payload for message in take(inbox, 1)] == [b"heard"]


def test_a_wrong_password_is_tried_again_and_ends_nothing(broker: Running, start: Start) -> None:
    lane, _ = start(user="hearth_intake")
    stay(lambda: not lane.connected)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://a:b%40c@h:1884", MqttAddress("h", 1884, "a", "b@c")),
        ("mqtt://h", MqttAddress("h", 1883)),
        ("mqtts://h", MqttAddress("h", 8883, tls=True)),
    ],
)
def test_an_address_may_be_written_as_a_url(url: str, expected: MqttAddress) -> None:
    assert MqttAddress.of_url(url) == expected
