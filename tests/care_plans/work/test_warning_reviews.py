"""A warning whose review is due becomes somebody's to look at."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp
from care_plans.work import warning_reviews
from core.db import Db
from people import visit_warnings
from tests.care_plans import alerting
from tests.cast import Cast
from tests.cast import make as make_cast


def lay(session: Session, cast: Cast, now: datetime) -> None:
    told = {
        "words": "Go in pairs",
        "evidence": "Dev was shouted at.",
        "owner_team_id": cast.nurses.id,
        "review_on": (now + timedelta(days=1)).date(),
    }
    visit_warnings.add(session, told, by=alerting.dev(cast), now=now, person=cast.ada)


def test_an_expired_review_makes_a_follow_up_of_its_owner_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    assert not warning_reviews.step(session, now)
    later = now + timedelta(days=1)
    assert warning_reviews.step(session, later)
    assert not warning_reviews.step(session, later)
    asked = session.scalars(select(FollowUp)).one()
    assert (asked.person_id, asked.team_id, asked.text) == (cast.ada.id, cast.nurses.id, warning_reviews.TEXT)


def test_two_workers_share_the_reviews(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        lay(session, make_cast(session), now)
    later = now + timedelta(days=2)
    with real_db.transaction() as one, real_db.transaction() as other:
        assert warning_reviews.step(one, later)
        assert not warning_reviews.step(other, later)
