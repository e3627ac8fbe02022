"""Those who are not staff × My page and every page of staff: themself, let in, restricted, ended, a stranger.

What may be found is what `people.visitors` says that they see, and for a stranger nothing of Ada's.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people import accounts
from people import proxies as letting_in
from people.access import RecordClass
from people.models.accounts import Account
from people.visitors import GRANTED, OWN
from tests.app import asking, matrix, planting, proxies
from tests.app.adas import lay
from tests.cast import Cast

PAGES = ("/me", "/me/paper", "/me/looks", "/me/choices", "/me/kit", "/me/claim", "/me/went-wrong")
OWN_ALONE = ("/me/paper", "/me/looks", "/me/choices", "/me/kit")
ACTS: Mapping[str, Mapping[str, str]] = {
    "/me/choices/ask": {"words": ""},
    "/me/choices/end": {"proxy": "nonsense"},
    "/me/choices/stop": {"agreement": "nonsense"},
    "/me/whose": {},
}
SIGNED_OUT = (400,)
"""What a form answers that was opened before its visitor was signed out: its secret is gone."""
WORDS = {
    **planting.WORDS,
    RecordClass.CONTACT: tuple(
        each for each in planting.WORDS[RecordClass.CONTACT] if each != planting.ABOUT
    ),
    RecordClass.PLAN: (*planting.WORDS[RecordClass.PLAN], planting.ABOUT),
}
MEANING = "C contact, P plan, V vitals, A activity, S safety events, H home, E energy: found; in: none found."


def test_what_those_who_are_not_staff_find_of_ada(
    app: Flask, session: Session, cast: Cast, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = lay(session, cast, now)
    planting.plant(session, cast, now)
    table: dict[str, list[str]] = {}
    wrong: list[str] = []
    columns = _columns(session, cast, now)
    for name, (account, shows) in columns.items():
        client = proxies.client_of(app, session, account, now)
        with client.session_transaction() as kept:
            kept["whose"] = str(cast.ada.uuid)
        for path in PAGES:
            answer = client.get(path)
            found = planting.found_in(answer.text, WORDS)
            shut = shows is None or (name != "Ada herself" and path in OWN_ALONE)
            if shut is (answer.status_code == 200) and name != "let in by Ben":
                wrong.append(f"{name}: {path} answered {answer.status_code}")
            if more := found - (shows or frozenset()):
                wrong.append(f"{name}: {path} tells of {sorted(more)}")
            shown = (matrix.letters(found) or "in") if answer.status_code == 200 else str(answer.status_code)
            table.setdefault(f"GET {path}", []).append(shown)
        for path, given in ACTS.items():
            whose = {"whose": str(cast.ada.uuid)} if path == "/me/whose" else dict(given)
            answer = client.post(path, data=whose)
            may = name == "Ada herself" or (path == "/me/whose" and shows is not None)
            out = SIGNED_OUT if shows is None else ()
            if not may and answer.status_code not in (404, *out) and answer.location != "/me/sign-in":
                wrong.append(f"{name}: POST {path} answered {answer.status_code}")
            table.setdefault(f"POST {path}", []).append(str(answer.status_code))
        table.setdefault("every page and action of staff", []).append(
            _of_staff(app, client, ids, wrong, name, SIGNED_OUT if shows is None else ())
        )
    matrix.say(capsys, "My page: those who are not staff", list(columns), table, MEANING)
    assert not wrong, "\n".join(wrong)
    assert table["GET /me"][0] == matrix.letters(
        {
            RecordClass.CONTACT,
            RecordClass.PLAN,
            RecordClass.VITALS,
            RecordClass.ACTIVITY,
            RecordClass.HOME_ENVIRONMENT,
            RecordClass.ENERGY,
        }
    )


def _columns(
    session: Session, cast: Cast, now: datetime
) -> dict[str, tuple[Account, frozenset[RecordClass] | None]]:
    """Who, and what they may be shown; None for whoever does not get in at all."""
    ada = accounts.open_(session, "Ada Marsh", "ada@example.org", actor=proxies.BY, person=cast.ada)
    found: dict[str, tuple[Account, frozenset[RecordClass] | None]] = {"Ada herself": (ada, OWN)}
    for each in GRANTED:
        account, _ = proxies.let_in(
            session, cast, cast.ada, f"{each.value} Marsh", "niece", now, classes=[each.value]
        )
        found[f"{each.value} only"] = (account, frozenset({each}))
    restricted, row = proxies.let_in(session, cast, cast.ada, "Ned Marsh", "son", now)
    letting_in.restrict(session, row, "Ada is afraid of him", by=cast.sol, actor=proxies.BY, now=now)
    found["restricted"] = (restricted, frozenset())
    ended, row = proxies.let_in(session, cast, cast.ada, "Una Marsh", "niece", now)
    letting_in.end(session, row, said_by="Ada", why="She asked", actor=proxies.BY, now=now)
    found["ended"] = (ended, None)
    over, row = proxies.let_in(session, cast, cast.ada, "Otto Marsh", "nephew", now)
    row.expires_on = now.date().replace(day=1)
    found["expired"] = (over, None)
    mallory, _ = proxies.let_in(session, cast, cast.ben, "Mallory", "neighbour", now)
    found["let in by Ben"] = (mallory, frozenset())
    session.flush()
    return found


def _of_staff(
    app: Flask,
    client: FlaskClient,
    ids: Mapping[str, UUID],
    wrong: list[str],
    name: str,
    out: tuple[int, ...],
) -> str:
    """Ask for all that takes something of Ada's: nobody who is not staff gets into any of it."""
    answers = set()
    for method, text in asking.about_ada():
        answer = asking.ask(app, client, method, text, ids)
        turned_away = answer.status_code in (401, 403, 404, *out) or (answer.location or "").startswith(
            "/sign-in"
        )
        if not turned_away:
            wrong.append(f"{name}: {method} {text} answered {answer.status_code}")
        answers.add(str(answer.status_code))
    return " ".join(sorted(answers))
