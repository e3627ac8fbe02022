"""A call that a unit made to somebody else: what its copy says, and who asks what came of it (H9); pure.

Nobody may take the copy for an answer. Where the receiving centre is on record somebody of ours asks it
first, quietly and not for long; unless contact is recorded, everything goes on as if nobody had been called.
Where no centre is on record there is nobody to ask, and the copy calls in full.
"""

from dataclasses import replace

from care_plans.alerts.ladder import Ladder, LadderStep, Way
from care_plans.severity import Class

ASKED_FOR = 180
"""Seconds to find out what came of it: receiving centres answer 99 calls of 100 within so many (TSA's key
performance indicators)."""
UNKNOWN = "an alarm receiving centre"


def told(centre: str | None) -> str:
    """What stands on the alert, and in what is sent of it."""
    if centre is None:
        return (
            "A copy: an alarm receiving centre was called by the unit. Which one is not on record, "
            "so nobody is asked first and this calls in full."
        )
    return (
        f"A copy: {centre} was called by the unit and answers; we follow up. "
        "Nobody here knows yet that it did answer."
    )


def short(centre: str | None) -> str:
    """The same in few words, for a line of the board."""
    return f"a copy: {centre or UNKNOWN} was called"


def to_do(centre: str | None, otherwise: str) -> str:
    """What should happen, before what should happen with any such call."""
    if centre is None:
        return otherwise
    ask = (
        f"Ask {centre} what came of it, and record who spoke to them and how they are. "
        "Until a contact is recorded the ladder goes on."
    )
    return f"{ask} If it did not answer: {otherwise}" if otherwise else ask


def asks_first(ladder: Ladder, class_: Class, centre: str | None) -> Ladder:
    """The ladder with the centre asked first by a team that is always there; unchanged where that can't be.

    Only life-safety calls at once, so that only there a quiet step comes before it.
    """
    able = [step for step in ladder.steps if _can_ask(step)]
    # A receiving centre of ours may be the very one that was called: another team asks where there is one.
    there = next((step for step in able if not step.receiving_centre), next(iter(able), None))
    if centre is None or class_ is not Class.LIFE_SAFETY or there is None:
        return ladder
    first = LadderStep(
        position=1,
        words=f"Ask {centre} what came of it",
        way=Way.MESSAGE,
        wait=ASKED_FOR,
        team=there.team,
        staffed_all_hours=True,
    )
    then = (replace(step, position=step.position + 1) for step in ladder.steps)
    return replace(ladder, steps=(first, *then))


def _can_ask(step: LadderStep) -> bool:
    return step.team is not None and step.is_for_all and (step.staffed_all_hours or step.receiving_centre)
