"""The five measures in words: what counts, what is left out and why, and which way is better; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from care_plans.severity import Severity
from outcomes.spc import Direction

FEW = 5
"""A figure about fewer people than this is not shown to somebody who may not see these people."""

MONTH = timedelta(days=30.4375)
"""A month of the person-months: a twelfth of 365.25 days."""

TARGETS: Mapping[Severity, timedelta] = MappingProxyType(
    {Severity.RED: timedelta(minutes=60), Severity.AMBER: timedelta(hours=4)}
)
"""Within how long somebody should have been in contact; defaults, to be agreed by the place that uses them.

Red: the 60 minutes within which telecare responders are on site in every call (MASCOT performance standard;
Camden Careline response KPIs: 90 % within 45 minutes, the rest within 60). Amber: ours, without a published
standard.
"""


class Measure(StrEnum):
    """The five measures, by the name they have in addresses."""

    TIME_TO_CONTACT = "time-to-contact"
    ESCALATIONS = "escalations"
    READINGS = "readings-as-expected"
    ALERTS = "alerts-per-person-month"
    GOALS = "goals-progressing"


class Beside(StrEnum):
    """A second number beside a figure, made of the same rows; its value is what it is called."""

    MEDIAN = "median minutes to contact"
    STEPS = "steps past the first per 100 alerts"


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure in words, and how it is reckoned.

    value = `factor` × numerator ÷ denominator, where the denominator is what its rows add up to ÷ `scale`.
    `without` says what it means when a row has no answer; those rows stay in the denominator.
    """

    measure: Measure
    name: str
    numerator: str
    denominator: str
    counts: str
    left_out: str
    unit: str
    improvement: Direction
    better: str
    beside: Beside | None = None
    without: str | None = None
    factor: int = 100
    scale: int = 1


AGENCY = (
    "Each row belongs to one agency. The response to an alert (contact, escalation) is that of the team "
    "that owns it, or owned it when it was closed. Where no team does, and for everything about people "
    "themselves (readings, alerts per person-month, goals), it is the agency of the team that led the "
    "person's care at that time; for a home, that of whoever had lived there longest."
)
"""Which agency a row belongs to."""

_TIME_TO_CONTACT = Definition(
    Measure.TIME_TO_CONTACT,
    name="Time to contact",
    numerator="Those with a contact within the target: red 60 minutes, amber 4 hours.",
    denominator="Alerts raised in the week that were ever red or amber.",
    counts=(
        "From when the alert was raised to the first contact on record: spoke to, saw, or with them now. "
        "One that got worse, or came back, asks for contact anew, with the target of what it was then: it "
        "is in time only if it was every time, so that the figure never flatters. One that got no contact, "
        "closed or open, counts as not in time. The median is of the longest wait of each, one without a "
        "contact being longer than any other."
    ),
    left_out=(
        "Alerts that still wait for a contact whose target has not run out yet: it is not known whether it "
        "will be met. Watch alerts: they ask for no contact, nor does what comes back, no worse, while it is "
        "shelved. To acknowledge, to write a note or to call emergency services is no contact."
    ),
    unit="%",
    improvement=Direction.INCREASE,
    better="Higher is better.",
    beside=Beside.MEDIAN,
    without="without a contact",
)

_ESCALATIONS = Definition(
    Measure.ESCALATIONS,
    name="Escalations",
    numerator="Those whose ladder went past its first step.",
    denominator="Alerts raised in the week.",
    counts=(
        "Every alert, of every class and severity; one that is still open counts with what has happened so "
        "far. Beside it: how many steps past the first were begun, to a hundred alerts."
    ),
    left_out="A last step that begins once more: nobody new is asked.",
    unit="%",
    improvement=Direction.DECREASE,
    better="Lower is better.",
    beside=Beside.STEPS,
)

_READINGS = Definition(
    Measure.READINGS,
    name="Readings as expected",
    numerator="Those that were heard in time.",
    denominator="Readings that the plans in force expected in the week.",
    counts=(
        "Expected by the clock (oxygen by 10:00): heard if one was measured up to 24 hours before, and no "
        "later than the plan's grace after. A reading that came within the grace of one occasion is not "
        "counted again for the next. Expected at intervals (a room every 2 hours): each time an interval is "
        "over, heard if one was measured within the interval and its grace. The time of measuring counts, "
        "also where kit sent it later from its memory."
    ),
    left_out=(
        "What is not decided yet, while the grace runs. Readings that can't be judged: tests, replays, "
        "entered in error, beyond what is possible. A home's readings while no home is on record."
    ),
    unit="%",
    improvement=Direction.INCREASE,
    better="Higher is better.",
)

_ALERTS = Definition(
    Measure.ALERTS,
    name="Alerts per person-month",
    numerator="Alerts raised in the week about people under a published plan, or about their homes.",
    denominator="Person-months under a published plan: exact days ÷ 30.4375.",
    counts=(
        "Every alert once, however often it came back while it was open. By cause: as it was closed, one "
        "that is open has none yet. By pathway: the alerts of its rules, over the time of the people whose "
        "plan follows it. Where somebody died, the plan counts to the end of that day."
    ),
    left_out="Alerts about people and homes without a published plan: there is no time to hold them against.",
    unit="per person-month",
    improvement=Direction.NEUTRAL,
    better="Neither more nor fewer is better by itself: fewer may be calmer, or blinder.",
    factor=1,
    scale=MONTH // timedelta(microseconds=1),
)

_GOALS = Definition(
    Measure.GOALS,
    name="Goals progressing",
    numerator="Those that last stood at progressing or achieved.",
    denominator="Goals with a measure, in the plans in force at the end of the week.",
    counts=(
        "The latest progress on record in the week. A goal without any in the week is not known: it stays "
        "in the denominator, and how many they are is said beside the figure."
    ),
    left_out="Goals without a measure: nothing that is counted could show how they stand.",
    unit="%",
    improvement=Direction.INCREASE,
    better="Higher is better.",
    without="not known",
)

DEFINITIONS: Mapping[Measure, Definition] = MappingProxyType(
    {one.measure: one for one in (_TIME_TO_CONTACT, _ESCALATIONS, _READINGS, _ALERTS, _GOALS)}
)
