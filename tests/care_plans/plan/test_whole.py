"""One version, whole."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.plan import enrol, read
from tests.cast import Cast


def test_names_belong_to_what_they_did(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada")
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    assert (plan.published_by, plan.review_by, plan.drafted_by) == ("Dev", "Dev", "Dev")
    assert plan.agreement is not None
    assert plan.goals[0].goal.key == "copd.stay_home"
    assert plan.asked_by("copd.x", None, None) == ("COPD at home",)
    assert plan.asked_by("own.x", None, None) == ()
