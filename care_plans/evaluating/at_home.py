"""What is made of readings at home as it stands now: the mean of a blood pressure, and how damp walls are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.judging import damp, home_pressure
from care_plans.judging.answers import ON
from care_plans.judging.home_pressure import HomePressure
from care_plans.judging.telling import moment_of
from care_plans.judging.track import Track
from devices import readings, subjects
from devices.readings import Want
from devices.subjects import Subject

IRREGULAR = "irregular_pulse"
LOOKED_AT = timedelta(days=90)
"""How far back the growth of mould is reckoned: over a season."""
LATELY = timedelta(days=3)
"""Over how long the humidity at a wall is averaged, as the rule about it does."""
SOON = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Pressure:
    """Somebody's home blood pressure, and when in those days a cuff noticed an irregular pulse (or None).

    NG136 (1.1.3): where the pulse is irregular automatic cuffs may mislead, and it is measured by hand.
    """

    home: HomePressure
    irregular_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoomShown:
    """One room: °C and % lately; % at its coldest surface on average over `LATELY`; its mould index.

    `wall` and `index` are None where the surface is not known; `measured` whether a sensor is on it.
    """

    name: str
    temperature: float | None
    humidity: float | None
    wall: float | None
    index: float | None
    measured: bool
    at: datetime | None


def pressure_of(session: Session, person_id: int, zone: str, now: datetime) -> Pressure:
    """The home blood pressure of somebody as it stands at `now`."""
    subject = subjects.person(person_id)
    since = now - timedelta(seconds=home_pressure.SPAN)
    tracks = _tracks(
        session, subject, (home_pressure.SYSTOLIC, home_pressure.DIASTOLIC, IRREGULAR), since, now
    )
    irregular = tracks[IRREGULAR].firm if IRREGULAR in tracks else None
    noticed = [at for at, value in zip(*irregular, strict=True) if value >= ON] if irregular else []
    return Pressure(home_pressure.at(tracks, now, zone), moment_of(noticed[-1]) if noticed else None)


def rooms_of(session: Session, home_id: int, since: datetime | None, now: datetime) -> tuple[RoomShown, ...]:
    """The rooms in which humidity is measured, dampest walls first, from `since` on."""
    subject = subjects.home(home_id)
    began = max(now - LOOKED_AT, since) if since else now - LOOKED_AT
    tracks = _tracks(session, subject, damp.INPUTS, began, now)
    if damp.HUMIDITY not in tracks:
        return ()
    walls = damp.over_time(tracks)
    rooms = [_room(tracks, walls, name, now) for name in damp.rooms(tracks)]
    return tuple(sorted(rooms, key=lambda room: (-(room.wall or 0), room.name)))


def _room(tracks: dict[str, Track], walls: Track | None, name: str, now: datetime) -> RoomShown:
    inside = {kind: _newest(tracks, kind, name, now) for kind in (damp.TEMPERATURE, damp.HUMIDITY)}
    hours = damp.by_hour(tracks, name)
    times = tracks[damp.HUMIDITY].of_source(name).firm.times
    return RoomShown(
        name=name,
        temperature=inside[damp.TEMPERATURE],
        humidity=inside[damp.HUMIDITY],
        wall=_mean_since(walls.of_source(name), now - LATELY) if walls else None,
        index=damp.mould_index(hours) if hours else None,
        measured=damp.SURFACE in tracks and bool(tracks[damp.SURFACE].of_source(name).firm.times),
        at=moment_of(times[-1]) if times else None,
    )


def _newest(tracks: dict[str, Track], kind: str, room: str, now: datetime) -> float | None:
    if kind not in tracks:
        return None
    times, values = tracks[kind].of_source(room).firm
    return values[-1] if times and times[-1] >= (now - SOON).timestamp() else None


def _mean_since(walls: Track, since: datetime) -> float | None:
    values = [value for at, value in zip(*walls.firm, strict=True) if at >= since.timestamp()]
    return sum(values) / len(values) if values else None


def _tracks(
    session: Session, subject: Subject, codes: tuple[str, ...], since: datetime, now: datetime
) -> dict[str, Track]:
    columns = readings.tracks(session, [Want(subject, kind, since) for kind in codes], now)
    return {
        kind: Track(kind, one.times, one.values, one.flags, one.sources if subject.about == "home" else ())
        for (_, kind), one in columns.items()
    }
