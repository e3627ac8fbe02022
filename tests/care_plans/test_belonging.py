"""A file belongs to what is the person's own."""

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from care_plans import belonging
from care_plans.plan import enrol
from core.errors import Invalid
from people.models.attachments import BelongsTo
from tests.app.adas import lay
from tests.cast import Cast


def test_what_is_theirs_is_taken_and_what_is_another_persons_is_refused(
    session: Session, cast: Cast, now: datetime
) -> None:
    ids = lay(session, cast, now)
    plan = enrol.enrol(session, cast.ben, "diabetes", by=cast.dev, now=now)
    theirs = {
        BelongsTo.PERSON: cast.ada.uuid,
        BelongsTo.FORM: ids["filled_id"],
        BelongsTo.REFERRAL: ids["referral_id"],
        BelongsTo.ADVANCE_DECISION: ids["wish_id"],
        BelongsTo.PLAN: ids["version_id"],
    }
    for kind, uuid in theirs.items():
        given = {"belongs_to": kind, "belongs_to_uuid": uuid}
        belonging.refuse_others(session, cast.ada, given)
        with pytest.raises(Invalid) as refused:
            belonging.refuse_others(session, cast.ben, given)
        assert list(refused.value.fields) == ["belongs_to_uuid"], kind
    belonging.refuse_others(session, cast.ben, {"belongs_to": "plan", "belongs_to_uuid": plan.uuid})


@pytest.mark.parametrize("kind", [*BelongsTo, None])
def test_what_does_not_exist_is_refused_and_what_is_not_said_is_not(
    session: Session, cast: Cast, kind: BelongsTo | None
) -> None:
    with pytest.raises(Invalid):
        belonging.refuse_others(session, cast.ada, {"belongs_to": kind, "belongs_to_uuid": uuid4()})
    belonging.refuse_others(session, cast.ada, {"belongs_to": kind, "belongs_to_uuid": None})
