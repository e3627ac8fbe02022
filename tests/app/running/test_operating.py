"""What an operator does from the command line is checked and written down like what anybody does."""

import argparse
import io
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.running import operating
from config import Config
from core.errors import Conflict, HearthlineError, Invalid, NotFound
from core.journal import Actor
from core.models import JournalEntry
from people import agencies, passwords, staff, teams, tokens
from people.models.agencies import Agency, Role
from tests.app.conftest import DbOnConnection
from tests.cast import Cast

PASSWORD = "three random words"
EVE = {
    "name": "Eve Stone",
    "email": "eve@westmere.example",
    "agency": "Westmere Hub",
    "sector": None,
    "role": "coordinator",
    "team": [],
}
KEY = {"email": "cora@westmere.example", "name": "Ward round", "scope": ["people:read"], "days": 90}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    """Every command opens the test's own transaction."""
    monkeypatch.setattr("app.running.settings.open_db", lambda _config, _name: DbOnConnection(session))


def add_staff(**given: Any) -> None:
    operating.add_staff(Config(), argparse.Namespace(**(EVE | given)))


def add_token(**given: Any) -> None:
    operating.add_token(Config(), argparse.Namespace(**(KEY | given)))


def revoke_token(name: str) -> None:
    asked = argparse.Namespace(email=KEY["email"], name=name)
    operating.revoke_token(Config(), asked)


def written(session: Session) -> list[str]:
    """What the journal says the operator did to what, in order."""
    rows = session.scalars(select(JournalEntry).order_by(JournalEntry.id))
    return [f"{row.what} {row.subject}" for row in rows]


@pytest.mark.usefixtures("typed")
def test_somebody_is_added_who_can_sign_in_and_it_is_written_down(
    session: Session, cast: Cast, now: datetime
) -> None:
    add_staff(agency=cast.hub.name, team=[cast.coordinators.name])
    eve = staff.find_by_email(session, "eve@westmere.example")
    assert eve is not None
    assert eve.role is Role.COORDINATOR
    assert passwords.matches(eve.password_hash, PASSWORD)
    assert teams.list_of(session, eve.id, now) == [cast.coordinators]
    assert written(session) == ["added staff", "was given a password staff", "joined team"]


@pytest.mark.usefixtures("typed")
def test_the_first_agency_is_added_where_its_sector_is_said(session: Session, cast: Cast) -> None:
    add_staff(agency="Eastmere Hub", sector="health")
    assert session.scalar(agencies.listing().where(Agency.name == "Eastmere Hub")) is not None
    assert written(session)[0] == "added agency"


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize(
    ("given", "fault", "said"),
    [
        ({"email": "CORA@westmere.example"}, Conflict, "Somebody else has this e-mail address"),
        ({"email": "eve"}, Invalid, "email: Give an e-mail address"),
        ({"role": "queen"}, Invalid, "role: Choose one of: coordinator"),
        ({"agency": "Westmere Hbu"}, NotFound, "Give --sector to add it"),
        ({"agency": "Eastmere Hub", "sector": "army"}, Invalid, "sector: Choose one of: health"),
        ({"team": ["Nobody's"]}, NotFound, "has no team called Nobody's"),
        ({"name": "three random words"}, Invalid, "password: "),
    ],
)
def test_whoever_can_not_be_added_is_refused_in_words(
    session: Session, cast: Cast, given: dict[str, Any], fault: type[HearthlineError], said: str
) -> None:
    with pytest.raises(fault, match=said):
        add_staff(**({"agency": cast.hub.name} | given))


def test_a_key_opens_what_it_is_for_until_it_is_revoked(
    session: Session, cast: Cast, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    add_token()
    text = capsys.readouterr().out.strip()
    viewer = tokens.find_viewer(session, text, now, now)
    assert viewer is not None
    assert viewer.staff_id == cast.cora.id
    revoke_token("Ward round")
    assert tokens.find_viewer(session, text, now, now) is None
    assert written(session) == ["made token", "revoked token"]
    with pytest.raises(NotFound, match="no key called Ward round"):
        revoke_token("Ward round")


@pytest.mark.parametrize("days", [0, -1, 3651, 10**12])
def test_a_key_is_good_for_a_number_of_days_that_somebody_could_mean(
    session: Session, cast: Cast, days: int
) -> None:
    with pytest.raises(Invalid, match="days: "):
        add_token(days=days)


def test_whoever_left_gets_no_key(session: Session, cast: Cast, now: datetime) -> None:
    staff.leave(session, cast.cora, now, actor=Actor("test"))
    with pytest.raises(NotFound, match="Nobody who works here"):
        add_token()
