"""Which topics the life-safety lane asks for so that it hears kit that protects, whatever format that speaks.

Exact ones where the format puts a sensor's address into the topic; where it stands in the message alone, all
that the hub says in this format, for then nothing else tells a press from the rest.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from devices.formats.mapping import Mapping as MappingFile
from devices.topics import ROOT, URGENT

OWN = "readings"
_UNADDRESSED = frozenset({OWN, URGENT, "status"})
"""Formats of our own: they tell of no sensor, and what is urgent comes by the lane as it is."""
_WILD = re.compile(r"[+#\s\x00]")
_MAC = re.compile(r"[0-9A-F]{12}")
_OF_GATEWAY = re.compile(r"[0-9A-F]{12}|\w+:\d+")
"""Of a Bluetooth sensor behind a Shelly: only its messages tell it from the gateway."""

Find = Callable[[str], MappingFile | None]


def of_device(key: str, formats: Collection[str]) -> list[str]:
    """The filters of all that a device with a key of its own says, which itself protects.

    `formats` are those it has spoken in; before its first word it is expected to speak our own.
    """
    spoken = sorted(set(formats) - {URGENT, "status"}) or [OWN]
    return [f"{ROOT}{key}/{each}" if each == OWN else f"{ROOT}{key}/{each}/#" for each in spoken]


def of_sensors(
    key: str,
    formats: Collection[str],
    addresses: Collection[str],
    told: Mapping[str, Collection[str]],
    find_mapping: Find,
) -> list[str]:
    """The filters of what a hub says of these sensors behind it, which protect.

    `told` are topics below the format that the hub has announced or named for an address. Before the hub has
    spoken, a sensor is expected at its address, right behind the format.
    """
    spoken = sorted(set(formats) - _UNADDRESSED)
    if not spoken:
        return [f"{ROOT}{key}/+/{address}/#" for address in addresses]
    found = []
    for name in spoken:
        rests = list(_rests(name, addresses, told, find_mapping(name)))
        # One that has to be heard by all that the hub says in the format takes the place of the others' own.
        whole = None in rests
        wanted = ["#"] if whole else [rest for rest in rests if rest is not None]
        found += [f"{ROOT}{key}/{name}/{rest}" for rest in dict.fromkeys(wanted)]
    return found


def _rests(
    name: str,
    addresses: Collection[str],
    told: Mapping[str, Collection[str]],
    mapping: MappingFile | None,
) -> Iterator[str | None]:
    """What stands behind the format for each of these; None for what only the message tells."""
    for address in addresses:
        if name == "homeassistant":
            yield from told.get(address, ())
        elif name == "zigbee2mqtt":
            yield f"{address}/#"
            yield from (f"{each}/#" for each in told.get(address, ()) if not _WILD.search(each))
        elif name == "gatt":
            yield f"{address}/#"
        elif name == "shelly":
            yield None if _OF_GATEWAY.fullmatch(address) else f"{address}/#"
        elif name == "theengs":
            yield from _theengs(address)
        elif name == "chirpstack":
            yield from (f"application/+/device/{each}/#" for each in (address, address.lower()))
        elif mapping is not None and mapping.address is not None and mapping.address.within == "topic":
            yield "/".join([*["+"] * _level(mapping), address, "#"])
        else:
            yield None


def _theengs(address: str) -> Iterator[str]:
    """Behind the gateway's name, and the base topic before it that OpenMQTTGateway has by itself."""
    for before in ("+", "+/+"):
        if _MAC.fullmatch(address):
            yield f"{before}/BTtoMQTT/{address}"
        else:
            yield f"{before}/433toMQTT/#"
            yield f"{before}/RTL_433toMQTT/#"


def _level(mapping: MappingFile) -> int:
    steps = mapping.address.steps if mapping.address is not None else ()
    return next((step for step in steps if isinstance(step, int)), 0)
