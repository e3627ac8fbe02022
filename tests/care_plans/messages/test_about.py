"""Whom a message is about."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from care_plans.messages import about
from care_plans.messages.wording import About
from people.models.homes import Residency
from tests.cast import Cast


def test_a_person_is_known_by_initials_and_where_they_live_now(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert about.find(session, cast.ada.id, None, now) == About("A.M.", "Westmere", "Europe/London")
    session.execute(delete(Residency))
    assert about.find(session, cast.ada.id, None, now) == About("A.M.", None, "Europe/London")


def test_a_home_is_known_by_its_area_and_has_its_own_time(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.ben_home.time_zone = "Atlantic/Azores"
    session.flush()
    assert about.find(session, None, cast.ben_home.id, now) == About("a home", "Westmere", "Atlantic/Azores")


def test_what_is_about_neither_a_person_nor_a_home_is_about_nobody(session: Session, now: datetime) -> None:
    assert about.find(session, None, None, now) == About("nobody by name", None, "Europe/London")
