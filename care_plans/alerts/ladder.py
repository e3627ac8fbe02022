"""Ladders: who is contacted after whom, what makes one unfit to publish, and which step is due when; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from care_plans.documents import Part, duration_text
from care_plans.severity import Class, Severity

ENDS_STAFFED = (Class.LIFE_SAFETY, Class.CLINICAL)
"""Classes whose last step is somebody who is there round the clock (H9)."""


class Way(StrEnum):
    """How a step reaches its recipient."""

    BOARD = "board"
    MESSAGE = "message"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step: a team, a member of staff or a contact of the person is reached in one way.

    `wait` is how many seconds the step has before the next one begins; the last step repeats after it.
    A receiving centre's team may be left open where the contract, not Hearthline, knows who answers.
    """

    position: int
    words: str
    way: Way
    wait: int
    team: int | None = None
    staff: int | None = None
    contact: int | None = None
    staffed_all_hours: bool = False
    receiving_centre: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is contacted for an alert, in which order."""

    key: str
    name: str
    steps: tuple[LadderStep, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A step begins at that time; `repeats` where it is the last step once more."""

    position: int
    at: datetime
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """No further step is due, and why."""

    words: str


def next_step(
    ladder: Ladder,
    position: int,
    since: datetime,
    now: datetime,
    *,
    contact_made: bool,
    acknowledged: bool,
    severity: Severity,
    going_until: datetime | None = None,
) -> Due | Stopped:
    """Which step comes next and when, for a ladder that has stood at `position` since `since` (0: not begun).

    Only a recorded contact stops a red ladder; acknowledging stops the others while it lasts (H7). Somebody
    who is going holds it until their time is up, and not a moment longer (H8): once `going_until` has passed
    without a contact the next step begins at once. One from before this step has had its effect already.
    """
    if contact_made:
        return Stopped("Contact has been made.")
    if acknowledged and severity is not Severity.RED:
        return Stopped("Somebody has acknowledged it.")
    last = ladder.steps[-1].position
    at = since
    if position > 0:
        current = next(step for step in ladder.steps if step.position == position)
        at = since + timedelta(seconds=current.wait)
        if going_until is not None and going_until > since:
            # While somebody is on the way nobody else is sent; once overdue, the wait has been used up.
            at = going_until if going_until > now else min(max(at, going_until), now)
    return Due(min(position + 1, last), at, repeats=position >= last)


def faults(ladder: Ladder, class_: Class) -> list[str]:
    """Why this ladder can't be published for alerts of that class (H8, H9); empty where it can."""
    if not ladder.steps:
        return ["The ladder has no step: nobody would be contacted."]
    found = [fault for step in ladder.steps for fault in _step_faults(step)]
    if [step.position for step in ladder.steps] != list(range(1, len(ladder.steps) + 1)):
        found.append("The steps must be numbered from 1 on, without a gap.")
    last = ladder.steps[-1]
    if last.contact is not None:
        found.append("The last step can't be family or neighbours: end with a team that is always staffed.")
    elif class_ in ENDS_STAFFED:
        if not _always_staffed(last):
            found.append("The last step must be staffed round the clock, or be a receiving centre.")
        if last.way is Way.BOARD:
            found.append("The last step must call or message: the board wakes nobody.")
    if all(step.team is None and step.staff is None for step in ladder.steps):
        found.append("No step asks a team or a member of staff: nobody would be told.")
    voiced = any(
        step.receiving_centre or (step.way is Way.CALL and step.contact is None) for step in ladder.steps
    )
    if class_ is Class.LIFE_SAFETY and not voiced:
        found.append("A life-safety ladder needs a voice call to a team or to staff, or a receiving centre.")
    return found


def _step_faults(step: LadderStep) -> list[str]:
    recipients = [one for one in (step.team, step.staff, step.contact) if one is not None]
    found = []
    if len(recipients) > 1 or (not recipients and not step.receiving_centre):
        found.append(f"Step {step.position} must name one team, one member of staff or one contact.")
    if step.contact is not None and step.way is Way.BOARD:
        found.append(
            f"Step {step.position} is for family or neighbours, who don't see the board: message or call."
        )
    if step.wait <= 0:
        found.append(f"Step {step.position} needs a time after which the next one begins.")
    return found


def _always_staffed(step: LadderStep) -> bool:
    return step.receiving_centre or (step.team is not None and step.staffed_all_hours)


def from_document(document: Mapping[str, Any]) -> Ladder:
    """The ladder a document says; raises Invalid with each fault at its dotted field."""
    part = Part(document)
    ladder = Ladder(
        key=part.key("key"),
        name=part.text("name"),
        steps=tuple(_read_step(step) for step in part.parts("steps")),
    )
    part.no_more()
    part.refuse_faults("This ladder is not right.")
    return ladder


def _read_step(part: Part) -> LadderStep:
    step = LadderStep(
        position=part.whole("position", 1, 100),
        words=part.text("words"),
        way=part.choice("way", Way),
        wait=part.duration("wait"),
        team=_id(part, "team"),
        staff=_id(part, "staff"),
        contact=_id(part, "contact"),
        staffed_all_hours=part.yes("staffed_all_hours"),
        receiving_centre=part.yes("receiving_centre"),
    )
    part.no_more()
    return step


def _id(part: Part, field: str) -> int | None:
    return part.whole(field, 1, 2**63 - 1) if part.has(field) else None


def to_document(ladder: Ladder) -> dict[str, Any]:
    """The ladder as a document that `from_document` reads back exactly."""
    return {"key": ladder.key, "name": ladder.name, "steps": [_written(step) for step in ladder.steps]}


def _written(step: LadderStep) -> dict[str, Any]:
    recipient = {"team": step.team, "staff": step.staff, "contact": step.contact}
    return {
        "position": step.position,
        "words": step.words,
        "way": step.way.value,
        "wait": duration_text(step.wait),
        **{name: one for name, one in recipient.items() if one is not None},
        "staffed_all_hours": step.staffed_all_hours,
        "receiving_centre": step.receiving_centre,
    }
