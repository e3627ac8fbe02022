from devices.simulator.encoders import tasmota
from devices.simulator.kit import APPLIANCE, HUMIDITY, TEMPERATURE
from tests.devices.simulator.encoders.saying import body, rest, said


def test_a_plug_tells_its_energy_at_local_time_without_a_zone() -> None:
    (wire,) = tasmota.messages(said("", {APPLIANCE: 2410.0}))
    assert rest(wire) == "tasmota/tele/tasmota_fleet-0001/SENSOR"
    assert body(wire) == {
        "Time": "2026-11-22T07:44:10",
        "ENERGY": {
            "TotalStartTime": "2026-01-05T10:12:40",
            "Total": 8.426,
            "Yesterday": 0.412,
            "Today": 0.426,
            "Period": 0,
            "Power": 2410,
            "ApparentPower": 2482,
            "ReactivePower": 193,
            "Factor": 0.97,
            "Voltage": 241,
            "Current": 10.0,
        },
    }


def test_a_thermometer_that_it_hears_is_named_by_its_driver_and_its_mac() -> None:
    address = tasmota.address_of(0xD8799D)
    assert address == "582D34D8799D"
    (wire,) = tasmota.messages(said(address, {TEMPERATURE: 21.1, HUMIDITY: 50.0}))
    assert body(wire) == {
        "Time": "2026-11-22T07:44:10",
        "MJ_HT_V1-d8799d": {
            "mac": "582d34d8799d",
            "Temperature": 21.1,
            "Humidity": 50.0,
            "DewPoint": 11.1,
            "Battery": 87,
        },
        "TempUnit": "C",
    }
