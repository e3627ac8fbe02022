"""The demo place: Westmere's forty invented households, and the simulated home of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from core.zones import UK
from devices.simulator import kit
from devices.simulator.chance import stream
from devices.simulator.climate import Room, Weather
from devices.simulator.encoders.known import behind_hub
from devices.simulator.house import Home
from devices.simulator.kit import BODY_TEMPERATURE, DIASTOLIC, PULSE, SPO2, SYSTOLIC, WEIGHT, Format, KitSpec
from devices.simulator.lent import USUAL, for_person
from devices.simulator.meter import Supply
from devices.simulator.physiology import Profile
from devices.simulator.scenarios import COURSES, in_the_cold

PRACTICES: Mapping[str, str] = {
    "Y99001": "Orchard Surgery",
    "Y99002": "Quayside Practice",
    "Y99003": "Hillside Medical Centre",
}
LOCALITY = "Westmere"

WEATHER = Weather(seed=11, mean=5.0)
"""It is always late autumn in Westmere, so that a cold home is cold whenever the demo is shown."""

_USUAL = {SPO2: 96.0, PULSE: 74.0, SYSTOLIC: 126.0, DIASTOLIC: 76.0, WEIGHT: 72.0, BODY_TEMPERATURE: 36.6}
_SPREAD = {SPO2: 0.5, PULSE: 5, SYSTOLIC: 4, DIASTOLIC: 3, WEIGHT: 6, BODY_TEMPERATURE: 0.15}
_BLUETOOTH = frozenset({"cuff", "scale"})
"""Kit whose bytes every other home's hub passes on, instead of sending for itself."""
_BEGAN = re.compile(r"([+-]\d+)(s|h|d)(?: (\d\d):(\d\d))?")
_UNITS = {"s": timedelta(seconds=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody as the care record knows them; `usual` is their usual level of some signs."""

    given_name: str
    family_name: str
    date_of_birth: date
    sex: str
    ethnicity: str
    nhs_number: str
    telephone: str
    gp: str
    pathways: tuple[str, ...]
    about_me: Mapping[str, str]
    contact: Mapping[str, Any]
    usual: Mapping[str, float] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)
    language: str = "English"
    interpreter_needed: bool = False
    communication_needs: str | None = None
    disability: str | None = None
    digital_exclusion: str | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """A home with its people; `began` says when its scenario begins, from the time the place is seeded.

    `cold` adds to it that the heating all but stops.
    """

    key: str
    address_line: str
    area: str
    postcode: str
    uprn: str
    tenure: str
    telephone_line: str
    people: tuple[Member, ...]
    landlord: str | None = None
    access_notes: str | None = None
    key_safe: str | None = None
    scenario: str = "stable"
    began: str = "-15d 00:00"
    cold: bool = False

    @property
    def seed(self) -> int:
        """What everything by chance in this home comes from."""
        return int(self.key[1:])


@cache
def households() -> tuple[Household, ...]:
    """All forty, Ada Marsh's first and Ben Okafor's second."""
    rows = yaml.safe_load(Path(__file__).with_name("places.yaml").read_text("utf-8"))
    return tuple(_household(row) for row in rows)


def home_of(household: Household, seeded_at: datetime) -> Home:
    """The simulated home of a household, the same for the same `seeded_at`, whenever it is asked for."""
    seed = household.seed
    chance = stream("home", seed)
    scenario = COURSES[household.scenario](began_at(household.began, seeded_at))
    return Home(
        key=household.key,
        seed=seed,
        people=tuple(_profile(member, seed * 10 + n) for n, member in enumerate(household.people)),
        kit=_kit(household),
        scenario=in_the_cold(scenario) if household.cold else scenario,
        rooms=(
            Room("bedroom", 19.6, chance.uniform(18.4, 19.2), changes=chance.uniform(0.4, 0.6)),
            Room("living room", chance.uniform(20.3, 21.5), 18.8, changes=chance.uniform(0.4, 0.6)),
            Room("kitchen", 19.6, 18.5, moisture=60, changes=chance.uniform(0.7, 0.9)),
        ),
        weather=WEATHER,
        electricity=Supply(seed, chance.uniform(5.5, 10.5), chance.uniform(3000, 30000)),
        gas=Supply(seed + 1000, chance.uniform(25, 48), chance.uniform(10000, 60000)),
        zone=UK,
    )


def began_at(text: str, seeded_at: datetime) -> datetime:
    """The time meant by "-80h", "+30s" or "-1d 03:10" (on the wall, so many days from today)."""
    found = _BEGAN.fullmatch(text)
    if found is None:
        raise ValueError("A beginning is written -80h, +30s or -1d 03:10.")
    many, unit, hour, minute = found.groups()
    then = seeded_at + int(many) * _UNITS[unit]
    if hour is None:
        return then
    zone = ZoneInfo(UK)
    return datetime.combine(then.astimezone(zone).date(), time(int(hour), int(minute)), zone).astimezone(UTC)


def _household(row: dict[str, Any]) -> Household:
    people = tuple(Member(**{**member, "pathways": tuple(member["pathways"])}) for member in row["people"])
    return Household(**{**row, "people": people})


def _profile(member: Member, seed: int) -> Profile:
    chance = stream("person", seed)
    usual = {kind: level + chance.gauss(0, _SPREAD[kind]) for kind, level in _USUAL.items()}
    frail = "frailty_falls" in member.pathways
    return Profile(
        seed=seed,
        usual={**USUAL, **usual, **member.usual},
        wakes=chance.uniform(6.4, 7.8),
        sleeps=chance.uniform(21.7, 23.2),
        goes_out=chance.uniform(0.1, 0.3) if frail else chance.uniform(0.3, 0.7),
        visited=chance.uniform(0.5, 0.9) if frail else chance.uniform(0.2, 0.5),
    )


def _kit(household: Household) -> tuple[KitSpec, ...]:
    """What each person's pathways ask for, and what the home has for all of them."""
    seed, found = household.seed, dict[str, KitSpec]()
    for n, member in enumerate(household.people):
        worn = for_person(member.pathways, n)
        worn += [kit.pendant(n)] if _alone_and_old(household) else []
        found |= {spec.key_suffix: spec for spec in worn}
    named = {pathway for member in household.people for pathway in member.pathways}
    shared = [kit.hub(), kit.climate("bedroom", seed), _other_make(kit.climate("living room", seed), seed)]
    if {"frailty_falls", "dementia"} & named:
        shared += [kit.bed(), kit.front_door(seed), kit.kettle(seed)]
        shared += [kit.motion(room, seed) for room in ("kitchen", "living room", "hall")]
    if "warm_dry_home" in named:
        shared += [kit.shelly("kitchen"), kit.meter(), kit.outdoors()]
    elif seed % 2:
        shared += [kit.meter()]
    found |= {spec.key_suffix: spec for spec in shared}
    if seed % 2 == 0:
        found |= {name: behind_hub(found[name], Format.GATT, seed) for name in _BLUETOOTH & found.keys()}
    return tuple(found.values())


def _other_make(climate: KitSpec, seed: int) -> KitSpec:
    """Every home's second thermometer is of another make than the next home's."""
    words = (Format.ZIGBEE, Format.THEENGS, Format.CHIRPSTACK, Format.TTS)[seed % 4]
    return climate if words is Format.ZIGBEE else replace(behind_hub(climate, words, seed), keeps=False)


def _alone_and_old(household: Household) -> bool:
    return len(household.people) == 1 and household.people[0].date_of_birth.year < 1950
