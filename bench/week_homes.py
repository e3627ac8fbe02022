"""The homes of a simulated week: who lives there on which pathway, and what befalls them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from devices.simulator.chance import stream
from devices.simulator.homes import history
from devices.simulator.house import Home
from devices.simulator.kit import (
    BODY_TEMPERATURE,
    BREATHING,
    BREATHLESSNESS,
    CARING,
    DIASTOLIC,
    GLUCOSE,
    PAIN,
    PULSE,
    SPO2,
    SYSTOLIC,
    WEIGHT,
    About,
)
from devices.simulator.lent import TRIGGERS, home_on
from devices.simulator.scenarios import COURSES, Scenario, Truth, battery_dies, stable

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
RUN_IN = timedelta(days=8)
"""How long before the week their own readings are known: means and usual levels look back seven days."""
FAULTS = ("battery_dies", "hub_offline", "clock_wrong", "sent_twice")
WHAT = (*TRIGGERS.values(), *FAULTS)
BESIDES = ("", "sent twice", "clock lost", "line cut")
"""What goes wrong with the kit besides, in each round through the courses."""
AT_NIGHT = ("fall_at_night", "goes_out_at_night")
LINE_DOWN = 7 * HOUR
SPREAD: Mapping[str, float] = {
    SPO2: 0.7, PULSE: 5, SYSTOLIC: 6, DIASTOLIC: 3, WEIGHT: 8, BODY_TEMPERATURE: 0.12, GLUCOSE: 0.4,
    BREATHING: 0.8, PAIN: 0.4, BREATHLESSNESS: 0.2, CARING: 0.5,
}  # fmt: skip
"""How far people's usual levels lie from each other (one standard deviation)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One home of the week: its place in the row, the pathway of who lives there, and the fault besides."""

    number: int
    pathway: str
    home: Home
    besides: str = ""

    @property
    def scenario(self) -> Scenario:
        """What becomes of it."""
        return self.home.scenario

    @property
    def said(self) -> str:
        """The home and its story in words."""
        besides = f" + {self.besides}" if self.besides else ""
        return f"{self.home.key} ({self.pathway}): {self.scenario.name}{besides}"


def places(count: int, start: datetime, days: int, seed: int) -> list[Place]:
    """So many homes: every third is stable, the others go through all courses, later with a fault."""
    return [_place(number, start, days, seed) for number in range(count)]


def place(
    number: int, pathway: str, scenario: Scenario, seed: int, besides: str = "", key: str | None = None
) -> Place:
    """One home on a pathway with a course of events, and what goes wrong with its kit besides."""
    chance = stream("week", seed, number)
    home = home_on(pathway, key or f"week-{number + 1:03d}", scenario.began, seed=seed * 1000 + number)
    levels = {
        kind: usual + chance.gauss(0, SPREAD.get(kind, 0)) for kind, usual in home.people[0].usual.items()
    }
    profile = replace(
        home.people[0],
        usual=levels,
        wakes=chance.uniform(6.4, 7.8),
        sleeps=chance.uniform(21.7, 23.2),
        goes_out=chance.uniform(0.1, 0.7),
    )
    home = replace(home, people=(profile,), scenario=_with(scenario, besides))
    if scenario.failing is not None:
        failing = next(spec.key_suffix for spec in home.kit if spec.battery)
        home = replace(home, scenario=replace(home.scenario, failing=failing))
    return Place(number, pathway, home, besides)


def _place(number: int, start: datetime, days: int, seed: int) -> Place:
    pathways = tuple(TRIGGERS)
    if number % 3 == 0:
        return place(number, pathways[number // 3 % len(pathways)], stable(start), seed)
    turn = number - number // 3 - 1
    what, round_ = WHAT[turn % len(WHAT)], turn // len(WHAT)
    began = _began(what, number, start, days, seed)
    if what in FAULTS:
        scenario = battery_dies(began) if what == "battery_dies" else COURSES[what](began)
        return place(number, pathways[(turn + 5 * round_) % len(pathways)], scenario, seed)
    besides = BESIDES[round_ % len(BESIDES)]
    if what in AT_NIGHT and besides == "line cut":
        besides = ""  # whoever falls while the line is cut is heard by nobody: there is nothing to promise
    pathway = next(pathway for pathway, course in TRIGGERS.items() if course == what)
    return place(number, pathway, COURSES[what](began), seed, besides)


def _began(what: str, number: int, start: datetime, days: int, seed: int) -> datetime:
    """A beginning from which as much as can be of what is to be noticed falls into the week."""
    chance = stream("began", seed, number)
    if what in AT_NIGHT:
        second = timedelta(seconds=chance.randrange(3600, 5 * 3600))
        return start + DAY * chance.randrange(days) + second
    lasting = max((truth.by - start for truth in COURSES[what](start).truths), default=DAY)
    room = max(days * DAY - lasting, 6 * HOUR)
    return start + timedelta(seconds=chance.randrange(2 * 3600, int(room.total_seconds())))


def _with(scenario: Scenario, besides: str) -> Scenario:
    if besides == "sent twice":
        return replace(scenario, twice=True)
    if besides == "clock lost":
        return replace(scenario, clock_lost=True)
    if besides == "line cut":
        told = Truth("a home without a line", (), scenario.began, scenario.began + HOUR)
        return replace(scenario, cut_off=LINE_DOWN, truths=(*scenario.truths, told))
    return scenario


@dataclass(frozen=True, slots=True)
class Measured:
    """One value that the kit of a home took, whether or not it ever reached us."""

    at: datetime
    kit: int
    kind: str
    value: float


def measured(place: Place, start: datetime, end: datetime) -> Iterator[Measured]:
    """All that was measured, in the order of time, as if no line had ever been cut."""
    whole = replace(place.home, scenario=replace(place.scenario, cut_off=None))
    for taken in history(whole, start, end):
        at = taken.at.replace(microsecond=taken.at.microsecond // 1000 * 1000)
        yield Measured(at, taken.kit, taken.kind, taken.value)


def run_in(place: Place, start: datetime) -> list[Measured]:
    """What the person's own kit took in the time before the week."""
    kit = place.home.kit
    return [one for one in measured(place, start - RUN_IN, start) if kit[one.kit].about is About.PERSON]
