"""What kit announces of itself by Home Assistant's MQTT discovery: which topic will say what, and how.

The abbreviations, the `~` and the device form are those of the MQTT discovery page of home-assistant.io.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from devices.formats import entity_kinds, templates, wire
from devices.formats.announced import Announced, Announcement, Availability, Entity
from devices.formats.templates import NotUnderstood, Template
from devices.measurement import Sensor, Undecodable

LONGEST_TOPIC = 256

CONFIG = "/config"
"""The end of the topic of a configuration message; what else is remembered are names of addresses."""

_LONG: Mapping[str, str] = {
    "avty": "availability",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "cmps": "components",
    "cns": "connections",
    "dev": "device",
    "dev_cla": "device_class",
    "e": "encoding",
    "ent_cat": "entity_category",
    "exp_aft": "expire_after",
    "ids": "identifiers",
    "mdl": "model",
    "mdl_id": "model_id",
    "obj_id": "object_id",
    "p": "platform",
    "pl": "payload",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "stat_off": "state_off",
    "stat_on": "state_on",
    "stat_t": "state_topic",
    "stype": "subtype",
    "t": "topic",
    "uniq_id": "unique_id",
    "unit_of_meas": "unit_of_measurement",
    "val_tpl": "value_template",
}
_ADDRESS = re.compile(
    r"0x[0-9a-fA-F]{16}|(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
"""A radio address within an identifier, such as "zigbee2mqtt_0x0cae5ffffeefe7de"."""
_HEX = re.compile(r"[0-9A-Fa-f]{12,16}")
_OURS = re.compile(r"hearth/v1/[^/]+/[^/]+/")
_HELP = re.compile(r"\b(?:emergency|panic|sos|help)\b", re.IGNORECASE)


def remembered(documents: Mapping[str, bytes]) -> Announced:
    """What these configuration messages announce; what can't be read any more is left out."""
    found = Announced()
    for topic, document in documents.items():
        with contextlib.suppress(Undecodable):
            if topic.endswith(CONFIG):
                found.tell(topic, read(topic, document))
            else:
                found.name(wire.load_object(document))
    return found


def read(topic: str, document: bytes) -> Announcement:
    """Return what a configuration message announces; `topic` is where it stood, ending in "config"."""
    body = _spelt_out(wire.load_object(document))
    levels = topic.split("/")[:-1]
    device = _spelt_out(body.get("device"))
    sensor = _sensor(device, body, levels)
    parts = body.get("components")
    if type(parts) is dict:
        whole = {key: value for key, value in body.items() if key != "components"}
        each = [
            (str(_spelt_out(part).get("platform")), key, {**whole, **_spelt_out(part)})
            for key, part in parts.items()
        ]
    else:
        component = next((level for level in reversed(levels[:-1]) if level in _COMPONENTS), "")
        each = [(component, levels[-1] if levels else "", body)]
    entities: list[Entity] = []
    available: dict[str, Availability] = {}
    fault = None
    for component, key, part in each:
        try:
            entities += _entities(component, key, part, sensor.address)
            available |= {found.topic: found for found in _availability(part, sensor.address)}
        except Undecodable as refused:
            fault = refused
    return Announcement(sensor, tuple(entities), tuple(available.values()), fault)


_COMPONENTS = frozenset({"binary_sensor", "sensor", "switch", "event", "device_automation"})


def _spelt_out(found: Any) -> dict[str, Any]:
    return {_LONG.get(key, key): value for key, value in found.items()} if type(found) is dict else {}


def _sensor(device: dict[str, Any], body: dict[str, Any], levels: list[str]) -> Sensor:
    """Whose entities they are, by an address of its radio where one is said, else by its first identifier."""
    said = [*_texts(device.get("identifiers")), *_texts(device.get("connections"))]
    told = [*said, *_texts(body.get("unique_id")), *levels]
    address = next((found[0] for each in told if (found := _ADDRESS.search(each))), None)
    if address is None:
        # The node stands between the component and the object, where there is one.
        address = said[0] if said else next((each for each in levels[-2:] if each not in _COMPONENTS), "")
    address = address[: wire.MAX_TEXT].replace("/", "_").replace(" ", "_")
    model = wire.short_text(device.get("model_id")) or wire.short_text(device.get("model"))
    return Sensor(address, model, wire.short_text(device.get("name")))


def _texts(found: Any) -> list[str]:
    """The texts in a text, a list of them, or a list of pairs whose second is one."""
    several = found if type(found) is list else [found]
    last = [each[-1] if type(each) is list and each else each for each in several[:32]]
    return [each for each in last if type(each) is str and each]


def _entities(component: str, key: str, body: dict[str, Any], address: str) -> Iterator[Entity]:
    if component == "device_automation":
        yield from _trigger(key, body, address)
        return
    topic = _topic(body, "state_topic")
    unit, device_class = (
        said if type(said := body.get(name)) is str and said else None
        for name in ("unit_of_measurement", "device_class")
    )
    name = _without(key, address)
    kind = entity_kinds.kind_of(component, device_class, unit, name)
    if topic is None or kind is None:
        return
    expires = wire.number(body.get("expire_after"))
    yield Entity(
        topic,
        kind,
        "" if entity_kinds.is_plain(name, device_class, kind) else name[: wire.MAX_TEXT],
        address,
        _template(body.get("value_template")),
        unit,
        body.get("state_on", body.get("payload_on", "ON")),
        body.get("state_off", body.get("payload_off", "OFF")),
        expires if expires is not None and expires > 0 else None,
    )


def _trigger(key: str, body: dict[str, Any], address: str) -> Iterator[Entity]:
    """A button's trigger: it is taken as a call for help where it is called one."""
    topic, payload = _topic(body, "topic"), body.get("payload")
    called = f"{body.get('type')} {body.get('subtype')} {payload}".replace("_", " ")
    if topic is not None and _HELP.search(called):
        template = _template(body.get("value_template"))
        yield Entity(
            topic, "pendant", "", address, template, None, None, None, None, payload or _HELP.pattern
        )


def _availability(body: dict[str, Any], address: str) -> Iterator[Availability]:
    several = body.get("availability")
    listed = [_spelt_out(each) for each in several[:16]] if type(several) is list else []
    if not listed and body.get("availability_topic"):
        listed = [
            {
                **body,
                "topic": body["availability_topic"],
                "value_template": body.get("availability_template"),
            }
        ]
    for each in listed:
        topic = _topic({"~": body.get("~"), **each}, "topic")
        if topic is not None:
            yield Availability(
                topic,
                address,
                _template(each.get("value_template")),
                each.get("payload_available", "online"),
                each.get("payload_not_available", "offline"),
            )


def _topic(body: dict[str, Any], key: str) -> str | None:
    """The topic under `key`, with the base topic for its `~`, as the hub names it after our own prefix."""
    said, base = body.get(key), body.get("~")
    if type(said) is not str:
        return None
    if type(base) is str:
        said = base + said[1:] if said.startswith("~") else said[:-1] + base if said.endswith("~") else said
    if not 0 < len(said) <= LONGEST_TOPIC:
        return None
    return _OURS.sub("", said, count=1) if said.startswith("hearth/v1/") else said


def _template(said: Any) -> Template | None:
    if type(said) is not str or not said.strip():
        return None
    try:
        return templates.parsed(said)
    except NotUnderstood:
        reason = "A value template uses more of Jinja than is understood here; see the list of formats."
        raise Undecodable("template", reason, "value_template") from None


def _without(key: str, address: str) -> str:
    """An object id without the address that some hubs put into it."""
    bare = address.removeprefix("0x").replace(":", "").replace("-", "")
    parts = [address, bare]
    if _HEX.fullmatch(bare):
        parts.append(bare[-6:])
    for each in parts:
        if len(each) >= 6:
            key = re.sub(re.escape(each), "", key, flags=re.IGNORECASE)
    return key.strip(" _-") or "state"


def kept(document: bytes) -> bytes:
    """What of a configuration message is kept: the keys that are read, spelt out, and no others."""
    return orjson.dumps(_only_read(wire.load_object(document)))


_READ = frozenset(_LONG.values()) | {"~"}


def _only_read(body: dict[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in _spelt_out(body).items() if key in _READ}
    if type(found.get("components")) is dict:
        found["components"] = {
            key: _only_read(part) for key, part in found["components"].items() if type(part) is dict
        }
    if type(found.get("device")) is dict:
        found["device"] = {key: value for key, value in _spelt_out(found["device"]).items() if key in _READ}
    return found
