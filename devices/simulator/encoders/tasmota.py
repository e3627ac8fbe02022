"""A plug and the thermometers near it as Tasmota says them, at local time without a zone.

Layout: `tele/{topic}/SENSOR`, tasmota/docs and arendst/Tasmota issues #2656, #4030.
"""

from typing import Any

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import APPLIANCE, HUMIDITY, TEMPERATURE

NAME = "tasmota"
ENERGY = "appliance_energy"


def address_of(number: int) -> str:
    """The address of the thermometer of that number: its MAC in capitals without colons."""
    return f"582D34{number % 2**24:06X}"


def messages(said: Said) -> list[Wire]:
    """What it says each TelePeriod: its own energy, or what it heard of a thermometer."""
    body: dict[str, Any] = {"Time": said.wall.isoformat(timespec="seconds")}
    if APPLIANCE in said.values:
        body["ENERGY"] = _energy(said)
    else:
        warm, damp = said.values[TEMPERATURE], said.values[HUMIDITY]
        mac = said.address.lower()
        heard = {"mac": mac, "Temperature": warm, "Humidity": damp}
        heard |= {"DewPoint": round(warm - (100 - damp) / 5, 1), "Battery": said.battery}
        body |= {f"MJ_HT_V1-{mac[-6:]}": heard, "TempUnit": "C"}
    return [said.wire(NAME, f"tele/tasmota_{said.key}/SENSOR", body)]


def _energy(said: Said) -> dict[str, Any]:
    power = said.values[APPLIANCE]
    total = said.values.get(ENERGY, round(8.42 + said.count * 0.002, 3))
    return {
        "TotalStartTime": "2026-01-05T10:12:40",
        "Total": total,
        "Yesterday": 0.412,
        "Today": round(total % 1, 3),
        "Period": 0,
        "Power": round(power),
        "ApparentPower": round(power * 1.03),
        "ReactivePower": round(power * 0.08),
        "Factor": 0.97 if power else 0.0,
        "Voltage": 241,
        "Current": round(power / 241, 3),
    }
