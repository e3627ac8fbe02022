"""Messages without what they say."""

import pytest

from devices import masking


@pytest.mark.parametrize(
    ("body", "covered"),
    [
        (b'{"readings": [{"kind": "spo2", "value": 84}]}', '{"readings": [{"kind": "…", "value": …}]}'),
        (b'{"ok": true, "none": null, "at": -1.5e3}', '{"ok": …, "none": …, "at": …}'),
        (b'{"note": "Ada says: \\"84\\"", "x": 1', '{"note": "…", "x": …'),
        (b'{"note" "Ada": 3}', '{"…" "…": …}'),
        (b'{"Ada Marsh": 3, "07700900123": 4}', '{"…": …, "…": …}'),
        (b'{"kind": "spo2', '{"kind": "…"'),
        (b"{not json", "{… …"),
        (b"\xff\xfe 84", "…… …"),
        (b"", ""),
    ],
)
def test_keys_and_shape_stay_and_every_value_is_covered(body: bytes, covered: str) -> None:
    assert masking.covered(body) == covered


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("hearth/v1/oximeter-1/readings", "hearth/v1/oximeter-1/readings"),
        ("hearth/v1/hub-1/zigbee2mqtt/0x00158d0001a2", "hearth/v1/hub-1/zigbee2mqtt/0x00158d0001a2"),
        ("hearth/v1/hub-1/zigbee2mqtt/Adas bed/availability", "hearth/v1/hub-1/zigbee2mqtt/…/…"),
        ("somewhere/Ada Marsh/x", "somewhere/…/x"),
        ("", "…"),
    ],
)
def test_a_topic_says_which_kit_spoke_and_names_nobody(told: str, shown: str) -> None:
    assert masking.topic(told) == shown
