"""People, what is around them and their homes through the API."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.context import AppContext
from app.factory import create_app
from core.db import Db
from core.journal import Actor
from core.models import JournalEntry
from people import about_me, cards, looks, tokens
from people.access import EVERYONE, Need, RecordClass
from people.models.people import AboutMe, Contact, ResponderCard
from tests.app.conftest import SECRET
from tests.cast import Cast
from tests.cast import make as make_cast
from tests.people.looking import unshare

ApiAs = Callable[..., FlaskClient]
EVE = {"given_name": "Eve", "family_name": "Low", "date_of_birth": "1950-01-31", "nhs_number": "943 476 5919"}


def whats(session: Session, cast: Cast) -> list[str]:
    query = select(JournalEntry.what).where(JournalEntry.person_id == cast.ada.id).order_by(JournalEntry.id)
    return list(session.scalars(query))


def test_somebody_is_taken_on_found_and_housed(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    eve = cora.post("/api/v1/people", json=EVE)
    assert (eve.status_code, eve.json["nhs_number"], eve.json["sex"]) == (201, "9434765919", "not_known")
    found = cora.post("/api/v1/people/search", json={"nhs_number": "9434765919"}).json["items"]
    assert [one["id"] for one in found] == [eve.json["id"]]
    home = cora.post("/api/v1/homes", json={"address_line": "3 Mill Lane", "postcode": "SW1A1AA"})
    path = f"/api/v1/people/{eve.json['id']}"
    moved = cora.post(f"{path}/residencies", json={"home_id": home.json["id"]})
    assert (moved.status_code, moved.json["items"][0]["postcode"]) == (201, "SW1A 1AA")
    there = cora.get(f"/api/v1/homes/{home.json['id']}/residents").json["items"]
    assert [one["given_name"] for one in there] == ["Eve"]
    again = cora.post(f"{path}/residencies", json={"home_id": home.json["id"]})
    assert again.status_code == 409


def test_a_team_leads_and_others_join_and_leave(cast: Cast, api_as: ApiAs) -> None:
    cora, vi = api_as(cast.cora), cast.befrienders
    path = f"/api/v1/people/{cast.ada.uuid}/care-team"
    assert cora.get(path).json["items"][0]["team"] == "Coordinators"
    assert cora.post(path, json={"team_id": str(vi.uuid), "reason": "Company"}).status_code == 201
    assert cora.post(path, json={"team_id": str(vi.uuid)}).status_code == 409
    assert cora.delete(f"{path}/{cast.nurses.uuid}").status_code == 204
    names = [one["team"] for one in cora.get(path).json["items"]]
    assert "Befrienders" in names
    assert "Community nurses" not in names
    assert api_as(cast.dev).get(path).status_code == 404


def test_whoever_is_in_no_team_takes_nobody_on(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    strange = cora.post("/api/v1/people", json=EVE | {"team_id": str(cast.nurses.uuid)})
    assert strange.status_code == 422
    assert strange.json["errors"][0]["field"] == "team_id"
    operator = api_as(cast.mallory, EVERYONE, *(need.value for need in Need))
    named = operator.post("/api/v1/people", json=EVE | {"team_id": str(cast.nurses.uuid)})
    assert named.status_code == 201
    assert api_as(cast.dev).get(f"/api/v1/people/{named.json['id']}").status_code == 200


def test_an_operators_token_sees_everybody(cast: Cast, api_as: ApiAs) -> None:
    operator = api_as(cast.mallory, EVERYONE, "people:read", "homes:read")
    assert len(operator.get("/api/v1/people").json["items"]) == 2
    assert len(operator.get("/api/v1/homes").json["items"]) == 2
    assert len(api_as(cast.mallory).get("/api/v1/people").json["items"]) == 0


def test_lists_go_by_name_in_parts(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    first = cora.get("/api/v1/people?limit=1").json
    second = cora.get(f"/api/v1/people?limit=1&cursor={first['next']}").json
    assert [one["given_name"] for one in first["items"] + second["items"]] == ["Ada", "Ben"]
    assert second["next"] is None


@pytest.mark.parametrize(
    "asked", [{}, {"name": "a", "telephone": "01632 960114"}, {"nhs_number": "1"}, {"telephone": "x"}]
)
def test_a_search_is_for_one_thing_that_is_one(cast: Cast, api_as: ApiAs, asked: dict[str, str]) -> None:
    assert api_as(cast.cora).post("/api/v1/people/search", json=asked).status_code == 422


def test_a_stranger_finds_nobody_by_any_way(cast: Cast, api_as: ApiAs) -> None:
    mallory = api_as(cast.mallory)
    for asked in ({"name": "ada"}, {"telephone": "01632 960114"}, {"nhs_number": "9434765919"}):
        assert mallory.post("/api/v1/people/search", json=asked).json == {"items": [], "next": None}


def test_each_wrong_field_of_a_person_is_named(cast: Cast, api_as: ApiAs) -> None:
    wrong = EVE | {"nhs_number": "1111111111", "telephone": "1", "date_of_birth": "2026-11-23"}
    answer = api_as(cast.cora).post("/api/v1/people", json=wrong)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"nhs_number", "telephone", "date_of_birth"}


def test_a_taken_nhs_number_is_a_conflict_with_its_field(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    cora.post("/api/v1/people", json=EVE)
    answer = cora.post("/api/v1/people", json=EVE)
    assert answer.status_code == 409
    assert answer.json["errors"][0]["field"] == "nhs_number"
    assert "943" not in answer.text


def test_what_a_person_says_of_themselves_is_edited_by_version(cast: Cast, api_as: ApiAs) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/people/{cast.ada.uuid}/about-me"
    shown = cora.get(path)
    headers = {"If-Match": shown.headers["ETag"]}
    written = cora.put(path, json={"my_wellness": "A walk"}, headers=headers)
    assert written.status_code == 200
    assert written.json["most_important"] == shown.json["most_important"]
    assert cora.put(path, json={"my_wellness": "A nap"}, headers=headers).status_code == 412


def test_a_first_card_and_a_first_word_have_version_zero(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    path = f"/api/v1/people/{cora.post('/api/v1/people', json=EVE).json['id']}"
    for part, given in (("about-me", {"most_important": "Chess"}), ("responder-card", {"dog": "Rex"})):
        assert cora.get(f"{path}/{part}").headers["ETag"] == '"0"'
        written = cora.put(f"{path}/{part}", json=given, headers={"If-Match": '"0"'})
        assert written.status_code == 200
        assert written.json["version"] > 0


@pytest.mark.parametrize(
    ("page", "module", "field"),
    [("responder-card", cards, "dog"), ("about-me", about_me, "most_important")],
)
def test_of_two_who_write_first_the_second_is_told_and_overwrites_nothing(
    real_db: Db, monkeypatch: pytest.MonkeyPatch, page: str, module: Any, field: str
) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        session.execute(delete(ResponderCard))
        session.execute(delete(AboutMe))
        _, text = tokens.add(
            session, cast.cora, "A test", ["people:read", "people:write"], actor=Actor("test")
        )
        path = f"/api/v1/people/{cast.ada.uuid}/{page}"
    app = create_app(AppContext(db=real_db, secret_key=SECRET))
    headers = {"Authorization": f"Bearer {text}", "If-Match": '"0"'}
    answers: dict[str, int] = {}

    def write(words: str) -> None:
        answers[words] = app.test_client().put(path, json={field: words}, headers=headers).status_code

    second, really = threading.Thread(target=write, args=("second",)), module.write

    def write_when_another_came_between(*args: Any, **kwargs: Any) -> Any:
        if second.ident is None:
            second.start()
            second.join(1)
        return really(*args, **kwargs)

    monkeypatch.setattr(module, "write", write_when_another_came_between)
    write("first")
    second.join(timedelta(minutes=1).total_seconds())
    assert answers == {"first": 200, "second": 412}
    kept = app.test_client().get(path, headers=headers).json
    assert kept is not None
    assert kept[field] == "first"


def test_contacts_come_and_go(cast: Cast, api_as: ApiAs) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/people/{cast.ada.uuid}/contacts"
    tom = cora.post(path, json={"name": "Tom", "telephone": "01632 960 119", "minutes_away": 2})
    assert (tom.status_code, tom.json["telephone"]) == (201, "+441632960119")
    one = f"{path}/{tom.json['id']}"
    changed = cora.patch(one, json={"key_holder": True}, headers={"If-Match": tom.headers["ETag"]})
    assert changed.json["key_holder"]
    assert {contact["name"] for contact in cora.get(path).json["items"]} == {"Beth Marsh", "Tom"}
    assert cora.delete(one).status_code == 428
    assert cora.delete(one, headers={"If-Match": tom.headers["ETag"]}).status_code == 412
    seen = {"If-Match": changed.headers["ETag"]}
    assert cora.delete(one, headers=seen).status_code == 204
    assert cora.delete(one, headers=seen).status_code == 404


def test_moving_out_ends_the_stay(cast: Cast, api_as: ApiAs, now: datetime) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/people/{cast.ada.uuid}"
    gone = cora.post(f"{path}/move-out", json={"at": "2026-11-20T09:00:00Z"})
    assert gone.json["items"][0]["until"] == "2026-11-20T09:00:00Z"
    assert cora.post(f"{path}/move-out", json={}).status_code == 404


def test_every_look_and_every_change_is_written_down(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/people/{cast.ada.uuid}"
    shown = cora.get(path)
    cora.patch(path, json={"language": "Welsh"}, headers={"If-Match": shown.headers["ETag"]})
    cora.get(f"{path}/responder-card")
    assert whats(session, cast) == ["looked at", "changed", "looked at"]


def test_the_key_safe_is_behind_a_request_of_its_own(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/homes/{cast.ada_home.uuid}"
    assert cora.get(path).json["has_key_safe"]
    assert "4711" not in cora.get(path).text
    assert cora.post(f"{path}/key-safe").json == {"code": "4711"}
    written = session.scalars(select(JournalEntry.what).order_by(JournalEntry.id)).all()
    assert written[-1] == "looked at the key safe"


def test_a_landlord_is_named_by_outer_id(cast: Cast, api_as: ApiAs) -> None:
    cora, path = api_as(cast.cora), f"/api/v1/homes/{cast.ada_home.uuid}"
    shown = cora.get(path)
    assert shown.json["landlord_agency_id"] == str(cast.housing.uuid)
    given = {"landlord_agency_id": None}
    assert (
        cora.patch(path, json=given, headers={"If-Match": shown.headers["ETag"]}).json["landlord_agency_id"]
        is None
    )
    unknown = {"landlord_agency_id": str(cast.ada.uuid)}
    assert cora.patch(path, json=unknown, headers={"If-Match": '"2"'}).status_code == 422


def test_a_list_of_records_is_a_look_at_each(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    cora.get("/api/v1/people?limit=1")
    assert [look.at_what for look in looks.list_looks(session, cast.ada)] == ["list"]
    assert looks.list_looks(session, cast.ben) == []
    cora.post("/api/v1/people/search", json={"name": "Ada"})
    assert len(looks.list_looks(session, cast.ada)) == 2


def test_a_look_at_the_key_safe_is_on_the_record_of_whoever_lives_there(
    session: Session, cast: Cast, api_as: ApiAs
) -> None:
    api_as(cast.cora).post(f"/api/v1/homes/{cast.ada_home.uuid}/key-safe")
    assert [look.at_what for look in looks.list_looks(session, cast.ada)] == ["key safe"]


def test_a_lead_that_is_still_to_come_is_refused(cast: Cast, api_as: ApiAs) -> None:
    path = f"/api/v1/people/{cast.ada.uuid}/care-team"
    given = {"team_id": str(cast.befrienders.uuid), "lead": True, "from": "2026-11-23T09:00:00Z"}
    refused = api_as(cast.cora).post(path, json=given)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "lead")


def test_what_is_not_shared_is_not_written_over(session: Session, cast: Cast, api_as: ApiAs) -> None:
    hana, path = api_as(cast.hana), f"/api/v1/people/{cast.ada.uuid}"
    unshare(session, cast.housing.id, RecordClass.CONTACT)
    held = {"If-Match": f'"{hana.get(path).json["version"]}"'}
    assert hana.patch(path, json={"telephone": None}, headers=held).status_code == 403
    assert hana.patch(path, json={"language": "Welsh"}, headers=held).status_code == 200
    about = hana.get(f"{path}/about-me").json
    said = {"most_important": "Nothing"}
    held = {"If-Match": f'"{about["version"]}"'}
    assert hana.put(f"{path}/about-me", json=said, headers=held).status_code == 403
    contact = session.scalars(select(Contact)).one()
    assert hana.delete(f"{path}/contacts/{contact.uuid}").status_code == 404
    assert hana.post(f"{path}/contacts", json={"name": "Tom"}).status_code == 403
