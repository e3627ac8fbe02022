"""What the kit of a home says in a day: its messages, its hourly state, and what a fault makes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from devices.simulator import payloads
from devices.simulator.chance import stream
from devices.simulator.encoders.known import FAMILIES
from devices.simulator.encoders.said import Said
from devices.simulator.house import Home, Saying, outages
from devices.simulator.kit import ELECTRICITY, About, Format
from devices.simulator.measuring import gas, sayings
from devices.simulator.meter import dial
from devices.simulator.routines import local

_A_MESSAGE = 150
"""Takings in one uploaded message: three readings each stay under the 500 that a message may hold."""

_UPLOAD_STEP = timedelta(milliseconds=50)
_AGAIN = timedelta(seconds=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Emission:
    """One message and when it is published (QoS 1) by the device that holds `device_key`."""

    at: datetime
    device_key: str
    topic: str
    payload: bytes
    retained: bool = False


def emissions_of(home: Home, day: date) -> list[Emission]:
    """All messages that arise on one local day, in no order; a few may be published on the next."""
    zone, scenario = ZoneInfo(home.zone), home.scenario
    said = [_message(home, s) for s in sayings(home, day) if not scenario.is_cut_off(s.at)]
    said += _statuses(home, local(day, 0, zone), local(day, 1440, zone))
    if scenario.cut_off is not None:
        back = scenario.began + scenario.cut_off
        if back.astimezone(zone).date() == day:
            said += _upload(home, back)
    if scenario.twice:
        said += [
            Emission(e.at + _AGAIN, e.device_key, e.topic, e.payload, e.retained)
            for e in said
            if e.at >= scenario.began
        ]
    return said


def _message(home: Home, saying: Saying) -> Emission:
    spec, at = home.kit[saying.kit], saying.at
    key = home.device_key(spec)
    if spec.format is Format.ZIGBEE:
        topic, payload = payloads.zigbee(spec, key, at, saying.values, battery(home, saying.kit, at))
    elif spec.format is Format.GLOW:
        topic, payload = payloads.glow(key, at, saying.values, _period_starts(home, saying))
    elif spec.format is Format.SHELLY:
        topic, payload = payloads.shelly(key, at, saying.values, battery(home, saying.kit, at))
    elif spec.format is not Format.OWN:
        topic, payload, _ = FAMILIES[spec.format].messages(_said(home, saying))[0]
    else:
        shown = home.scenario.stamp(at)
        topic, payload = payloads.own(spec, key, [(shown, saying.values)], shown)
    return Emission(at, key, topic, payload)


def _said(home: Home, saying: Saying) -> Said:
    """What kit that speaks through a hub is to say, in whatever words."""
    spec = home.kit[saying.kit]
    return Said(
        home.device_key(spec),
        spec.address or "",
        home.scenario.stamp(saying.at) if spec.about is About.PERSON else saying.at,
        dict(saying.values),
        battery(home, saying.kit, saying.at),
        spec.room or "",
        home.zone,
        int(saying.at.timestamp() / 60) % 65_536,
    )


def _period_starts(home: Home, saying: Saying) -> dict[str, float]:
    at = saying.at.astimezone(UTC)
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {"day": today, "week": today - _DAY * today.weekday(), "month": today.replace(day=1)}
    if saying.values[0][0] == ELECTRICITY or home.gas is None:
        return {period: dial(home.electricity, start) for period, start in starts.items()}
    return {period: gas(home, home.gas, start) for period, start in starts.items()}


def _statuses(home: Home, start: datetime, end: datetime) -> Iterator[Emission]:
    """Each hour the state of whatever speaks our own format, while it has a line and a charge."""
    down = {outage.device_key: outage for outage in outages(home)}
    for i, spec in enumerate(home.kit):
        if spec.format is not Format.OWN:
            continue
        key = home.device_key(spec)
        at = start + timedelta(seconds=stream("status", home.seed, spec.key_suffix).randrange(3600))
        while at < end:
            out = down.get(key)
            if out is None or at < out.start or (out.end is not None and at >= out.end):
                topic, payload = payloads.status(key, battery(home, i, at) if spec.battery else None)
                yield Emission(at, key, topic, payload, retained=True)
            at += timedelta(hours=1)


def _upload(home: Home, back: datetime) -> Iterator[Emission]:
    """All that was kept while the line was down, in measured order, as fast as a hub sends it."""
    kept = _kept(home, back)
    at = back
    for i, spec in enumerate(home.kit):
        own = [saying for saying in kept if saying.kit == i]
        if spec.format is Format.OWN:
            for n in range(0, len(own), _A_MESSAGE // max(len(spec.kinds), 1)):
                taken = [(s.at, s.values) for s in own[n : n + _A_MESSAGE // len(spec.kinds)]]
                at += _UPLOAD_STEP
                yield Emission(
                    at, home.device_key(spec), *payloads.own(spec, home.device_key(spec), taken, at)
                )
        else:
            for saying in own:
                at += _UPLOAD_STEP
                late = _message(home, saying)
                yield Emission(at, late.device_key, late.topic, late.payload)


def _kept(home: Home, back: datetime) -> list[Saying]:
    """What kit with a memory measured while the line was down, in measured order."""
    zone, began = ZoneInfo(home.zone), home.scenario.began
    day = began.astimezone(zone).date() - _DAY
    kept: list[Saying] = []
    while local(day, 0, zone) < back:
        kept += [s for s in sayings(home, day) if home.kit[s.kit].keeps and began <= s.at < back]
        day += _DAY
    return sorted(kept, key=lambda saying: saying.at)


def battery(home: Home, kit: int, at: datetime) -> int:
    """Percent left: a slow decline to the next battery, or the scenario's quick one."""
    scenario, spec = home.scenario, home.kit[kit]
    if scenario.failing == spec.key_suffix and at >= scenario.began:
        return max(0, round(25 * (1 - (at - scenario.began) / scenario.runs_down)))
    rate, worn = _wear(home.seed, spec.key_suffix)
    return round(100 - (at.timestamp() / 86400 * rate + worn) % 70)


@cache
def _wear(seed: int, suffix: str) -> tuple[float, float]:
    chance = stream("battery", seed, suffix)
    return chance.uniform(0.06, 0.2), chance.uniform(0, 70)
