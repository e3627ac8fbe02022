"""SCAIP: calls of telecare units as copies, what clears them and what does not, and whose they are."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import scaip
from devices.formats.wire import Arrival
from devices.kinds import KINDS
from devices.measurement import Decoded, Flags, Sensor, Status, Undecodable

NOW = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
UNIT = {"26317": "unit"}


def read(payload: bytes, *, retained: bool = False, models: dict[str, str] = UNIT) -> Decoded:
    return scaip.decode("", payload, Arrival(NOW, retained, "Europe/London", models))


def request(**fields: object) -> bytes:
    known = {"ref": "00001883", "cid": "26317", **fields}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in known.items() if value is not None)
    return f"<mrq>{inside}</mrq>".encode()


def values(decoded: Decoded) -> dict[str, float]:
    return {each.kind: each.value for each in decoded.measurements}


@pytest.mark.parametrize("code", ["9", "09", "0009", " 009 "])
@pytest.mark.parametrize("device", ["5", "05", "0005"])
def test_codes_are_numbers_however_many_zeros_they_have(device: str, code: str) -> None:
    assert values(read(request(dty=device, stc=code))) == {"fall": 1.0}


def test_every_reading_is_a_copy_without_a_time() -> None:
    decoded = read(request(dty=3, stc=10))
    [press] = decoded.measurements

    assert (press.at, press.flags, press.address) == (None, Flags.COPY, "26317")
    assert decoded.message_id == "00001883"


def test_numbers_to_ring_texts_and_positions_are_not_taken_over() -> None:
    personal = "<lge><geo>51.5,-0.1</geo></lge><lte>Mrs Smith</lte><crd>gsm:+447700900123</crd>"
    said = repr(read(request(dty=3, stc=10).replace(b"</mrq>", personal.encode() + b"</mrq>")))

    assert not [word for word in ("Smith", "447700900123", "51.5") if word in said]


@pytest.mark.parametrize("status", [None, 9, 10, 102, 999, "?"])
def test_a_heartbeat_calls_nobody_and_is_heard(status: object) -> None:
    decoded = read(request(mty="PI", dty=2, stc=status))

    assert decoded.measurements == ()
    assert decoded.statuses == (Status(online=True, address="26317", spoke=True),)


def test_a_heartbeat_may_tell_of_its_battery() -> None:
    assert values(read(request(mty="PI", dty=2, stc=16))) == {"battery_low": 1.0}


@pytest.mark.parametrize("kind", [None, "ME", "me", "IN", "XX"])
def test_a_message_of_any_other_type_calls(kind: str | None) -> None:
    assert values(read(request(mty=kind, dty=23, stc=9))) == {"smoke": 1.0}


@pytest.mark.parametrize(("kind", "status"), [("ME", 92), ("ME", 70), ("RE", 92), ("RE", 94), ("RE", 91)])
def test_a_detector_that_finds_nothing_any_more_clears_its_alarm(kind: str, status: int) -> None:
    assert values(read(request(mty=kind, dty=23, stc=status))) == {"smoke": 0.0}


@pytest.mark.parametrize(
    ("kind", "device", "status"),
    [
        ("RE", 23, 93),
        ("RE", 23, 9),
        ("RE", 23, None),
        ("RE", 23, "?"),
        ("RE", 3, 92),
        ("RE", 5, 94),
        ("ME", 3, 70),
        ("ME", 23, 94),
        ("ME", 23, 19),
    ],
)
def test_silencing_cancelling_and_a_reset_of_a_press_clear_nothing(
    kind: str, device: int, status: object
) -> None:
    assert read(request(mty=kind, dty=device, stc=status)).measurements == ()


@pytest.mark.parametrize("status", [0, 1, 49, 128, 9999, "alarm", "-10", "١٠"])
def test_a_status_nobody_knows_is_a_call_until_a_technician_names_it(status: object) -> None:
    decoded = read(request(dty=12, stc=status))

    assert values(decoded) == {"unnamed_alarm": 1.0}
    assert decoded.fault is not None
    assert (decoded.fault.code, decoded.fault.where) == ("unknown_code", "stc")


def test_a_call_is_taken_though_its_device_type_is_missing() -> None:
    decoded = read(request(stc=10))

    assert values(decoded) == {"unnamed_alarm": 1.0}
    assert decoded.fault is not None
    assert decoded.fault.code == "missing_tag"


@pytest.mark.parametrize("changes", [{"stc": 16}, {"cid": None, "dty": 3}, {"cid": "a/b#", "dty": 3}])
def test_what_has_no_sender_or_no_device_type_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Undecodable) as caught:
        read(request(**changes))
    assert caught.value.code == "missing_tag"


def test_a_peripheral_is_a_channel_of_its_unit() -> None:
    [press] = read(request(dty=3, did="B2", stc=10, lco=12)).measurements

    assert (press.address, press.channel) == ("26317", "B2")


def test_a_peripheral_that_is_registered_is_a_sensor_of_its_own() -> None:
    decoded = read(request(dty=23, did="B2", stc=9, lco=12), models=UNIT | {"26317-B2": "smoke alarm"})
    [smoke] = decoded.measurements

    assert (smoke.address, smoke.channel) == ("26317-B2", "bedroom")
    assert [each.address for each in decoded.statuses] == ["26317", "26317-B2"]


@pytest.mark.parametrize(("status", "fault"), [(73, 1.0), (123, 1.0), (75, 0.0), (124, 0.0)])
def test_a_peripheral_its_unit_does_not_hear_is_a_fault_and_the_unit_was_heard(
    status: int, fault: float
) -> None:
    decoded = read(request(dty=3, did="B2", stc=status))
    [one] = decoded.measurements

    assert (one.kind, one.value, one.channel) == ("sensor_fault", fault, "B2 radio")
    assert decoded.statuses == (Status(online=True, address="26317", spoke=True),)


def test_a_unit_that_somebody_says_is_offline_has_not_spoken() -> None:
    assert read(request(dty=2, stc=73)).statuses == (Status(online=False, address="26317"),)
    assert values(read(request(dty=2, stc=123))) == {"sensor_fault": 1.0}


def test_a_unit_nobody_registered_is_found() -> None:
    assert read(request(mty="PI", dty=2), models={}).sensors == (Sensor("26317"),)
    assert read(request(mty="PI", dty=2)).sensors == ()


def test_what_a_broker_retained_says_nothing_of_now() -> None:
    decoded = read(request(dty=3, stc=10), retained=True)

    assert [each.flags for each in decoded.measurements] == [Flags.COPY | Flags.REPLAYED]
    assert decoded.statuses == ()
    assert read(request(dty=3, stc=5), retained=True).nothing


CODES = st.none() | st.integers(0, 140) | st.text(max_size=4).map(lambda text: text.replace("<", ""))
TYPES = st.sampled_from([None, "ME", "RE", "IN", "PI", "pi", "", "ZZ"])


@settings(deadline=None, max_examples=200)
@given(
    fields=st.fixed_dictionaries(
        {
            "mty": TYPES,
            "dty": CODES,
            "stc": CODES,
            "lco": CODES,
            "did": CODES,
            "cid": CODES | st.just("26317"),
        }
    ),
    retained=st.booleans(),
    models=st.dictionaries(st.sampled_from(["26317", "26317-1", "26317-12"]), st.just("unit")),
)
def test_whatever_the_fields_hold_it_gives_a_copy_or_a_reason(
    fields: dict[str, object], retained: bool, models: dict[str, str]
) -> None:
    try:
        decoded = read(request(**fields), retained=retained, models=models)
    except Undecodable:
        return
    assert decoded.measurements or decoded.statuses or decoded.nothing
    assert all(each.flags & Flags.COPY for each in decoded.measurements)
    assert {each.kind for each in decoded.measurements} <= set(KINDS)
