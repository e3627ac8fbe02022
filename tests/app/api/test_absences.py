"""Absences over REST."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.access import RecordClass
from tests.app.api.asking import wrong
from tests.cast import Cast
from tests.people.looking import unshare

Asked = Callable[..., FlaskClient]

GIVEN: dict[str, Any] = {
    "why": "respite",
    "place": "The Larches",
    "known_from": "Beth rang",
    "began_at": "2026-11-22T06:00:00Z",
    "ends_at": "2026-11-24T12:00:00Z",
}


def test_an_absence_is_proposed_confirmed_changed_and_ended(cast: Cast, api_as: Asked) -> None:
    dev, path = api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}/absences"
    made = dev.post(path, json=GIVEN)
    assert (made.status_code, made.json["confirmed_at"]) == (201, None)
    assert dev.post(path, json=GIVEN).status_code == 409
    one = f"{path}/{made.json['id']}"
    confirmed = dev.post(f"{one}/confirm")
    assert (confirmed.status_code, confirmed.json["begun_at"]) == (200, confirmed.json["confirmed_at"])
    assert dev.post(f"{one}/confirm").status_code == 409
    later = dev.post(f"{one}/until", json={"ends_at": "2026-11-26T12:00:00Z"})
    assert (later.status_code, later.json["ends_at"][:10]) == (200, "2026-11-26")
    assert "ends_at" in wrong(dev.post(f"{one}/until", json={"ends_at": "2026-11-20T12:00:00Z"}))
    back = dev.post(f"{one}/end", json={"why": "Beth brought her"})
    assert (back.status_code, back.json["ended_why"]) == (200, "Beth brought her")
    assert [each["id"] for each in dev.get(path).json["items"]] == [made.json["id"]]


def test_what_named_staff_have_made_sure_of_begins_at_once(cast: Cast, api_as: Asked) -> None:
    dev, path = api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}/absences"
    made = dev.post(path, json={**GIVEN, "confirmed": True})
    assert made.json["begun_at"] is not None


def test_where_somebody_is_goes_by_their_contact_details(cast: Cast, api_as: Asked, session: Session) -> None:
    path = f"/api/v1/people/{cast.ada.uuid}/absences"
    api_as(cast.dev).post(path, json=GIVEN)
    for each in (RecordClass.CONTACT, RecordClass.NOTES):
        unshare(session, cast.housing.id, each)
    told = api_as(cast.hana).get(path).json["items"][0]
    assert (told["why"], told["place"], told["known_from"]) == (None, None, None)
    assert told["ends_at"].startswith("2026-11-24T12:00:00")


def test_a_stranger_finds_none(cast: Cast, api_as: Asked) -> None:
    path = f"/api/v1/people/{cast.ada.uuid}/absences"
    made = api_as(cast.dev).post(path, json=GIVEN).json["id"]
    mallory = api_as(cast.mallory)
    assert mallory.get(path).status_code == 404
    assert mallory.post(f"{path}/{made}/end", json={}).status_code == 404
    other = f"/api/v1/people/{cast.ben.uuid}/absences/{made}/end"
    assert api_as(cast.dev).post(other, json={}).status_code == 404
