"""How people go through a day: up, kettle, doors, rooms, out and back, bed, and their readings in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from devices.simulator.chance import stream
from devices.simulator.kit import (
    APPLIANCE,
    BED,
    BODY_TEMPERATURE,
    BREATHING,
    CARING,
    DOOR,
    GLUCOSE,
    MOTION,
    PAIN,
    SPO2,
    SYSTOLIC,
    WEIGHT,
    KitSpec,
)
from devices.simulator.physiology import Profile

_SEEN = 1.5
"""Minutes a motion sensor goes on saying that somebody is there."""

_TAKINGS = {
    SPO2: (7.4, 18.6, 12.8, 21.6),
    SYSTOLIC: (7.7, 19.2),
    WEIGHT: (7.2,),
    BODY_TEMPERATURE: (8.1, 18.2),
    GLUCOSE: (7.6, 17.4, 12.2, 21.9),
    BREATHING: tuple(hour + 0.3 for hour in range(1, 24, 2)),
    PAIN: (9.2, 19.4),
    CARING: (19.3,),
}
"""When readings are usually taken; the first of each in quiet times, all of them when somebody is worse."""

_QUIET = {SPO2: 2, SYSTOLIC: 2, WEIGHT: 1, BODY_TEMPERATURE: 1, GLUCOSE: 2, BREATHING: 12, PAIN: 1, CARING: 1}


@dataclass(frozen=True, slots=True)
class Act:
    """Something a sensor in `room` (None: one that is worn) can notice: a value of `kind` that begins."""

    at: datetime
    kind: str
    room: str | None
    value: float


def day_acts(profile: Profile, seed: int, day: date, zone: ZoneInfo) -> list[Act]:
    """What happens from getting up on `day` to getting up the next morning, in no order."""
    chance = stream("acts", seed, day)
    up, down = _hours(profile, day)
    away = _away(profile, chance)
    acts = [*_night(profile, chance, day, down)]
    acts += [(up * 60, BED, "bedroom", 0.0), (down * 60, BED, "bedroom", 1.0)]
    acts += [*_kettle(chance, up, down, away), *_door(profile, chance, up, away)]
    acts += _about_the_house(chance, up * 60, down * 60, away)
    return [Act(local(day, minutes, zone), kind, room, value) for minutes, kind, room, value in acts]


def takings(profile: Profile, spec: KitSpec, day: date, zone: ZoneInfo, worse: bool) -> list[datetime]:
    """When somebody uses a piece of kit on `day`: 1 to 4 times, sometimes twice over, now and then never."""
    chance = stream("takings", profile.seed, spec.key_suffix, day)
    kind = spec.kinds[0]
    hours = _TAKINGS[kind] if worse else _TAKINGS[kind][: spec.often or _QUIET[kind]]
    times: list[datetime] = []
    for hour in hours:
        minutes = hour * 60 + (profile.wakes - 7) * 30 + chance.gauss(0, 14)
        doubled = chance.random() < (0.75 if worse else 0.3)
        gap = chance.uniform(1.2, 3)
        if not worse and chance.random() < 0.06:
            continue
        times.append(local(day, minutes, zone))
        if kind == SYSTOLIC or (kind == SPO2 and doubled):
            times.append(local(day, minutes + gap, zone))
    return times


def doses(profile: Profile, spec: KitSpec, day: date, zone: ZoneInfo) -> list[tuple[datetime, float]]:
    """When a dispenser turns on `day`, and after how many minutes the dose is taken out if it is."""
    chance = stream("doses", profile.seed, spec.key_suffix, day)
    return [(local(day, hour * 60, zone), chance.uniform(2, 35)) for hour in (8, 20)]


def local(day: date, minutes: float, zone: ZoneInfo) -> datetime:
    """The instant when a clock on the wall shows so many minutes after midnight of `day`, to the second."""
    wall = datetime.combine(day, time(), zone) + timedelta(seconds=round(minutes * 60))
    return wall.astimezone(UTC)


_Moment = tuple[float, str, str, float]


def _hours(profile: Profile, day: date) -> tuple[float, float]:
    chance = stream("hours", profile.seed, day)
    return profile.wakes + chance.gauss(0, 0.3), profile.sleeps + chance.gauss(0, 0.4)


def _away(profile: Profile, chance: Random) -> tuple[float, float]:
    """Minutes between which nobody is at home; none if both are nought."""
    leaves = chance.uniform(10.2, 14.5) * 60
    stays = chance.uniform(45, 190)
    return (leaves, leaves + stays) if chance.random() < profile.goes_out else (0.0, 0.0)


def _night(profile: Profile, chance: Random, day: date, down: float) -> Iterator[_Moment]:
    """Up to two walks to the bathroom, over well before anybody gets up."""
    up, _ = _hours(profile, day + timedelta(days=1))
    at = down * 60
    for _walk in range(chance.choice((0, 1, 1, 2))):
        at += chance.uniform(75, 170)
        back = at + chance.uniform(4, 11)
        if back > (up + 24) * 60 - 30:
            return
        yield at, BED, "bedroom", 0.0
        yield from _seen(at + 0.3, "hall")
        yield from _seen(at + 0.8, "bathroom")
        yield back, BED, "bedroom", 1.0
        at = back


def _kettle(chance: Random, up: float, down: float, away: tuple[float, float]) -> Iterator[_Moment]:
    for hour, likely in ((up + 0.5, 0.97), (10.4, 0.7), (13.1, 0.75), (15.8, 0.7), (19.3, 0.8)):
        at = hour * 60 + chance.gauss(0, 14)
        boils = chance.uniform(2.5, 4.5)
        if chance.random() < likely and up * 60 < at < down * 60 and not away[0] <= at <= away[1]:
            yield at, APPLIANCE, "kitchen", float(round(chance.gauss(2850, 15)))
            yield at + boils, APPLIANCE, "kitchen", 0.0


def _door(profile: Profile, chance: Random, up: float, away: tuple[float, float]) -> Iterator[_Moment]:
    opened = [away[0] - 0.2, away[1]] if away[1] else []
    call = max(up * 60 + 60, chance.uniform(9, 17) * 60)
    if chance.random() < profile.visited and not away[0] <= call + 20 <= away[1] + 20:
        opened += [call, call + chance.uniform(18, 40)]
    for at in opened:
        yield at, DOOR, "hall", 1.0
        yield at + chance.uniform(0.2, 0.7), DOOR, "hall", 0.0


def _about_the_house(chance: Random, up: float, down: float, away: tuple[float, float]) -> list[_Moment]:
    """Movement in one room after another; at meal times mostly the kitchen, otherwise where people sit."""
    moments: list[_Moment] = []
    at = up + 0.5
    while at < down - 5:
        if not away[0] <= at <= away[1]:
            meal = any(abs(at - hour * 60) < 30 for hour in (8, 12.75, 17.75))
            weights = (6, 2, 1, 1, 1) if meal else (1, 7, 2, 1, 1)
            rooms = ("kitchen", "living room", "hall", "bathroom", "bedroom")
            moments += _seen(at, chance.choices(rooms, weights)[0])
        at += _SEEN + 1 + chance.expovariate(1 / 24)
    return moments


def _seen(at: float, room: str) -> list[_Moment]:
    return [(at, MOTION, room, 1.0), (at + _SEEN, MOTION, room, 0.0)]
