"""Somebody's own kit, for staff and on My page."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp
from devices import own_kit
from devices.models import Reading, Series
from devices.own_kit import Own
from tests.app import proxies
from tests.app.conftest import ClientAs
from tests.app.proxies import LetIn
from tests.app.reading import h1
from tests.cast import Cast

CUFF = {"sort": "cuff", "model": "Omron M3", "way": "by_hand"}


@pytest.fixture
def people(session: Session, cast: Cast, now: datetime) -> LetIn:
    return proxies.lay(session, cast, now)


@pytest.fixture
def ada(app: Flask, session: Session, people: LetIn, now: datetime) -> FlaskClient:
    return proxies.client_of(app, session, people.ada, now)


def the_one(session: Session, cast: Cast, now: datetime) -> Own:
    session.expire_all()
    [own] = own_kit.list_of(session, cast.ada.id, now)
    return own


def test_staff_add_it_check_it_and_doubt_it_again(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/own-kit"
    assert path in cora.get(f"/people/{cast.ada.uuid}").text
    assert "No kit of their own" in cora.get(path).text
    assert cora.post(path, data=CUFF).status_code == 303
    shown = cora.get(path).text
    for words in ("Omron M3", "Not yet checked", "to be checked", "never says that all is well"):
        assert words in shown, words
    assert "their own, not yet checked" in cora.get(f"/people/{cast.ada.uuid}").text
    own = the_one(session, cast, now)
    check = f"/kit/{own.device.uuid}/check"
    refused = cora.post(check, data={"found": "right", "theirs_systolic": "142"})
    assert refused.status_code == 422
    assert "Give both values" in refused.text
    assert "142" in refused.text
    both = {"found": "right", "theirs_systolic": "142", "ours_systolic": "138"}
    assert cora.post(check, data=both).status_code == 303
    assert "theirs 142 mmHg, ours 138 mmHg" in cora.get(path).text
    assert own_kit.is_checked(the_one(session, cast, now).own, now)
    assert cora.post(f"/kit/{own.device.uuid}/doubt", data={"why": ""}).status_code == 422
    assert cora.post(f"/kit/{own.device.uuid}/doubt", data={"why": "Dropped"}).status_code == 303
    assert "In doubt again" in cora.get(path).text


def test_what_is_typed_wrong_is_shown_again_with_what_to_change(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).post(f"/people/{cast.ada.uuid}/own-kit", data={**CUFF, "sort": ""})
    assert answer.status_code == 422
    assert "Omron M3" in answer.text


def test_kit_that_speaks_by_itself_shows_its_password_once(cast: Cast, client_as: ClientAs) -> None:
    given = {**CUFF, "way": "by_itself"}
    answer = client_as(cast.cora).post(f"/people/{cast.ada.uuid}/own-kit", data=given)
    assert "The password is shown this once" in answer.text
    assert "/readings" in answer.text


def test_on_the_page_of_the_kit_it_is_neither_given_nor_collected(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    cora = client_as(cast.cora)
    cora.post(f"/people/{cast.ada.uuid}/own-kit", data=CUFF)
    own = the_one(session, cast, now)
    shown = cora.get(f"/kit/{own.device.uuid}").text
    assert "nobody collects it" in shown
    for words in ("Collected, to be cleaned", "Due back on", "Give it a new one", "Is it heard?"):
        assert words not in shown, words
    assert "Their own" in cora.get("/kit").text
    assert cora.post(f"/kit/{own.device.uuid}/leave").status_code == 303
    assert own_kit.list_of(session, cast.ada.id, now) == []


def test_other_kit_has_no_check(cast: Cast, client_as: ClientAs, session: Session) -> None:
    from_stock = client_as(cast.cora).get("/kit/00000000-0000-0000-0000-000000000000/check")
    assert from_stock.status_code == 404


def test_ada_adds_her_own_cuff_and_somebody_is_asked_to_check_it(
    session: Session, cast: Cast, ada: FlaskClient
) -> None:
    assert h1(ada.get("/me/kit")) == "My kit"
    assert ada.post("/me/kit", data=CUFF).status_code == 303
    shown = ada.get("/me/kit").text
    for words in ("Own blood pressure cuff", "Not yet checked", "Somebody is to check it"):
        assert words in shown, words
    assert "which is their own, against ours" in session.scalars(select(FollowUp.text)).all()[-1]


def test_ada_types_in_what_she_reads_off_it(
    session: Session, cast: Cast, ada: FlaskClient, now: datetime
) -> None:
    ada.post("/me/kit", data=CUFF)
    own = the_one(session, cast, now)
    given = {"kit": str(own.device.uuid), "at": f"{now:%Y-%m-%dT%H:%M}", "systolic": "142", "diastolic": "84"}
    wrong = ada.post("/me/kit/readings", data={**given, "systolic": "1420"})
    assert wrong.status_code == 422
    assert "measure again" in wrong.text
    assert ada.post("/me/kit/readings", data=given).status_code == 303
    stored = session.scalars(
        select(Reading.value).join(Series, Series.id == Reading.series_id)
        .where(Series.device_id == own.device.id).order_by(Reading.value)
    )  # fmt: skip
    assert list(stored) == [84, 142]
    assert "not yet checked" in ada.get("/me").text


def test_a_watch_that_sends_by_itself_is_refused_in_words_for_her(ada: FlaskClient) -> None:
    answer = ada.post("/me/kit", data={"sort": "watch", "model": "Band 6", "way": "by_itself"})
    assert answer.status_code == 409
    assert "somebody sits down with you" in answer.text
    assert "/api/v1" not in answer.text


def test_ada_takes_it_off_her_record(session: Session, cast: Cast, ada: FlaskClient, now: datetime) -> None:
    ada.post("/me/kit", data=CUFF)
    own = the_one(session, cast, now)
    assert ada.post("/me/kit/leave", data={"kit": "nonsense"}).status_code == 404
    assert ada.post("/me/kit/leave", data={"kit": str(own.device.uuid)}).status_code == 303
    assert own_kit.list_of(session, cast.ada.id, now) == []


def test_nobody_whom_she_let_in_sees_or_adds_it(
    app: Flask, session: Session, people: LetIn, now: datetime
) -> None:
    beth = proxies.client_of(app, session, people.beth, now)
    assert beth.get("/me/kit").status_code == 404
    assert beth.post("/me/kit", data=CUFF).status_code == 404


def test_readings_of_it_are_not_yet_checked_wherever_staff_look(
    session: Session, cast: Cast, client_as: ClientAs, ada: FlaskClient, now: datetime
) -> None:
    ada.post("/me/kit", data=CUFF)
    own = the_one(session, cast, now)
    given = {"kit": str(own.device.uuid), "at": f"{now:%Y-%m-%dT%H:%M}", "systolic": "142"}
    assert ada.post("/me/kit/readings", data=given).status_code == 303
    shown = client_as(cast.cora).get(f"/people/{cast.ada.uuid}").text
    assert "mmHg, not yet checked" in shown
