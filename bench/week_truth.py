"""What is true of a simulated week, by the simulator alone: which alerts are right, what had to be red."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bench.week_homes import DAY, HOUR, Measured, Place, measured
from care_plans.pathways import reading
from care_plans.work.recurrence import Recurrence
from core.zones import UK
from devices.simulator.kit import (
    BED,
    BODY_TEMPERATURE,
    BREATHING,
    CARING,
    DIASTOLIC,
    DOOR,
    EXIT,
    FALL,
    GLUCOSE,
    HUMIDITY,
    MISSED,
    MOTION,
    PAIN,
    PENDANT,
    PULSE,
    SPO2,
    SYSTOLIC,
    TAKEN,
    TEMPERATURE,
)
from devices.simulator.scenarios import Truth

SILENCES = ("kit.silent.", "protection.", "heard.")
LINGERS = 2 * DAY
"""How long after it had to be noticed an alert of the same is still right."""
MOVED = 0.25
"""What share of its way illness must have moved a sign for an alert of that sign to be right."""
MINUTE = timedelta(minutes=1)
NEW_AFTER = 6 * HOUR
"""A red state that is over for so long and comes back is another one."""


class Worth(StrEnum):
    """What an alert was worth: something was wrong, it was so but nothing was wrong, or it was not so."""

    TRUE = "true"
    NOTHING_TO_DO = "true, nothing to do"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an alert says: its rule, the kinds it rests on, the kit it is about, and when."""

    rule_key: str
    kinds: frozenset[str]
    at: datetime
    suffix: str | None = None

    @property
    def of_silence(self) -> bool:
        """Whether it says that something has not been heard."""
        return self.rule_key.startswith(SILENCES)


@dataclass(frozen=True, slots=True)
class Red:
    """Something that was red by the limits of the pathway as it ships, and from when on it could be known."""

    what: str
    kinds: frozenset[str]
    at: datetime
    known_from: datetime


@dataclass(frozen=True, slots=True)
class Sign:
    """A limit that is red: `times` values beyond it within so long, or all of so long where `lasts`."""

    kind: str
    test: Callable[[float], bool]
    words: str
    times: int = 1
    within: timedelta = timedelta(0)
    lasts: timedelta | None = None
    or_of: frozenset[str] = frozenset()
    """Kinds that the same rule looks at as well: its red alert may be shown by these."""

    def holds(self, taken: Sequence[Measured]) -> Iterator[datetime]:
        """Each moment at which it holds."""
        points = [one for one in taken if one.kind == self.kind]
        beyond: list[datetime] = []
        for one in points:
            if not self.test(one.value):
                beyond = [] if self.lasts is not None else beyond
                continue
            beyond.append(one.at)
            if self.lasts is not None:
                if one.at - beyond[0] >= self.lasts:
                    yield one.at
            elif len(beyond) - bisect_left(beyond, one.at - self.within) >= self.times:
                yield one.at


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


PRESSURE = frozenset({SYSTOLIC, DIASTOLIC})
_EVER = Sign(PENDANT, lambda value: value >= 1, "pendant pressed")
RED: Mapping[str, tuple[Sign, ...]] = {
    "copd": (
        Sign(SPO2, lambda v: v < 85, "oxygen below 85 % twice in 10 min", 2, _minutes(10)),
        Sign(SPO2, lambda v: v < 80, "oxygen below 80 %"),
        Sign(PULSE, lambda v: v >= 131, "pulse of 131 twice in 15 min", 2, _minutes(15)),
    ),
    "heart_failure": (
        Sign(SPO2, lambda v: v < 90, "oxygen below 90 % twice in 10 min", 2, _minutes(10)),
        Sign(SYSTOLIC, lambda v: v <= 80, "systolic of 80 twice in 30 min", 2, _minutes(30)),
    ),
    "hypertension": (
        Sign(SYSTOLIC, lambda v: v >= 180, "systolic of 180 twice in 1 h", 2, HOUR, or_of=PRESSURE),
        Sign(DIASTOLIC, lambda v: v >= 120, "diastolic of 120 twice in 1 h", 2, HOUR, or_of=PRESSURE),
    ),
    "diabetes": (
        Sign(GLUCOSE, lambda v: v < 3, "glucose below 3"),
        Sign(GLUCOSE, lambda v: v < 4, "glucose below 4 twice in 30 min", 2, _minutes(30)),
        Sign(GLUCOSE, lambda v: v > 20, "glucose above 20 twice in 6 h", 2, 6 * HOUR),
    ),
    "frailty_falls": (Sign(FALL, lambda v: v >= 1, "a fall"), _EVER),
    "discharge_home": (
        Sign(BODY_TEMPERATURE, lambda v: v >= 39.1, "a temperature of 39.1"),
        Sign(TEMPERATURE, lambda v: v < 14, "a room below 14 °C for 2 h", lasts=2 * HOUR),
    ),
    "virtual_ward": (
        Sign(SPO2, lambda v: v < 92, "oxygen below 92 % twice in 30 min", 2, _minutes(30)),
        Sign(SPO2, lambda v: v < 88, "oxygen below 88 %"),
        Sign(BREATHING, lambda v: v >= 25, "breathing of 25 twice in 3 h", 2, 3 * HOUR),
        Sign(SYSTOLIC, lambda v: v <= 90, "systolic of 90 twice in 30 min", 2, _minutes(30)),
        Sign(PULSE, lambda v: v >= 131, "pulse of 131 twice in 30 min", 2, _minutes(30)),
    ),
    "dementia": (Sign(EXIT, lambda v: v >= 1, "gone out in the agreed hours"), _EVER),
    "warm_dry_home": (Sign(TEMPERATURE, lambda v: v < 12, "a room below 12 °C for 2 h", lasts=2 * HOUR),),
    "medication": (),
    "carer": (Sign(CARING, lambda v: v >= 10, "caring at 10"),),
    "end_of_life": (Sign(PAIN, lambda v: v >= 7, "pain of 7"), _EVER),
}
"""What each pathway's rules call red, written down here by hand so that no code of the product judges itself.

Two are left out, as no course of events here comes to them: weight up with low oxygen (heart failure) and no
dose taken for 50 hours (medication), where two days of doses are missed and the third day's are taken.
"""


def reds(place: Place, start: datetime, end: datetime) -> list[Red]:
    """Everything red of the week in this home, each time it began, by what was truly measured."""
    taken = list(measured(place, start, end))
    back = place.scenario.began + (place.scenario.cut_off or timedelta(0))
    found = []
    for sign in RED[place.pathway]:
        last: datetime | None = None
        for at in sign.holds(taken):
            if last is None or at - last > NEW_AFTER:
                known_from = back if place.scenario.is_cut_off(at) else at
                found.append(Red(sign.words, sign.or_of | {sign.kind}, at, known_from))
            last = at
    return sorted(found, key=lambda red: red.at)


def is_about(truth: Truth, claim: Claim) -> bool:
    """Whether an alert speaks of the same as a truth, whenever it came."""
    if truth.kinds == ("battery",):
        return claim.rule_key.startswith("kit.battery.")
    if not truth.kinds:
        return claim.of_silence
    return not claim.of_silence and bool(claim.kinds & set(truth.kinds))


class Knower:
    """What is known of one home: it tells what each alert was worth."""

    def __init__(self, place: Place, start: datetime, end: datetime) -> None:
        self.place = place
        self._heard: dict[str, list[datetime]] = {}
        for one in measured(place, start - DAY, end):
            self._heard.setdefault(one.kind, []).append(one.at)

    def worth(self, claim: Claim) -> Worth:
        """What an alert of this home was worth."""
        scenario = self.place.scenario
        if any(
            is_about(truth, claim) and truth.earliest <= claim.at <= truth.by + LINGERS
            for truth in scenario.truths
        ):
            return Worth.TRUE
        if claim.at >= scenario.began and self._is_caused(claim):
            return Worth.TRUE
        if claim.rule_key.startswith("heard.") and not self._was_measured(claim):
            return Worth.NOTHING_TO_DO
        return Worth.FALSE

    def _is_caused(self, claim: Claim) -> bool:
        """Whether the story has moved what the alert rests on, beyond what it is there to notice."""
        scenario, at, kinds = self.place.scenario, claim.at, claim.kinds
        if claim.of_silence or claim.rule_key.startswith("kit.battery."):
            return self._is_fault_of_kit(claim)
        for kind, ramp in scenario.ramps.items():
            if kind in kinds and abs(scenario.shift(kind, at)) >= MOVED * abs(ramp.by):
                return True
        cold = scenario.fabric.heating < 1 and bool(kinds & {TEMPERATURE, HUMIDITY})
        forgot = scenario.forgetting is not None and bool(kinds & {MISSED, TAKEN})
        out = (scenario.leaves or scenario.fall) and bool(kinds & {EXIT, DOOR, FALL, PENDANT, BED, MOTION})
        return cold or (forgot and at <= scenario.began + (scenario.forgetting or DAY) + DAY) or bool(out)

    def _is_fault_of_kit(self, claim: Claim) -> bool:
        scenario = self.place.scenario
        kind = claim.rule_key.removeprefix("heard.")
        if scenario.failing is not None:
            spec = next(each for each in self.place.home.kit if each.key_suffix == scenario.failing)
            if claim.suffix == scenario.failing or kind in spec.kinds:
                return True
        cut = scenario.cut_off
        return cut is not None and claim.at <= scenario.began + cut + 2 * HOUR

    def _was_measured(self, claim: Claim) -> bool:
        """Whether a reading was there in the time in which the pathway expects one."""
        kind = claim.rule_key.removeprefix("heard.")
        times = self._heard.get(kind, [])
        asked = next((each for each in reading.get(self.place.pathway).monitoring if each.kind == kind), None)
        if asked is None:
            return True
        if asked.every is not None:
            since = claim.at - timedelta(seconds=asked.every)
        else:
            since = _last_due(asked.by, claim.at - timedelta(seconds=asked.grace)) + timedelta(
                seconds=asked.grace
            )
        place = bisect_left(times, since)
        return place < len(times) and times[place] <= claim.at - MINUTE


def _last_due(by: Recurrence | None, due: datetime) -> datetime:
    """The time of day before `due` at which the same was expected, or midnight."""
    local = due.astimezone(ZoneInfo(UK))
    earlier = [at for at in (by.times if by else ()) if at < local.time().replace(second=0, microsecond=0)]
    start = max(earlier, default=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if start is None else midnight.replace(hour=start.hour, minute=start.minute)


def kinds_of(kind: str | None, evidence: Collection[Sequence[object]]) -> frozenset[str]:
    """The kinds that an alert rests on."""
    return frozenset({str(each[0]) for each in evidence} | ({kind} if kind else set()))


def rule_of(rule_key: str) -> str:
    """The rule without the kit it was about."""
    for prefix in ("kit.silent.", "kit.battery.", "protection.hub."):
        if rule_key.startswith(prefix):
            return prefix.removesuffix(".")
    return rule_key
