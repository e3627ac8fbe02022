"""Requests that are right in everything but who asks: routes from the application, bodies from the spec."""

import re
from collections.abc import Mapping
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from people.access import Need
from tests.app.adas import ABOUT_ADA, example
from tests.house.test_routes import made

SPEC = made().extensions["hearthline-openapi"]
PROGRAMS = ("/api/", "/fhir/")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def about_ada() -> list[tuple[str, str]]:
    """(method, rule) of every route that takes the id of something of hers."""
    found = []
    for rule in made().url_map.iter_rules():
        if rule.arguments & ABOUT_ADA:
            found += [(method, rule.rule) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]
    return sorted(found)


def find(app: Flask, method: str, text: str) -> Rule:
    return next(
        rule for rule in app.url_map.iter_rules() if rule.rule == text and method in (rule.methods or set())
    )


def need_of(app: Flask, method: str, text: str) -> Need:
    need: Need = vars(app.view_functions[find(app, method, text).endpoint])["needs"]
    return need


def for_programs(text: str) -> bool:
    return text.startswith(PROGRAMS)


def ask(app: Flask, client: FlaskClient, method: str, text: str, ids: Mapping[str, UUID]) -> TestResponse:
    """The answer to a request with all that the route says it must have."""
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
    return client.open(address, method=method, query_string=query, json=json, headers=headers)
