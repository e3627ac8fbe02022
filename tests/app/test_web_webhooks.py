"""The pages of an agency's webhooks."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.webhooks import Delivery, DeliveryState, Endpoint, Happening
from care_plans.webhooks import endpoints
from people.models.agencies import Role
from tests.app.conftest import ClientAs
from tests.app.reading import h1, text_of
from tests.care_plans.webhooks.setting import added
from tests.cast import Cast

PATH = "/admin/webhooks"
URL = "https://records.example/hook"


@pytest.fixture
def lena(cast: Cast, client_as: ClientAs) -> FlaskClient:
    """An administrator of the health agency."""
    cast.dev.role = Role.ADMINISTRATOR
    return client_as(cast.dev)


@pytest.fixture
def endpoint(session: Session, cast: Cast, now: datetime) -> Endpoint:
    return added(session, cast, URL, now)[0]


def given(cast: Cast, **changes: object) -> dict[str, object]:
    events = ["alert.raised", "alert.closed"]
    return {"name": "Records", "url": URL, "team": str(cast.nurses.uuid), "events": events, **changes}


def test_until_there_is_one_the_page_says_what_it_is_for(lena: FlaskClient) -> None:
    answer = lena.get(PATH)
    assert h1(answer) == "Webhooks"
    assert "No webhook yet" in answer.text
    assert f'href="{PATH}"' in lena.get("/admin").text


def test_its_secret_is_in_the_answer_and_never_again(lena: FlaskClient, cast: Cast, session: Session) -> None:
    answer = lena.post(PATH, data=given(cast))
    assert answer.status_code == 200
    secret = next(text for text in text_of(answer, "code") if text.startswith("whsec_"))
    row = session.scalars(select(Endpoint)).one()
    assert row.events == ["alert.raised", "alert.closed"]
    for path in (PATH, f"{PATH}/{row.uuid}", f"{PATH}/{row.uuid}/edit"):
        page = lena.get(path)
        assert page.status_code == 200
        assert "Records" in page.text
        assert secret not in page.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://records.example", "begins with https://"),
        ("url", "https://192.168.1.4/", "network of our own"),
        ("events", [], "This is needed"),
        ("team", "", "This is needed"),
        ("name", "", "This is needed"),
    ],
)
def test_what_is_not_right_stands_beside_its_field(
    lena: FlaskClient, cast: Cast, session: Session, field: str, value: object, words: str
) -> None:
    answer = lena.post(PATH, data=given(cast, **{field: value}))
    assert answer.status_code == 422
    assert words in answer.text
    assert "That was not saved" in answer.text
    assert session.scalars(select(Endpoint)).all() == []


def test_it_is_changed_and_its_form_holds_what_it_is(
    lena: FlaskClient, cast: Cast, session: Session, endpoint: Endpoint
) -> None:
    path = f"{PATH}/{endpoint.uuid}"
    ticked = re.findall(r'name="events"[^>]* checked', lena.get(f"{path}/edit").text)
    assert len(ticked) == len(endpoints.OFFERED)
    assert lena.post(path, data=given(cast, name="Others")).status_code == 303
    session.refresh(endpoint)
    assert (endpoint.name, endpoint.url) == ("Others", URL)
    assert lena.post(path, data=given(cast, url="")).status_code == 422


def test_a_test_is_sent_and_its_state_shown(
    lena: FlaskClient, session: Session, endpoint: Endpoint, now: datetime
) -> None:
    path = f"{PATH}/{endpoint.uuid}"
    assert "Nothing yet" in lena.get(path).text
    assert lena.post(f"{path}/test").status_code == 303
    row = session.scalars(select(Delivery)).one()
    assert (row.event, row.state) == (Happening.TEST, DeliveryState.WAITING)
    row.fault, row.attempts, row.send_after = "It answered 500.", 3, now + timedelta(minutes=5)
    session.flush()
    text = " ".join(lena.get(path).text.split())
    assert "It answered 500. Trying again" in text
    assert 'data-name="Tries">3<' in text
    row.state, row.delivered_at, row.fault = DeliveryState.DELIVERED, now, None
    endpoint.failing_since = now
    session.flush()
    text = lena.get(path).text
    assert "Taken" in text
    assert "Failing since" in text


def test_a_new_secret_is_shown_once_and_the_one_before_signs_for_a_day(
    lena: FlaskClient, endpoint: Endpoint
) -> None:
    path = f"{PATH}/{endpoint.uuid}"
    answer = lena.post(f"{path}/secret")
    assert "whsec_" in answer.text
    assert "For a day the secret before" in answer.text
    page = lena.get(path).text
    assert "whsec_" not in page
    assert "signs as well until" in page


def test_it_is_turned_off_and_on_and_removed(lena: FlaskClient, session: Session, endpoint: Endpoint) -> None:
    path = f"{PATH}/{endpoint.uuid}"
    assert lena.post(f"{path}/off").status_code == 303
    assert endpoints.TURNED_OFF in lena.get(PATH).text
    assert f'action="{path}/test"' not in lena.get(path).text
    assert lena.post(f"{path}/test").status_code == 409
    assert lena.post(f"{path}/on").status_code == 303
    session.refresh(endpoint)
    assert endpoint.off_at is None
    assert lena.post(f"{path}/remove").status_code == 303
    assert lena.get(path).status_code == 404


@pytest.mark.parametrize("part", ["", "/edit"])
def test_an_administrator_of_another_agency_finds_none(
    cast: Cast, client_as: ClientAs, endpoint: Endpoint, part: str
) -> None:
    cast.mallory.role = Role.ADMINISTRATOR
    other = client_as(cast.mallory)
    assert URL not in other.get(PATH).text
    assert other.get(f"{PATH}/{endpoint.uuid}{part}").status_code == 404
    for act in ("", "/test", "/secret", "/off", "/on", "/remove"):
        assert other.post(f"{PATH}/{endpoint.uuid}{act}", data=given(cast)).status_code == 404


def test_whoever_is_no_administrator_sees_none(cast: Cast, client_as: ClientAs, endpoint: Endpoint) -> None:
    dev = client_as(cast.dev)
    assert dev.get(PATH).status_code == 403
    assert dev.post(f"{PATH}/{endpoint.uuid}/secret").status_code == 403
