"""What the parts of one draft may name."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.plan import known
from tests.care_plans.planning import ZONE, Draft
from tests.cast import Cast


def test_only_teams_that_see_the_person_and_their_staff_are_known(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd")
    assert cast.nurses.uuid in draft.known.teams
    assert cast.strangers.uuid not in draft.known.teams
    assert "Dev" in {each.name for each in draft.known.staff}
    assert "Mallory" not in {each.name for each in draft.known.staff}
    assert {team.name for team in known.around_person(session, cast.ada, now)} >= {"Community nurses"}
    assert "copd.stay_home" in draft.known.goals


def test_without_a_version_there_are_only_people(session: Session, cast: Cast, now: datetime) -> None:
    found = known.of(session, cast.ada, None, now, ZONE)
    assert (found.needs, found.ladders, bool(found.teams)) == ({}, {}, True)
