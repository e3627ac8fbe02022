"""On what terms a pathway runs: since when, by which clocks, with how many hours of whom; its advice."""

from dataclasses import dataclass
from datetime import date

from care_plans.pathways.roles import Team


@dataclass(frozen=True, slots=True)
class InForce:
    """From which day, and to which (inside), this version may be laid into plans; None is without end."""

    since: date | None = None
    until: date | None = None

    def why_not(self, today: date) -> str | None:
        """Why it can't be laid into a plan today, as the end of a sentence; None where it can."""
        if self.since is not None and today < self.since:
            return f"comes into force on {said(self.since)}"
        if self.until is not None and today > self.until:
            return f"was in force until {said(self.until)}"
        return None


@dataclass(frozen=True, slots=True)
class Clock:
    """A named deadline of the service: what begins it, and by when what must have happened, by whom.

    One of `within` (seconds, every hour counts) and `working_days` is given.
    """

    key: str
    name: str
    starts: str
    within: int | None
    working_days: int | None
    team: Team
    source: str


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many hours a week one person takes of a team, what for, and which price an hour has."""

    team: Team
    hours: float
    price: str
    what: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What the pathway tells the person on a topic; another pathway may take the other stance."""

    topic: str
    stance: str
    words: str


def said(day: date) -> str:
    """A date as a sentence has it: "1 November 2026"."""
    return f"{day.day} {day:%B %Y}"
