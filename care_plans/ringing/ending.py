"""A call that ends without an answer counts as an attempt too, however it is completed."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.models.ringing import NoReply
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.reached import Came
from care_plans.ringing import attempts
from care_plans.ringing.attempts import Given
from care_plans.work import agenda, follow_ups
from people import scoping
from people.access import Viewer
from people.models.people import Person


@scoping.past
def complete(
    session: Session,
    row: FollowUp,
    *,
    outcome: FollowUpOutcome,
    remarks: str,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
) -> NoReply | None:
    """Complete a follow-up; a call that reached nobody is counted, and the person looked for if that is due.

    What `care_plans.work.follow_ups.complete` refuses is refused; what is open of the person's not answering
    is answered, or None.
    """
    follow_ups.complete(session, row, outcome=outcome, remarks=remarks, by=by, now=now, seen=seen)
    if outcome is not FollowUpOutcome.NO_REPLY or not agenda.is_call(row) or row.person_id is None:
        return None
    if session.get_one(Person, row.person_id).died_on is not None:
        return None
    given = Given(Came.NO_ANSWER, remarks)
    return attempts.record(session, row, given, by=by, now=now).no_reply
