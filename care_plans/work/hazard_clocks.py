"""By when a social landlord has to act on a hazard in a home (Awaab's Law, England); pure.

Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025, SI 2025/1042. A working day
is neither a Saturday, a Sunday nor a bank holiday in England; the day on which a clock starts is day 0, and
a clock in days ends with its last day. Whether a home is covered at all goes by its tenure, which the
landlord judges (`care_plans.referrals.landlords`).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from care_plans.work.recurrence import moment, working_days_after
from core.zones import UK

_LAST_MOMENT = time(23, 59, 59)
_A_DAY = timedelta(hours=24)
_INVESTIGATE = 10
_SUMMARY = 3
_MAKE_SAFE = 5
_BEGIN_AT_THE_LATEST = timedelta(weeks=12)


class Duty(StrEnum):
    """What the landlord has to do."""

    INVESTIGATE = "investigate"
    MAKE_SAFE = "make_safe"
    MAKE_SAFE_FROM_FINDING = "make_safe_from_finding"
    """An emergency by the wording of regulation 5: from when the investigation named the work."""
    SUMMARY = "summary"
    BEGIN_WORKS = "begin_works"
    BEGIN_WORKS_AT_LATEST = "begin_works_at_latest"


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty, by when, and the regulation that says so."""

    duty: Duty
    by: datetime
    regulation: str


class Hazard(StrEnum):
    """The hazards that the regulations name, as far as their phases differ."""

    DAMP_AND_MOULD = "damp_and_mould"
    COLD = "excess_cold"
    HEAT = "excess_heat"
    FALLS = "falls"
    COLLAPSE_AND_EXPLOSION = "structural_collapse_and_explosions"
    FIRE = "fire"
    ELECTRICAL = "electrical"
    HYGIENE_AND_FOOD = "hygiene_and_food_safety"
    OTHER = "other"
    CROWDING = "crowding_and_space"


@dataclass(frozen=True, slots=True)
class Phase:
    """From which day a significant hazard of these sorts is covered; None where no day has been set yet."""

    in_force: date | None
    hazards: frozenset[Hazard]


IN_FORCE = date(2025, 10, 27)
"""From this day: every emergency hazard but overcrowding, and significant damp and mould."""
PHASES = (
    Phase(IN_FORCE, frozenset({Hazard.DAMP_AND_MOULD})),
    Phase(
        None,  # announced for 2026
        frozenset(
            {
                Hazard.COLD,
                Hazard.HEAT,
                Hazard.FALLS,
                Hazard.COLLAPSE_AND_EXPLOSION,
                Hazard.FIRE,
                Hazard.ELECTRICAL,
                Hazard.HYGIENE_AND_FOOD,
            }
        ),
    ),
    Phase(None, frozenset({Hazard.OTHER})),  # announced for 2027
)


def covered(hazard: Hazard, aware_on: date, *, emergency: bool) -> bool:
    """Whether the clocks run for a hazard of which the landlord became aware on this day."""
    if hazard is Hazard.CROWDING:
        return False
    if emergency:
        return aware_on >= IN_FORCE
    begun = (phase.in_force for phase in PHASES if hazard in phase.hazards)
    return any(day is not None and aware_on >= day for day in begun)


def of_an_emergency(aware_at: datetime, found_at: datetime | None = None) -> tuple[Clock, ...]:
    """The clocks of an emergency hazard, in elapsed hours; `found_at` is when the work was identified.

    Regulation 5 gives 24 hours to investigate and 24 hours from then to make safe; landlords' public
    summaries give 24 hours for both. Both readings are kept, and the stricter one comes first.
    """
    clocks = [
        Clock(Duty.INVESTIGATE, _a_day_after(aware_at), "5"),
        Clock(Duty.MAKE_SAFE, _a_day_after(aware_at), "5"),
    ]
    if found_at is not None:
        clocks.append(Clock(Duty.MAKE_SAFE_FROM_FINDING, _a_day_after(found_at), "5"))
    return tuple(clocks)


def of_a_significant_one(
    aware_at: datetime, concluded_at: datetime | None = None, zone: str = UK
) -> tuple[Clock, ...]:
    """The clocks of a significant hazard: to investigate, and once that is concluded what follows from it.

    10 working days to investigate (regulation 6); of the investigation being concluded 3 to send a written
    summary (regulation 9) and 5 to make safe and to begin further works, which where that can't be done
    begin within 12 weeks at the latest (regulation 11).
    """
    clocks = [Clock(Duty.INVESTIGATE, _end_of(_working_days(aware_at, _INVESTIGATE, zone), zone), "6")]
    if concluded_at is not None:
        safe_on = _working_days(concluded_at, _MAKE_SAFE, zone)
        latest = _local_day(concluded_at, zone) + _BEGIN_AT_THE_LATEST
        clocks += [
            Clock(Duty.SUMMARY, _end_of(_working_days(concluded_at, _SUMMARY, zone), zone), "9"),
            Clock(Duty.MAKE_SAFE, _end_of(safe_on, zone), "11(2)(a)"),
            Clock(Duty.BEGIN_WORKS, _end_of(safe_on, zone), "11"),
            Clock(Duty.BEGIN_WORKS_AT_LATEST, _end_of(latest, zone), "11"),
        ]
    return tuple(clocks)


def _a_day_after(at: datetime) -> datetime:
    """24 hours that pass, whatever the clocks on the wall do meanwhile."""
    return at.astimezone(UTC) + _A_DAY


def _local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _working_days(start: datetime, count: int, zone: str) -> date:
    return working_days_after(_local_day(start, zone), count)


def _end_of(day: date, zone: str) -> datetime:
    return moment(day, _LAST_MOMENT, zone)
