"""Mallory gets 404 for everything about Ada: on every page, part and endpoint, with every method.

Routes are read from the application, so a new one is held to it without further ado; one whose parameter
tests/app/adas.py does not know fails until it does.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.access import MAY
from people.models.agencies import Role
from tests.app import asking
from tests.app.adas import ABOUT_ADA, ABOUT_NOBODY, lay
from tests.app.conftest import ClientAs
from tests.cast import Cast
from tests.house.test_routes import made

ROUTES = asking.about_ada()


def test_no_route_takes_an_id_that_this_test_does_not_know() -> None:
    unknown = {
        f"{name} in {rule.rule}"
        for rule in made().url_map.iter_rules()
        if rule.endpoint not in ("static", "api_problem")
        for name in rule.arguments - ABOUT_ADA - ABOUT_NOBODY
    }
    assert not unknown, "add to tests/app/adas.py: " + ", ".join(sorted(unknown))


@pytest.mark.parametrize(("method", "text"), ROUTES)
def test_a_stranger_finds_nothing_of_adas(
    method: str,
    text: str,
    app: Flask,
    session: Session,
    cast: Cast,
    now: datetime,
    client_as: ClientAs,
    api_as: Callable[..., FlaskClient],
) -> None:
    ids = lay(session, cast, now)
    need = asking.need_of(app, method, text)
    cast.mallory.role = Role(next(role for role, needs in MAY.items() if need in needs))
    session.flush()
    mallory = api_as(cast.mallory) if asking.for_programs(text) else client_as(cast.mallory)
    assert asking.ask(app, mallory, method, text, ids).status_code == 404


@pytest.mark.parametrize("text", [text for method, text in ROUTES if method == "GET"])
def test_somebody_who_cares_for_ada_finds_the_same(
    text: str,
    app: Flask,
    session: Session,
    cast: Cast,
    now: datetime,
    client_as: ClientAs,
    api_as: Callable[..., FlaskClient],
) -> None:
    ids = lay(session, cast, now)
    cora = api_as(cast.cora) if asking.for_programs(text) else client_as(cast.cora)
    assert asking.ask(app, cora, "GET", text, ids).status_code != 404
