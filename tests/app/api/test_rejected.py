"""What could not be read, through the API: why, and trying again once the cause is mended."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from devices import rejected
from people.models.agencies import Role
from tests.app.api.asking import ids
from tests.cast import Cast
from tests.devices import kit

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/rejected"


@pytest.fixture
def technician(cast: Cast, api_as: ApiAs) -> FlaskClient:
    """Somebody who may try again, and cares for Ada."""
    cast.hana.role = Role.TECHNICIAN
    return api_as(cast.hana)


def refuse(session: Session, key: str, body: object) -> None:
    rejected.keep(session, kit.read(session, kit.message(f"hearth/v1/{key}/readings", body)).refusals)


def test_a_message_is_tried_again_once_its_device_is_known(
    cast: Cast, technician: FlaskClient, session: Session, now: datetime
) -> None:
    refuse(session, "oximeter-1", {"readings": [kit.spo2()]})
    (told,) = technician.get(PATH).json["items"]
    assert (told["code"], told["device_id"], told["tries"]) == ("unknown_device", None, 1)
    assert told["topic"] == "hearth/v1/oximeter-1/readings"
    assert "payload" not in str(told)
    path = f"{PATH}/{told['id']}/retry"
    again = technician.post(path).json
    assert (again["tries"], again["settled_at"]) == (2, None)
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    settled = technician.post(path).json
    assert (settled["settled_how"], settled["settled_at"]) == ("stored", "2026-11-22T07:46:00Z")
    assert [value for _, _, value, _ in kit.stored(session)] == [93.0]
    assert technician.post(path).status_code == 409
    assert ids(technician.get(PATH)) == []


def test_a_message_that_will_never_be_read_is_set_aside(technician: FlaskClient, session: Session) -> None:
    refuse(session, "oximeter-1", b"not json")
    (one,) = ids(technician.get(PATH))
    assert technician.post(f"{PATH}/{one}/set-aside").json["settled_how"] == "set_aside"
    assert ids(technician.get(PATH)) == []


def test_they_are_filtered_by_reason_and_come_in_parts(
    cast: Cast, technician: FlaskClient, session: Session
) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    refuse(session, "oximeter-1", b"not json")
    refuse(session, "oximeter-1", b"not json either")
    refuse(session, "unknown-key", {"readings": [kit.spo2()]})
    assert len(ids(technician.get(PATH))) == 3
    assert len(ids(technician.get(f"{PATH}?code=unknown_device"))) == 1
    part = technician.get(f"{PATH}?limit=2")
    assert len(ids(technician.get(f"{PATH}?limit=2&cursor={part.json['next']}"))) == 1


def test_what_her_kit_said_is_not_for_strangers(
    cast: Cast, technician: FlaskClient, api_as: ApiAs, session: Session
) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    refuse(session, "oximeter-1", b"not json")
    (one,) = ids(technician.get(PATH))
    cast.mallory.role = Role.TECHNICIAN
    mallory = api_as(cast.mallory)
    assert ids(mallory.get(PATH)) == []
    assert mallory.post(f"{PATH}/{one}/retry").status_code == 404
    assert api_as(cast.cora).post(f"{PATH}/{one}/retry").status_code == 403
