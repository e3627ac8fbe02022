"""What every move of a person on an alert begins with: the row held as it is now, and the move allowed."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts import deadlines, events, moves
from care_plans.alerts.moves import Move
from care_plans.models.alerts import Alert
from core.errors import Conflict, Invalid
from people.access import Viewer


def take_up(
    session: Session, alert: Alert, move: Move, by: Viewer, seen: int | None, *, clinical_reason: bool = False
) -> None:
    """Hold the row; Conflict when somebody else came first or it is closed, Invalid when it may not be done.

    `seen` is the version that `by` was looking at (None: whatever it is).
    """
    session.refresh(alert, with_for_update=True)
    events.refuse_if_others_came_first(session, alert, by, seen)
    words = why_not(alert, move, clinical_reason=clinical_reason)
    if words is None:
        return
    if alert.closed_at is not None:
        raise Conflict(words)
    raise Invalid({"alert": words})


def why_not(alert: Alert, move: Move, *, clinical_reason: bool = False, in_bulk: bool = False) -> str | None:
    """Why this move is refused, in a sentence; None where it is allowed."""
    return moves.why_not(move, deadlines.standing(alert, clinical_reason=clinical_reason, in_bulk=in_bulk))


def refuse_unless_between(field: str, at: datetime, now: datetime, latest: datetime, words: str) -> None:
    """Raise Invalid on `field` with `words` unless `at` is still to come and no later than `latest`."""
    if at <= now:
        raise Invalid({field: "Choose a time that is still to come."})
    if at > latest:
        raise Invalid({field: words})
