from devices.simulator.encoders import theengs
from devices.simulator.kit import DOOR, HUMIDITY, MOTION, TEMPERATURE, WEIGHT
from tests.devices.simulator.encoders.saying import body, rest, said

MAC = "A4C138A14E82"


def test_a_thermometer_is_heard_in_both_degrees_and_without_a_time() -> None:
    (wire,) = theengs.messages(said(MAC, {TEMPERATURE: 19.5, HUMIDITY: 67}))
    assert rest(wire) == f"theengs/home/OpenMQTTGateway/BTtoMQTT/{MAC}"
    assert body(wire) == {
        "id": "A4:C1:38:A1:4E:82",
        "mac_type": 0,
        "rssi": -63,
        "name": "ATC_A14E82",
        "brand": "Xiaomi",
        "model": "TH Sensor",
        "model_id": "LYWSD03MMC/MJWSD05MMC_ATC",
        "tempc": 19.5,
        "tempf": 67.1,
        "hum": 67,
        "batt": 87,
        "volt": 2.896,
    }


def test_a_scale_says_who_is_weighed_and_in_what() -> None:
    (wire,) = theengs.messages(said(MAC, {WEIGHT: 61.75}))
    assert {key: body(wire)[key] for key in ("weighing_mode", "unit", "weight")} == {
        "weighing_mode": "person",
        "unit": "kg",
        "weight": 61.75,
    }


def test_a_door_and_a_movement_are_true_or_false() -> None:
    (wire,) = theengs.messages(said(MAC, {DOOR: 1.0, MOTION: 0.0}))
    assert (body(wire)["open"], body(wire)["motion"]) == (True, False)


def test_an_address_is_a_mac_in_capitals_without_colons() -> None:
    assert theengs.address_of(0xA14E82) == MAC
