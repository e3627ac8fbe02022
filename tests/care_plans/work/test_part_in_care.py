"""Which teams have a part in the care of somebody."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.work import part_in_care
from tests.cast import Cast


def test_the_leading_team_of_a_person_leads_for_their_home_too(
    session: Session, cast: Cast, now: datetime
) -> None:
    lead = cast.coordinators.id
    assert part_in_care.leading_team(session, cast.ada.id, None, now) == lead
    assert part_in_care.leading_team(session, None, cast.ada_home.id, now) == lead
    assert part_in_care.leading_team(session, cast.ada.id, None, now - timedelta(days=500)) is None


def test_only_a_team_in_the_care_may_know(session: Session, cast: Cast, now: datetime) -> None:
    assert part_in_care.may_know(session, cast.nurses.id, cast.ada.id, None, None, now)
    assert not part_in_care.may_know(session, cast.strangers.id, cast.ada.id, None, None, now)


def test_whoever_has_left_a_team_is_not_in_it(session: Session, cast: Cast, now: datetime) -> None:
    assert part_in_care.works_in(session, cast.dev.id, cast.nurses.id, now)
    cast.dev.left_at = now
    session.flush()
    assert not part_in_care.works_in(session, cast.dev.id, cast.nurses.id, now)
