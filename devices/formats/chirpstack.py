"""ChirpStack 4: an event of a LoRaWAN device a message; only what it sent and its battery say anything."""

from typing import Any

from devices.formats import lorawan, wire
from devices.formats.lorawan import Uplink
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Measurement, Status

_NOTHING = "The network server talking of the radio, not a word from a sensor."


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one event. `rest` ends in "event/{type}"; where a route leaves nothing of it, the body tells.

    Where the gateways stand, and how they heard it, is never read.
    """
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    body = wire.load_object(payload)
    event = _event(rest, body)
    if event == "up":
        return _up(body, arrival)
    if event == "status":
        return _status(body, arrival)
    if event == "join":
        return lorawan.joined(_address(body, arrival), _model(body), arrival)
    return Decoded(nothing=_NOTHING)


def _event(rest: str, body: dict[str, Any]) -> str | None:
    before, _, last = rest.rpartition("/")
    if rest:
        return last if before == "event" or before.endswith("/event") else None
    if "batteryLevel" in body or "margin" in body:
        return "status"
    return "up" if "data" in body else None


def _device(body: dict[str, Any]) -> dict[str, Any]:
    said = body.get("deviceInfo")
    return said if type(said) is dict else {}


def _address(body: dict[str, Any], arrival: Arrival) -> str:
    return lorawan.address_of(_device(body).get("devEui"), arrival, "deviceInfo.devEui")


def _model(body: dict[str, Any]) -> str | None:
    return wire.short_text(_device(body).get("deviceProfileName"))


def _up(body: dict[str, Any], arrival: Arrival) -> Decoded:
    at, clock = wire.any_time(body.get("time"), arrival.zone)
    return lorawan.decode(
        Uplink(
            address=_address(body, arrival),
            arrival=arrival,
            at=at,
            flags=arrival.flags | clock,
            keys=body.get("object"),
            frame=body.get("data"),
            model=_model(body),
            message_id=wire.short_text(body.get("deduplicationId")),
        )
    )


def _status(body: dict[str, Any], arrival: Arrival) -> Decoded:
    """Read what the server asked the device for: LoRaWAN's 0 is external power, its 255 "can't tell"."""
    address = _address(body, arrival)
    if wire.truth(body.get("batteryLevelUnavailable")):
        return Decoded(nothing="The device can't tell its battery.")
    at, clock = wire.any_time(body.get("time"), arrival.zone)
    external = wire.truth(body.get("externalPowerSource"))
    level = None if external else wire.percent(body.get("batteryLevel"))
    measurements: tuple[Measurement, ...] = ()
    if external is not None:
        measurements = (
            wire.measurement(
                "mains_power", float(external), at, flags=arrival.flags | clock, address=address
            ),
        )
    statuses = (Status(battery=level, address=address),) if level is not None else ()
    return Decoded(
        measurements,
        statuses,
        message_id=wire.short_text(body.get("deduplicationId")),
        nothing=None if measurements or statuses else _NOTHING,
    )
