"""ESPHome: a node that announces its sensors by discovery, and says each as plain text on its own topic.

Without an announcement a topic is read by its name, "{prefix}/sensor/{name}/state": a sensor called after a
kind, such as room_temperature, is that kind, in the kind's own unit.
"""

from devices import kinds
from devices.formats import entity_kinds, homeassistant, wire
from devices.formats.announced import Announced
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Status, Undecodable

_LOGS = frozenset({"debug", "command", "log"})


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message of the node itself; `rest` is "{prefix}/status", "…/state" or "…/config"."""
    levels = rest.split("/")
    if levels[-1] in _LOGS:
        return Decoded(nothing="What a node writes down or is told, not what it measures.")
    announced = arrival.announced or Announced()
    if rest.endswith("/config") or announced.entities(rest) or announced.availability(rest):
        return homeassistant.read(rest, payload, arrival, own=True)
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    word = payload.strip().lower()
    if levels[-1] == "status" and word in (b"online", b"offline"):
        return Decoded(statuses=(Status(online=word == b"online"),))
    if levels[-1] != "state" or len(levels) < 3:
        return Decoded(nothing="Not a topic on which a node says what it measures.")
    return _by_name(levels[-3], levels[-2], payload, arrival)


def _by_name(component: str, name: str, payload: bytes, arrival: Arrival) -> Decoded:
    code = entity_kinds.kind_of(component, None, None, name)
    if code is None:
        raise Undecodable(
            "not_announced",
            "No discovery message announced this topic, and its name is not that of a kind of reading.",
        )
    kind, text = kinds.get(code), payload.decode("utf-8", "replace").strip()
    found = wire.truth(text) if kind.is_binary else wire.number(text)
    if found is None and kind.life_safety:
        raise wire.unreadable_alarm("state", ())
    if found is None:
        return Decoded(nothing="The sensor has no value at the moment.")
    channel = "" if entity_kinds.is_plain(name, None, code) else name[: wire.MAX_TEXT]
    one = wire.measurement(code, float(found), None, flags=arrival.flags, channel=channel)
    return Decoded(measurements=(one,))
