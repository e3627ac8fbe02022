"""The list of people, the search, and taking somebody on."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.plan import enrol
from core.db import vault_of
from people.models.caring import CareTeam
from people.models.homes import Home
from people.models.people import AboutMe, Person
from tests.app.conftest import ClientAs
from tests.app.raising import raise_
from tests.app.reading import h1
from tests.cast import Cast

NEW = {
    "given_name": "Joan",
    "family_name": "Petrie",
    "called": "",
    "born": "1945-03-02",
    "sex": "female",
    "nhs_number": "999 000 0018",
    "telephone": "01632 960 200",
    "needs": "Hard of hearing",
    "matters": "Sleeping flat again.",
    "home": "",
    "address": "Harbour View 5",
    "postcode": "wm11ab",
    "access": "Side gate",
}


def test_the_list_shows_whom_my_teams_care_for(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    raise_(session, cast, now)
    answer = client_as(cast.cora).get("/people")
    assert answer.status_code == 200
    assert h1(answer) == "People"
    assert "2 people cared for by my teams" in answer.text
    assert f'href="/people/{cast.ada.uuid}"' in answer.text
    assert "14 Orchard Row, Westmere, WM1 1AA" in answer.text
    assert "Nobody is watching this now" in answer.text
    assert "never" in answer.text


def test_chips_narrow_it(cast: Cast, client_as: ClientAs, session: Session, now: datetime) -> None:
    raise_(session, cast, now)
    enrol.enrol(session, cast.ben, "copd", by=cast.dev, now=now)
    cora = client_as(cast.cora)
    open_ = cora.get("/people?which=open_alert").text
    assert "Ada Marsh" in open_
    assert "Ben Okafor" not in open_
    assert "Ada Marsh" in cora.get("/people?watched=no").text
    assert "COPD at home v1" in cora.get("/people").text


def test_people_are_found_by_what_is_known_of_them(cast: Cast, client_as: ClientAs, session: Session) -> None:
    cast.ada.nhs_number_blind = vault_of(session).blind("9990000018")
    session.flush()
    cora = client_as(cast.cora)
    for text in ("marsh", "Ada M", "04/05/1948", "orchard", "999 000 0018", "01632 960 114"):
        answer = cora.post("/people/search", data={"q": text})
        assert "Ada Marsh" in answer.text, text
        assert "Ben Okafor" not in answer.text, text
    for text in ("zzz", "31/02/1948", "9990000019"):
        assert "Nobody found" in cora.post("/people/search", data={"q": text}).text
    assert "Ben Okafor" in cora.post("/people/search", data={"q": ""}).text
    assert "Nobody found" in client_as(cast.mallory).post("/people/search", data={"q": "marsh"}).text


def test_a_stranger_sees_an_empty_list(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.mallory).get("/people")
    assert "Nobody here yet" in answer.text
    assert "Ada" not in answer.text


def test_somebody_is_taken_on_with_their_home(cast: Cast, client_as: ClientAs, session: Session) -> None:
    cora = client_as(cast.cora)
    assert "A new address" in cora.get("/people/new").text
    answer = cora.post("/people/new", data={**NEW, "team": str(cast.coordinators.uuid)})
    assert answer.status_code == 303
    joan = session.scalars(select(Person).where(Person.given_name == "Joan")).one()
    assert answer.headers["Location"] == f"/people/{joan.uuid}"
    assert joan.date_of_birth == date(1945, 3, 2)
    assert session.scalars(select(Home.postcode).where(Home.address_line == "Harbour View 5")).one()
    assert session.scalars(select(AboutMe.most_important).where(AboutMe.person_id == joan.id)).one()
    lead = session.scalars(select(CareTeam).where(CareTeam.person_id == joan.id)).one()
    assert (lead.team_id, lead.lead) == (cast.coordinators.id, True)
    page = cora.get(f"/people/{joan.uuid}").text
    assert "Sleeping flat again." in page
    assert "Side gate" in page


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    wrong = {**NEW, "given_name": "", "born": "2031-01-01", "nhs_number": "123", "postcode": "nowhere"}
    answer = client_as(cast.cora).post("/people/new", data={**wrong, "team": ""})
    assert answer.status_code == 422
    for words in (
        "This is needed.",
        "This day has not come yet.",
        "An NHS number has 10 digits",
        "Give a full UK postcode",
        "Choose one of your teams",
        'value="Petrie"',
        "Sleeping flat again.",
    ):
        assert words in answer.text, words
    assert session.scalars(select(Person).where(Person.family_name == "Petrie")).all() == []
