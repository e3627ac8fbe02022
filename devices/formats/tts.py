"""The Things Stack 3: what a LoRaWAN device sent, with three times of which one is to be believed."""

from typing import Any

from devices.formats import lorawan, wire
from devices.formats.lorawan import Uplink
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one message. `rest` is never needed: each body says what it is by the key it has.

    Where gateways and devices stand is never read. `settings.timestamp` is a counter in the gateway, and its
    clock may be wrong: the time is that of the network server.
    """
    if not payload:
        return Decoded(nothing="A retained message was removed.")
    body = wire.load_object(payload)
    uplink = _object(body, "uplink_message")
    if body.get("join_accept"):
        return lorawan.joined(_address(body, arrival), None, arrival)
    if not uplink:
        return Decoded(nothing="The network server talking of the radio, not a word from a sensor.")
    at, clock = wire.any_time(uplink.get("received_at") or body.get("received_at"), arrival.zone)
    simulated = Flags.TEST if wire.truth(body.get("simulated")) else Flags.NONE
    return lorawan.decode(
        Uplink(
            address=_address(body, arrival),
            arrival=arrival,
            at=at,
            flags=arrival.flags | clock | simulated,
            keys=uplink.get("decoded_payload"),
            frame=uplink.get("frm_payload"),
            model=wire.short_text(_object(uplink, "version_ids").get("model_id")),
            battery=wire.percent(_object(uplink, "last_battery_percentage").get("value")),
        )
    )


def _address(body: dict[str, Any], arrival: Arrival) -> str:
    ids = _object(body, "end_device_ids")
    return lorawan.address_of(ids.get("dev_eui") or ids.get("device_id"), arrival, "end_device_ids.dev_eui")


def _object(body: dict[str, Any], key: str) -> dict[str, Any]:
    found = body.get(key)
    return found if type(found) is dict else {}
