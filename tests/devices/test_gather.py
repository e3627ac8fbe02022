"""Messages laid out for storing, before the database is touched."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gather import Arrivals, Batch, gather
from devices.inbox import Message
from devices.measurement import Flags
from devices.series import SeriesKey
from devices.speakers import UNKNOWN_DEVICE, Said, Speaker
from tests.conftest import NOW
from tests.devices.kit import DAY, HOUR, MINUTE, message, says, spo2

HUB = Speaker(7, sensors={"0xa1": 8}, models={"": "Hub", "0xa1": "TS0601_SOS"})
START = NOW - 400 * DAY


def lay_out(
    *messages: Message, format_name: str = "readings", rest: str = "", speaker: Speaker = HUB
) -> Batch:
    found = gather(messages, lambda _: Said(speaker, format_name, rest), Arrivals(), START)
    assert found is not None
    return found


def test_no_message_makes_no_batch() -> None:
    assert gather([], lambda _: UNKNOWN_DEVICE, Arrivals(), START) is None


def test_a_reading_goes_to_the_series_of_its_device_at_its_own_time() -> None:
    (spoken,) = lay_out(says("hub-1", spo2(91, NOW - MINUTE, channel="left"))).spoken
    assert spoken == (SeriesKey(7, "left", "spo2"), NOW - MINUTE, 91.0, 0, None)


def test_a_sensors_reading_goes_to_the_sensor_and_both_are_heard() -> None:
    batch = lay_out(message("t", {"temperature": 21.5}), format_name="zigbee2mqtt", rest="0xa1")
    assert [spoken.series for spoken in batch.spoken] == [SeriesKey(8, "", "room_temperature")]
    assert {device: word.heard_at for device, word in batch.words.items()} == {7: NOW, 8: NOW}


def test_an_unknown_sensor_is_refused_and_the_hub_is_heard_all_the_same() -> None:
    batch = lay_out(message("t", {"temperature": 21.5}), format_name="zigbee2mqtt", rest="0xb2")
    assert [(refusal.code, refusal.device_id) for refusal in batch.refusals] == [("unknown_sensor", 7)]
    assert batch.spoken == []
    assert set(batch.words) == {7}


def test_one_bad_message_stops_none_of_its_neighbours() -> None:
    batch = lay_out(says("h", spo2()), message("t", b"{nonsense"), says("h", spo2(at=NOW)))
    assert len(batch.spoken) == 2
    assert [refusal.code for refusal in batch.refusals] == ["not_json"]


def test_a_message_of_nobody_is_refused_with_why() -> None:
    batch = gather([says("h", spo2())], lambda _: UNKNOWN_DEVICE, Arrivals(), START)
    assert batch is not None
    assert [(each.code, each.device_id) for each in batch.refusals] == [("unknown_device", None)]
    assert batch.words == {}


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_time_nobody_can_believe_becomes_that_of_arrival_and_is_kept(year: int) -> None:
    odd = datetime(year, 1, 1, tzinfo=UTC)
    (spoken,) = lay_out(says("h", spo2(at=odd))).spoken
    assert (spoken.at, spoken.flags, spoken.original) == (NOW, Flags.CLOCK_CORRECTED, odd)


def test_what_has_no_time_gets_that_of_arrival() -> None:
    (spoken,) = lay_out(says("h", spo2(at=None))).spoken
    assert (spoken.at, spoken.flags, spoken.original) == (NOW, Flags.NO_CLOCK, None)


def test_what_arrives_in_one_moment_without_a_clock_keeps_its_order() -> None:
    shut, opened = ({"readings": [{"kind": "door_open", "value": value}]} for value in (0, 1))
    batch = lay_out(message("t", shut), message("t", opened), message("t", shut))
    assert [(spoken.value, spoken.at - NOW) for spoken in batch.spoken] == [
        (0, timedelta(0)),
        (1, timedelta(milliseconds=1)),
        (0, timedelta(milliseconds=2)),
    ]


def test_a_retained_message_is_no_sign_of_life_and_is_flagged() -> None:
    batch = lay_out(message("t", {"readings": [spo2()]}, retained=True))
    assert batch.words == {}
    assert batch.spoken[0].flags == Flags.REPLAYED


def test_offline_is_the_brokers_word_and_no_sign_of_life() -> None:
    batch = lay_out(message("t", {"state": "offline"}), format_name="status")
    assert (batch.words[7].online, batch.words[7].heard_at) == (False, None)


def test_the_last_status_of_a_batch_counts_and_silence_says_nothing() -> None:
    batch = lay_out(
        message("t", {"state": "online", "battery": 80}),
        message("t", {"battery": 79}),
        message("t", {"state": "offline", "firmware": "1.2"}),
        format_name="status",
    )
    word = batch.words[7]
    assert (word.online, word.battery, word.firmware) == (False, 79, "1.2")


@pytest.mark.parametrize(
    ("first", "second", "stored"),
    [("1", "1", 1), ("1", "2", 2), (None, None, 2)],
    ids=["the same id and payload", "another id", "no id"],
)
def test_a_message_id_tells_a_repetition_of_what_has_no_time(
    first: str | None, second: str | None, stored: int
) -> None:
    press = {"kind": "pendant", "value": 1}
    both = [says("h", press, **({"message_id": each} if each else {})) for each in (first, second)]
    assert len(lay_out(*both).spoken) == stored


def test_the_same_id_with_another_payload_is_another_message() -> None:
    """A device that restarts its counter loses nothing."""
    batch = lay_out(says("h", spo2(93, None), message_id="1"), says("h", spo2(84, None), message_id="1"))
    assert [spoken.value for spoken in batch.spoken] == [93, 84]


def test_readings_with_a_time_need_no_id() -> None:
    assert lay_out(says("h", spo2(), message_id="1")).claims == []


@given(
    st.lists(st.binary(max_size=300), max_size=5),
    st.sampled_from(["readings", "zigbee2mqtt", "shelly", "glow"]),
)
def test_whatever_the_bytes_each_message_is_read_refused_or_says_nothing(
    payloads: list[bytes], format_name: str
) -> None:
    messages = [message("t", payload) for payload in payloads]
    found: Any = gather(messages, lambda _: Said(HUB, format_name, "0xa1"), Arrivals(), START)
    assert found is None if not payloads else len(found.refusals) <= len(payloads)


def test_a_fault_beside_a_press_is_refused_and_the_press_is_stored() -> None:
    batch = lay_out(says("h", {"kind": "pendant"}, {"kind": "mood", "value": 3}))
    assert [spoken.series.kind for spoken in batch.spoken] == ["pendant"]
    assert [(each.code, each.device_id) for each in batch.refusals] == [("unknown_kind", 7)]


def test_a_reading_dated_ahead_is_not_newer_than_what_is_measured_until_then() -> None:
    ahead, real = spo2(95, NOW + 11 * HOUR), spo2(82, NOW)
    first, second = lay_out(says("h", ahead, at=NOW - MINUTE), says("h", real)).spoken
    assert (first.at, first.original) == (NOW - MINUTE, NOW + 11 * HOUR)
    assert first.at < second.at


def test_a_press_by_a_clock_that_is_weeks_slow_counts_from_its_arrival() -> None:
    slow = NOW - 20 * DAY
    press = {"kind": "pendant", "at": slow.isoformat()}
    (spoken,) = lay_out(says("h", press)).spoken
    assert (spoken.at, spoken.flags, spoken.original) == (NOW, Flags.CLOCK_CORRECTED, slow)
    (replayed,) = lay_out(message("t", {"readings": [press]}, retained=True)).spoken
    assert replayed.at == slow, "what was known before is known by its time"
    (calm,) = lay_out(says("h", {**press, "kind": "smoke", "value": 0})).spoken
    assert calm.at == slow, "and an old all-clear is no new one"


def test_a_clock_that_is_wrong_for_the_whole_message_is_set_right_by_when_it_was_sent() -> None:
    begun = datetime(1970, 1, 1, tzinfo=UTC)
    first, second = begun + HOUR, begun + 3 * HOUR
    batch = lay_out(says("h", spo2(90, first), spo2(91, second), sent_at=(begun + 4 * HOUR).isoformat()))
    assert [(spoken.at, spoken.original) for spoken in batch.spoken] == [
        (NOW - 3 * HOUR, first),
        (NOW - HOUR, second),
    ]
    assert {spoken.flags for spoken in batch.spoken} == {Flags.CLOCK_CORRECTED}


def test_what_reaches_us_long_after_it_was_measured_is_flagged_late_and_keeps_its_time() -> None:
    late, prompt = lay_out(says("h", spo2(at=NOW - HOUR), spo2(at=NOW - MINUTE))).spoken
    assert (late.at, late.flags) == (NOW - HOUR, Flags.LATE)
    assert (prompt.at, prompt.flags) == (NOW - MINUTE, Flags.NONE)


BEAT = b"<mrq><cid>0xa1</cid><mty>PI</mty><dty>2</dty></mrq>"


def test_a_sensor_that_spoke_for_itself_is_heard_though_it_measured_nothing() -> None:
    batch = lay_out(message("t", BEAT), format_name="scaip")
    assert batch.spoken == []
    assert {device: word.heard_at for device, word in batch.words.items()} == {7: NOW, 8: NOW}


def test_a_sensor_that_another_says_is_gone_was_not_heard_and_the_other_was() -> None:
    hub = Speaker(7, sensors={"1": 8, "1-2": 9}, models={"1": "unit", "1-2": "pendant"})
    gone = b"<mrq><cid>1</cid><did>2</did><dty>3</dty><stc>73</stc></mrq>"
    words = lay_out(message("t", gone), format_name="scaip", speaker=hub).words
    assert [(words[each].heard_at, words[each].online) for each in (7, 8, 9)] == [
        (NOW, None),
        (NOW, True),
        (None, False),
    ]
