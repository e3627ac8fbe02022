"""What kit watches, by what was said of it, its model and name, and what it has measured; pure.

What was said at enrolment counts before what model and name let us guess; what it has measured counts always.
"""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from people.watching import Watched

_MOVEMENT = frozenset({Watched.MOVEMENT})
_DOORS = frozenset({Watched.DOORS})
_BED = frozenset({Watched.BED_AND_CHAIR})

# Names as Zigbee2MQTT's device pages (zigbee2mqtt.io) give them, and our simulator's own.
MODELS: Mapping[str, frozenset[Watched]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("SNZB-03", "SNZB-03P", "SNZB-06P", "RTCGQ11LM", "RTCGQ12LM", "RTCGQ13LM", "RTCGQ14LM",
             "TS0202", "E1525/E1745", "E1745", "E2134", "9290012607", "9290019758", "RTCZCGQ11LM", "PS-S02D"),
            _MOVEMENT,
        ),
        **dict.fromkeys(
            ("SNZB-04", "SNZB-04P", "MCCGQ11LM", "MCCGQ12LM", "MCCGQ14LM", "TS0203", "E2013", "ZSS-S01-DWS"),
            _DOORS,
        ),
        "HL-B1": _BED,
        # LoRaWAN; an air sensor may watch movement as well.
        **dict.fromkeys(
            ("WS202", "WS203", "VS321", "VS330", "VS370", "AM307", "AM307L", "AM308", "AM308L", "AM319",
             "AM319L", "ERS", "ERS-CO2", "ERS-EYE", "ERS-SOUND", "ERS-VOC"),
            _MOVEMENT,
        ),
        **dict.fromkeys(("VS340", "VS341"), _BED),
        **dict.fromkeys(("WS301", "EM300-MCS", "EMS-DOOR"), _DOORS),
        "VS373": _MOVEMENT | _BED,
    }
)  # fmt: skip

KINDS: Mapping[str, Watched] = MappingProxyType(
    {
        "motion": Watched.MOVEMENT,
        "motion_count": Watched.MOVEMENT,
        "presence": Watched.MOVEMENT,
        "steps": Watched.MOVEMENT,
        "steps_in_day": Watched.MOVEMENT,
        "active_minutes": Watched.MOVEMENT,
        "sleep_duration": Watched.BED_AND_CHAIR,
        "bed_occupied": Watched.BED_AND_CHAIR,
        "chair_occupied": Watched.BED_AND_CHAIR,
        "door_open": Watched.DOORS,
        "property_exit": Watched.LOCATION,
        "window_open": Watched.APPLIANCES,
        "fridge_open": Watched.APPLIANCES,
        "kettle_on": Watched.APPLIANCES,
        "appliance_on": Watched.APPLIANCES,
        "light_on": Watched.APPLIANCES,
    }
)
"""Every kind of the group activity, and leaving the home."""

_NAMES = (
    (re.compile(r"\b(motion|movement|pir|presence|occupancy|activity)\b", re.IGNORECASE), Watched.MOVEMENT),
    (re.compile(r"\b(bed|chair) (mat|pad|sensor|occupancy|exit|monitor)\b", re.IGNORECASE),
     Watched.BED_AND_CHAIR),
    (re.compile(r"\bdoor\b(?!bell)(?!.*\b(alarm|pendant|lock)\b)", re.IGNORECASE), Watched.DOORS),
    (re.compile(r"\b(gps|tracker|geofence|wander\w*|property exit)\b", re.IGNORECASE), Watched.LOCATION),
    (re.compile(r"\b(kettle|fridge)\b", re.IGNORECASE), Watched.APPLIANCES),
)  # fmt: skip
_MEASURES_A_ROOM = re.compile(
    r"\b(climate|temperature|humidity|thermometer|smoke|heat|leak)\b", re.IGNORECASE
)


def guess(model: str, name: str) -> frozenset[Watched]:
    """What kit of that model and name watches, as far as they tell."""
    known = MODELS.get(model.upper())
    if known is not None:
        return known
    words = f"{name} {model}"
    if _MEASURES_A_ROOM.search(words):
        return frozenset()
    return frozenset(sort for pattern, sort in _NAMES if pattern.search(words))


def proposed(
    *, life_safety: bool, said: Collection[str] | None, model: str, name: str
) -> list[Watched] | None:
    """What model and name let us guess while nobody has said; None once somebody has, or if it protects."""
    if life_safety or said is not None:
        return None
    guessed = guess(model, name)
    return [each for each in Watched if each in guessed]


def of(
    *, life_safety: bool, said: Collection[str] | None, model: str, name: str, kinds: Collection[str]
) -> frozenset[Watched]:
    """What a piece of kit watches, for which an agreement is needed; life-safety kit needs none."""
    if life_safety:
        return frozenset()
    told = guess(model, name) if said is None else frozenset(Watched(each) for each in said)
    return told | {KINDS[kind] for kind in kinds if kind in KINDS}
