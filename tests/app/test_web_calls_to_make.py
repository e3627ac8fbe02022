"""The calls to make now, and what is recorded of each with one press."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts.alerts import raise_
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.ringing import ContactAttempt, NoReply
from care_plans.reached import Came
from care_plans.severity import Severity
from people import contacts
from people.models.agencies import Role
from people.models.caring import CareTeam
from tests.app.conftest import ClientAs
from tests.app.reading import attribute, h1, text_of
from tests.care_plans.alerting import raised
from tests.care_plans.ringing.ringing import MINUTE, call, nobody_answers, ring
from tests.care_plans.test_absences import leave
from tests.cast import Cast

WELL, NO_ANSWER = {"came": "answered_well"}, {"came": "no_answer"}


def test_with_nobody_to_ring_it_says_what_would_stand_there(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).get("/calls")
    assert h1(answer) == "Calls to make"
    assert "Nobody to ring" in answer.text


def test_the_next_call_is_open_with_number_key_holder_and_what_came_before(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    ring(session, cast, row, now - 20 * MINUTE, Came.ENGAGED)
    answer = client_as(cast.cora).get("/calls")
    assert "tel:01632960114" in answer.text
    assert "Beth Marsh, daughter, key holder" in answer.text
    assert "Engaged." in answer.text
    assert "1 of 3 calls without an answer" in answer.text
    assert 'aria-keyshortcuts="3"' in answer.text


def test_one_press_records_it_and_opens_the_next_person(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    first = call(session, cast, now)
    call(session, cast, now, person_id=cast.ben.id, due_at=now + timedelta(hours=2), text="Ring Ben")
    cora = client_as(cast.cora)
    assert "Ada Marsh" in text_of(cora.get("/calls"), "h2")
    answer = cora.post(f"/follow-ups/{first.uuid}/attempts", data={**NO_ANSWER, "next": "/calls"})
    assert answer.headers["Location"] == "/calls"
    page = cora.get("/calls")
    assert "Ben Okafor" in text_of(page, "h2")
    assert "Ada Marsh. No answer." in page.text
    assert "again from" in page.text


def test_what_was_just_pressed_can_be_taken_back_there(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    cora = client_as(cast.cora)
    cora.post(f"/follow-ups/{row.uuid}/attempts", data=WELL)
    session.refresh(row)
    assert row.done_at is not None
    attempt = session.scalars(select(ContactAttempt)).one()
    assert f"/attempts/{attempt.uuid}/undo" in cora.get("/calls").text
    assert cora.post(f"/attempts/{attempt.uuid}/undo").headers["Location"] == "/calls"
    session.refresh(row)
    assert row.done_at is None
    again = cora.post(f"/attempts/{attempt.uuid}/undo")
    assert again.status_code == 409
    assert "taken back already" in again.text


def test_on_the_page_of_the_call_the_same_keys_stand(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    cora = client_as(cast.cora)
    assert "What came of ringing?" in cora.get(f"/follow-ups/{row.uuid}").text
    [beth] = contacts.list_contacts(session, cast.ada)
    answer = cora.post(
        f"/follow-ups/{row.uuid}/attempts", data={**NO_ANSWER, "whom": str(beth.uuid), "remark": "At work"}
    )
    assert answer.headers["Location"] == f"/follow-ups/{row.uuid}"
    assert "Beth Marsh: No answer. At work." in cora.get(f"/follow-ups/{row.uuid}").text


def test_whoever_is_not_well_needs_words_and_what_follows_and_what_was_typed_stays(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    cora, path = client_as(cast.cora), f"/follow-ups/{row.uuid}/attempts"
    for back in ("/calls", ""):
        wrong = cora.post(path, data={"came": "answered_not_well", "heard": "Dizzy", "next": back})
        assert wrong.status_code == 422
        assert "Say what is to follow" in wrong.text
        nothing = cora.post(path, data={"came": "answered_not_well", "follows": "red", "next": back})
        assert "Write down what they said" in nothing.text
        assert attribute(nothing, "heard", "aria-describedby").endswith("heard-error")
        assert "Dizzy" in wrong.text
    assert session.scalars(select(ContactAttempt)).all() == []
    cora.post(path, data={"came": "answered_not_well", "heard": "Dizzy", "follows": "red"})
    alert = session.scalars(select(Alert)).one()
    assert (alert.severity, "Dizzy" in alert.words) == (Severity.RED, True)
    assert "a call to them" in cora.get(f"/alerts/{alert.uuid}").text


def test_it_can_be_told_to_an_open_alert_and_to_no_other(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, raised(cast, now, Severity.AMBER), now)
    row = call(session, cast, now)
    cora, path = client_as(cast.cora), f"/follow-ups/{row.uuid}/attempts"
    assert f'value="{alert.uuid}"' in cora.get(f"/follow-ups/{row.uuid}").text
    said = {"came": "answered_not_well", "heard": "Still breathless"}
    assert cora.post(path, data={**said, "follows": str(row.uuid)}).status_code == 422
    assert cora.post(path, data={**said, "follows": str(alert.uuid)}).status_code == 303
    assert any("Still breathless" in words for words in session.scalars(select(AlertEvent.words)))


def test_nonsense_is_refused_and_nothing_is_kept(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    path = f"/follow-ups/{row.uuid}/attempts"
    for data in ({}, {"came": "shouted"}, {**WELL, "whom": "Beth"}, {**WELL, "remark": "x" * 5000}):
        assert client_as(cast.cora).post(path, data=data).status_code == 422
    assert session.scalars(select(ContactAttempt)).all() == []


def test_after_the_third_it_says_that_the_procedure_runs_and_leads_to_it(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    for ago in (25, 12):
        ring(session, cast, row, now - ago * MINUTE)
    cora = client_as(cast.cora)
    cora.post(f"/follow-ups/{row.uuid}/attempts", data={**NO_ANSWER, "next": "/calls"})
    looked_for = session.scalars(select(NoReply)).one()
    alert = session.get_one(Alert, looked_for.alert_id)
    page = cora.get("/calls")
    assert "the no-reply procedure runs" in page.text
    assert f"/alerts/{alert.uuid}" in page.text
    assert "Nobody can reach Ada" in page.text


def test_of_somebody_who_has_died_no_number_stands_there(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    call(session, cast, now)
    cast.ada.died_on = now.date()
    session.flush()
    page = client_as(cast.cora).get("/calls")
    assert "tel:01632960114" not in page.text
    assert "Their death is recorded" in page.text


def test_a_call_that_a_colleague_has_taken_is_not_the_next_one(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    theirs = call(session, cast, now)
    theirs.staff_id = cast.sol.id
    call(session, cast, now, person_id=cast.ben.id, due_at=now + timedelta(hours=3))
    cora = client_as(cast.cora)
    assert "Ben Okafor" in text_of(cora.get("/calls"), "h2")
    assert "Ada Marsh" in text_of(cora.get(f"/calls?now={theirs.uuid}"), "h2")


def test_another_agency_and_strangers_record_nothing_for_what_they_cannot_see(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    cast.mallory.role = Role.COORDINATOR
    mallory = client_as(cast.mallory)
    assert mallory.post(f"/follow-ups/{row.uuid}/attempts", data=WELL).status_code == 404
    assert "Ada" not in mallory.get("/calls").text
    hana = client_as(cast.hana)
    nobody_answers(session, cast, row, now)
    page = hana.get(f"/follow-ups/{row.uuid}").text
    assert "what came of it is not shared with your agency" in page


def test_who_is_away_stands_last_as_such_and_is_not_the_next_one(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    call(session, cast, now)
    call(session, cast, now, person_id=cast.ben.id, due_at=now + timedelta(hours=3))
    leave(session, cast, now)
    page = client_as(cast.cora).get("/calls")
    assert "Ben Okafor" in text_of(page, "h2")
    assert "Away from home" in page.text
    assert "1 call to make now, of 2" in page.text


def test_a_volunteer_sees_first_names_and_a_number_once_the_call_is_theirs(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    since = Range(now - timedelta(days=9), None)
    session.add(CareTeam(person_id=cast.ada.id, team_id=cast.befrienders.id, period=since))
    row = call(session, cast, now, team_id=cast.befrienders.id)
    vi = client_as(cast.vi)
    page = vi.get("/calls").text
    assert "Marsh" not in page
    assert "tel:01632960114" not in page
    vi.post(f"/follow-ups/{row.uuid}/take")
    assert "tel:01632960114" in vi.get("/calls").text
    vi.post(f"/follow-ups/{row.uuid}/attempts", data={**NO_ANSWER, "next": "/calls"})
    page = vi.get("/calls").text
    assert "Ada. No answer." in page
    assert "Marsh" not in page
    assert "Orchard Row" not in page
