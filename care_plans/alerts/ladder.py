"""Ladders: who is contacted after whom, what makes one unfit to publish, and which step is due when; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from care_plans.documents import Part, duration_text
from care_plans.judging import hours_terms
from care_plans.judging.hours import Hours
from care_plans.judging.hours_terms import read_hours
from care_plans.severity import Class, Severity
from core.zones import UK

ENDS_STAFFED = (Class.LIFE_SAFETY, Class.CLINICAL)
"""Classes whose last step is somebody who is there round the clock (H9)."""


MOST_TIMES = 20


class Way(StrEnum):
    """How a step reaches its recipient."""

    BOARD = "board"
    MESSAGE = "message"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step: a team, a member of staff or a contact of the person is reached in one way.

    `wait` is how many seconds the step has before the next one begins; the last step repeats after it.
    A receiving centre's team may be left open where the contract, not Hearthline, knows who answers. A step
    may be for some hours alone (`between`, on the ladder's clock), or for what comes back: asked once the
    alert has been raised `from_times` times while it is open. At other times it is passed over.
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
    between: Hours | None = None
    from_times: int = 1

    @property
    def is_for_all(self) -> bool:
        """Whether it is asked at any time, and of whatever is raised once."""
        return self.between is None and self.from_times <= 1


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is contacted for an alert, in which order; `zone` is whose clock the hours of its steps go by."""

    key: str
    name: str
    steps: tuple[LadderStep, ...]
    zone: str = UK


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
    times: int = 1,
) -> Due | Stopped:
    """Which step comes next and when, for a ladder that has stood at `position` since `since` (0: not begun).

    Only a recorded contact stops a red ladder; acknowledging stops the others while it lasts (H7). Somebody
    who is going holds it until their time is up, and not a moment longer (H8): once `going_until` has passed
    without a contact the next step begins at once. One from before this step has had its effect already.
    `times` is how often it has been raised: see `asked_from`.
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
    return Due(asked_from(ladder, position + 1, max(at, now), times), at, repeats=position >= last)


def asked_from(ladder: Ladder, position: int, at: datetime, times: int = 1) -> int:
    """The position of the first step from there on that is asked at that time; the last always is."""
    there = at.astimezone(ZoneInfo(ladder.zone))
    for step in ladder.steps[:-1]:
        in_hours = step.between is None or step.between.holds(there)
        if step.position >= position and in_hours and times >= step.from_times:
            return step.position
    return ladder.steps[-1].position


def faults(ladder: Ladder, class_: Class) -> list[str]:
    """Why this ladder can't be published for alerts of that class (H8, H9); empty where it can."""
    if not ladder.steps:
        return ["The ladder has no step: nobody would be contacted."]
    found = [fault for step in ladder.steps for fault in _step_faults(step)]
    if [step.position for step in ladder.steps] != list(range(1, len(ladder.steps) + 1)):
        found.append("The steps must be numbered from 1 on, without a gap.")
    last = ladder.steps[-1]
    if not last.is_for_all:
        found.append("The last step must be asked at any time, and at the first time: it is there for all.")
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
        step.is_for_all and (step.receiving_centre or (step.way is Way.CALL and step.contact is None))
        for step in ladder.steps
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
        zone=_zone(part),
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
        between=read_hours(part.part("between")) if part.has("between") else None,
        from_times=part.whole("from_times", 1, MOST_TIMES, default=1),
    )
    part.no_more()
    return step


def _zone(part: Part) -> str:
    if not part.has("zone"):
        return UK
    zone = part.text("zone")
    if zone not in available_timezones():
        part.fault("zone", 'Give a time zone such as "Europe/London".')
        return UK
    return zone


def _id(part: Part, field: str) -> int | None:
    return part.whole(field, 1, 2**63 - 1) if part.has(field) else None


def to_document(ladder: Ladder) -> dict[str, Any]:
    """The ladder as a document that `from_document` reads back exactly."""
    zone = {"zone": ladder.zone} if ladder.zone != UK else {}
    return {"key": ladder.key, "name": ladder.name, "steps": [_written(step) for step in ladder.steps]} | zone


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
        **({"between": hours_terms.to_document(step.between)} if step.between else {}),
        **({"from_times": step.from_times} if step.from_times > 1 else {}),
    }


def when_words(step: LadderStep) -> str:
    """When a step is asked, where that is not always: "only from 22:00 to 06:00"."""
    found = [f"only {hours_terms.hours_words(step.between)}"] if step.between else []
    if step.from_times > 1:
        nth = {2: "2nd", 3: "3rd"}.get(step.from_times, f"{step.from_times}th")
        found.append(f"only from the {nth} time on")
    return ", ".join(found)
