"""Agencies are added once under each name."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import agencies
from people.models.agencies import Sector
from tests.cast import Cast
from tests.people.looking import BY, details, journal


def test_an_agency_is_added_and_changed(session: Session, cast: Cast) -> None:
    fire = agencies.add(session, {"name": "Westmere Fire", "sector": "private"}, actor=BY)
    assert fire.sector is Sector.PRIVATE
    agencies.change(session, fire, {"telephone": "01632 960 130", "email": ""}, actor=BY)
    assert fire.telephone == "+441632960130"
    assert details(session) == {"telephone": [None, "+441632960130"]}
    assert journal(session) == [("added", "agency"), ("changed", "agency")]
    assert agencies.get(session, fire.uuid) is fire


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        agencies.add(session, {"sector": "military", "email": "x", "telephone": "x"}, actor=BY)
    assert set(refused.value.fields) == {"name", "sector", "email", "telephone"}


def test_a_name_is_given_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        agencies.add(session, {"name": cast.hub.name, "sector": "health"}, actor=BY)
    with pytest.raises(Conflict):
        agencies.change(session, cast.health, {"name": cast.hub.name}, actor=BY)


def test_an_unknown_one_is_not_found(session: Session, cast: Cast) -> None:
    with pytest.raises(NotFound):
        agencies.get(session, uuid4())


def test_outer_ids_are_found_by_inner_keys(session: Session, cast: Cast) -> None:
    assert agencies.uuids(session, {cast.hub.id, None}) == {cast.hub.id: cast.hub.uuid}
