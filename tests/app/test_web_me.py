"""My page: what the person and whoever they let in see, and how they leave it."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.work import safeguarding
from core.models import JournalEntry
from devices.models import Expectation, HeardState
from people import accounts, agreements, looks, residencies, signing_in
from people.models.accounts import Account
from people.watching import Watched
from tests.agreeing import agree
from tests.app import proxies
from tests.app.conftest import ClientAs
from tests.app.proxies import LetIn
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit


@pytest.fixture
def people(session: Session, cast: Cast, now: datetime) -> LetIn:
    return proxies.lay(session, cast, now)


@pytest.fixture
def readings(session: Session, cast: Cast, now: datetime) -> None:
    """An oximeter and a motion sensor in Ada's home have spoken."""
    oximeter = kit.device(session, "oximeter-1")
    kit.give(session, oximeter, person_id=cast.ada.id)
    motion = kit.device(session, "motion-1", name="Motion, hall", model="SNZB-03")
    kit.give(session, motion, home_id=cast.ada_home.id)
    at = (now - timedelta(minutes=5)).isoformat()
    kit.take_in(session, kit.says("oximeter-1", {"kind": "spo2", "value": 91, "at": at}))
    kit.take_in(session, kit.says("motion-1", {"kind": "motion", "value": 1, "at": at}))


def open_as(app: Flask, session: Session, account: Account, now: datetime) -> FlaskClient:
    return proxies.client_of(app, session, account, now)


def test_ada_reads_her_own_page_in_plain_words(
    app: Flask, session: Session, people: LetIn, readings: None, now: datetime
) -> None:
    answer = open_as(app, session, people.ada, now).get("/me")
    assert answer.status_code == 200
    assert h1(answer) == "Hello Ada"
    said = ("Nobody is watching this now", "999", "Thursday lunch club", "Oxygen", "5 min ago", "Movement")
    for words in (*said, "Community nurses", "Leave this page now", "My choices"):
        assert words in answer.text, words


def test_her_daughter_sees_what_was_granted_and_no_more(
    app: Flask, session: Session, people: LetIn, readings: None, now: datetime
) -> None:
    client = open_as(app, session, people.beth, now)
    answer = client.get("/me")
    assert answer.status_code == 200
    for words in ("Oxygen", "Thursday lunch club", "Community nurses"):
        assert words in answer.text, words
    for words in ("Movement", "Who has looked", "My choices", "Nobody is watching", "Orchard Row", "04711"):
        assert words not in answer.text, words
    for path in ("/me/looks", "/me/choices", "/me/paper"):
        assert client.get(path).status_code == 404
    for path in ("/me/choices/ask", "/me/choices/end", "/me/choices/stop"):
        assert client.post(path, data={"words": "x"}).status_code == 404


def test_somebody_restricted_sees_the_same_page_with_nothing_in_it(
    app: Flask, session: Session, people: LetIn, readings: None, now: datetime
) -> None:
    restricted = open_as(app, session, people.restricted, now).get("/me")
    daughter = open_as(app, session, people.beth, now).get("/me")
    assert restricted.status_code == 200
    headings = re.compile(r"<h[12][^>]*>([^<]*)</h[12]>")
    assert headings.findall(restricted.text) == headings.findall(daughter.text)
    for words in ("Oxygen", "lunch club", "Community nurses", "estricted", "afraid"):
        assert words not in restricted.text, words


def test_who_is_let_in_by_ben_finds_nothing_of_adas(
    app: Flask, session: Session, cast: Cast, people: LetIn, now: datetime
) -> None:
    client = open_as(app, session, people.mallory, now)
    assert "Ada" not in client.get("/me").text
    assert client.post("/me/whose", data={"whose": str(cast.ada.uuid)}).status_code == 404
    with client.session_transaction() as kept:
        kept["whose"] = str(cast.ada.uuid)
    answer = client.get("/me")
    assert h1(answer) == "Ben"
    assert "Ada" not in answer.text


def test_staff_and_visitors_never_mix(
    app: Flask, session: Session, cast: Cast, people: LetIn, client_as: ClientAs, now: datetime
) -> None:
    staff = client_as(cast.cora)
    for path in ("/me", "/me/choices", "/me/looks", "/me/paper", "/me/went-wrong"):
        answer = staff.get(path)
        assert (answer.status_code, answer.location) == (303, "/me/sign-in"), path
    visitor = open_as(app, session, people.ada, now)
    for path in ("/", "/people", f"/people/{cast.ada.uuid}", "/follow-ups", "/kit", "/concerns", "/outbox"):
        answer = visitor.get(path)
        assert answer.status_code == 303, path
        assert answer.location.startswith("/sign-in"), path
    assert visitor.get("/api/v1/people").status_code == 401


@pytest.mark.parametrize("rule", ["people", "readings", "alerts"])
def test_no_program_gets_in_with_a_visitors_cookie(
    rule: str, app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    assert open_as(app, session, people.ada, now).get(f"/api/v1/{rule}").status_code in (401, 404, 405)


def test_signing_in_and_out(app: Flask, session: Session, people: LetIn, now: datetime) -> None:
    client = app.test_client()
    token = _token(client.get("/me/sign-in").text)
    wrong = {"email": "beth@example.org", "password": "not it at all", "csrf_token": token}
    refused = client.post("/me/sign-in", data=wrong)
    assert refused.status_code == 422
    assert "do not go together" in refused.text
    session.refresh(people.beth)
    assert people.beth.failed_attempts == 1
    answer = client.post("/me/sign-in", data=wrong | {"password": proxies.PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/me")
    assert client.get("/me").status_code == 200
    client.post("/me/sign-out", data={"csrf_token": _token(client.get("/me").text)})
    assert client.get("/me").status_code == 303


def test_a_code_on_paper_begins_it(app: Flask, session: Session, people: LetIn, now: datetime) -> None:
    code = accounts.give_code(session, people.beth, actor=proxies.BY, real_now=now)
    session.flush()
    client = app.test_client()
    token = _token(client.get("/me/code").text)
    given = {
        "email": "beth@example.org",
        "code": "wrong-wrong",
        "password": "another three words",
        "csrf_token": token,
    }
    answer = client.post("/me/code", data=given)
    assert answer.status_code == 422
    assert "do not go together" in answer.text
    easy = client.post("/me/code", data=given | {"code": code, "password": "short"})
    assert "at least 12" in easy.text
    assert client.post("/me/code", data=given | {"code": code}).location == "/me"
    session.refresh(people.beth)
    assert people.beth.code_hash is None


def test_leaving_in_a_hurry_ends_the_session_and_shows_the_weather(
    app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    client = open_as(app, session, people.ada, now)
    kept = client.get("/me")
    answer = client.post("/me/leave")
    assert answer.status_code == 200
    assert "earthline" not in answer.text
    assert 'http-equiv="refresh"' in answer.text
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert kept.headers["Cache-Control"] == "no-store"
    assert client.get("/me").location == "/me/sign-in"


def test_who_has_looked_is_told_to_the_person(
    app: Flask, session: Session, cast: Cast, people: LetIn, client_as: ClientAs, now: datetime
) -> None:
    client_as(cast.hana).get(f"/people/{cast.ada.uuid}")
    open_as(app, session, people.beth, now).get("/me")
    answer = open_as(app, session, people.ada, now).get("/me/looks")
    for words in ("Hana, Westmere Homes", "Beth Marsh (daughter)"):
        assert words in answer.text, words


def test_asking_for_a_change_is_something_to_do_for_whoever_leads(
    app: Flask, session: Session, cast: Cast, people: LetIn, now: datetime
) -> None:
    client = open_as(app, session, people.ada, now)
    assert client.post("/me/choices/ask", data={"words": ""}).status_code == 422
    assert client.post("/me/choices/ask", data={"words": "Not the housing people"}).status_code == 303
    row = session.scalars(select(FollowUp)).one()
    assert (row.team_id, row.person_id) == (cast.coordinators.id, cast.ada.id)
    assert "Not the housing people" in row.text


def test_the_person_ends_an_access_by_herself(
    app: Flask, session: Session, cast: Cast, people: LetIn, now: datetime
) -> None:
    client = open_as(app, session, people.ada, now)
    assert "Beth Marsh, daughter" in client.get("/me/choices").text
    client.post("/me/choices/end", data={"proxy": str(people.beths.uuid)})
    assert open_as(app, session, people.beth, now).get("/me").location == "/me/sign-in"
    assert client.post("/me/choices/end", data={"proxy": "nonsense"}).status_code == 404


def test_the_person_stops_what_watches_her(
    app: Flask, session: Session, cast: Cast, people: LetIn, now: datetime
) -> None:
    [row] = agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    [bens] = agree(session, cast.ben, Watched.MOVEMENT, by=cast.sol, now=now)
    client = open_as(app, session, people.ada, now)
    assert "Movement" in client.get("/me/choices").text
    assert client.post("/me/choices/stop", data={"agreement": str(bens.uuid)}).status_code == 404
    assert client.post("/me/choices/stop", data={"agreement": str(row.uuid)}).status_code == 303
    later = now + timedelta(minutes=1)
    assert agreements.in_force(session, [cast.ada.id], later)[cast.ada.id] == frozenset()


def test_nothing_of_a_concern_comes_to_my_page(
    app: Flask, session: Session, cast: Cast, people: LetIn, now: datetime
) -> None:
    said = {"worry": "Bruises", "danger": "no", "wishes": "x", "knows": "no"}
    dev = signing_in.viewer_of(session, cast.dev, now)
    concern = safeguarding.raise_concern(session, cast.ada, said, by=dev, now=now)
    sol = signing_in.viewer_of(session, cast.sol, now)
    safeguarding.take(session, concern, by=sol, now=now)
    session.flush()
    client = open_as(app, session, people.ada, now)
    for path in ("/me", "/me/looks", "/me/choices", "/me/paper"):
        text = client.get(path).text
        for words in ("Bruises", "oncern", "afeguard"):
            assert words not in text, (path, words)
    assert [each for each in looks.list_looks(session, cast.ada) if each.by == "Sol"] == []


def test_the_same_stands_on_paper_in_letters_of_two_sizes(
    app: Flask, session: Session, cast: Cast, people: LetIn, client_as: ClientAs, now: datetime
) -> None:
    own = open_as(app, session, people.ada, now).get("/me/paper?size=large")
    assert "paper--large" in own.text
    staff = client_as(cast.dev).get(f"/people/{cast.ada.uuid}/my-page")
    for words in ("Ada’s page", "Thursday lunch club", "When somebody looks", "If I want something changed"):
        assert words in own.text, words
        assert words in staff.text, words


def test_moving_out_hides_the_page_from_who_stays_behind(
    app: Flask, session: Session, cast: Cast, readings: None, now: datetime
) -> None:
    account, _ = proxies.let_in(session, cast, cast.ada, "Ray Lowe", "housemate", now, shares_home="yes")
    client = open_as(app, session, account, now)
    assert "Oxygen" in client.get("/me").text
    residencies.move_out(session, cast.ada, now - timedelta(minutes=1), actor=proxies.BY)
    session.flush()
    text = client.get("/me").text
    assert "Oxygen" not in text
    assert "moved" not in text


def test_something_that_went_wrong_goes_into_the_hazard_log(
    app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    client = open_as(app, session, people.beth, now)
    assert client.post("/me/went-wrong", data={"what": "", "harm": ""}).status_code == 422
    assert "hazard log" in client.post("/me/went-wrong", data={"what": "Old reading", "harm": "no"}).text
    told = session.scalars(select(JournalEntry).where(JournalEntry.what == "something went wrong")).one()
    assert (told.by, told.details["what"]) == ("Beth Marsh", "Old reading")


def test_a_page_that_is_not_there_says_so_in_its_own_family(
    app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    answer = open_as(app, session, people.beth, now).get("/me/nothing")
    assert answer.status_code == 404
    assert h1(answer) == "There is nothing here"


def _token(text: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def test_today_tells_ada_alone_what_to_take_and_who_comes_and_not_what_staff_wrote(
    app: Flask, session: Session, cast: Cast, people: LetIn, now: datetime
) -> None:
    session.add(
        Expectation(
            person_id=cast.ada.id, kind="spo2", source="plan:1", every_seconds=86_400,
            grace_seconds=3600, expected_by=now + timedelta(hours=1), state=HeardState.HEARD, state_since=now,
        )
    )  # fmt: skip
    for text, hours, more in (
        ("She may be hiding bruises", 2, {}),
        ("Hidden from her", 2, {"restricted": True}),
        ("Next week", 24 * 7, {}),
    ):
        session.add(
            FollowUp(
                kind=FollowUpKind.VISIT, text=text, team_id=cast.nurses.id, person_id=cast.ada.id,
                due_at=now + timedelta(hours=hours), **more,
            )
        )  # fmt: skip
    session.flush()
    page = open_as(app, session, people.ada, now).get("/me").text
    assert "Take a reading: oxygen" in page
    assert page.count("Community nurses visit you") == 1
    for words in ("bruises", "Hidden from her", "Next week"):
        assert words not in page, words
    beth = open_as(app, session, people.beth, now).get("/me").text
    for words in ("Take a reading", "visit you", ">Today<"):
        assert words not in beth, words


def test_a_day_on_which_nothing_is_asked_says_so(
    app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    assert "Nothing is asked of you today" in open_as(app, session, people.ada, now).get("/me").text
