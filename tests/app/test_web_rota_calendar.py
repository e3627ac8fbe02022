"""A calendar file on a team's rota, on pages."""

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from care_plans.calendars import reading, taking_in
from care_plans.models.rotas import RotaCover
from people.models.agencies import Role
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.calendars.test_reading import END, START, file
from tests.care_plans.calendars.test_taking_in import NIGHTS
from tests.care_plans.rotas.test_rotas import cover, layer, set_rota
from tests.cast import Cast

STRANGE = ("DTSTART:20261126T200000", "DURATION:PT12H", "SUMMARY:<b>Somebody</b>")


@pytest.fixture
def path(session: Session, cast: Cast, now: datetime) -> str:
    set_rota(session, cast, now, layer(cast.dev))
    session.flush()
    return f"/rotas/{cast.nurses.uuid}/calendar"


@pytest.fixture
def dev(cast: Cast, client_as: ClientAs) -> FlaskClient:
    return client_as(cast.dev)


def send(client: FlaskClient, path: str, content: bytes, why: str = "The list") -> TestResponse:
    return client.post(path, data={"file": (BytesIO(content), "duty.ics"), "why": why})


def shown(page: TestResponse) -> dict[str, Any]:
    """What the page would send back."""
    return {"why": "The list", "cover": re.findall(r'name="cover" value="([^"]+)"', page.text)}


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(RotaCover)).one()


def test_a_file_is_shown_line_by_line_and_made_only_when_confirmed(
    path: str, dev: FlaskClient, session: Session
) -> None:
    assert f'href="{path}"' in dev.get(path.removesuffix("/calendar")).text
    assert h1(dev.get(path)) == "Covers from a calendar"
    page = send(dev, path, file(*NIGHTS, STRANGE, (*NIGHTS[0], "RRULE:FREQ=DAILY")))
    assert (page.status_code, h1(page)) == (200, "What this calendar would make")
    assert page.text.count("✓ They cover") == 2
    for words in (
        "◆ Left out. They are not in this team now.", "&lt;b&gt;Somebody&lt;/b&gt;", "◆ Left out. It repeats",
        "2 covers would be made, because: The list.",
    ):  # fmt: skip
        assert words in page.text
    assert count(session) == 0
    answer = dev.post(f"{path}/covers", data=shown(page), follow_redirects=True)
    assert "2 covers are written down." in answer.text
    assert "covers: The list" in answer.text
    assert count(session) == 2


def test_the_same_file_twice_makes_nothing_twice(path: str, dev: FlaskClient, session: Session) -> None:
    first = send(dev, path, file(*NIGHTS))
    for said in ("2 covers are written down.", "It was all written down before."):
        assert said in dev.post(f"{path}/covers", data=shown(first), follow_redirects=True).text
    again = send(dev, path, file(*NIGHTS))
    assert again.text.count("Is there already") == 2
    assert "Nothing to write down" in again.text
    assert count(session) == 2


@pytest.mark.parametrize(
    ("content", "why", "said"),
    [
        (b"%PDF-1.7", "The list", reading.NO_CALENDAR),
        (file((START, END, "X-A:" + "x" * 300_000)), "The list", reading.TOO_LARGE),
        (file((START, END, "SUMMARY:Dev")), "", "Why?"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    path: str, dev: FlaskClient, session: Session, content: bytes, why: str, said: str
) -> None:
    answer = send(dev, path, content, why)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{why}"' in answer.text or not why
    assert dev.post(path, data={"why": "The list"}).status_code == 422
    assert count(session) == 0


def test_what_came_between_is_told_and_nothing_is_made(
    path: str, dev: FlaskClient, session: Session, cast: Cast, now: datetime
) -> None:
    page = send(dev, path, file(*NIGHTS))
    wanted = shown(page)
    cover(session, cast, now, starts_at=datetime.fromisoformat(wanted["cover"][1].split()[1]),
          ends_at=datetime.fromisoformat(wanted["cover"][1].split()[2]).replace(hour=5))  # fmt: skip
    session.flush()
    answer = dev.post(f"{path}/covers", data=wanted)
    assert (answer.status_code, taking_in.MEANWHILE in answer.text) == (409, True)
    assert count(session) == 1


@pytest.mark.parametrize("forged", ["x", "a b c", f"{'0' * 32} 2026-12-01T08:00:00 2026-12-01T09:00:00", ""])
def test_what_was_not_shown_is_refused(path: str, dev: FlaskClient, session: Session, forged: str) -> None:
    answer = dev.post(f"{path}/covers", data={"why": "The list", "cover": [forged] if forged else []})
    assert answer.status_code == 422
    assert count(session) == 0


def test_nobody_outside_the_team_takes_a_file(
    path: str, cast: Cast, client_as: ClientAs, session: Session, dev: FlaskClient
) -> None:
    wanted = shown(send(dev, path, file(*NIGHTS)))
    hana = client_as(cast.hana)
    assert "Not your team" in hana.get(path).text
    assert 'type="file"' not in hana.get(path).text
    assert send(hana, path, file(*NIGHTS)).status_code == 403
    assert hana.post(f"{path}/covers", data=wanted).status_code == 403
    cast.dev.role = Role.COMMISSIONER
    assert client_as(cast.dev).get(path).status_code == 403
    assert count(session) == 0


def test_where_there_is_no_rota_the_page_says_so(cast: Cast, client_as: ClientAs) -> None:
    page = client_as(cast.hana).get(f"/rotas/{cast.landlord.uuid}/calendar")
    assert "Covers stand over a rota." in page.text
