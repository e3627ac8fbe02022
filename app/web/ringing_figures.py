"""How calls to people go, in the words of the page of desks."""

from app.web.no_reply_forms import ENDED
from app.web.words import counted, initial_capital
from care_plans.models.work import FollowUpOutcome
from care_plans.ringing.attempts import SAID
from outcomes.ringing import Calls, Searches

OUTCOMES = {
    FollowUpOutcome.DONE: "done",
    FollowUpOutcome.NO_REPLY: "no reply",
    FollowUpOutcome.NOT_NEEDED: "not needed any more",
    FollowUpOutcome.DECLINED: "not wanted",
}


def facts(calls: Calls) -> tuple[tuple[str, str], ...]:
    """Each figure with its name; nothing where no call was due."""
    if not calls.due:
        return ()
    found = [
        ("Due", f"{calls.due:,}"),
        ("Made", f"{share(calls.made, calls.due)}: somebody rang, or said how it ended"),
        ("Completed in time", share(calls.in_time, calls.due)),
        ("Missed", f"{calls.missed:,} whose time passed before anybody said how it ended"),
    ]
    if calls.moved:
        found.append(("Put off", f"{calls.moved:,}, each with a reason"))
    if calls.tried:
        found.append(("Reached at the first attempt", share(calls.at_once, calls.tried)))
        found.append(("Reached in the end", share(calls.answered, calls.tried)))
        came = ", ".join(f"{SAID[each].lower()} {calls.came[each]:,}" for each in SAID if calls.came[each])
        found.append(
            ("What came of ringing", f"{initial_capital(counted(calls.attempts, 'attempt'))}: {came}")
        )
    ended = ", ".join(
        f"{words} {calls.outcomes[each]:,}" for each, words in OUTCOMES.items() if calls.outcomes[each]
    )
    if ended:
        found.append(("How they ended", initial_capital(ended)))
    return tuple(found)


def searches(some: Searches) -> tuple[tuple[str, str], ...]:
    """How often somebody was looked for, and how it ended; nothing where nobody was."""
    if not some.begun:
        return ()
    found = [("No-reply procedures", f"{some.begun:,}{f', {some.open:,} still open' if some.open else ''}")]
    ended = ", ".join(
        f"{words.lower()} {some.ended[each]:,}" for each, words in ENDED.items() if some.ended[each]
    )
    if ended:
        found.append(("How they were found", initial_capital(ended)))
    if some.half_within is not None:
        found.append(("How soon", f"Half of them within {some.half_within:.0f} min"))
    return tuple(found)


def share(part: int, of: int) -> str:
    """For example "82 % of 11"."""
    return f"{part / of:.0%} of {of:,}".replace("%", " %", 1)
