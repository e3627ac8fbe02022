"""Forms that the person fills in by themselves, on their own page."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.plan import enrol
from core.models import JournalEntry
from devices import readings, subjects
from people import about_me
from people.forms import reading
from people.models.forms import AnsweredBy, AskedBy, FilledForm
from tests.app import proxies
from tests.app.conftest import ClientAs
from tests.app.proxies import LetIn
from tests.app.reading import h1, text_of
from tests.cast import Cast

ONS4 = {"q_satisfaction": "7", "q_worthwhile": "7", "q_happiness": "6", "q_anxiety": "3"}


@pytest.fixture
def people(session: Session, cast: Cast, now: datetime) -> LetIn:
    return proxies.lay(session, cast, now)


@pytest.fixture
def ada(app: Flask, session: Session, people: LetIn, now: datetime) -> FlaskClient:
    return proxies.client_of(app, session, people.ada, now)


def test_the_forms_meant_for_her_are_offered_and_no_others(
    session: Session, cast: Cast, ada: FlaskClient, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    answer = ada.get("/me/forms")
    assert h1(answer) == "Questions for me"
    for form in reading.in_use().values():
        assert (f'href="/me/forms/{form.code}"' in answer.text) is form.by_person, form.code
    assert "Asked for by your plan" in answer.text
    assert "ring 111" in answer.text
    assert ada.get("/me/forms/discharge_check").status_code == 404
    assert 'href="/me/forms"' in ada.get("/me").text


def test_what_she_answers_counts_as_hers_and_staff_read_it(
    session: Session, cast: Cast, ada: FlaskClient, client_as: ClientAs, now: datetime
) -> None:
    assert h1(ada.get("/me/forms/ons4")) == "Personal wellbeing (ONS4)"
    sent = ada.post("/me/forms/ons4", data=ONS4)
    assert (sent.status_code, sent.location) == (303, "/me/forms")
    row = session.scalars(select(FilledForm)).one()
    assert (row.staff_id, row.agency_id) == (None, None)
    assert (row.answered_by, row.asked_by) == (AnsweredBy.PERSON, AskedBy.OWN_PAGE)
    kinds = {each.kind: each.value for each in readings.latest(session, [subjects.person(cast.ada.id)], now)}
    assert kinds["wellbeing_satisfaction"] == 7
    by = session.scalars(select(JournalEntry.by).where(JournalEntry.what == "completed")).all()
    assert by == ["Ada Marsh (their own page)"]
    again = ada.get("/me/forms").text
    assert again.count("You answered it") == again.count("Answer again") == 1
    dev = client_as(cast.dev)
    listed = dev.get(f"/people/{cast.ada.uuid}/forms").text
    assert "Ada Marsh, their own page" in listed
    assert "The person; on their own page" in dev.get(f"/people/{cast.ada.uuid}/filled-forms/{row.uuid}").text


def test_what_is_wrong_is_said_with_its_question_and_nothing_is_kept(
    session: Session, ada: FlaskClient
) -> None:
    answer = ada.post("/me/forms/ons4", data=ONS4 | {"q_anxiety": "70"})
    assert answer.status_code == 422
    assert any("overall, how anxious did you feel yesterday? " in said for said in text_of(answer, "li"))
    assert ada.post("/me/forms/ons4", data={}).status_code == 422
    assert session.scalars(select(FilledForm)).all() == []


def test_her_own_words_stand_in_the_form_and_become_about_me(
    session: Session, cast: Cast, ada: FlaskClient
) -> None:
    assert ada.post("/me/forms/what_matters", data={"q_most_important": "My garden."}).status_code == 303
    said = about_me.find(session, cast.ada)
    assert said is not None
    assert said.most_important == "My garden."
    assert "My garden." in ada.get("/me/forms/what_matters").text


def test_whoever_she_lets_in_answers_nothing_for_her(
    app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    beth = proxies.client_of(app, session, people.beth, now)
    assert beth.get("/me/forms").status_code == 404
    assert beth.get("/me/forms/ons4").status_code == 404
    assert beth.post("/me/forms/ons4", data=ONS4).status_code == 404
    assert session.scalars(select(FilledForm)).all() == []


def test_staff_do_not_say_that_she_filled_it_in_on_her_page(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    told = {"answered_by": "person", "asked_by": "own_page", "answered_at": "2026-11-22T07:40"}
    answer = client_as(cast.dev).post(f"/people/{cast.ada.uuid}/forms/ons4", data=ONS4 | told)
    assert answer.status_code == 422
    assert "Only the person themselves" in answer.text
    assert session.scalars(select(FilledForm)).all() == []


def test_a_correction_of_hers_says_how_she_was_asked(
    session: Session, cast: Cast, ada: FlaskClient, client_as: ClientAs
) -> None:
    ada.post("/me/forms/ons4", data=ONS4)
    row = session.scalars(select(FilledForm)).one()
    path = f"/people/{cast.ada.uuid}/filled-forms/{row.uuid}"
    dev = client_as(cast.dev)
    told = {"answered_by": "person", "answered_at": "2026-11-22T07:40"}
    wrong = dev.post(f"{path}/edit", data=ONS4 | told)
    assert wrong.status_code == 422
    assert "Say how they were asked." in wrong.text
    right = dev.post(f"{path}/edit", data=ONS4 | told | {"asked_by": "telephone"})
    assert right.status_code == 303
    assert "Corrected since" in dev.get(path).text
