"""The pages of what is done when somebody does not answer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.ringing import ContactAttempt, NoReply
from care_plans.reached import Came, Found
from care_plans.ringing import terms
from care_plans.ringing.procedure import Act
from care_plans.severity import Severity
from people import contacts
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.ringing.ringing import call, nobody_answers, ring
from tests.cast import Cast

FORM = {
    "attempts": "2",
    "apart_minutes": "5",
    "within_minutes": "60",
    "minutes_key_holder": "10",
    "note_key_holder": "Mo next door has the spare",
    "minutes_ask_others": "",
    "minutes_visit": "30",
    "minutes_welfare_check": "20",
    "agreed_with": "Ada herself",
    "agreed_on": "2026-11-20",
    "row_version": "0",
}


def begun(session: Session, cast: Cast, now: datetime) -> Alert:
    row = nobody_answers(session, cast, call(session, cast, now), now).no_reply
    assert row is not None
    return session.get_one(Alert, row.alert_id)


def test_before_anything_is_agreed_the_usual_stands_there(cast: Cast, client_as: ClientAs) -> None:
    page = client_as(cast.cora).get(f"/people/{cast.ada.uuid}/no-reply")
    assert h1(page) == "If Ada does not answer"
    assert "After 3 calls without an answer, 10 min or more apart, within 2 h." in page.text
    assert "Hearthline never does" in page.text
    assert f"/people/{cast.ada.uuid}/no-reply" in client_as(cast.cora).get(f"/people/{cast.ada.uuid}").text


def test_what_is_agreed_is_written_down_with_whom_and_when_and_dropped_again(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    dev, path = client_as(cast.dev), f"/people/{cast.ada.uuid}/no-reply"
    given = {**FORM, "team_visit": str(cast.landlord.uuid)}
    assert dev.post(path, data=given).status_code == 303
    held = terms.find_of_person(session, cast.ada.id)
    assert held is not None
    assert held.terms.enough.attempts == 2
    assert [(step.act, step.minutes, step.team) for step in held.terms.steps] == [
        (Act.KEY_HOLDER, 10, None),
        (Act.VISIT, 30, cast.landlord.id),
        (Act.WELFARE_CHECK, 20, None),
    ]
    page = dev.get(path).text
    assert "Agreed with Ada herself" in page
    assert "Mo next door has the spare" in page
    assert dev.post(f"{path}/drop").status_code == 303
    assert terms.find_of_person(session, cast.ada.id) is None
    assert dev.post(f"{path}/drop").status_code == 409


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    dev, path = client_as(cast.dev), f"/people/{cast.ada.uuid}/no-reply"
    for changed, said in (
        ({"attempts": "many"}, "Give a whole number from 1 to 10."),
        ({"minutes_visit": "x"}, "Give a whole number from 1 to 240."),
        ({"minutes_visit": ""}, "Somebody must go and see"),
        ({"minutes_welfare_check": ""}, "Somebody must"),
        ({"team_visit": "nobody"}, "Choose one of these teams."),
        ({"agreed_with": ""}, "This is needed."),
        ({"agreed_on": "2099-01-01"}, "This day has not come yet."),
        ({"within_minutes": "4"}, "take longer than that"),
    ):
        answer = dev.post(path, data={**FORM, **changed})
        assert answer.status_code == 422, changed
        assert said in answer.text or "keep it, at the end" in answer.text
        assert "Mo next door has the spare" in answer.text
    assert terms.find_of_person(session, cast.ada.id) is None


def test_of_two_who_write_it_down_one_wins_and_the_other_is_told(cast: Cast, client_as: ClientAs) -> None:
    path = f"/people/{cast.ada.uuid}/no-reply"
    assert client_as(cast.dev).post(path, data=FORM).status_code == 303
    answer = client_as(cast.cora).post(path, data={**FORM, "attempts": "5"})
    assert answer.status_code == 409
    assert "Look again" in answer.text


def test_an_agency_with_which_the_plan_is_not_shared_reads_nothing_of_it(
    cast: Cast, client_as: ClientAs
) -> None:
    path = f"/people/{cast.ada.uuid}/no-reply"
    client_as(cast.dev).post(path, data=FORM)
    hana = client_as(cast.hana)
    page = hana.get(path).text
    assert "not shared with" in page
    assert "Mo next door" not in page
    assert hana.post(path, data=FORM).status_code == 403


def test_somebody_can_look_for_them_at_once_with_a_reason(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/no-reply"
    assert cora.post(f"{path}/begin", data={"why": ""}).status_code == 422
    answer = cora.post(f"{path}/begin", data={"why": "The curtains are drawn"})
    alert = session.scalars(select(Alert)).one()
    assert answer.headers["Location"] == f"/alerts/{alert.uuid}"
    page = cora.get(f"/alerts/{alert.uuid}").text
    assert "The curtains are drawn" in page
    assert "by Cora" in page
    assert "Look for Ada now" not in cora.get(path).text
    assert "Still looked for" in cora.get(path).text


def test_of_somebody_who_is_away_it_is_refused_with_the_reason(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    cora.post(
        f"/people/{cast.ada.uuid}/absence",
        data={
            "why": "hospital",
            "known_from": "The ward",
            "began_at": "2026-11-22T06:00",
            "ends_at": "2026-11-25T12:00",
        },
    )
    answer = cora.post(f"/people/{cast.ada.uuid}/no-reply/begin", data={"why": "No answer"})
    assert answer.status_code == 409
    assert "nobody looks for them" in answer.text
    assert session.scalars(select(Alert)).all() == []


def test_on_the_alert_those_around_them_are_rung_and_an_answer_of_their_own_ends_it(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = begun(session, cast, now)
    cora, path = client_as(cast.cora), f"/alerts/{alert.uuid}/attempts"
    page = cora.get(f"/alerts/{alert.uuid}").text
    assert "Nobody answers" in page
    assert "a named person decides and rings" in page
    [beth] = contacts.list_contacts(session, cast.ada)
    assert cora.post(path, data={"came": "engaged", "whom": str(beth.uuid)}).status_code == 303
    assert "Rang daughter: Engaged." in cora.get(f"/alerts/{alert.uuid}").text
    assert cora.post(path, data={"came": "shouted"}).status_code == 422
    assert cora.post(path, data={"came": "answered_well"}).status_code == 303
    assert session.scalars(select(NoReply.ended)).one() is Found.SPOKEN_TO
    page = cora.get(f"/alerts/{alert.uuid}").text
    assert "Spoken to" in page
    assert cora.post(path, data={"came": "no_answer"}).status_code == 409


def test_closing_it_before_anybody_was_found_is_refused_in_words(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = begun(session, cast, now)
    form = {"cause": "true_acted", "action": "Gave up", "outcome": "none", "note": "Gave up",
            "clinical_reason": "Never answers"}  # fmt: skip
    answer = client_as(cast.dev).post(f"/alerts/{alert.uuid}/close", data=form)
    assert answer.status_code == 422
    assert "Nobody has been spoken to or seen yet" in answer.text


def test_an_alert_of_something_else_takes_no_attempts(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    not_well = {"words": "Dizzy", "severity": Severity.AMBER}
    ring(session, cast, call(session, cast, now), now, Came.NOT_WELL, **not_well)
    alert = session.scalars(select(Alert)).one()
    answer = client_as(cast.cora).post(f"/alerts/{alert.uuid}/attempts", data={"came": "no_answer"})
    assert answer.status_code == 409
    assert "Nobody is looked for by this alert" in answer.text
    assert len(session.scalars(select(ContactAttempt)).all()) == 1


def test_a_team_sets_what_holds_for_its_calls_and_others_read_it(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    path = f"/teams/{cast.coordinators.uuid}/no-reply"
    cora = client_as(cast.cora)
    assert h1(cora.get(path)) == "If nobody answers, Coordinators"
    assert path in cora.get("/calls").text
    assert cora.post(path, data=FORM).status_code == 303
    assert "Set by Cora" in cora.get(path).text
    assert terms.holding(session, cast.ada.id, cast.coordinators.id).terms.enough.attempts == 2
    dev = client_as(cast.dev)
    assert "After 2 calls" in dev.get(path).text
    assert "Set what holds" not in dev.get(path).text
    assert dev.post(path, data={**FORM, "row_version": "1"}).status_code == 422


def test_for_a_pathway_a_clinician_sets_it_and_others_read_it(cast: Cast, client_as: ClientAs) -> None:
    path = "/pathways/copd/no-reply"
    dev = client_as(cast.dev)
    assert path in dev.get("/pathways/copd").text
    assert "As usual" in dev.get(path).text
    assert dev.post(path, data={**FORM, "attempts": "0"}).status_code == 422
    assert dev.post(path, data=FORM).status_code == 303
    assert "Set by Dev" in dev.get(path).text
    assert dev.post(path, data=FORM).status_code == 409
    cora = client_as(cast.cora)
    assert "After 2 calls" in cora.get(path).text
    assert cora.post(path, data={**FORM, "row_version": "1"}).status_code == 403
    assert dev.get("/pathways/hope/no-reply").status_code == 404


def test_the_person_page_says_when_they_were_last_spoken_to(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    path = f"/people/{cast.ada.uuid}"
    assert "Last spoken to" not in client_as(cast.cora).get(path).text
    ring(session, cast, call(session, cast, now), now, Came.WELL, words="Had breakfast")
    page = client_as(cast.cora).get(path).text
    assert "Last spoken to" in page
    assert "Had breakfast" in page
    assert "Had breakfast" not in client_as(cast.hana).get(path).text
