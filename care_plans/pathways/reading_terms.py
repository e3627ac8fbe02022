"""Reads on what terms a pathway runs: since when, its clocks, its staffing, and what it advises."""

from datetime import date

from care_plans.documents import Part
from care_plans.pathways.roles import Role, Sector, Team
from care_plans.pathways.terms import Advice, Clock, InForce, Staffing

MOST_HOURS = 168
"""Hours of a week: nobody takes more of one team."""


def read_team(part: Part) -> Team:
    """The team that a part belongs to."""
    return Team(part.choice("sector", Sector), part.choice("role", Role))


def read_in_force(part: Part) -> InForce:
    """From when to when a version may be laid into plans."""
    found = InForce(_day(part, "from"), _day(part, "until"))
    if found.since is not None and found.until is not None and found.until < found.since:
        part.fault("until", "Give a day that is not before the first.")
    part.no_more()
    return found


def _day(part: Part, field: str) -> date | None:
    found = part.raw(field)
    if found is None:
        return None
    if type(found) is not date:
        part.fault(field, "Give a day such as 2026-11-01, without quotation marks.")
        return None
    return found


def read_clock(part: Part) -> Clock:
    """A named deadline: so much time, or so many working days."""
    clock = Clock(
        key=part.key("key"),
        name=part.text("name"),
        starts=part.text("starts"),
        within=part.maybe_duration("within"),
        working_days=part.whole("working_days", 1, 260) if part.has("working_days") else None,
        team=read_team(part),
        source=part.text("source"),
    )
    if (clock.within is None) == (clock.working_days is None):
        part.fault(None, "Say within what time (within), or within how many working_days: one of them.")
    part.no_more()
    return clock


def read_staffing(part: Part) -> Staffing:
    """How many hours a week somebody on the pathway takes of a team."""
    staffing = Staffing(read_team(part), part.number("hours"), part.key("price"), part.text("what"))
    if not 0 < staffing.hours <= MOST_HOURS:
        part.fault("hours", f"Give hours in a week, above 0 and up to {MOST_HOURS}.")
    part.no_more()
    return staffing


def read_advice(part: Part) -> Advice:
    """A stance on a topic."""
    advice = Advice(part.key("topic"), part.key("stance"), part.text("words"))
    part.no_more()
    return advice
