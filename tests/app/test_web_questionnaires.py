"""The pages of a person's forms."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.plan import enrol, filled_in
from people import about_me, looks
from people.access import RecordClass
from people.forms import filling, reading
from people.models.forms import FilledForm, FillState
from people.signing_in import viewer_of
from tests.app.conftest import ClientAs
from tests.app.reading import attribute, h1
from tests.cast import Cast
from tests.people.looking import unshare

ONS4 = {"q_satisfaction": "7", "q_worthwhile": "8", "q_happiness": "6", "q_anxiety": "2"}
WHEN = {"answered_by": "person", "asked_by": "telephone", "answered_at": "2026-11-22T07:30"}


@pytest.fixture
def cora(cast: Cast, client_as: ClientAs) -> FlaskClient:
    return client_as(cast.cora)


def path(cast: Cast, rest: str = "/forms") -> str:
    return f"/people/{cast.ada.uuid}{rest}"


def rows(session: Session) -> list[FilledForm]:
    session.expire_all()
    return list(session.scalars(select(FilledForm).order_by(FilledForm.id)))


def before_and_after(session: Session, cast: Cast, now: datetime) -> None:
    viewer, form = viewer_of(session, cast.cora, now), reading.get("ons4")
    for days, value in ((60, 4), (1, 7)):
        given, told = {"satisfaction": value, "anxiety": 10 - value}, {"answered_at": now - timedelta(days)}
        filled_in.complete(session, cast.ada, form, given, told, viewer=viewer, now=now)
    session.flush()


def test_the_list_tells_what_was_filled_in_what_it_came_to_and_how_it_went(
    session: Session, cast: Cast, now: datetime, cora: FlaskClient
) -> None:
    before_and_after(session, cast, now)
    answer = cora.get(path(cast))
    assert h1(answer) == "Forms"
    for words in (
        "Life satisfaction: 7 of 10, high",
        "Life satisfaction: 4 of 10, low",
        "No score: 1 not answered",
        "4 → 7 of 10: up 3 since the first, which is better",
        "6 → 3 of 10: down 3 since the first, which is better",
        "Cora, Westmere Hub",
        "The person; face to face",
    ):
        assert words in answer.text, words
    assert [look.at_what for look in looks.list_looks(session, cast.ada)] == ["forms"]


def test_somebody_new_is_told_what_would_stand_there(cast: Cast, cora: FlaskClient) -> None:
    text = cora.get(path(cast)).text
    assert "Nothing filled in yet" in text
    assert "The plan asks for" not in text


def test_what_the_plan_asks_for_comes_first_with_the_reason(
    session: Session, cast: Cast, now: datetime, cora: FlaskClient
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada")
    session.flush()
    text = cora.get(path(cast)).text
    assert text.index("The plan asks for") < text.index("COPD: how it is going") < text.index("Other forms")
    assert "For COPD at home" in text


def test_a_form_is_filled_in_on_one_page_and_becomes_readings(
    session: Session, cast: Cast, cora: FlaskClient
) -> None:
    shown = cora.get(path(cast, "/forms/ons4"))
    assert h1(shown) == "Personal wellbeing (ONS4)"
    assert "Overall, how happy did you feel yesterday?" in shown.text
    assert "Open Government Licence v3.0" in shown.text
    sent = cora.post(path(cast, "/forms/ons4"), data={**ONS4, **WHEN, "do": "complete"})
    (row,) = rows(session)
    assert (sent.status_code, sent.location) == (303, path(cast, f"/filled-forms/{row.uuid}"))
    assert row.answers == {"satisfaction": 7, "worthwhile": 8, "happiness": 6, "anxiety": 2}
    assert (row.asked_by, row.answered_at.isoformat()) == ("telephone", "2026-11-22T07:30:00+00:00")
    seen = cora.get(sent.location)
    for words in ("8 of 10, high", "The person; by telephone", "7 of 10", "Cora, Westmere Hub"):
        assert words in seen.text, words


def test_what_is_wrong_is_said_at_its_question_and_nothing_is_lost(
    session: Session, cast: Cast, cora: FlaskClient
) -> None:
    data = {
        "q_reliever": "many",
        "q_speaks": "yes",
        "q_colour": "yes",
        "q_colour_now": "Green",
        "do": "complete",
    }
    answer = cora.post(path(cast, "/forms/copd_symptoms"), data={**data, **WHEN, "answered_at": "soon"})
    assert answer.status_code == 422
    for words in ('href="#q_reliever"', "Give a number.", 'href="#q_drowsy"', 'href="#answered_at"', "Green"):
        assert words in answer.text, words
    assert attribute(answer, "q_reliever", "value") == "many"
    assert "Error: COPD" in answer.text
    assert rows(session) == []


def test_without_script_the_questions_that_come_up_are_shown_before_anything_is_completed(
    session: Session, cast: Cast, cora: FlaskClient
) -> None:
    form = path(cast, "/forms/falls_check")
    shown = cora.get(form)
    seen = next(part for part in shown.text.split('name="seen" value="')[1:]).partition('"')[0]
    assert "how_often" not in seen.split()
    data = {"q_fell": "yes", "seen": seen, "do": "complete", **WHEN}
    first = cora.post(form, data=data)
    assert (first.status_code, rows(session)) == (200, [])
    assert "5 more questions come up by what you answered" in first.text
    again = next(part for part in first.text.split('name="seen" value="')[1:]).partition('"')[0]
    assert "how_often" in again.split()
    last = cora.post(form, data={**data, "seen": again, "q_how_often": "twice_or_more"})
    assert last.status_code == 303
    assert "criteria of NICE NG249" in cora.get(last.location).text


def test_a_draft_is_saved_gone_on_with_and_completed(session: Session, cast: Cast, cora: FlaskClient) -> None:
    saved = cora.post(path(cast, "/forms/ons4"), data={"q_anxiety": "3", **WHEN, "do": "save"})
    (row,) = rows(session)
    assert (row.state, saved.location) == (FillState.DRAFT, path(cast, f"/filled-forms/{row.uuid}/edit"))
    assert "Go on with the draft" in cora.get(path(cast)).text
    again = cora.get(saved.location)
    assert 'value="3" checked' in again.text
    done = cora.post(saved.location, data={**ONS4, **WHEN, "row_version": str(row.version), "do": "complete"})
    assert done.status_code == 303
    (row,) = rows(session)
    assert (row.state, row.answers["anxiety"]) == (FillState.COMPLETE, 2)


def test_whoever_comes_second_to_a_draft_is_told_and_loses_nothing(
    session: Session, cast: Cast, cora: FlaskClient
) -> None:
    cora.post(path(cast, "/forms/ons4"), data={"q_anxiety": "3", **WHEN, "do": "save"})
    (row,) = rows(session)
    edit = path(cast, f"/filled-forms/{row.uuid}/edit")
    version = str(row.version)
    cora.post(edit, data={"q_anxiety": "4", **WHEN, "row_version": version, "do": "save"})
    late = cora.post(edit, data={"q_anxiety": "5", **WHEN, "row_version": version, "do": "save"})
    assert late.status_code == 409
    assert "Somebody else went on with this draft" in late.text
    assert 'value="5" checked' in late.text
    assert rows(session)[0].answers == {"anxiety": 4}


def test_a_correction_is_begun_with_what_stood_there_and_both_know_each_other(
    session: Session, cast: Cast, cora: FlaskClient
) -> None:
    first = cora.post(path(cast, "/forms/ons4"), data={**ONS4, **WHEN, "do": "complete"}).location
    shown = cora.get(f"{first}/edit")
    assert h1(shown) == "Correct: Personal wellbeing (ONS4)"
    assert 'value="7" checked' in shown.text
    right = cora.post(f"{first}/edit", data={**ONS4, **WHEN, "q_anxiety": "9", "do": "complete"})
    assert right.status_code == 303
    assert "Look at the correction" in cora.get(first).text
    assert "What was answered before" in cora.get(right.location).text
    late = cora.post(f"{first}/edit", data={**ONS4, **WHEN, "do": "complete"})
    assert (late.status_code, "corrected this form" in late.text) == (409, True)


def test_entered_in_error_needs_a_reason_and_stays_to_be_seen(cast: Cast, cora: FlaskClient) -> None:
    first = cora.post(path(cast, "/forms/ons4"), data={**ONS4, **WHEN, "do": "complete"}).location
    assert "its readings are taken back" in cora.get(f"{first}/mistake").text
    assert cora.post(f"{first}/mistake", data={"mistake": ""}).status_code == 422
    assert cora.post(f"{first}/mistake", data={"mistake": "It was Ben."}).status_code == 303
    assert "It was Ben." in cora.get(first).text
    assert "Entered in error" in cora.get(path(cast)).text


def test_a_draft_is_thrown_away(session: Session, cast: Cast, cora: FlaskClient) -> None:
    cora.post(path(cast, "/forms/ons4"), data={"q_anxiety": "3", **WHEN, "do": "save"})
    gone = path(cast, f"/filled-forms/{rows(session)[0].uuid}")
    assert "Throw the draft away" in cora.get(f"{gone}/mistake").text
    assert cora.post(f"{gone}/mistake").status_code == 303
    assert cora.get(gone).status_code == 404


def test_what_matters_begins_with_what_about_me_says(session: Session, cast: Cast, cora: FlaskClient) -> None:
    form = path(cast, "/forms/what_matters")
    assert "My Thursday lunch club and my own front door." in cora.get(form).text
    cora.post(form, data={"q_most_important": "My garden.", **WHEN, "do": "complete"})
    session.expire_all()
    said = about_me.find(session, cast.ada)
    assert said is not None
    assert said.most_important == "My garden."


def test_what_about_me_says_is_neither_shown_nor_written_over_where_it_is_not_shared(
    session: Session, cast: Cast, cora: FlaskClient
) -> None:
    form = path(cast, "/forms/what_matters")
    unshare(session, cast.hub.id, RecordClass.CONTACT)
    shown, sent = cora.get(form), cora.post(form, data={**WHEN, "q_also": "I sing."})
    for answer in (shown, sent):
        assert answer.status_code == 403
        assert "Contact details: not shared with Westmere Hub" in answer.text
        assert "Thursday lunch club" not in answer.text
    assert rows(session) == []


def test_another_agency_sees_the_sort_of_thing_alone_or_only_that_there_is_something(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    viewer = viewer_of(session, cast.cora, now)
    plan = filling.complete(
        session, cast.ada, reading.get("what_matters"), {"also": "A secret"}, {}, viewer=viewer, now=now
    )
    before_and_after(session, cast, now)
    hana = client_as(cast.hana)
    text = hana.get(path(cast)).text
    assert "Not shared with your agency" in text
    assert "There is something more on record" in text
    assert "Life satisfaction" not in text
    one = hana.get(path(cast, f"/filled-forms/{plan.uuid}"))
    assert "What was answered is not shared with your agency." in one.text
    assert "secret" not in one.text + text
    for rest in ("/edit", "/mistake"):
        assert hana.get(path(cast, f"/filled-forms/{plan.uuid}{rest}")).status_code == 404


@pytest.mark.parametrize("code", sorted(reading.in_use()))
def test_every_form_can_be_filled_in_on_the_page_and_on_paper_in_large_print(
    cast: Cast, cora: FlaskClient, code: str
) -> None:
    form = reading.get(code)
    assert cora.get(path(cast, f"/forms/{code}")).status_code == 200
    paper = cora.get(path(cast, f"/forms/{code}/paper?print=large"))
    assert "handform--large" in paper.text
    for question in form.questions:
        assert question.text.split("’")[0][:20] in paper.text
    assert "Ada Marsh" in paper.text


def test_somebody_fills_in_what_they_would_not_see_of_others_and_it_counts(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    hana = client_as(cast.hana)
    sent = hana.post(path(cast, "/forms/ons4"), data={**ONS4, **WHEN, "do": "complete"})
    assert sent.status_code == 303
    assert "7 of 10, high" in hana.get(sent.location).text
    right = hana.post(f"{sent.location}/edit", data={**ONS4, **WHEN, "q_anxiety": "9", "do": "complete"})
    assert right.status_code == 303
    assert hana.post(f"{right.location}/mistake", data={"mistake": "It was Ben."}).status_code == 303


def test_a_form_that_is_not_there_is_not_found(cast: Cast, cora: FlaskClient) -> None:
    for rest in ("/forms/zarit", "/forms/zarit/paper"):
        assert cora.get(path(cast, rest)).status_code == 404


def test_a_volunteer_fills_in_nothing(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.vi).get(path(cast)).status_code == 403
