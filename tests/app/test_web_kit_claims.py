"""Codes for kit: made and withdrawn by staff, entered at the door or on My page."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from devices import assignments
from devices.claims import TRIES
from devices.models import Device
from tests.app import proxies
from tests.app.conftest import ClientAs
from tests.app.proxies import LetIn
from tests.cast import Cast
from tests.devices import kit

CODE = re.compile(r'<code class="secret">([a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3})</code>')
OPENS_NOTHING = "That code opens nothing"


@pytest.fixture
def oximeter(session: Session, cast: Cast) -> Device:
    return kit.device(session, agency_id=cast.health.id)


@pytest.fixture
def people(session: Session, cast: Cast, now: datetime) -> LetIn:
    return proxies.lay(session, cast, now)


@pytest.fixture
def ada(app: Flask, session: Session, people: LetIn, now: datetime) -> FlaskClient:
    return proxies.client_of(app, session, people.ada, now)


@pytest.fixture
def code(cast: Cast, client_as: ClientAs, oximeter: Device) -> str:
    return made(client_as(cast.dev), oximeter)


def made(client: FlaskClient, device: Device, for_whom: str = "person") -> str:
    answer = client.post(f"/kit/{device.uuid}/claim-code", data={"for_whom": for_whom})
    found = CODE.search(answer.text)
    assert found, answer.text
    return found[1]


def holder(session: Session, device: Device, now: datetime) -> int | None:
    held = assignments.find(session, device.id, now)
    return held.person_id if held else None


def test_a_code_is_shown_once_with_where_to_enter_it(
    cast: Cast, client_as: ClientAs, oximeter: Device
) -> None:
    dev = client_as(cast.dev)
    assert "Hand it over by a code" in dev.get(f"/kit/{oximeter.uuid}").text
    answer = dev.post(f"/kit/{oximeter.uuid}/claim-code", data={"for_whom": "home"})
    for words in ("/claim", "as a QR code", "once, until", "the home’s"):
        assert words in answer.text, words
    shown = dev.get(f"/kit/{oximeter.uuid}").text
    assert "A code can be used until" in shown
    assert not CODE.search(shown)


def test_staff_at_the_door_enter_it(
    session: Session, cast: Cast, client_as: ClientAs, oximeter: Device, code: str, now: datetime
) -> None:
    cora = client_as(cast.cora)
    assert cora.post("/kit/claim", data={"code": "", "person": ""}).status_code == 422
    assert cora.post("/kit/claim", data={"code": code, "person": ""}).status_code == 422
    answer = cora.post("/kit/claim", data={"code": code, "person": str(cast.ada.uuid)})
    assert answer.status_code == 303
    assert holder(session, oximeter, now) == cast.ada.id
    again = cora.post("/kit/claim", data={"code": code, "person": str(cast.ben.uuid)})
    assert again.status_code == 422
    assert OPENS_NOTHING in again.text


def test_ada_enters_it_on_her_page(
    session: Session, cast: Cast, ada: FlaskClient, oximeter: Device, code: str, now: datetime
) -> None:
    assert ada.post("/me/claim", data={"code": code}).status_code == 303
    assert holder(session, oximeter, now) == cast.ada.id


def test_a_code_for_a_home_gives_the_kit_to_hers(
    session: Session, cast: Cast, client_as: ClientAs, ada: FlaskClient, oximeter: Device, now: datetime
) -> None:
    code = made(client_as(cast.dev), oximeter, "home")
    assert ada.post("/me/claim", data={"code": code}).status_code == 303
    held = assignments.find(session, oximeter.id, now)
    assert held is not None
    assert held.home_id == cast.ada_home.id


def test_who_is_let_in_may_do_it_for_her_and_who_is_restricted_finds_a_wrong_code(
    app: Flask, session: Session, cast: Cast, people: LetIn, oximeter: Device, code: str, now: datetime
) -> None:
    restricted = proxies.client_of(app, session, people.restricted, now)
    assert OPENS_NOTHING in restricted.post("/me/claim", data={"code": code}).text
    beth = proxies.client_of(app, session, people.beth, now)
    assert beth.post("/me/claim", data={"code": code}).status_code == 303
    assert holder(session, oximeter, now) == cast.ada.id


def test_a_code_that_was_withdrawn_opens_nothing(
    cast: Cast, client_as: ClientAs, ada: FlaskClient, oximeter: Device, code: str
) -> None:
    dev = client_as(cast.dev)
    assert dev.post(f"/kit/{oximeter.uuid}/claim-code/withdraw").status_code == 303
    assert dev.post(f"/kit/{oximeter.uuid}/claim-code/withdraw").status_code == 409
    assert OPENS_NOTHING in ada.post("/me/claim", data={"code": code}).text


def test_wrong_codes_count_and_after_five_she_has_to_wait(ada: FlaskClient, code: str) -> None:
    for _ in range(TRIES):
        assert ada.post("/me/claim", data={"code": "xxx-xxx-xxx"}).status_code == 422
    answer = ada.post("/me/claim", data={"code": code})
    assert answer.status_code == 409
    assert "Wait 15 minutes" in answer.text


def test_kit_that_watches_is_refused_in_words_for_her(
    session: Session, cast: Cast, client_as: ClientAs, ada: FlaskClient
) -> None:
    motion = kit.device(session, "motion-1", name="Motion, hall", model="SNZB-03", agency_id=cast.health.id)
    code = made(client_as(cast.dev), motion)
    answer = ada.post("/me/claim", data={"code": code})
    assert answer.status_code == 409
    assert "Whoever it watches has to agree first" in answer.text
    assert "/people/" not in answer.text
    refused = client_as(cast.cora).post("/kit/claim", data={"code": code, "person": str(cast.ada.uuid)})
    assert "Record an agreement" in refused.text


def test_the_qr_codes_address_leads_staff_to_their_form_and_others_to_a_choice(
    app: Flask, cast: Cast, client_as: ClientAs
) -> None:
    assert client_as(cast.cora).get("/claim").location == "/kit/claim"
    shown = app.test_client().get("/claim").text
    assert "/me/claim" in shown
    assert "/sign-in?next=/kit/claim" in shown


def test_no_code_is_made_for_kit_that_is_out(
    session: Session, cast: Cast, client_as: ClientAs, oximeter: Device, now: datetime
) -> None:
    kit.give(session, oximeter, person_id=cast.ada.id)
    dev = client_as(cast.dev)
    assert "Hand it over by a code" not in dev.get(f"/kit/{oximeter.uuid}").text
    assert dev.post(f"/kit/{oximeter.uuid}/claim-code", data={"for_whom": "person"}).status_code == 409
