"""How a message by telephone stands, in words: handed over, told and answered are three different things."""

from collections.abc import Mapping

from care_plans.channel import Channel
from care_plans.models.calls import CallState

CHANNELS: Mapping[Channel, str] = {
    Channel.EMAIL: "E-mail",
    Channel.PAGE: "Outbox page",
    Channel.VOICE: "Telephone",
    Channel.SMS: "Text message",
    Channel.PUSH: "Browser",
}
WRONG = frozenset({CallState.NOT_TAKEN, CallState.NO_ANSWER, CallState.FAILED})
"""States that are bad news."""
_STATES: Mapping[CallState, str] = {
    CallState.PLACED: "Asked to ring{at}; nobody has answered yet",
    CallState.RINGING: "Rings; nobody has answered yet",
    CallState.ANSWERED: "Answered; nobody has pressed 1 yet",
    CallState.TAKEN: "Answered, and 1 was pressed",
    CallState.NOT_TAKEN: "Answered, and nobody pressed 1",
    CallState.NO_ANSWER: "Not answered",
    CallState.FAILED: "Could not be rung",
    CallState.NOT_NEEDED: "Not needed any more",
}
_OF_CENTRES: Mapping[CallState, str] = {
    CallState.PLACED: "Told{at}; not answered yet",
    CallState.RINGING: "Told{at}; not answered yet",
    CallState.ANSWERED: "Answered",
    CallState.FAILED: "Could not be told",
}


def placed(state: CallState, *, centre: bool, at: str = "") -> str:
    """How a call stands that was handed over, at `at` ("07:44") where that stands nowhere else."""
    words = _OF_CENTRES.get(state) if centre else None
    return (words or _STATES[state]).format(at=f" {at}" if at else "")
