"""Every route says what it needs; opening a link never acts."""

from functools import cache

from flask import Flask
from werkzeug.routing import Rule

from app.context import SAFE, AppContext
from app.factory import create_app
from core.clock import real_time
from core.db import Db, make_engine
from core.vault import Vault


@cache
def made() -> Flask:
    engine = make_engine("postgresql+psycopg://nobody@localhost/nothing")
    return create_app(AppContext(db=Db(engine, real_time(), Vault("unused")), secret_key="unused"))


def routes(app: Flask) -> list[tuple[Rule, object]]:
    return [
        (rule, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    ]


def test_every_route_declares_a_need_or_is_public() -> None:
    silent = [
        str(rule)
        for rule, view in routes(made())
        if hasattr(view, "needs") == getattr(view, "public", False)  # exactly one of the two
    ]
    assert not silent, "\n".join(silent)


def test_nothing_that_opening_a_link_does_needs_the_right_to_act() -> None:
    acting = [
        str(rule)
        for rule, view in routes(made())
        if (rule.methods or set()) <= SAFE
        and hasattr(view, "needs")
        and view.needs.acts
        and not view.form  # it shows the form of what it does not do
    ]
    assert not acting, "\n".join(acting)


def test_no_route_takes_a_link_and_a_press_of_a_button_alike() -> None:
    both = [
        str(rule)
        for rule, _ in routes(made())
        if "GET" in (rule.methods or set()) and (rule.methods or set()) - SAFE
    ]
    assert not both, "\n".join(both)


def test_a_page_that_shows_a_form_only_shows_it() -> None:
    wrong = [
        str(rule)
        for rule, view in routes(made())
        if getattr(view, "form", False) and not (rule.methods or set()) <= SAFE
    ]
    assert not wrong, "\n".join(wrong)


def test_what_programs_ask_for_is_in_the_document() -> None:
    app = made()
    paths = app.extensions["hearthline-openapi"]["paths"]
    undocumented = [
        str(rule)
        for rule, view in routes(app)
        if str(rule).startswith("/api/v1/")
        and hasattr(view, "needs")
        and "{".join(str(rule).replace("<uuid:", "<").split("<")).replace(">", "}") not in paths
    ]
    assert not undocumented, "\n".join(undocumented)
