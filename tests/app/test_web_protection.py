"""The page of the register of who is protected."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.protecting import lines
from devices import alarm_lines
from devices.models import Device
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit


@pytest.fixture
def pendant(session: Session, cast: Cast) -> Device:
    """Ada's."""
    made = kit.device(session, "adas-pendant", name="Pendant", model="P1", life_safety=True)
    kit.give(session, made, person_id=cast.ada.id)
    return made


def test_it_says_who_is_protected_and_what_is_amiss(cast: Cast, client_as: ClientAs, pendant: Device) -> None:
    answer = client_as(cast.cora).get("/kit/protection")

    assert h1(answer) == "Protection"
    assert f"/people/{cast.ada.uuid}" in answer.text
    assert "Nobody has said by which line it calls" in answer.text


def test_nobody_is_said_plainly(cast: Cast, client_as: ClientAs, pendant: Device) -> None:
    assert "Nobody here has life-safety kit" in client_as(cast.mallory).get("/kit/protection").text


def test_a_line_is_set_down(cast: Cast, client_as: ClientAs, session: Session, pendant: Device) -> None:
    client, path = client_as(cast.cora), f"/kit/protection/{cast.ada_home.uuid}"
    assert h1(client.get(path)) == "Alarm line"

    client.post(
        path, data={"line": "digital", "provider": "Fibre", "tested_on": "2026-11-01", "battery_hours": "2"}
    )

    line = alarm_lines.get_line(session, cast.ada_home)
    assert line is not None
    assert (line.provider, line.battery_hours) == ("Fibre", 2)
    text = client.get("/kit/protection").text
    assert "A digital line" in text
    assert "Tried end to end on 1 Nov 2026" in text
    assert 'value="Fibre"' in client.get(path).text


def test_what_is_wrong_stands_beside_its_field(cast: Cast, client_as: ClientAs) -> None:
    path = f"/kit/protection/{cast.ada_home.uuid}"
    answer = client_as(cast.cora).post(path, data={"line": "digital", "tested_on": "2099-01-01"})

    assert answer.status_code == 422
    assert "does not lie ahead" in answer.text


def test_a_test_press_is_noted(cast: Cast, client_as: ClientAs, session: Session, pendant: Device) -> None:
    client = client_as(cast.cora)

    client.post(f"/kit/{pendant.uuid}/test-press")

    session.refresh(pendant)
    assert pendant.last_test_press_at is not None
    assert "No test press" not in client.get("/kit/protection").text


def test_what_is_amiss_says_who_is_asked_and_by_when(
    session: Session, cast: Cast, client_as: ClientAs, pendant: Device, now: datetime
) -> None:
    assert "Not asked yet" in client_as(cast.cora).get("/kit/protection").text
    lines.step(session, now)
    text = client_as(cast.cora).get("/kit/protection").text
    assert "Asked of Coordinators" in text
    asked = session.scalars(select(FollowUp)).first()
    assert asked is not None
    back = f'<a href="/kit/protection#h-{cast.ada_home.uuid}">From the register of protection</a>'
    assert back in client_as(cast.cora).get(f"/follow-ups/{asked.uuid}").text


def test_what_was_said_to_be_done_and_is_still_amiss_says_so(
    session: Session, cast: Cast, client_as: ClientAs, pendant: Device, now: datetime
) -> None:
    lines.step(session, now)
    for asked in session.scalars(select(FollowUp)):
        asked.done_at, asked.outcome = now, FollowUpOutcome.DONE
    session.flush()
    assert "still amiss" in client_as(cast.cora).get("/kit/protection").text


@pytest.mark.parametrize(
    ("only", "there"),
    [("", True), ("any", True), ("unknown_line", True), ("no_analogue", False), ("nonsense", True)],
)
def test_it_shows_only_where_something_is_amiss(
    cast: Cast, client_as: ClientAs, pendant: Device, only: str, there: bool
) -> None:
    text = client_as(cast.cora).get(f"/kit/protection?amiss={only}").text
    assert (f"/people/{cast.ada.uuid}" in text) is there


def test_it_can_be_taken_away_as_a_table(
    session: Session, cast: Cast, client_as: ClientAs, pendant: Device, now: datetime
) -> None:
    lines.step(session, now)
    answer = client_as(cast.cora).get("/kit/protection.csv")
    first = answer.text.splitlines()[1]
    assert answer.mimetype == "text/csv"
    assert first.startswith('"14 Orchard Row, Westmere, WM1 1AA",Ada Marsh,yes,Line not known')
    assert "Coordinators" in first
    assert len(client_as(cast.mallory).get("/kit/protection.csv").text.splitlines()) == 1


def test_a_strangers_home_is_not_there(cast: Cast, client_as: ClientAs, pendant: Device) -> None:
    path = f"/kit/protection/{cast.ada_home.uuid}"

    assert client_as(cast.mallory).get(path).status_code == 404
    assert client_as(cast.mallory).post(f"/kit/{pendant.uuid}/test-press").status_code == 404
