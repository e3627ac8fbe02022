"""What a person says of themselves is superseded, never overwritten."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Invalid
from people import about_me
from people.models.people import AboutMe
from tests.cast import Cast
from tests.people.looking import BY, details

TEXT = "My Thursday lunch club and my own front door."


def test_a_heading_is_written_and_the_others_stay(session: Session, cast: Cast, now: datetime) -> None:
    about_me.write(session, cast.ada, {"my_wellness": "A good day is a walk."}, actor=BY, now=now)
    current = about_me.find(session, cast.ada)
    assert current is not None
    assert (current.most_important, current.my_wellness) == (TEXT, "A good day is a walk.")
    assert details(session) == {"headings": ["my_wellness"]}


def test_what_was_said_before_is_kept(session: Session, cast: Cast, now: datetime) -> None:
    about_me.write(session, cast.ada, {"most_important": "My cat"}, actor=BY, now=now)
    rows = session.scalars(select(AboutMe).where(AboutMe.person_id == cast.ada.id).order_by(AboutMe.id)).all()
    assert [(row.most_important, row.superseded_at) for row in rows] == [(TEXT, now), ("My cat", None)]


def test_before_anything_was_written_there_is_nothing(session: Session, cast: Cast, now: datetime) -> None:
    assert about_me.find(session, cast.ben) is None
    about_me.write(session, cast.ben, {"most_important": "Chess"}, actor=BY, now=now)
    assert about_me.find(session, cast.ben) is not None


def test_too_long_a_text_is_refused_by_its_heading(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        about_me.write(session, cast.ada, {"supported_by": "x" * 4001}, actor=BY, now=now)
    assert list(refused.value.fields) == ["supported_by"]
