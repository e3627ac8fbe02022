"""Who follows a pathway."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.pathways import following, reading
from care_plans.plan import enrol
from people import signing_in
from people.models.agencies import Role, Staff
from tests.cast import Cast


def names(session: Session, staff: Staff, code: str, now: datetime) -> list[tuple[str, int]] | None:
    viewer = signing_in.viewer_of(session, staff, now)
    found = following.list_followers(session, viewer, [reading.get(code)], now)
    return None if found is None else [(one.name, one.version) for one in found[code]]


def test_those_in_sight_are_named_with_the_version_their_plan_was_laid_from(
    session: Session, cast: Cast, now: datetime
) -> None:
    for person in (cast.ada, cast.ben):
        enrol.enrol(session, person, "copd", by=cast.dev, now=now)
    assert names(session, cast.dev, "copd", now) == [("Ada Marsh", 3), ("Ben Okafor", 3)]
    assert names(session, cast.mallory, "copd", now) == []


def test_a_draft_is_not_followed_yet(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, publish_now=False)
    assert names(session, cast.dev, "copd", now) == []


def test_a_role_that_opens_no_record_is_told_of_nobody(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    cast.cora.role = Role.COMMISSIONER
    session.flush()
    assert names(session, cast.cora, "copd", now) is None


def test_a_name_that_gives_something_away_is_shown_to_those_who_see_that_class_of_record(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "dementia", by=cast.dev, now=now)
    assert names(session, cast.dev, "dementia", now) == [("Ada Marsh", 1)]
    assert names(session, cast.hana, "dementia", now) == []
