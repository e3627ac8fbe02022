"""Calls to people through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts.alerts import raise_
from care_plans.models.alerts import Alert
from care_plans.models.ringing import ContactAttempt
from care_plans.models.work import FollowUpKind
from people import contacts
from tests.app.api.asking import ids, wrong
from tests.care_plans.alerting import raised
from tests.care_plans.ringing.ringing import MINUTE, call, ring
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]


def test_attempts_are_recorded_listed_and_taken_back(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    cora, path = api_as(cast.cora), f"/api/v1/follow-ups/{row.uuid}/attempts"
    made = cora.post(path, json={"came": "no_answer", "words": "Rang long"})
    assert made.status_code == 201, made.text
    told = made.json
    assert (told["without_answer"], told["needed"], told["no_reply_id"]) == (1, 3, None)
    assert (told["attempt"]["came"], told["attempt"]["by"], told["attempt"]["whom"]) == (
        "no_answer",
        "Cora",
        None,
    )
    assert ids(cora.get(path)) == [told["attempt"]["id"]]
    assert ids(cora.get(f"/api/v1/people/{cast.ada.uuid}/attempts")) == [told["attempt"]["id"]]
    undone = cora.post(f"/api/v1/attempts/{told['attempt']['id']}/undo")
    assert undone.json["undone"]
    assert cora.post(f"/api/v1/attempts/{told['attempt']['id']}/undo").status_code == 409


def test_the_last_one_that_was_needed_begins_the_procedure(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    for ago in (30, 15):
        ring(session, cast, row, now - ago * MINUTE)
    cora = api_as(cast.cora)
    told = cora.post(f"/api/v1/follow-ups/{row.uuid}/attempts", json={"came": "engaged"}).json
    shown = cora.get(f"/api/v1/no-replies/{told['no_reply_id']}").json
    assert (shown["person_id"], shown["ended"]) == (str(cast.ada.uuid), None)


def test_completing_a_call_without_a_reply_counts_too(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    done = api_as(cast.cora).post(
        f"/api/v1/follow-ups/{row.uuid}/complete", json={"outcome": "no_reply", "remarks": "Rang twice"}
    )
    assert (done.status_code, done.json["outcome"]) == (200, "no_reply")
    assert len(session.scalars(select(ContactAttempt)).all()) == 1


def test_somebody_not_well_is_an_alert_or_is_told_to_one(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    cora, path = api_as(cast.cora), f"/api/v1/follow-ups/{row.uuid}/attempts"
    said = {"came": "answered_not_well"}
    assert set(wrong(cora.post(path, json=said))) == {"words", "severity"}
    bens = raise_(session, raised(cast, now), now)
    told = cora.post(path, json={**said, "words": "Dizzy", "alert_id": str(bens.uuid)})
    assert told.status_code == 201, told.text
    missing = {**said, "words": "Dizzy", "alert_id": str(row.uuid)}
    assert set(wrong(cora.post(path, json=missing))) == {"alert_id"}
    other = call(session, cast, now)
    cora.post(f"/api/v1/follow-ups/{other.uuid}/attempts", json={**said, "words": "Worse", "severity": "red"})
    assert "Worse" in session.scalars(select(Alert.words).where(Alert.rule_key == "not_well")).one()


def test_somebody_around_them_can_be_rung_and_nobody_elses(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    [beth] = contacts.list_contacts(session, cast.ada)
    cora = api_as(cast.cora)
    path = f"/api/v1/follow-ups/{call(session, cast, now).uuid}/attempts"
    told = cora.post(path, json={"came": "no_answer", "contact_id": str(beth.uuid)}).json
    assert (told["attempt"]["whom"], told["without_answer"]) == ("Beth Marsh", 0)
    bens = call(session, cast, now, person_id=cast.ben.id)
    answer = cora.post(
        f"/api/v1/follow-ups/{bens.uuid}/attempts",
        json={"came": "no_answer", "contact_id": str(beth.uuid)},
    )
    assert set(wrong(answer)) == {"contact_id"}


def test_calls_are_listed_apart_from_other_follow_ups(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    row = call(session, cast, now)
    visit = call(session, cast, now, kind=FollowUpKind.VISIT)
    cora = api_as(cast.cora)
    assert ids(cora.get("/api/v1/follow-ups?calls=true")) == [str(row.uuid)]
    assert set(ids(cora.get("/api/v1/follow-ups"))) == {str(row.uuid), str(visit.uuid)}


def test_another_agency_is_told_that_somebody_rang_and_no_more(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    ring(session, cast, call(session, cast, now), now, words="Her sister was there")
    [told] = api_as(cast.hana).get(f"/api/v1/people/{cast.ada.uuid}/attempts").json["items"]
    assert (told["came"], told["words"], told["by"]) == (None, None, "Cora")
