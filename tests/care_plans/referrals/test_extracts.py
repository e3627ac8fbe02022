from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.referrals import extracts
from people.access import SEES_ALL, SEES_LITTLE, Extent, RecordClass
from tests.care_plans.alerting import raised
from tests.care_plans.referrals.referring import plan
from tests.cast import Cast


def test_an_extract_tells_of_each_class_as_much_as_is_seen(
    session: Session, cast: Cast, now: datetime
) -> None:
    plan(session, cast, now)
    alerts.raise_(session, raised(cast, now), now)
    full = {part["class"]: part["lines"] for part in extracts.make(session, cast.ada, SEES_ALL, now)}
    assert "Goal: Have a bath without fear" in full["plan"]
    assert full["vitals"][0].startswith("Open since")
    little = {part["class"]: part["lines"] for part in extracts.make(session, cast.ada, SEES_LITTLE, now)}
    assert little["plan"] == ["Not shared. Check on the person."]
    assert little["contact"][0].startswith("Ada Marsh, born 4 May 1948")
    assert not any("Beth" in line for line in little["contact"])


def test_a_category_says_that_there_is_something_and_nothing_of_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    plan(session, cast, now)
    seen = {**SEES_ALL, RecordClass.PLAN: Extent.CATEGORY}
    (_who, told) = extracts.make(session, cast.ada, seen, now, {RecordClass.PLAN})
    assert told["lines"] == ["There is a record of this sort (plan and goals); what it says is not shared."]


def test_an_extract_can_only_shrink(session: Session, cast: Cast, now: datetime) -> None:
    plan(session, cast, now)
    made = extracts.make(session, cast.ada, SEES_ALL, now)
    assert extracts.narrowed(made, SEES_ALL) == made
    less = extracts.narrowed(made, SEES_LITTLE)
    assert {part["extent"] for part in less} == {"check"}
    assert "bath" not in str(less)
    assert extracts.narrowed(less, SEES_ALL) == less
