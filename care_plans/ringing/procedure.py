"""What is done when somebody does not answer: the steps as agreed, written down and read; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from care_plans.reached import Enough
from core.documents import Part

MOST_ATTEMPTS, MOST_APART, MOST_WITHIN, MOST_WAIT = 10, 240, 1440, 240
"""The most that can be set: attempts, and minutes."""


class Act(StrEnum):
    """What is done, in the order in which it is done unless the terms say otherwise."""

    KEY_HOLDER = "key_holder"
    ASK_OTHERS = "ask_others"
    VISIT = "visit"
    WELFARE_CHECK = "welfare_check"


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One step: whose it is, how many minutes it has, what to know; a team left out is found by role."""

    act: Act
    minutes: int
    team: int | None = None
    words: str = ""


USUAL = (
    ProcedureStep(Act.KEY_HOLDER, 15),
    ProcedureStep(Act.ASK_OTHERS, 15),
    ProcedureStep(Act.VISIT, 45),
    ProcedureStep(Act.WELFARE_CHECK, 30),
)
"""Defaults to be confirmed. Telecare responders are on site within 45 minutes of being asked (TSA)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """When somebody counts as not answering, and what is done then."""

    enough: Enough = field(default_factory=Enough)
    steps: tuple[ProcedureStep, ...] = USUAL


DEFAULT = Terms()


def from_document(document: Mapping[str, Any]) -> Terms:
    """The terms that a document says; raises Invalid with each fault at its dotted field."""
    part = Part(document)
    attempts = part.whole("attempts", 1, MOST_ATTEMPTS)
    apart = part.whole("apart_minutes", 1, MOST_APART)
    within = part.whole("within_minutes", 1, MOST_WITHIN)
    if not part.faults and within < apart * (attempts - 1):
        part.fault("within_minutes", f"{attempts} calls, {apart} minutes apart, take longer than that.")
    steps = tuple(_read(each) for each in part.parts("steps"))
    part.no_more()
    if steps and not part.faults:
        _refuse_steps(part, steps)
    part.refuse_faults("This no-reply procedure is not right.")
    return Terms(Enough(attempts, timedelta(minutes=apart), timedelta(minutes=within)), steps)


def _read(part: Part) -> ProcedureStep:
    step = ProcedureStep(
        act=part.choice("act", Act),
        minutes=part.whole("minutes", 1, MOST_WAIT),
        team=part.whole("team", 1, 2**63 - 1) if part.has("team") else None,
        words=part.maybe_text("words") or "",
    )
    part.no_more()
    return step


def _refuse_steps(part: Part, steps: Sequence[ProcedureStep]) -> None:
    acts = [step.act for step in steps]
    if len(set(acts)) < len(acts):
        part.fault("steps", "Each step can stand there once.")
    if Act.VISIT not in acts:
        part.fault("steps", "Somebody must go and see: keep the visit.")
    if acts[-1] is not Act.WELFARE_CHECK:
        part.fault("steps", "The last step is the decision about a welfare check: keep it, at the end.")


def to_document(terms: Terms) -> dict[str, Any]:
    """The terms as a document that `from_document` reads back exactly."""
    return {
        "attempts": terms.enough.attempts,
        "apart_minutes": int(terms.enough.apart.total_seconds() // 60),
        "within_minutes": int(terms.enough.within.total_seconds() // 60),
        "steps": [
            {
                "act": step.act.value,
                "minutes": step.minutes,
                **({"team": step.team} if step.team is not None else {}),
                **({"words": step.words} if step.words else {}),
            }
            for step in terms.steps
        ],
    }
