"""What tests of calls to people share: a call to Ada, and attempts at it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.reached import Came
from care_plans.ringing import attempts
from care_plans.ringing.attempts import Given, Recorded
from care_plans.work import follow_ups
from people.access import Viewer
from tests.care_plans.alerting import cora
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


def call(session: Session, cast: Cast, now: datetime, **more: Any) -> FollowUp:
    """A call to Ada by the coordinators, due in an hour."""
    wanted: dict[str, Any] = {
        "kind": FollowUpKind.CALL,
        "text": "Ring Ada: how was the night?",
        "team_id": cast.coordinators.id,
        "due_at": now + timedelta(hours=1),
        "now": now,
        "person_id": cast.ada.id,
    }
    return follow_ups.make(session, **(wanted | more))


def ring(
    session: Session,
    cast: Cast,
    row: FollowUp,
    now: datetime,
    came: Came = Came.NO_ANSWER,
    *,
    by: Viewer | None = None,
    **more: Any,
) -> Recorded:
    """One attempt, by Cora unless somebody else is named."""
    return attempts.record(session, row, Given(came, **more), by=by or cora(cast), now=now)


def nobody_answers(session: Session, cast: Cast, row: FollowUp, now: datetime) -> Recorded:
    """Three attempts in twenty minutes, the last one at `now`."""
    ring(session, cast, row, now - 20 * MINUTE)
    ring(session, cast, row, now - 10 * MINUTE)
    return ring(session, cast, row, now)
