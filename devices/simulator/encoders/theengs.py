"""Bluetooth sensors as Theengs Gateway and OpenMQTTGateway pass them on: no time, no state kept.

Layout: `{gateway}/BTtoMQTT/{MAC}`, keys of 1technophile/OpenMQTTGateway docs/use/ble.md and issue #1040.
"""

from typing import Any

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import DOOR, HUMIDITY, MOTION, TEMPERATURE, WEIGHT

NAME = "theengs"
GATEWAY = "home/OpenMQTTGateway"


def address_of(number: int) -> str:
    """The address of the sensor of that number: a MAC in capitals without colons, as the topic has it."""
    return f"A4C138{number % 2**24:06X}"


def messages(said: Said) -> list[Wire]:
    """What the gateway heard in one advertisement."""
    mac = ":".join(said.address[at : at + 2] for at in range(0, 12, 2))
    body: dict[str, Any] = {"id": mac, "mac_type": 0, "rssi": -60 - said.count % 30}
    values = said.values
    if WEIGHT in values:
        body |= {"brand": "Xiaomi", "model": "Mi_Smart_Scale", "model_id": "XMTZC01HM/XMTZC04HM"}
        body |= {"weighing_mode": "person", "unit": "kg", "weight": values[WEIGHT]}
        return [said.wire(NAME, f"{GATEWAY}/BTtoMQTT/{said.address}", body)]
    body |= {"name": f"ATC_{said.address[6:]}", "brand": "Xiaomi", "model": "TH Sensor"}
    body |= {"model_id": "LYWSD03MMC/MJWSD05MMC_ATC"}
    if TEMPERATURE in values:
        body |= {"tempc": values[TEMPERATURE], "tempf": round(values[TEMPERATURE] * 1.8 + 32, 2)}
    if HUMIDITY in values:
        body["hum"] = values[HUMIDITY]
    if DOOR in values:
        body["open"] = bool(values[DOOR])
    if MOTION in values:
        body["motion"] = bool(values[MOTION])
    body |= {"batt": said.battery, "volt": round(2.2 + said.battery / 125, 3)}
    return [said.wire(NAME, f"{GATEWAY}/BTtoMQTT/{said.address}", body)]
