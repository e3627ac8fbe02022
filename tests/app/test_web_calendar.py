"""The page of one's calendar addresses, and what a calendar program finds at one."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.context import KEY, AppContext
from care_plans.models.work import FollowUp, FollowUpKind
from people import staff
from people.models.agencies import Token
from people.visible import actor
from tests.app.conftest import ClientAs, RealTime
from tests.app.reading import h1
from tests.care_plans.alerting import cora
from tests.care_plans.rotas.test_rotas import layer, set_rota
from tests.cast import Cast


@pytest.fixture
def dev(cast: Cast, client_as: ClientAs) -> FlaskClient:
    return client_as(cast.dev)


def make(client: FlaskClient, kind: str = "own") -> str:
    """The path of a new address."""
    answer = client.post(f"/calendar/addresses/{kind}")
    assert answer.status_code == 200
    [address] = re.findall(r"http://localhost(/calendar/hearth_[\w-]{43}\.ics)", answer.text)
    return str(address)


def lay(session: Session, cast: Cast, now: datetime) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    session.add_all(
        FollowUp(
            kind=FollowUpKind.VISIT, text="Bruises again: look at her arms", person_id=cast.ada.id,
            team_id=cast.nurses.id, staff_id=cast.dev.id, due_at=now + timedelta(days=1),
            restricted=restricted,
        )
        for restricted in (False, True)
    )  # fmt: skip
    session.flush()


def titles(text: str) -> list[str]:
    return [str(each["SUMMARY"]) for each in Calendar.from_ical(text).walk("VEVENT")]


def test_an_address_is_made_shown_once_made_anew_and_ended(dev: FlaskClient, app: Flask) -> None:
    page = dev.get("/calendar")
    assert h1(page) == "Calendar"
    assert page.text.count("There is no address yet.") == 2
    assert 'href="/calendar"' in dev.get("/rotas").text
    first = make(dev)
    page = dev.get("/calendar")
    assert first.removeprefix("/calendar/") not in page.text
    assert "Nobody has fetched it yet." in page.text
    second, program = make(dev), app.test_client()
    assert [program.get(path).status_code for path in (first, second)] == [404, 200]
    assert "It was fetched last Sunday 22 November" in dev.get("/calendar").text
    assert dev.post("/calendar/addresses/own/end").status_code == 303
    assert program.get(second).status_code == 404
    assert dev.post("/calendar/addresses/own/end").status_code == 404
    assert dev.post("/calendar/addresses/other").status_code == 404


def test_a_program_fetches_duty_and_follow_ups_without_names_addresses_or_reasons(
    dev: FlaskClient, app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    answer = app.test_client().get(make(dev))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert titles(answer.text) == ["On duty: Community nurses", "Visit for A.M., Westmere"]
    for personal in ("Ada", "Marsh", "Orchard", "WM1", "Bruises", "Dev"):
        assert personal not in answer.text


def test_what_has_not_changed_is_not_sent_again(
    dev: FlaskClient, app: Flask, session: Session, cast: Cast, now: datetime, real_time: RealTime
) -> None:
    lay(session, cast, now)
    path, program = make(dev), app.test_client()
    tag = program.get(path).headers["ETag"]
    assert tag.startswith('W/"')
    again = program.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    session.scalars(select(FollowUp).where(~FollowUp.restricted)).one().due_at = now + timedelta(days=2)
    session.flush()
    assert program.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert program.head(path).status_code == 200


def test_a_wrong_one_an_ended_one_and_that_of_somebody_who_left_are_told_alike(
    dev: FlaskClient, app: Flask, session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    coras, program = client_as(cast.cora), app.test_client()
    ended, left = make(dev), make(coras)
    dev.post("/calendar/addresses/own/end")
    staff.leave(session, cast.cora, now, actor=actor(cora(cast)))
    session.flush()
    answers = [program.get(path) for path in (ended, left, "/calendar/x.ics", f"/calendar/{'é' * 99}.ics")]
    assert {each.status_code for each in answers} == {404}
    assert len({re.sub(r'nonce="[^"]+"|csrf[^>]+', "", each.text) for each in answers}) == 1


def test_it_shows_its_owners_calendar_whoever_is_signed_in_where_it_is_opened(
    dev: FlaskClient, session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    lay(session, cast, now)
    path = make(dev)
    assert len(titles(client_as(cast.mallory).get(path).text)) == 2
    assert titles(client_as(cast.mallory).get(make(client_as(cast.mallory))).text) == []


def test_it_opens_no_api_and_a_key_of_the_api_opens_no_calendar(
    dev: FlaskClient, app: Flask, session: Session, cast: Cast, api_as: Callable[..., FlaskClient]
) -> None:
    text = make(dev).removeprefix("/calendar/").removesuffix(".ics")
    program = app.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    assert program.get("/api/v1/people").status_code == 401
    header = str(api_as(cast.dev).environ_base["HTTP_AUTHORIZATION"])
    assert app.test_client().get(f"/calendar/{header.removeprefix('Bearer ')}.ics").status_code == 404


def test_the_duty_of_ones_teams_has_an_address_of_its_own(
    dev: FlaskClient, app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    assert titles(app.test_client().get(make(dev, "teams")).text) == ["D. on duty, Community nurses"]


def test_whoever_is_not_signed_in_makes_none(app: Flask, session: Session) -> None:
    assert app.test_client().get("/calendar").status_code == 303
    assert app.test_client().post("/calendar/addresses/own").status_code in (303, 400)
    assert session.scalars(select(Token)).all() == []


def test_behind_a_proxy_that_ends_tls_the_address_is_one_of_https(
    app: Flask, given: AppContext, dev: FlaskClient
) -> None:
    app.extensions[KEY] = replace(given, secure_cookies=True)
    assert "https://localhost/calendar/hearth_" in dev.post("/calendar/addresses/own").text
