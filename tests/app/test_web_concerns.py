"""The pages of safeguarding concerns, and what tells nobody that one is there."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from people import concerns
from people.models.caring import AlertSight
from people.models.concerns import Concern, Enquiry, Met
from people.models.people import Person
from tests.app.conftest import ClientAs
from tests.app.raising import raise_
from tests.app.reading import h1
from tests.cast import Cast

SAID = {"worry": "Bruises nobody explains", "danger": "no", "wishes": "To stay at home", "knows": "no"}


@pytest.fixture
def concern(session: Session, cast: Cast, client_as: ClientAs) -> Concern:
    """Raised by Dev from Ada's page; Sol's team holds it."""
    answer = client_as(cast.dev).post(f"/people/{cast.ada.uuid}/concern", data=SAID)
    assert answer.status_code == 303
    return session.scalars(select(Concern)).one()


def test_anybody_who_sees_the_person_finds_the_button(cast: Cast, client_as: ClientAs) -> None:
    page = client_as(cast.hana).get(f"/people/{cast.ada.uuid}")
    assert f'href="/people/{cast.ada.uuid}/concern"' in page.text
    form = client_as(cast.hana).get(f"/people/{cast.ada.uuid}/concern")
    assert h1(form) == "Raise a concern"
    assert "ring 999 first" in form.text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(cast: Cast, client_as: ClientAs) -> None:
    client = client_as(cast.dev)
    refused = client.post(f"/people/{cast.ada.uuid}/concern", data=SAID | {"danger": "yes"})
    assert refused.status_code == 422
    assert 'href="#danger_done"' in refused.text
    assert "Bruises nobody explains" in refused.text


def test_its_team_reads_decides_plans_and_closes_it(
    session: Session, cast: Cast, concern: Concern, client_as: ClientAs
) -> None:
    sol, here = client_as(cast.sol), f"/concerns/{concern.uuid}"
    assert "Concerns" in sol.get("/").text
    assert "Ada Marsh" in sol.get("/concerns").text
    page = sol.get(here)
    for words in ("Bruises nobody explains", "To stay at home", "I have read it", "14 Orchard Row"):
        assert words in page.text, words
    assert sol.post(f"{here}/read").status_code == 303
    assert sol.get(f"{here}/enquiry").status_code == 200
    assert sol.post(f"{here}/enquiry", data={"enquiry": "begun"}).status_code == 422
    assert sol.post(f"{here}/enquiry", data={"enquiry": "begun", "why": "Two stories"}).status_code == 303
    assert sol.get(f"{here}/safety-plan").status_code == 200
    assert sol.post(f"{here}/safety-plan", data={"safety_plan": "Seen daily"}).status_code == 303
    assert sol.get(f"{here}/close").status_code == 200
    assert sol.post(f"{here}/close", data={"outcome": "Safe", "wishes_met": "fully"}).status_code == 303
    session.refresh(concern)
    assert (concern.enquiry, concern.wishes_met, concern.safety_plan) == (
        Enquiry.BEGUN,
        Met.FULLY,
        "Seen daily",
    )
    assert "Seen daily" in sol.get(here).text


def test_whoever_raised_it_sees_their_own_words_and_nothing_of_what_was_found(
    cast: Cast, concern: Concern, client_as: ClientAs
) -> None:
    here = f"/concerns/{concern.uuid}"
    sol = client_as(cast.sol)
    sol.post(f"{here}/read")
    sol.post(f"{here}/enquiry", data={"enquiry": "not_begun", "why": "Found to be a fall"})
    dev = client_as(cast.dev)
    text = dev.get(here).text
    assert "Bruises nobody explains" in text
    assert "Found to be a fall" not in text
    assert dev.post(f"{here}/read").status_code == 404
    assert dev.get(f"{here}/close").status_code == 404


def test_nothing_anywhere_tells_anybody_else_that_it_is_there(
    session: Session, cast: Cast, concern: Concern, client_as: ClientAs
) -> None:
    cora = client_as(cast.cora)
    assert cora.get(f"/concerns/{concern.uuid}").status_code == 404
    assert "Ada Marsh" not in cora.get("/concerns").text
    person = f"/people/{cast.ada.uuid}"
    parts = ("", "/history", "/looks", "/authority", "/proxies", "/my-page")
    for page in ("/", "/people", "/follow-ups", "/outbox", *(f"{person}{part}" for part in parts)):
        text = cora.get(page).text
        for words in ("Bruises", "waits for your team", str(concern.uuid)):
            assert words not in text, (page, words)
    found = cora.post("/people/search", data={"q": "Bruises"})
    assert "Ada Marsh" not in found.text
    session.refresh(concern)
    assert session.get(Person, concern.person_id) is not None


def test_it_can_be_raised_from_an_alert_by_whom_it_was_sent_to(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    session.flush()
    here = f"/alerts/{alert.uuid}/concern"
    assert f'href="{here}"' in client_as(cast.cora).get(f"/alerts/{alert.uuid}").text
    sight = AlertSight(
        person_id=cast.ada.id, alert_id=alert.id, staff_id=cast.mallory.id,
        period=Range(now - timedelta(hours=1), now + timedelta(hours=1)),
    )  # fmt: skip
    session.add(sight)
    session.flush()
    mallory = client_as(cast.mallory)
    assert mallory.get(f"/people/{cast.ada.uuid}/concern").status_code == 404
    assert mallory.get(here).status_code == 200
    assert mallory.post(here, data=SAID).status_code == 303
    row = session.scalars(select(Concern)).one()
    assert (row.alert_id, row.raised_by_id) == (alert.id, cast.mallory.id)


def test_with_no_team_to_take_it_the_form_says_whom_to_ring(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    cast.social_workers.role = None
    session.flush()
    answer = client_as(cast.dev).post(f"/people/{cast.ada.uuid}/concern", data=SAID)
    assert answer.status_code == 409
    assert concerns.NOBODY.split(".")[0] in answer.text
