"""A call to Ada that nobody answered, what was agreed of that, and that she is looked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.ringing import ContactAttempt, NoReply, NoReplyTerms
from care_plans.models.work import FollowUp
from care_plans.reached import Came
from care_plans.ringing import procedure
from tests.cast import Cast


def lay(session: Session, cast: Cast, follow_up: FollowUp, alert: Alert, now: datetime) -> dict[str, UUID]:
    """One of each; their outer ids."""
    terms = procedure.to_document(procedure.DEFAULT)
    attempt = ContactAttempt(
        person_id=cast.ada.id, follow_up_id=follow_up.id, at=now, by_staff_id=cast.cora.id,
        came=Came.NO_ANSWER, completed=False,
    )  # fmt: skip
    looked_for = NoReply(
        person_id=cast.ada.id, alert_id=alert.id, follow_up_id=follow_up.id, team_id=cast.coordinators.id,
        terms=terms, began_at=now, why="Nobody answered 3 calls.",
    )  # fmt: skip
    agreed = NoReplyTerms(
        person_id=cast.ada.id, document=terms, agreed_with="Ada herself", agreed_on=now.date(), set_at=now,
        set_by_id=cast.cora.id,
    )  # fmt: skip
    session.add_all([attempt, looked_for, agreed])
    session.flush()
    return {"attempt_id": attempt.uuid, "no_reply_id": looked_for.uuid}
