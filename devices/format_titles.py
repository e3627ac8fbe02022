"""What each format is called where one is chosen: the kit that speaks it."""

from collections.abc import Mapping

from devices import decode, known_mappings

_BUILT_IN: Mapping[str, str] = {
    "readings": "By itself, in Hearthline’s own form",
    "urgent": "By itself, in Hearthline’s own form, for life-safety",
    "status": "By itself: what it says of its own state",
    "zigbee2mqtt": "A hub with Zigbee2MQTT",
    "homeassistant": "Anything with Home Assistant’s MQTT discovery",
    "esphome": "An ESPHome node",
    "theengs": "A Theengs or OpenMQTTGateway gateway (Bluetooth, 433 MHz)",
    "tasmota": "Tasmota: a plug, a sensor, a Bluetooth or Zigbee bridge",
    "shelly": "Shelly, second generation or later",
    "glow": "Glow smart meter display",
    "gatt": "A gateway that forwards Bluetooth health values",
    "chirpstack": "A ChirpStack network server (LoRaWAN)",
    "tts": "The Things Stack (LoRaWAN)",
    "fhir": "A health gateway that sends FHIR",
    "openmhealth": "Open mHealth or IEEE 1752.1",
    "scaip": "A bridge of alarm units (SCAIP)",
}
PARTS = frozenset({"urgent", "status"})
"""Spoken beside `readings` by the same kit, and chosen by nobody."""


def title(name: str) -> str:
    """What a format is called: a mapping file by its own title."""
    mapping = known_mappings.find(name)
    return mapping.title if mapping is not None else _BUILT_IN.get(name, name)


def choices() -> list[tuple[str, str]]:
    """Every format that kit can be enrolled with, as (name, title): built in first, then mapping files."""
    built_in = [(name, title(name)) for name in _BUILT_IN if name in decode.FORMATS and name not in PARTS]
    files = [(each.name, each.title) for each in known_mappings.all_known()]
    return [*built_in, *files]
