"""What sectors, roles and ways are called on pages, and spans of a pathway in words."""

from collections.abc import Mapping

from app.web.words import counted, length
from care_plans.alerts.ladder import Way
from care_plans.pathways.roles import Role, Sector, Team
from care_plans.pathways.shape import Counts, FollowUpKind, Measure, Sense
from care_plans.pathways.terms import Clock
from care_plans.plan.phrases import BANK_HOLIDAYS
from care_plans.work.recurrence import Recurrence
from devices import kinds
from people.access import RecordClass

SECTORS: Mapping[Sector, str] = {
    Sector.HEALTH: "Health",
    Sector.SOCIAL_CARE: "Social care",
    Sector.HOUSING: "Housing",
    Sector.THIRD_SECTOR: "Third sector",
    Sector.PRIVATE: "Private",
}
ROLES: Mapping[Role, str] = {
    Role.COORDINATOR: "coordinators",
    Role.COMMUNITY_NURSING: "community nurses",
    Role.SOCIAL_WORK: "social work",
    Role.HOUSING_OFFICER: "housing officers",
    Role.REPAIRS: "repairs",
    Role.VOLUNTEERS: "volunteers",
    Role.RESPONDERS: "responders",
    Role.RECEIVING_CENTRE: "receiving centre",
    Role.GENERAL_PRACTICE: "GP practice",
    Role.HOSPITAL: "hospital",
    Role.VIRTUAL_WARD: "virtual ward",
    Role.THERAPY: "therapists",
    Role.REABLEMENT: "reablement",
    Role.MEMORY_SERVICE: "memory service",
    Role.PALLIATIVE_CARE: "palliative line",
    Role.PHARMACY: "pharmacists",
    Role.CARER_SUPPORT: "carer support",
    Role.ADVICE: "advice",
    Role.SAFEGUARDING: "safeguarding",
    Role.PRIVACY: "privacy officers",
    Role.FAMILY: "family, friends or neighbours",
}
WAYS: Mapping[Way, str] = {Way.BOARD: "on the board", Way.MESSAGE: "message", Way.CALL: "call"}
KINDS: Mapping[FollowUpKind, str] = {
    FollowUpKind.CALL: "Call",
    FollowUpKind.VISIT: "Visit",
    FollowUpKind.REVIEW: "Review",
    FollowUpKind.CHECK: "Check",
    FollowUpKind.REPAIR: "Repair",
}
GIVES_AWAY: Mapping[RecordClass, str] = {
    RecordClass.MENTAL_HEALTH: "Its name says something about mental health: only agencies that see that "
    "class of record are shown who is on it.",
}


def team(meant: Team) -> str:
    """For example "Health: community nurses"; the family belongs to no sector."""
    if meant.role is Role.FAMILY:
        return "Family, friends or neighbours"
    return f"{SECTORS[meant.sector]}: {ROLES[meant.role]}"


def within(clock: Clock) -> str:
    """By when, for example "2 h" or "10 working days"."""
    if clock.working_days is not None:
        return counted(clock.working_days, "working day")
    return length(clock.within or 0)


def measure(measured: Measure) -> str:
    """How readings show a goal, for example "Oxygen at least 88 % on 25 of 30 days"."""
    kind = kinds.get(measured.kind)
    days = f"{measured.enough} of {measured.days} days"
    if measured.counts is Counts.DAYS_WITHOUT_EVENT:
        return f"{days} without: {kind.name[:1].lower()}{kind.name[1:]}"
    least = "at least" if measured.sense is Sense.AT_LEAST else "at most"
    return f"{kind.name} {least} {kinds.say(kind, measured.target)} on {days}"


def every(recurrence: Recurrence, days: str) -> str:
    """How often a follow-up comes; `days` is on which days, in words."""
    times = " and ".join(f"{time:%H:%M}" for time in recurrence.times)
    return f"{days} at {times}{BANK_HOLIDAYS[recurrence.bank_holidays]}"


def pounds(amount: float) -> str:
    """An amount as a page writes it: "£1,427", and pence where it is less than ten pounds."""
    return f"£{amount:,.0f}" if amount >= 10 else f"£{amount:.2f}"
