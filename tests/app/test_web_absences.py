"""Somebody is away from home, on pages."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUpKind
from care_plans.plan import enrol
from care_plans.work import follow_ups
from people import absences
from people.access import RecordClass
from tests.app import raising
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.people.looking import unshare

Asked = Callable[..., FlaskClient]

WRITTEN = {
    "why": "hospital",
    "place": "Ward 4, Westmere General, 01632 960 200",
    "began_at": "2026-11-22T06:00",
    "ends_at": "2026-11-25T12:00",
    "known_from": "The ward rang Dev",
}


@pytest.fixture
def path(session: Session, cast: Cast, now: datetime) -> str:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada")
    session.flush()
    return f"/people/{cast.ada.uuid}/absence"


def test_an_absence_is_written_down_shown_changed_and_ended(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    dev, person = client_as(cast.dev), f"/people/{cast.ada.uuid}"
    assert "Ada is away from home" in dev.get(person).text
    page = dev.get(path)
    assert h1(page) == "Ada away from home"
    assert 'name="began_at" type="datetime-local" value="2026-11-22T07:46"' in page.text
    assert dev.post(path, data=WRITTEN).status_code == 303
    assert absences.find_running(session, cast.ada.id, now) is not None
    told = dev.get(person).text
    assert "In hospital until Wed 12:00: Ward 4" in told
    assert "When Ada is back" in told
    assert "The ward rang Dev" in dev.get(path).text
    assert dev.post(f"{path}/until", data={"until": "2026-11-22T01:00"}).status_code == 422
    assert dev.post(f"{path}/until", data={"until": "2026-11-28T12:00"}).status_code == 303
    assert "28 November" in dev.get(path).text
    assert dev.post(f"{path}/end", data={"ended_why": "Home by taxi"}).status_code == 303
    assert "In hospital until" not in dev.get(person).text
    assert "Home by taxi" in dev.get(path).text
    assert dev.post(f"{path}/end", data={"ended_why": ""}).status_code == 422


def test_each_fault_stands_at_its_field(path: str, cast: Cast, client_as: ClientAs) -> None:
    dev = client_as(cast.dev)
    page = dev.post(
        path, data={"why": "", "ends_at": "2026-11-20T12:00", "began_at": "soon", "known_from": ""}
    )
    assert page.status_code == 422
    for name in ("why", "began_at", "known_from"):
        assert f'href="#{name}"' in page.text, name
    page = dev.post(path, data={**WRITTEN, "ends_at": "2026-11-20T12:00"})
    assert page.status_code == 422
    assert 'href="#ends_at"' in page.text
    assert 'value="2026-11-20T12:00"' in page.text


def test_that_somebody_is_away_is_told_to_whoever_may_go_there_and_where_is_not(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    client_as(cast.dev).post(path, data=WRITTEN)
    for each in (RecordClass.CONTACT, RecordClass.NOTES):
        unshare(session, cast.housing.id, each)
    hana = client_as(cast.hana)
    for page in (hana.get(f"/people/{cast.ada.uuid}"), hana.get(path)):
        assert page.status_code == 200
        assert "Away from home" in page.text
        assert "Ward 4" not in page.text
        assert "hospital" not in page.text.lower().replace("hospital number", "")
        assert "The ward rang" not in page.text


def test_a_proposal_is_confirmed_by_named_staff(
    path: str, cast: Cast, client_as: ClientAs, api_as: Asked, session: Session, now: datetime
) -> None:
    url = f"/api/v1/people/{cast.ada.uuid}/absences"
    given = {
        "why": "hospital", "known_from": "Ward system", "began_at": "2026-11-22T06:00:00Z",
        "ends_at": "2026-11-24T12:00:00Z",
    }  # fmt: skip
    made = api_as(cast.cora).post(url, json=given)
    assert (made.status_code, made.json["confirmed_at"], made.json["begun_at"]) == (201, None, None)
    dev = client_as(cast.dev)
    assert "Nothing is paused until somebody confirms it" in dev.get(path).text
    assert "In hospital until" not in dev.get(f"/people/{cast.ada.uuid}").text
    assert dev.post(f"{path}/confirm").status_code == 303
    assert absences.find_running(session, cast.ada.id, now) is not None
    assert dev.post(f"{path}/confirm").status_code == 409


def test_whoever_rings_or_goes_reads_that_nobody_may_be_there(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raising.raise_(session, cast, now)
    follow_up = follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="See her", team_id=cast.nurses.id, due_at=now, now=now,
        person_id=cast.ada.id,
    )  # fmt: skip
    session.flush()
    dev = client_as(cast.dev)
    dev.post(path, data=WRITTEN)
    assert "In hospital until Wed 12:00" in dev.get(f"/alerts/{alert.uuid}").text
    assert "In hospital until Wed 12:00" in dev.get(f"/follow-ups/{follow_up.uuid}").text
