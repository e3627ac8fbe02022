"""Browsers of those who are not staff: Ada herself, her daughter whom she lets in, and a stranger to her."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.journal import Actor
from people import accounts, passwords, proxies
from people.models.accounts import Account, Proxy
from people.models.people import Person
from tests.app.conftest import FORM_SECRET, form_token
from tests.cast import Cast

BY = Actor("a test")
PASSWORD = "three random words"

ClientOf = Callable[[Account], FlaskClient]


@dataclass(frozen=True)
class LetIn:
    """Those who are not staff: `mallory` is let in by Ben and is nobody to Ada; `restricted` is Ada's son."""

    ada: Account
    beth: Account
    beths: Proxy
    restricted: Account
    restricteds: Proxy
    mallory: Account


def lay(session: Session, cast: Cast, now: datetime) -> LetIn:
    """Give Ada a sign-in, let Beth and (restricted) Ned in to Ada's page, and Mallory in to Ben's."""
    ada = accounts.open_(session, "Ada Marsh", "ada@example.org", actor=BY, person=cast.ada)
    beth, beths = let_in(session, cast, cast.ada, "Beth Marsh", "daughter", now)
    ned, neds = let_in(session, cast, cast.ada, "Ned Marsh", "son", now)
    proxies.restrict(session, neds, "Ada is afraid of him", by=cast.sol, actor=BY, now=now)
    mallory, _ = let_in(session, cast, cast.ben, "Mallory", "neighbour", now)
    for each in (ada, beth, ned, mallory):
        each.password_hash = passwords.hashed(PASSWORD)
    session.flush()
    return LetIn(ada, beth, beths, ned, neds, mallory)


def let_in(
    session: Session, cast: Cast, person: Person, name: str, relation: str, now: datetime, **more: Any
) -> tuple[Account, Proxy]:
    """Let somebody in to the usual parts of a person's page."""
    given = {
        "name": name,
        "email": f"{name.split()[0].lower()}@example.org",
        "relation": relation,
        "classes": ["contact", "plan", "vitals"],
        "seen_alone_on": now.date(),
        "seen_alone_by": "Sol",
        "seen_alone_where": "At home, alone",
        "said": "That is fine",
        "expires_on": (now + timedelta(days=90)).date(),
    } | more
    actor = Actor("Sol", cast.sol.id)
    found = proxies.grant(session, person, given, by=cast.sol, actor=actor, now=now)
    return found.account, found.proxy


def client_of(app: Flask, session: Session, account: Account, now: datetime) -> FlaskClient:
    """A browser in which somebody who is not staff is signed in; it sends the form token by itself."""
    session.flush()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(
            account=str(account.uuid),
            epoch=account.session_epoch,
            began=now.timestamp(),
            seen=now.timestamp(),
            csrf_token=FORM_SECRET,
        )
    client.environ_base["HTTP_X_CSRFTOKEN"] = form_token()
    return client
