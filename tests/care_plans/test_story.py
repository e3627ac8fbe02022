"""What happened around a person."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.work import FollowUpKind, FollowUpOutcome
from care_plans.plan import enrol, story
from care_plans.severity import Class
from care_plans.work import follow_ups
from devices import subjects
from people import signing_in
from people.households import Household
from people.models.homes import Home
from tests.care_plans.alerting import raised
from tests.cast import Cast


def living(home: Home, since: datetime | None = None) -> Household:
    return Household(home, since, (), 0)


def test_it_tells_of_the_plan_and_of_work_with_who_did_it_latest_first(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    dev = signing_in.viewer_of(session, cast.dev, now)
    visit = follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="Look at the rug.", team_id=cast.nurses.id,
        due_at=now + timedelta(hours=1), now=now, person_id=cast.ada.id, by=dev,
    )  # fmt: skip
    later = now + timedelta(hours=1)
    follow_ups.complete(session, visit, outcome=FollowUpOutcome.DONE, remarks="", by=dev, now=later)
    told = story.list_story(session, dev, cast.ada, living(cast.ada_home), later)
    assert [(each.about, each.what, each.by, each.agency) for each in told][:1] == [
        ("follow-up", "completed", "Dev", "Westmere Health")
    ]
    assert {("plan", "enrolled"), ("plan", "published")} <= {(each.about, each.what) for each in told}
    assert story.list_story(session, dev, cast.ben, living(cast.ben_home), later) == []


def test_it_goes_back_page_by_page(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    dev = signing_in.viewer_of(session, cast.dev, now)
    assert len(story.list_story(session, dev, cast.ada, living(cast.ada_home), now, limit=1)) == 1
    assert story.list_story(session, dev, cast.ada, living(cast.ada_home), now, before=now) == []


def test_what_happened_in_the_home_before_somebody_came_is_not_theirs(
    session: Session, cast: Cast, now: datetime
) -> None:
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    alerts.raise_(session, cold, now)
    dev = signing_in.viewer_of(session, cast.dev, now)
    for since, number in ((now - timedelta(days=1), 1), (now + timedelta(seconds=1), 0)):
        told = story.list_story(session, dev, cast.ada, living(cast.ada_home, since), now)
        assert len(told) == number
