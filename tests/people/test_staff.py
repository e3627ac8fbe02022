"""Staff are added, changed, given a password, and leave."""

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import passwords, staff, tokens
from people.models.agencies import Role
from tests.cast import Cast
from tests.people.looking import BY, as_viewer, details, journal

EVE = {"name": "Eve", "email": "Eve@westmere.example", "role": "clinician"}


def test_somebody_is_added_without_a_password(session: Session, cast: Cast) -> None:
    eve = staff.add(session, cast.health, EVE, actor=BY)
    assert eve.role is Role.CLINICIAN
    assert eve.password_hash is None
    assert staff.get(session, eve.uuid) == (eve, cast.health)
    assert staff.find_by_email(session, "eve@WESTMERE.example") is eve
    assert staff.find_by_email(session, "nobody@westmere.example") is None


def test_an_address_is_somebodys_whatever_its_capitals(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        staff.add(session, cast.health, EVE | {"email": "CORA@westmere.example"}, actor=BY)
    assert list(refused.value.fields) == ["email"]


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        staff.add(session, cast.health, {"email": "eve", "role": "queen"}, actor=BY)
    assert set(refused.value.fields) == {"name", "email", "role"}


def test_a_change_of_role_is_told(session: Session, cast: Cast) -> None:
    staff.change(session, cast.cora, {"role": "administrator"}, actor=BY)
    assert details(session) == {"role": ["coordinator", "administrator"]}


def test_a_password_lifts_a_lock_and_ends_sessions(session: Session, cast: Cast, now: datetime) -> None:
    cast.cora.failed_attempts, cast.cora.locked_until = 7, now
    staff.set_password(session, cast.cora, "three random words", actor=BY)
    assert passwords.matches(cast.cora.password_hash, "three random words")
    assert (cast.cora.failed_attempts, cast.cora.locked_until, cast.cora.session_epoch) == (0, None, 1)
    assert "three" not in str(details(session))


def test_too_easy_a_password_is_refused(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        staff.set_password(session, cast.cora, "cora@westmere.example", actor=BY)


def test_whoever_leaves_keeps_no_team_no_token_and_no_session(
    session: Session, cast: Cast, now: datetime
) -> None:
    _, text = tokens.add(session, cast.cora, "A test", ["people:read"], actor=BY)
    staff.leave(session, cast.cora, now, actor=BY)
    session.flush()
    assert as_viewer(session, cast.cora, now).team_ids == set()
    assert tokens.find_viewer(session, text, now, now) is None
    with pytest.raises(NotFound):
        staff.get(session, cast.cora.uuid)
    assert journal(session, "staff")[-1] == ("left", "staff")


def test_an_agencys_staff_are_listed(session: Session, cast: Cast) -> None:
    rows = session.execute(staff.listing(cast.health.uuid)).all()
    assert [who.name for who, _ in rows] == ["Dev"]
    with pytest.raises(NotFound):
        staff.get(session, uuid4())
