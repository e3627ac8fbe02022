"""Mallory gets 404 for everything about Ada: on every page, part and endpoint, with every method.

Routes are read from the application, so a new one is held to it without further ado; one whose parameter
tests/app/adas.py does not know fails until it does.
"""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from people.access import MAY
from people.models.agencies import Role
from tests.app.adas import ABOUT_ADA, ABOUT_NOBODY, example, lay
from tests.app.conftest import ClientAs
from tests.cast import Cast
from tests.house.test_routes import made

SPEC = made().extensions["hearthline-openapi"]


def about_ada() -> list[tuple[str, str]]:
    """(method, rule) of every route that takes the id of something of hers."""
    found = []
    for rule in made().url_map.iter_rules():
        if rule.arguments & ABOUT_ADA:
            found += [(method, rule.rule) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]
    return sorted(found)


ROUTES = about_ada()


def find(app: Flask, method: str, text: str) -> Rule:
    return next(
        rule for rule in app.url_map.iter_rules() if rule.rule == text and method in (rule.methods or set())
    )


def ask(app: Flask, client: FlaskClient, method: str, text: str, ids: dict[str, UUID]) -> int:
    """The status of a request that is right in everything but who asks."""
    rule = find(app, method, text)
    values = {name: ids.get(name, "spo2") for name in rule.arguments}
    address = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
    said = SPEC["paths"].get(re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", text), {}).get(method.lower(), {})
    query = {
        one["name"]: example(SPEC, one["schema"], ids)
        for one in said.get("parameters", [])
        if one.get("in") == "query" and one.get("required")
    }
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    json = example(SPEC, body, ids) if body is not None else None
    headers = {"If-Match": '"1"'} if said else {}
    return client.open(address, method=method, query_string=query, json=json, headers=headers).status_code


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
    need = vars(app.view_functions[find(app, method, text).endpoint])["needs"]
    cast.mallory.role = Role(next(role for role, needs in MAY.items() if need in needs))
    session.flush()
    mallory = api_as(cast.mallory) if text.startswith(("/api/", "/fhir/")) else client_as(cast.mallory)
    assert ask(app, mallory, method, text, ids) == 404


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
    cora = api_as(cast.cora) if text.startswith(("/api/", "/fhir/")) else client_as(cast.cora)
    assert ask(app, cora, "GET", text, ids) != 404
