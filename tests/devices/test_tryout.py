"""A captured message is tried without anything being stored, and what it would come to is said in words."""

import pytest

from core.errors import Invalid
from devices import tryout
from devices.measurement import Undecodable
from devices.tryout import Captured
from tests.conftest import NOW

MAPPING = "name: box\ntitle: A box\nsource: us\naddress: mac\nreadings: [{kind: spo2, path: o}]\n"


def captured(payload: bytes, rest: str = "", **more: object) -> Captured:
    return Captured(payload, rest, NOW, **more)


def test_a_format_says_what_it_would_store() -> None:
    body = b'{"contact":false,"battery":87,"voltage":2985,"last_seen":"2026-11-22T07:45:00Z"}'

    assert tryout.described(tryout.by_format("zigbee2mqtt", captured(body, "0xa1"))) == [
        "reading  Battery voltage: 2985 mV, 2026-11-22T07:45:00+00:00  (of 0xa1)",
        "reading  Door: open, 2026-11-22T07:45:00+00:00  (of 0xa1)",
        "status   battery 87.0  (of 0xa1)",
    ]


def test_a_mapping_that_is_not_in_use_is_tried() -> None:
    said = tryout.described(tryout.by_mapping(MAPPING, captured(b'{"o": 300, "mac": "a1"}')))

    assert said == ["reading  Oxygen: 300%, when it arrives  (of a1, implausible, beyond absolute)"]


def test_what_says_nothing_and_what_a_hub_lists_are_told() -> None:
    listed = b'[{"ieee_address":"0xa1","friendly_name":"Hall","definition":{"model":"X1"}}]'

    assert tryout.described(tryout.by_format("zigbee2mqtt", captured(listed, "bridge/devices"))) == [
        "sensor   0xa1  X1  Hall"
    ]
    assert tryout.described(tryout.by_mapping(MAPPING, captured(b"{}"))) == [
        "nothing is stored: The message holds nothing that the mapping reads."
    ]


def test_what_stands_beside_a_danger_and_cannot_be_read_is_told() -> None:
    body = b'{"readings": [{"kind": "pendant"}, {"kind": "nonsense", "value": 1}]}'
    lines = tryout.described(tryout.by_format("readings", captured(body)))

    assert lines[0] == "reading  Pendant: pressed, when it arrives"
    assert lines[1].startswith("and kept as rejected (unknown_kind)")


def test_mistakes_in_a_mapping_and_messages_that_cannot_be_read_are_errors() -> None:
    with pytest.raises(Invalid, match="line 5"):
        tryout.by_mapping(MAPPING.replace("spo2", "spo3"), captured(b"{}"))
    with pytest.raises(Undecodable):
        tryout.by_format("zigbee2mqtt", captured(b"{", "0xa1"))


def test_zones_are_known_or_not() -> None:
    assert tryout.is_zone("Asia/Bangkok")
    assert not tryout.is_zone("Asia/Nowhere")
