"""How often alerts were right, by what they were closed as: of a rule, a model of kit or a person; pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from care_plans.models.alerts import Cause
from outcomes.alerts_raised import AlertRaised

TRUE = (Cause.TRUE_ACTED, Cause.TRUE_NO_ACTION)
FALSE = (Cause.FALSE_KIT, Cause.FALSE_THRESHOLD, Cause.FALSE_USER)
BY_ITSELF = "by_itself"
"""What cleared and was closed without anybody: nobody said whether it was right."""
Z = 1.959964
"""Standard deviations either side of the middle that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, from 0 to 1, with the 95 % interval it can be told to lie in."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Alerts of one rule, model or subject, by what was found when they were closed.

    `found` counts by cause, with `open` and `by_itself` beside the causes. `subjects` is how many people and
    homes they were about.
    """

    key: str
    name: str
    raised: int
    subjects: int
    found: Mapping[str, int]

    @property
    def right(self) -> int:
        """How many were found to be true."""
        return sum(self.found.get(cause, 0) for cause in TRUE)

    @property
    def wrong(self) -> int:
        """How many were found to be false, whatever the reason."""
        return sum(self.found.get(cause, 0) for cause in FALSE)

    @property
    def precision(self) -> Share | None:
        """The share that was true of those that somebody judged; None where nobody did.

        Duplicates, tests, what is still open and what cleared by itself say nothing of it.
        """
        judged = self.right + self.wrong
        return share(self.right, judged) if judged else None


def share(part: int, whole: int) -> Share:
    """A share with its Wilson score interval (Wilson 1927), sensible for few and for all or none too."""
    value = part / whole
    spread = Z * Z / whole
    middle = (value + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(value * (1 - value) / whole + spread / (4 * whole))
    return Share(value, max(0.0, middle - half), min(1.0, middle + half))


def tally(alerts: Iterable[AlertRaised], of: Callable[[AlertRaised], tuple[str, str] | None]) -> list[Tally]:
    """The alerts counted by what `of` says each is (key and name; None leaves it out), most wrong first."""
    names: dict[str, str] = {}
    found: dict[str, Counter[str]] = {}
    subjects: dict[str, set[tuple[int | None, int | None]]] = {}
    for alert in alerts:
        told = of(alert)
        if told is None:
            continue
        key, name = told
        names[key] = name  # the newest name stands: alerts come oldest first
        found.setdefault(key, Counter())[BY_ITSELF if alert.by_itself else alert.cause] += 1
        subjects.setdefault(key, set()).add((alert.person_id, alert.home_id))
    tallies = [Tally(key, names[key], each.total(), len(subjects[key]), each) for key, each in found.items()]
    return sorted(tallies, key=lambda one: (-one.wrong, -one.raised, one.name))


def rule_of(alert: AlertRaised) -> tuple[str, str]:
    """The rule that raised it; of kit the sort of fault, whichever piece it is."""
    parts = alert.rule_key.split(".")
    of_kit = parts[0] in ("kit", "protection", "heard")
    return ".".join(parts[:2]) if of_kit else alert.rule_key, alert.name


def model_of(alert: AlertRaised) -> tuple[str, str] | None:
    """The model of the kit it is about; None where it is about none."""
    return (alert.model, alert.model) if alert.model else None
