"""Which team is asked about kit that protects."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from care_plans.protecting import asking
from core.zones import UK
from devices import subjects
from people.models.caring import CareTeam
from tests.cast import Cast
from tests.devices import kit


def test_whoever_leads_the_care_is_asked(session: Session, cast: Cast, now: datetime) -> None:
    assert asking.team_of(session, subjects.person(cast.ada.id), now) == cast.coordinators.id


def test_of_a_home_where_nobody_is_cared_for_the_landlord_is_asked(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.execute(delete(CareTeam).where(CareTeam.person_id == cast.ada.id))
    assert asking.team_of(session, subjects.home(cast.ada_home.id), now) == cast.landlord.id


def test_the_clock_is_that_of_the_home(session: Session, cast: Cast, now: datetime) -> None:
    assert asking.zone_of(session, subjects.home(cast.ada_home.id), now) == UK


def test_kit_is_about_whoever_has_it(session: Session, cast: Cast, now: datetime) -> None:
    held = kit.give(session, kit.device(session), home_id=cast.ada_home.id)
    assert asking.subject_of(held) == subjects.home(cast.ada_home.id)
