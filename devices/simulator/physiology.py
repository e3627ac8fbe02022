"""What a body shows through the day: a person's own level, a daily rhythm, slow drift and noise."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from devices.simulator.chance import stream
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
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a sign moves in anybody: `swing` a day, most at `peak` o'clock, slow `drift`, `noise`, its ends."""

    swing: float
    peak: float
    drift: float
    noise: float
    digits: int
    lowest: float
    highest: float


RHYTHMS: Mapping[str, Rhythm] = {
    SPO2: Rhythm(swing=0.6, peak=14, drift=0.4, noise=0.6, digits=0, lowest=70, highest=100),
    PULSE: Rhythm(swing=4, peak=16, drift=2, noise=3, digits=0, lowest=38, highest=170),
    SYSTOLIC: Rhythm(swing=6, peak=13, drift=3, noise=5, digits=0, lowest=80, highest=220),
    DIASTOLIC: Rhythm(swing=4, peak=13, drift=2, noise=3, digits=0, lowest=45, highest=125),
    WEIGHT: Rhythm(swing=0.3, peak=19, drift=0.3, noise=0.15, digits=1, lowest=35, highest=180),
    BODY_TEMPERATURE: Rhythm(swing=0.3, peak=17.5, drift=0.05, noise=0.12, digits=1, lowest=34.5, highest=41),
    GLUCOSE: Rhythm(swing=0.8, peak=13, drift=0.6, noise=0.4, digits=1, lowest=1.8, highest=28),
    BREATHING: Rhythm(swing=0.7, peak=15, drift=0.5, noise=0.7, digits=0, lowest=9, highest=40),
    PAIN: Rhythm(swing=0.4, peak=20, drift=0.3, noise=0.3, digits=0, lowest=0, highest=10),
    BREATHLESSNESS: Rhythm(swing=0.1, peak=20, drift=0.1, noise=0.1, digits=0, lowest=1, highest=5),
    CARING: Rhythm(swing=0.4, peak=21, drift=0.4, noise=0.4, digits=0, lowest=0, highest=10),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One person: their usual level of each sign, and the hours (local, as decimals) they live by.

    `goes_out` is how likely an outing is on a day, `visited` how likely somebody calls.
    """

    seed: int
    usual: Mapping[str, float]
    wakes: float = 7.0
    sleeps: float = 22.5
    goes_out: float = 0.4
    visited: float = 0.4


def level(profile: Profile, kind: str, day: int, hour: float) -> float:
    """What the sign truly is on day number `day` at local `hour`, before noise and any illness."""
    rhythm = RHYTHMS[kind]
    first, second = _phases(profile.seed, kind)
    days = day + hour / 24
    slow = 0.6 * math.sin(math.tau * days / 17 + first) + 0.4 * math.sin(math.tau * days / 41 + second)
    daily = math.cos(math.tau * (hour - rhythm.peak) / 24)
    return profile.usual[kind] + rhythm.swing * daily + rhythm.drift * slow


def take(profile: Profile, kind: str, day: int, hour: float, shift: float, chance: Random) -> float:
    """One reading as a device shows it: rounded, noisy, moved by illness (`shift`), within what bodies do."""
    rhythm = RHYTHMS[kind]
    shown = level(profile, kind, day, hour) + shift + chance.gauss(0, rhythm.noise)
    return round(min(max(shown, rhythm.lowest), rhythm.highest), rhythm.digits)


@cache
def _phases(seed: int, kind: str) -> tuple[float, float]:
    chance = stream("phase", seed, kind)
    return chance.uniform(0, math.tau), chance.uniform(0, math.tau)
