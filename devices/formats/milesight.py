"""Milesight frames: channel, type and value, over and over; what they mean depends on the model."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One value in a frame: its key ("" is read over), its bytes, and how they are read."""

    key: str
    size: int
    read: Callable[[bytes], float | str]


def _number(value: bytes) -> float:
    return int.from_bytes(value, "little")


def _tenths(value: bytes) -> float:
    return int.from_bytes(value, "little", signed=True) / 10


def _positive_tenths(value: bytes) -> float:
    return int.from_bytes(value, "little") / 10


def _halves(value: bytes) -> float:
    return int.from_bytes(value, "little") / 2


def _word(*words: str) -> Callable[[bytes], str]:
    return lambda value: words[value[0]] if value[0] < len(words) else "unknown"


def decode(frame: bytes, model: str) -> tuple[dict[str, Any], bool]:
    """Return what a frame of a model in LAYOUTS says, and whether it was read to its end.

    Keys are those of Milesight's own codecs, states 0 and 1. Records with a time of their own stand in the
    list `history`, the alarms of a fall sensor in `events`.
    """
    layout = LAYOUTS[model]
    said: dict[str, Any] = {}
    place = 0
    while place < len(frame):
        channel = frame[place : place + 2]
        fields = layout.get(channel)
        if fields is None:
            return said, channel[0] in _ANSWERS
        end = place + 2 + sum(field.size for field in fields)
        if end > len(frame):
            return said, False
        record = _record(fields, frame[place + 2 : end])
        if channel in _LISTS:
            said.setdefault(_LISTS[channel], []).append(record)
        else:
            said |= record
        place = end
    return said, True


def _record(fields: tuple[Field, ...], value: bytes) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for field in fields:
        if field.key:
            record[field.key] = field.read(value[: field.size])
        value = value[field.size :]
    return record


_ANSWERS = frozenset({0xF8, 0xF9, 0xFE, 0xFF})
"""Channels on which kit answers settings, in frames that measure nothing."""

_HISTORY, _HISTORY_2, _EVENT = b"\x20\xce", b"\x21\xce", b"\x06\xfb"
_LISTS = {_HISTORY: "history", _HISTORY_2: "history", _EVENT: "events"}


def _over(size: int) -> tuple[Field, ...]:
    return (Field("", size, _number),)


def _state(key: str) -> tuple[Field, ...]:
    return (Field(key, 1, _number),)


_TIME = Field("timestamp", 4, _number)
_TEMPERATURE = Field("temperature", 2, _tenths)
_HUMIDITY = Field("humidity", 1, _halves)
_CO2 = Field("co2", 2, _number)
_PRESSURE = Field("pressure", 2, _positive_tenths)
_PM25 = Field("pm2_5", 2, _number)
_TVOC = Field("tvoc_ugm3", 2, _number)
_UNNAMED = Field("", 2, _number)

_KIT: Mapping[bytes, tuple[Field, ...]] = {
    b"\x01\x75": (Field("battery", 1, _number),),
    b"\xff\x01": _over(1),
    b"\xff\x08": _over(6),
    b"\xff\x09": _over(2),
    b"\xff\x0a": _over(2),
    b"\xff\x0b": _over(1),
    b"\xff\x0f": _over(1),
    b"\xff\x16": _over(8),
    b"\xff\xfe": _over(1),
    b"\xff\xff": _over(2),
}
_AIR = {
    **_KIT,
    b"\x03\x67": (_TEMPERATURE,),
    b"\x04\x68": (_HUMIDITY,),
    b"\x83\x67": (_TEMPERATURE, *_over(1)),
    b"\x84\x68": (_HUMIDITY, *_over(1)),
}
_AIR_HISTORY = (_TIME, _TEMPERATURE, _HUMIDITY)


def _em300(channel: bytes, key: str) -> Mapping[bytes, tuple[Field, ...]]:
    return {**_AIR, channel: _state(key), _HISTORY: (*_AIR_HISTORY, *_state(key))}


_AM107 = {
    **_AIR,
    b"\x05\x6a": _over(2),
    b"\x06\x65": (Field("illumination", 2, _number), *_over(4)),
    b"\x07\x7d": (_CO2,),
    b"\x08\x7d": (_UNNAMED,),
    b"\x09\x73": (_PRESSURE,),
}
# The unit of a TVOC on 08 7D is set in the kit (an index, or ppb before); on 08 E6 it is µg/m³.
_AM307_RECORD = (_TIME, _TEMPERATURE, Field("humidity", 2, _halves), *_state("pir"), *_over(1), _CO2)


def _am300(*more: Field) -> Mapping[bytes, tuple[Field, ...]]:
    return {
        **_AIR,
        b"\x05\x00": _state("pir"),
        b"\x06\xcb": _over(1),
        b"\x07\x7d": (_CO2,),
        b"\x08\x7d": (_UNNAMED,),
        b"\x08\xe6": (_TVOC,),
        b"\x09\x73": (_PRESSURE,),
        b"\x0a\x7d": _over(2),
        b"\x0b\x7d": (_PM25,),
        b"\x0c\x7d": _over(2),
        b"\x0d\x7d": _over(2),
        b"\x0e\x01": _over(1),
        _HISTORY: (*_AM307_RECORD, _UNNAMED, _PRESSURE, *more),
        _HISTORY_2: (*_AM307_RECORD, _TVOC, _PRESSURE, *more),
    }


# An old README counts the states of an alarm from 0, the codecs from 1: 0 is taken for a fall, never missed.
_ALARM = (
    *_over(2),
    Field("alarm_type", 1, _word("fall", *["other"] * 8)),
    Field(
        "alarm_status",
        1,
        _word("alarm_triggered", "alarm_triggered", "alarm_deactivated", "alarm_ignored", "status_report"),
    ),
    *_over(1),
)
_GAS_ALARMS = (
    *("power off", "power on", "device fault", "device fault recovered"),
    *("device will be invalid soon", "device invalid"),
)

_TH = {**_AIR, _HISTORY: (*_AIR_HISTORY, *_over(1))}
_AM102 = {**_AIR, _HISTORY: _AIR_HISTORY}
_AM103 = {**_AIR, b"\x07\x7d": (_CO2,), _HISTORY: (*_AIR_HISTORY, _CO2)}
_AM307, _AM308, _AM319 = _am300(), _am300(_PM25, _UNNAMED), _am300(_PM25, _UNNAMED, _UNNAMED)
_SLD = _em300(b"\x05\x00", "leakage_status")
_BUTTON = {**_KIT, b"\xff\x2e": _state("press")}
_SEAT = {**_KIT, b"\x03\x00": _state("occupancy")}

# Sources: the README and decoder of each model in Milesight-IoT/SensorDecoders.
LAYOUTS: Mapping[str, Mapping[bytes, tuple[Field, ...]]] = {
    "WS101": _BUTTON,
    "WS101-SOS": _BUTTON,
    "WS202": {**_KIT, b"\x03\x00": _state("pir"), b"\x04\x00": _over(1)},
    "WS203": {
        **_AIR,
        b"\x05\x00": _state("occupancy"),
        _HISTORY: (_TIME, *_over(1), *_state("occupancy"), _TEMPERATURE, _HUMIDITY),
    },
    "WS301": {**_KIT, b"\x03\x00": _state("magnet_status"), b"\x04\x00": _state("tamper_status")},
    "WS302": {**_KIT, b"\x05\x5b": (*_over(3), Field("laeq", 2, _positive_tenths), *_over(2))},
    "WS303": {**_KIT, b"\x03\x00": _state("leakage_status")},
    "EM300-TH": _TH,
    "EM320-TH": _AM102,
    "EM300-MCS": _em300(b"\x06\x00", "magnet_status"),
    "EM300-SLD": _SLD,
    "EM300-ZLD": _SLD,
    # Its README names channel 06 and shows 05.
    "EM300-MLD": {
        **_KIT,
        b"\x05\x00": _state("leakage_status"),
        b"\x06\x00": _state("leakage_status"),
        _HISTORY: (_TIME, *_over(3), *_state("leakage_status")),
    },
    "EM500-CO2": {
        **_AIR,
        b"\x05\x7d": (_CO2,),
        b"\x06\x73": (_PRESSURE,),
        b"\x83\xd7": (_TEMPERATURE, *_over(3)),
        _HISTORY: (_TIME, _CO2, _PRESSURE, _TEMPERATURE, _HUMIDITY),
    },
    "AM102": _AM102,
    "AM102L": _AM102,
    "AM103": _AM103,
    "AM103L": _AM103,
    "AM104": _AM107,
    "AM107": _AM107,
    "AM307": _AM307,
    "AM307L": _AM307,
    "AM308": _AM308,
    "AM308L": _AM308,
    "AM319": _AM319,
    "AM319L": _AM319,
    # Both forms of its distance, and of what it learnt.
    "VS330": {
        **_KIT,
        b"\x02\x82": _over(2),
        b"\x02\xa5": _over(8),
        b"\x03\x8e": _state("occupancy"),
        b"\x04\x8e": _over(1),
        b"\x04\xa8": _over(1),
        b"\x06\xa6": _over(4),
        b"\x08\xa8": _over(1),
        b"\x09\xa9": _over(4),
    },
    "VS340": _SEAT,
    "VS341": _SEAT,
    "VS370": {**_SEAT, b"\x04\x00": _over(1)},
    "VS321": {
        **_AIR,
        b"\x05\xfd": (Field("people_total_counts", 2, _number),),
        b"\x06\xfe": _over(4),
        b"\x07\xff": _over(1),
        b"\x08\xf4": (*_over(1), Field("detection_status", 1, _word("normal", "unavailable"))),
        b"\x0a\xef": _over(4),
    },
    "VS373": {
        **_KIT,
        b"\x03\xf8": (
            Field("detection_status", 1, _word("normal", "vacant", "in_bed", "out_of_bed", "fall")),
            *_over(5),
        ),
        b"\x04\xf9": _over(4),
        b"\x05\xfa": _over(8),
        _EVENT: _ALARM,
        _HISTORY: (_TIME, *_ALARM),
    },
    "GS101": {
        **_AIR,
        b"\x05\x8e": _state("gas_status"),
        b"\x06\x01": _over(1),
        b"\x07\x01": _over(1),
        b"\x08\x90": _over(4),
        b"\xff\x3f": (Field("alarm", 1, _word(*_GAS_ALARMS)),),
    },
    "GS301": {
        **_KIT,
        b"\x02\x67": (_TEMPERATURE,),
        b"\x03\x68": (_HUMIDITY,),
        b"\x04\x7d": _over(2),
        b"\x05\x7d": _over(2),
        b"\x06\x7d": _over(2),
        b"\x07\xea": _over(5),
        b"\x18\x7d": _over(2),
        b"\x37\x7d": _over(2),
        b"\xff\x7c": _over(43),
    },
}
