from devices.simulator.encoders import announced
from devices.simulator.encoders.said import Wire
from devices.simulator.kit import BED, HUMIDITY, MOTION, TEMPERATURE
from tests.devices.simulator.encoders.saying import KEY, body, rest, said

ROOM = "room00000007"
UNDER = f"hearth/v1/{KEY}"


def test_a_configuration_says_where_the_state_stands_and_how_to_read_it() -> None:
    (wire,) = announced.announcement(said(ROOM, {TEMPERATURE: 20.0}), announced.HOMEASSISTANT)
    assert rest(wire) == f"homeassistant/homeassistant/sensor/{ROOM}/temperature/config"
    assert wire.retained
    assert body(wire) == {
        "name": "temperature",
        "dev_cla": "temperature",
        "uniq_id": f"{ROOM}_temperature",
        "unit_of_meas": "°C",
        "~": f"{UNDER}/homeassistant/kit/{ROOM}",
        "stat_t": "~/state",
        "val_tpl": "{{ value_json.temperature }}",
        "dev": {"ids": ROOM, "name": "bedroom", "mdl": "Room display"},
    }


def test_a_state_holds_all_that_was_announced() -> None:
    (wire,) = announced.homeassistant(said(ROOM, {TEMPERATURE: 20.1, HUMIDITY: 55.0, MOTION: 1.0}))
    assert rest(wire) == f"homeassistant/kit/{ROOM}/state"
    assert not wire.retained
    assert body(wire) == {"temperature": 20.1, "humidity": 55.0, "motion": "ON", "battery": 87}


def test_an_esphome_node_says_each_value_as_text_on_a_topic_that_is_kept() -> None:
    assert announced.esphome(said(ROOM, {TEMPERATURE: 20.0, BED: 0.0})) == [
        Wire(f"{UNDER}/esphome/{ROOM}/sensor/temperature/state", b"20.0", retained=True),
        Wire(f"{UNDER}/esphome/{ROOM}/binary_sensor/bed_occupied/state", b"OFF", retained=True),
    ]


def test_an_esphome_node_announces_a_topic_for_each_value() -> None:
    (wire,) = announced.announcement(said(ROOM, {BED: 0.0}), announced.ESPHOME)
    assert rest(wire) == f"esphome/homeassistant/binary_sensor/{ROOM}/bed_occupied/config"
    assert body(wire)["stat_t"] == f"{UNDER}/esphome/{ROOM}/binary_sensor/bed_occupied/state"
    assert "val_tpl" not in body(wire)


def test_an_address_is_what_it_announces_itself_by() -> None:
    assert announced.address_of(7) == ROOM
