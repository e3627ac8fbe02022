"""From the bytes of any known format to measurements, or to the reason why not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from core.zones import UK
from devices import known_mappings
from devices.formats import (
    chirpstack,
    esphome,
    fhir,
    gatt,
    glow,
    homeassistant,
    mapped,
    openmhealth,
    own,
    scaip,
    shelly,
    tasmota,
    theengs,
    tts,
    wire,
    zigbee2mqtt,
)
from devices.formats.announced import Announced
from devices.formats.wire import Arrival
from devices.measurement import Decoded, Flags, Undecodable

FORMATS: Mapping[str, Callable[[str, bytes, Arrival], Decoded]] = {
    "readings": own.decode_readings,
    "urgent": own.decode_readings,
    "status": own.decode_status,
    "zigbee2mqtt": zigbee2mqtt.decode,
    "homeassistant": homeassistant.decode,
    "esphome": esphome.decode,
    "glow": glow.decode,
    "shelly": shelly.decode,
    "gatt": gatt.decode,
    "theengs": theengs.decode,
    "tasmota": tasmota.decode,
    "scaip": scaip.decode,
    "chirpstack": chirpstack.decode,
    "tts": tts.decode,
    "fhir": fhir.decode,
    "openmhealth": openmhealth.decode,
}

AHEAD = timedelta(minutes=10)
"""How far ahead of its arrival a reading may claim to be measured: clocks of kit are minutes wrong. What is
dated further ahead would stand as the newest, and hide a danger measured until then."""
LATE_AFTER = timedelta(minutes=10)
"""How long after it was measured a reading that reaches us is late."""

_NO_MODELS: Mapping[str, str] = MappingProxyType({})


def decode(
    format_name: str,
    rest: str,
    payload: bytes,
    *,
    retained: bool,
    received_at: datetime,
    zone: str = UK,
    models: Mapping[str, str] = _NO_MODELS,
    announced: Announced | None = None,
    listening: bool = False,
) -> Decoded:
    """Return what a message says. Raises Undecodable and nothing else, whatever the bytes.

    `rest` is the topic after the format; `zone` the home's time zone, for times without one; `models` the
    model registered for each sensor's address ("" is the publishing device); `announced` what that has
    announced of its messages so far, to which this one may add; `listening` that somebody looks for new
    sensors behind it. Times stay as the device said them: see
    `resolve_time`. Values are in the kind's own unit and flagged by its limits, never dropped.
    """
    arrival = Arrival(received_at, retained, zone, models, announced, listening)
    decoder = FORMATS.get(format_name)
    if decoder is not None:
        return decoder(rest, payload, arrival)
    mapping = known_mappings.find(format_name)
    if mapping is None:
        raise Undecodable("unknown_format", "Hearthline doesn't know this format; see the list of formats.")
    return mapped.decode(mapping, rest, payload, arrival)


def knows(format_name: str) -> bool:
    """Whether there is a decoder, or a mapping file, of this name."""
    return format_name in FORMATS or known_mappings.find(format_name) is not None


def format_names() -> list[str]:
    """Every format there is, those of mapping files included, by name."""
    return sorted({*FORMATS, *(mapping.name for mapping in known_mappings.all_known())})


def prompt(received: datetime) -> tuple[datetime, datetime]:
    """The first and the last time that `resolve_time` leaves as it is, with no flag, when so received.

    Nearly every reading is measured in between, and need not be looked at any closer.
    """
    return received - LATE_AFTER, received + AHEAD


def resolve_time(
    measured: datetime | None, received: datetime, retention_start: datetime, sent: datetime | None = None
) -> tuple[datetime, Flags, datetime | None]:
    """Return the time to store by, flags to add, and the device's own time where it was set aside.

    None becomes the received time, flagged NO_CLOCK. A time before `retention_start`, or AHEAD of `received`
    and more, can't be believed, and is flagged CLOCK_CORRECTED: it becomes the received time, or as long
    before it as the device measured before it `sent` the message, by a clock as wrong. A believed time long
    before `received` is flagged LATE. All are aware UTC; what is returned to store by is cut to milliseconds.
    """
    if measured is None:
        return wire.cut(received), Flags.NO_CLOCK, None
    earliest, latest = retention_start, received + AHEAD
    if earliest <= measured <= latest:
        return measured, Flags.LATE if received - measured > LATE_AFTER else Flags.NONE, None
    at = received
    if sent is not None and sent >= measured and not earliest <= sent <= latest:
        at = max(received - (sent - measured), earliest)
    return wire.cut(at), Flags.CLOCK_CORRECTED, measured
