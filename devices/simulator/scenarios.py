"""What goes wrong in a home, from when, and what ought to be noticed by when: known truth to test against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from devices.simulator.climate import Fabric
from devices.simulator.kit import (
    BED,
    BODY_TEMPERATURE,
    BREATHING,
    BREATHLESSNESS,
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
    TEMPERATURE,
    WEIGHT,
)
from devices.simulator.routines import Act

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Truth:
    """Something to be noticed: not before `earliest`, and by `by` at the latest."""

    what: str
    kinds: tuple[str, ...]
    earliest: datetime
    by: datetime


@dataclass(frozen=True, slots=True)
class Ramp:
    """A sign that moves by `by` over `lasting`, slowly at first and at the end, and stays there."""

    by: float
    lasting: timedelta


@dataclass(frozen=True, slots=True)
class Scenario:
    """One course of events that begins at `began`; each part left out leaves that part of the home alone.

    `leaves` is that somebody goes out in the night; `forgetting` how long doses stay in the dispenser.
    `failing` is the kit whose battery runs down over `runs_down`; `cut_off` how long the home's line is down;
    `clock_lost` that personal kit restarts its clock in 1970; `twice` that everything is sent again.
    """

    name: str
    began: datetime
    truths: tuple[Truth, ...] = ()
    ramps: Mapping[str, Ramp] = field(default_factory=dict)
    fabric: Fabric = field(default_factory=Fabric)
    fall: bool = False
    leaves: bool = False
    forgetting: timedelta | None = None
    failing: str | None = None
    runs_down: timedelta = 3 * DAY
    cut_off: timedelta | None = None
    clock_lost: bool = False
    twice: bool = False

    def shift(self, kind: str, at: datetime) -> float:
        """By how much illness moves a sign at a time."""
        ramp = self.ramps.get(kind)
        if ramp is None or at <= self.began:
            return 0.0
        part = min((at - self.began) / ramp.lasting, 1.0)
        return ramp.by * part * part * (3 - 2 * part)

    def worse(self, at: datetime) -> bool:
        """Whether somebody feels ill enough to measure more often."""
        return bool(self.ramps) and at > self.began + DAY

    def fabric_at(self, at: datetime) -> Fabric:
        """What heating, moisture and airing are like at a time."""
        return self.fabric if at >= self.began else _AS_USUAL

    def replaces(self, at: datetime) -> bool:
        """Whether what usually happens at a time gives way to the story."""
        happens = self.fall or self.leaves
        return happens and self.began - _UP_BEFORE <= at <= self.began + timedelta(minutes=90)

    def forgets(self, at: datetime) -> bool:
        """Whether the dose of that time is left in the dispenser."""
        return self.forgetting is not None and self.began <= at < self.began + self.forgetting

    def story(self) -> tuple[Act, ...]:
        """A fall, or a walk in the night; nothing where neither happens."""
        if self.leaves:
            return self._walk()
        return self._fall() if self.fall else ()

    def _walk(self) -> tuple[Act, ...]:
        """Out of bed, out of the door, and found near by after twenty-five minutes."""
        found = self.began + timedelta(minutes=25)
        return (
            Act(self.began - _UP_BEFORE, BED, "bedroom", 0.0),
            Act(self.began - timedelta(seconds=40), MOTION, "hall", 1.0),
            Act(self.began - timedelta(seconds=5), DOOR, "hall", 1.0),
            Act(self.began, EXIT, _WORN, 1.0),
            Act(self.began + timedelta(seconds=50), MOTION, "hall", 0.0),
            Act(found, MOTION, "hall", 1.0),
            Act(found + timedelta(seconds=20), DOOR, "hall", 0.0),
            Act(found + timedelta(minutes=3), MOTION, "hall", 0.0),
            Act(found + timedelta(minutes=30), BED, "bedroom", 1.0),
        )

    def _fall(self) -> tuple[Act, ...]:
        """Out of bed, down in the hall, nothing moves until somebody comes, then back to bed."""
        found = self.began + timedelta(minutes=50)
        return (
            Act(self.began - _UP_BEFORE, BED, "bedroom", 0.0),
            Act(self.began - timedelta(seconds=40), MOTION, "hall", 1.0),
            Act(self.began, FALL, _WORN, 1.0),
            Act(self.began + timedelta(seconds=50), MOTION, "hall", 0.0),
            Act(self.began + timedelta(minutes=2), PENDANT, _WORN, 1.0),
            Act(found, DOOR, "hall", 1.0),
            Act(found + timedelta(seconds=30), DOOR, "hall", 0.0),
            Act(found + timedelta(seconds=35), MOTION, "hall", 1.0),
            Act(found + timedelta(minutes=9), MOTION, "hall", 0.0),
            Act(found + timedelta(minutes=35), BED, "bedroom", 1.0),
        )

    def stamp(self, at: datetime) -> datetime:
        """What the clock of personal kit shows at a time."""
        return _EPOCH + (at - self.began) if self.clock_lost and at >= self.began else at

    def is_cut_off(self, at: datetime) -> bool:
        """Whether the home's line is down at a time."""
        return self.cut_off is not None and self.began <= at < self.began + self.cut_off

    def dead_from(self) -> datetime | None:
        """When the failing battery is empty."""
        return self.began + self.runs_down if self.failing else None


_WORN = None
_UP_BEFORE = timedelta(minutes=4)
_AS_USUAL = Fabric()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stable(began: datetime) -> Scenario:
    """Nothing happens, and nothing should be noticed."""
    return Scenario("stable", began)


def slowly_worse_copd(began: datetime) -> Scenario:
    """An exacerbation over four days: oxygen falls, pulse and temperature rise."""
    ramps = {SPO2: Ramp(-8, 4 * DAY), PULSE: Ramp(20, 4 * DAY), BODY_TEMPERATURE: Ramp(0.7, 3 * DAY)}
    truth = Truth("oxygen below the person's own limit", (SPO2, PULSE), began + DAY, began + 4 * DAY)
    return Scenario("slowly_worse_copd", began, (truth,), ramps)


def heart_failure_weight_gain(began: datetime) -> Scenario:
    """Fluid gathers: 3.2 kg in four days, which passes 2 kg in 3 days on the way."""
    ramps = {
        WEIGHT: Ramp(3.2, 4 * DAY),
        PULSE: Ramp(9, 5 * DAY),
        SYSTOLIC: Ramp(8, 5 * DAY),
        DIASTOLIC: Ramp(4, 5 * DAY),
        SPO2: Ramp(-2, 5 * DAY),
    }
    truth = Truth("more than 2 kg gained in 3 days", (WEIGHT,), began + 2 * DAY, began + 5 * DAY)
    return Scenario("heart_failure_weight_gain", began, (truth,), ramps)


def pressure_very_high(began: datetime) -> Scenario:
    """Tablets left out: the pressure climbs by 60 over 30 in two days."""
    ramps = {SYSTOLIC: Ramp(62, 2 * DAY), DIASTOLIC: Ramp(30, 2 * DAY)}
    truth = Truth("a pressure of 180 or more twice", (SYSTOLIC,), began + 12 * HOUR, began + 3 * DAY)
    return Scenario("pressure_very_high", began, (truth,), ramps)


def low_glucose(began: datetime) -> Scenario:
    """Eating less on the same insulin: glucose falls by 4.6 mmol/L in a day and a half."""
    truth = Truth("glucose below 4", (GLUCOSE,), began + 8 * HOUR, began + 3 * DAY)
    return Scenario("low_glucose", began, (truth,), {GLUCOSE: Ramp(-4.6, 36 * HOUR)})


def fever_after_discharge(began: datetime) -> Scenario:
    """A wound that goes bad: a fever within a day, and more pain."""
    ramps = {BODY_TEMPERATURE: Ramp(2.3, DAY), PAIN: Ramp(3, DAY), PULSE: Ramp(18, DAY)}
    truth = Truth("a temperature above 38", (BODY_TEMPERATURE,), began + 6 * HOUR, began + 2 * DAY)
    return Scenario("fever_after_discharge", began, (truth,), ramps)


def worse_on_the_ward(began: datetime) -> Scenario:
    """Pneumonia that gets worse in a day: breathing fast, oxygen low, a fever."""
    ramps = {
        SPO2: Ramp(-6, DAY),
        BREATHING: Ramp(11, DAY),
        PULSE: Ramp(24, DAY),
        BODY_TEMPERATURE: Ramp(1.4, DAY),
    }
    truth = Truth("breathing of 21 or more twice", (BREATHING,), began + 6 * HOUR, began + 2 * DAY)
    return Scenario("worse_on_the_ward", began, (truth,), ramps)


def goes_out_at_night(began: datetime) -> Scenario:
    """Somebody goes out at `began`, in the hours that were agreed; they are found after 25 minutes."""
    truth = Truth("gone out in the night", (EXIT,), began, began + timedelta(minutes=1))
    return Scenario("goes_out_at_night", began, (truth,), leaves=True)


def doses_missed(began: datetime) -> Scenario:
    """For two days the doses stay in the dispenser."""
    truth = Truth("a missed dose", (MISSED,), began, began + DAY)
    return Scenario("doses_missed", began, (truth,), forgetting=2 * DAY)


def caring_too_much(began: datetime) -> Scenario:
    """A carer who wears out: each evening it is harder, for four days."""
    truth = Truth("caring at 8 or more twice", (CARING,), began + DAY, began + 7 * DAY)
    return Scenario("caring_too_much", began, (truth,), {CARING: Ramp(5.4, 4 * DAY)})


def pain_at_the_end(began: datetime) -> Scenario:
    """Pain and breathlessness grow over two days."""
    ramps = {PAIN: Ramp(6.2, 2 * DAY), BREATHLESSNESS: Ramp(1.5, 2 * DAY)}
    truth = Truth("pain of 5 or more", (PAIN,), began + 12 * HOUR, began + 3 * DAY)
    return Scenario("pain_at_the_end", began, (truth,), ramps)


def fall_at_night(began: datetime) -> Scenario:
    """A fall in the hall at `began`, felt by the pendant and then pressed; help comes after 50 minutes."""
    truth = Truth("a fall", (FALL, PENDANT), began, began + timedelta(minutes=1))
    return Scenario("fall_at_night", began, (truth,), fall=True)


def cold_damp_home(began: datetime) -> Scenario:
    """The heating all but stops: rooms go below 16 °C within a day or so and the damp gathers."""
    return in_the_cold(Scenario("cold_damp_home", began))


def battery_dies(began: datetime, failing: str = "pendant") -> Scenario:
    """The battery of one piece of kit goes from a quarter to nothing in three days; then it is silent."""
    truths = (
        Truth("a low battery", ("battery",), began, began + 3 * DAY),
        Truth("kit that is silent", (), began + 3 * DAY, began + 4 * DAY),
    )
    return Scenario("battery_dies", began, truths, failing=failing)


def hub_offline(began: datetime, lasting: timedelta = 7 * HOUR) -> Scenario:
    """The home's line is down; when it is back, what kept its readings sends them all at once."""
    truth = Truth("a home without a line", (), began, began + HOUR)
    return Scenario("hub_offline", began, (truth,), cut_off=lasting)


def clock_wrong(began: datetime) -> Scenario:
    """Personal kit forgets the time and dates its readings from 1 January 1970."""
    truth = Truth("readings dated 1970, kept under the time they came", (), began, began + DAY)
    return Scenario("clock_wrong", began, (truth,), clock_lost=True)


def sent_twice(began: datetime) -> Scenario:
    """Everything is sent again two seconds later; nothing should come of it."""
    return Scenario("sent_twice", began, twice=True)


COURSES: Mapping[str, Callable[[datetime], Scenario]] = {
    "stable": stable,
    "slowly_worse_copd": slowly_worse_copd,
    "heart_failure_weight_gain": heart_failure_weight_gain,
    "pressure_very_high": pressure_very_high,
    "low_glucose": low_glucose,
    "fever_after_discharge": fever_after_discharge,
    "worse_on_the_ward": worse_on_the_ward,
    "goes_out_at_night": goes_out_at_night,
    "doses_missed": doses_missed,
    "caring_too_much": caring_too_much,
    "pain_at_the_end": pain_at_the_end,
    "fall_at_night": fall_at_night,
    "cold_damp_home": cold_damp_home,
    "battery_dies": battery_dies,
    "hub_offline": hub_offline,
    "clock_wrong": clock_wrong,
    "sent_twice": sent_twice,
}


def in_the_cold(scenario: Scenario) -> Scenario:
    """The same, in a home whose heating all but stops when it begins."""
    truths = (
        Truth(
            "a room below 16 °C for hours",
            (TEMPERATURE,),
            scenario.began + 3 * HOUR,
            scenario.began + 2 * DAY,
        ),
        Truth("damp air for days", (HUMIDITY,), scenario.began + DAY, scenario.began + 6 * DAY),
    )
    fabric = Fabric(heating=0.2, moisture=1.3, changes=0.7)
    return replace(scenario, truths=scenario.truths + truths, fabric=fabric)
