"""Who is on duty, on pages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.rotas import rotas
from people import teams
from people.models.agencies import Role
from people.visible import actor
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.alerting import cora
from tests.care_plans.alerting import dev as dev_of
from tests.care_plans.rotas.test_rotas import cover, layer, set_rota
from tests.cast import Cast

GIVEN = {
    "zone": "Europe/London", "name_0": "Weeks", "people_0": "dev",
    "starts_0": "2026-11-16", "turn_days_0": "7",
    "changes_at_0": "8:00", "hours_0": "8:00 to 20:00 Mon tue\n20:00–22:00", "name_1": "", "people_1": "",
}  # fmt: skip


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/rotas/{cast.nurses.uuid}"


@pytest.fixture
def administrator(cast: Cast, client_as: ClientAs) -> FlaskClient:
    cast.mallory.role = Role.ADMINISTRATOR
    return client_as(cast.mallory)


def test_until_there_is_one_the_pages_say_what_a_rota_is_for(
    path: str, cast: Cast, client_as: ClientAs
) -> None:
    dev = client_as(cast.dev)
    page = dev.get("/rotas")
    assert h1(page) == "On duty"
    assert "No team has a rota yet" in page.text
    assert f'href="{path}"' in page.text
    assert "No rota yet" in dev.get(path).text
    assert 'href="/rotas"' in dev.get("/people").text


def test_an_administrator_sets_it_by_names_and_lines_and_ends_it(
    path: str, cast: Cast, administrator: FlaskClient, session: Session, now: datetime
) -> None:
    assert administrator.post(path, data=GIVEN).status_code == 303
    row = rotas.find_row(session, cast.nurses)
    assert row is not None
    assert row.layers == [
        layer(cast.dev)
        | {
            "hours": [
                {"from": "08:00", "to": "20:00", "weekdays": ["monday", "tuesday"]},
                {"from": "20:00", "to": "22:00"},
            ]
        }
    ]
    page = administrator.get(path).text
    assert "08:00 to 20:00 mon tue" in page
    assert "Nobody is on duty for 130 of the next 168 hours" in page
    assert "Dev" in administrator.get("/rotas").text
    assert administrator.post(f"{path}/end").status_code == 303
    assert rotas.find_row(session, cast.nurses) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"people_0": "Dev\nNobody"}, "Who takes turns?"),
        ({"turn_days_0": "never"}, "A turn lasts: give a whole number from 1 to 28."),
        ({"hours_0": "all day"}, "At which hours?"),
        ({"hours_0": "08:00 to 18:00 mon-fry"}, "“08:00 to 18:00 mon-fry”: Write each line like"),
        ({"zone": "Mars"}, "Time zone: give a time zone such as"),
        ({"name_0": ""}, "Name: write a text here."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    path: str, administrator: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    answer = administrator.post(path, data=GIVEN | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="2026-11-16"' in answer.text


def test_saving_the_form_as_it_is_moves_nobodys_turn_though_somebody_has_left(
    path: str, cast: Cast, administrator: FlaskClient, session: Session, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now - timedelta(days=1), actor=actor(cora(cast)))
    set_rota(session, cast, now, layer(cast.sol, cast.dev))
    teams.leave(session, cast.nurses, cast.sol, now, actor=actor(cora(cast)))
    session.flush()
    assert "Sol (has left: nobody)\nDev</textarea>" in administrator.get(path).text
    again = GIVEN | {"people_0": "Sol (has left: nobody)\nDev", "hours_0": "08:00 to 18:00 mon-fri"}
    assert administrator.post(path, data=again).status_code == 303
    row = rotas.find_row(session, cast.nurses)
    assert row is not None
    assert row.layers[0]["people"] == [str(cast.sol.uuid), str(cast.dev.uuid)]
    assert len(row.layers[0]["hours"][0]["weekdays"]) == 5


def test_nobody_who_may_not_act_on_alerts_is_offered_or_taken(
    path: str, cast: Cast, administrator: FlaskClient, client_as: ClientAs, session: Session, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.vi, now, actor=actor(cora(cast)))
    session.flush()
    answer = administrator.post(path, data=GIVEN | {"people_0": "Dev\nVi"})
    assert (answer.status_code, "“Vi”: They may not open alerts" in answer.text) == (422, True)
    assert "in the order of their turns: Dev." in answer.text
    set_rota(session, cast, now, layer(cast.dev))
    session.flush()
    assert f'value="{cast.vi.uuid}"' not in client_as(cast.dev).get(path).text


def test_somebody_of_the_team_covers_and_takes_it_back(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    session.flush()
    dev = client_as(cast.dev)
    assert "Somebody is on duty at every hour of the year ahead." in dev.get(path).text
    assert "◆ 168 h at most in seven days" in dev.get(path).text
    given: dict[str, Any] = {
        "staff": str(cast.dev.uuid), "starts_at": "2026-11-22T09:00", "ends_at": "2026-11-22T12:00",
        "why": "A swap",
    }  # fmt: skip
    assert dev.post(f"{path}/covers", data=given | {"ends_at": "2026-11-22T08:00"}).status_code == 422
    assert dev.post(f"{path}/covers", data=given).status_code == 303
    assert "covers: A swap" in dev.get(path).text
    hana = client_as(cast.hana).get(path).text
    assert (">covers</span>" in hana, "A swap" in hana) == (True, False)
    [told] = rotas.list_covers(session, cast.nurses, dev_of(cast), now)
    assert dev.post(f"{path}/covers/{told.row.uuid}/end").status_code == 303
    assert rotas.list_covers(session, cast.nurses, dev_of(cast), now) == []


def test_nobody_else_sets_a_rota_or_covers(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    row = cover(session, cast, now)
    session.flush()
    assert client_as(cast.dev).post(path, data=GIVEN).status_code == 403
    hana = client_as(cast.hana)
    assert "Somebody else covers" not in hana.get(path).text
    assert hana.post(f"{path}/covers", data={}).status_code == 403
    assert hana.post(f"{path}/covers/{row.uuid}/end").status_code == 403


def test_a_rota_of_more_layers_than_the_form_holds_is_not_cut_to_them(
    path: str, cast: Cast, administrator: FlaskClient, session: Session, now: datetime
) -> None:
    set_rota(session, cast, now, *[layer(cast.dev)] * 4)
    session.flush()
    assert administrator.post(path, data=GIVEN).status_code == 409
    row = rotas.find_row(session, cast.nurses)
    assert row is not None
    assert len(row.layers) == 4
