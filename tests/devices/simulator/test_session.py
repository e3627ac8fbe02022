import pytest

from devices.simulator import packets
from devices.simulator.packets import Connect, Malformed, Packet, Publish, Reader
from devices.simulator.session import (
    ANSWERS_WITHIN,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MOST_WAITING,
    WINDOW,
    Counts,
    Session,
    State,
)

HELLO = Connect("key-1", "key-1", "secret", keepalive=60)
WELCOME = packets.connack(0)


def sent(session: Session) -> list[Packet]:
    """What the session has ready, taken from it as its holder does."""
    found = list(Reader().packets(bytes(session.out)))
    session.out.clear()
    return found


def ids(found: list[Packet]) -> list[int]:
    return [each.packet for each in found if isinstance(each, Publish)]


def opened(now: float = 0.0, birth: tuple[str, bytes] | None = None) -> Session:
    session = Session(HELLO, Counts(), birth)
    session.opened(now)
    session.out.clear()
    session.came(WELCOME, now)
    return session


def test_it_signs_in_first_and_says_what_waits_once_it_is_let_in() -> None:
    session = Session(HELLO, Counts())
    session.say("a", b"1", False, 0.0)
    session.opened(1.0)
    assert sent(session) == [HELLO]
    assert session.state is State.OPENING
    session.came(WELCOME, 1.1)
    assert sent(session) == [Publish("a", b"1", 1, packet=1)]


def test_it_tells_its_state_each_time_it_is_let_in() -> None:
    session = opened(birth=("status", b"online"))
    assert sent(session) == [Publish("status", b"online", 1, retain=True, packet=1)]
    session.came(packets.puback(1), 1.0)
    session.lost(2.0, 0.5)
    session.opened(3.0)
    session.out.clear()
    session.came(WELCOME, 3.1)
    assert sent(session) == [Publish("status", b"online", 1, retain=True, packet=2)]


def test_only_so_many_are_on_their_way_and_the_rest_follows_each_receipt() -> None:
    session = opened()
    for number in range(WINDOW + 5):
        session.say("a", str(number).encode(), False, 0.0)
    assert len(sent(session)) == WINDOW
    assert session.waiting == WINDOW + 5
    session.came(packets.puback(3) + packets.puback(1), 1.0)
    assert [each.payload for each in sent(session) if isinstance(each, Publish)] == [b"20", b"21"]
    session.say("a", b"25", False, 1.0)
    assert sent(session) == []


def test_what_has_no_receipt_goes_out_again_under_its_own_number_before_anything_newer() -> None:
    session = opened()
    for word in (b"1", b"2", b"3"):
        session.say("a", word, True, 0.0)
    session.came(packets.puback(2), 0.1)
    session.lost(0.2, 0.0)
    session.say("a", b"4", False, 0.3)
    session.opened(1.0)
    session.out.clear()
    session.came(WELCOME, 1.1)
    again = {"qos": 1, "retain": True, "duplicate": True}
    assert sent(session) == [
        Publish("a", b"1", packet=1, **again),  # type: ignore[arg-type]
        Publish("a", b"3", packet=3, **again),  # type: ignore[arg-type]
        Publish("a", b"4", 1, packet=4),
    ]


def test_packet_ids_go_round_and_leave_out_those_on_their_way() -> None:
    session = opened()
    session.say("a", b"kept", False, 0.0)
    for _ in range(65_534):
        session.say("a", b"", False, 0.0)
        session.came(packets.puback(ids(sent(session))[-1]), 0.0)
    session.say("a", b"", False, 0.0)
    assert ids(sent(session)) == [2]


def test_a_device_that_can_not_send_lets_go_of_the_oldest() -> None:
    counts = Counts()
    session = Session(HELLO, counts)
    for number in range(MOST_WAITING + 2):
        session.say("a", str(number).encode(), False, 0.0)
    assert (counts.let_go, counts.owed, session.waiting) == (2, MOST_WAITING, MOST_WAITING)
    session.opened(0.0)
    session.out.clear()
    session.came(WELCOME, 0.0)
    assert next(each.payload for each in sent(session) if isinstance(each, Publish)) == b"2"


def test_it_pings_only_when_nothing_was_said_for_long() -> None:
    session = opened(0.0)
    assert session.look(44.0)
    assert session.out == b""
    session.say("a", b"", False, 44.0)
    session.out.clear()
    assert session.look(60.0)
    assert session.out == b""
    assert session.look(90.0)
    assert session.out == packets.PINGREQ
    session.came(packets.PINGRESP, 91.0)
    assert session.look(91.0 + ANSWERS_WITHIN)


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_broker_that_stops_answering_is_taken_for_gone(signed_in: bool) -> None:
    session = opened(0.0)
    asked = 50.0
    if signed_in:
        assert session.look(asked)
    else:
        session.opened(asked)
    assert session.look(asked + ANSWERS_WITHIN - 1)
    assert not session.look(asked + ANSWERS_WITHIN)


def test_a_device_that_is_not_let_in_closes_and_waits_longer_each_time() -> None:
    counts = Counts()
    session = Session(HELLO, counts)
    pauses = []
    for turn in range(8):
        session.opened(turn * 100.0)
        with pytest.raises(Malformed, match="let the device in"):
            session.came(packets.connack(5), turn * 100.0)
        session.lost(turn * 100.0, 1.0)
        pauses.append(session.retry_at - turn * 100.0)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    assert (counts.refused, counts.lost) == (8, 0)
    assert LONGEST_PAUSE == 30


def test_chance_spreads_a_fleet_that_was_lost_at_once() -> None:
    pauses = []
    for chance in (0.0, 0.5, 1.0):
        session = opened()
        session.lost(10.0, chance)
        pauses.append(session.retry_at - 10.0)
    assert pauses == [FIRST_PAUSE / 2, FIRST_PAUSE * 0.75, FIRST_PAUSE]


def test_receipts_of_an_earlier_connection_and_packets_of_no_use_are_ignored() -> None:
    session = opened()
    session.came(packets.puback(9) + b"\x90\x03\x00\x01\x01", 1.0)
    assert session.waiting == 0


def test_a_welcome_that_nobody_asked_for_is_malformed() -> None:
    with pytest.raises(Malformed, match="nobody made"):
        opened().came(WELCOME, 1.0)


def test_it_takes_leave_only_where_it_was_let_in() -> None:
    session = opened()
    session.goodbye()
    assert session.out == packets.DISCONNECT
    away = Session(HELLO, Counts())
    away.goodbye()
    assert away.out == b""


def test_what_happened_is_counted() -> None:
    counts = Counts()
    session = Session(HELLO, counts)
    session.opened(0.0)
    session.came(WELCOME, 0.0)
    session.say("a", b"12", False, 1.0)
    session.came(packets.puback(1), 1.5)
    session.lost(2.0, 0.0)
    assert (counts.said, counts.sent, counts.acknowledged, counts.owed) == (1, 1, 1, 0)
    assert (counts.welcomed, counts.lost, counts.slowest, counts.bytes_out) == (1, 1, 0.5, 9)
