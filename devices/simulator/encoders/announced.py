"""Kit that announces itself by Home Assistant's MQTT discovery, and ESPHome nodes that do the same.

Configurations are retained, as home-assistant.io/integrations/mqtt asks. An ESPHome node says each state as
plain text on a topic of its own, retained by default, without time or unit (esphome.io/components/mqtt).
"""

from typing import Any

from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import APPLIANCE, BED, DOOR, HUMIDITY, MOTION, TEMPERATURE
from devices.topics import ROOT

HOMEASSISTANT = "homeassistant"
ESPHOME = "esphome"

# kind: component, name, device class, unit
_ENTITIES: dict[str, tuple[str, str, str, str | None]] = {
    TEMPERATURE: ("sensor", "temperature", "temperature", "°C"),
    HUMIDITY: ("sensor", "humidity", "humidity", "%"),
    APPLIANCE: ("sensor", "power", "power", "W"),
    MOTION: ("binary_sensor", "motion", "motion", None),
    DOOR: ("binary_sensor", "door", "door", None),
    BED: ("binary_sensor", "bed_occupied", "occupancy", None),
}


def address_of(number: int) -> str:
    """The identifier that the kit announces itself by."""
    return f"room{number % 2**32:08x}"


def homeassistant(said: Said) -> list[Wire]:
    """All that it measured in one JSON message, as its announcement says to read it."""
    body: dict[str, Any] = {}
    for kind, value in said.values.items():
        component, name, _, _ = _ENTITIES[kind]
        body[name] = value if component == "sensor" else "ON" if value else "OFF"
    body["battery"] = said.battery
    return [said.wire(HOMEASSISTANT, f"kit/{said.address}/state", body)]


def esphome(said: Said) -> list[Wire]:
    """One message for each value."""
    found = []
    for kind, value in said.values.items():
        component, name, _, _ = _ENTITIES[kind]
        text = f"{value:.1f}" if component == "sensor" else "ON" if value else "OFF"
        rest = f"{said.address}/{component}/{name}/state"
        found.append(said.wire(ESPHOME, rest, text.encode(), retained=True))
    return found


def announcement(said: Said, format_name: str) -> list[Wire]:
    """What kit that measures such values tells of itself once, for whoever asks later."""
    found = []
    under = f"{ROOT}{said.key}/{format_name}"
    for kind in said.values:
        component, name, device_class, unit = _ENTITIES[kind]
        body: dict[str, Any] = {"name": name.replace("_", " "), "dev_cla": device_class}
        body["uniq_id"] = f"{said.address}_{name}"
        if unit is not None:
            body["unit_of_meas"] = unit
        if format_name == HOMEASSISTANT:
            body |= {"~": f"{under}/kit/{said.address}", "stat_t": "~/state"}
            body["val_tpl"] = f"{{{{ value_json.{name} }}}}"
        else:
            body |= {"stat_t": f"{under}/{said.address}/{component}/{name}/state"}
            body["avty_t"] = f"{under}/{said.address}/status"
        body["dev"] = {"ids": said.address, "name": said.room or said.address, "mdl": "Room display"}
        rest = f"{HOMEASSISTANT}/{component}/{said.address}/{name}/config"
        found.append(said.wire(format_name, rest, body, retained=True))
    return found
