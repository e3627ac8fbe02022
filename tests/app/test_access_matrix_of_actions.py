"""Every role × relationship × action that takes something of Ada's: refused with nothing changed, or let in.

A request carries the least that its schema takes, so that whoever is let in reaches validation or acts; what
they do is rolled back. What the refused left behind is looked for in every table, a role at a time.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from core.db import Base
from people.models.agencies import Role
from tests.app import asking, matrix, planting
from tests.app.adas import lay
from tests.app.conftest import ClientAs
from tests.cast import Cast

ROUTES = [(method, text) for method, text in asking.about_ada() if method not in asking.SAFE]
REFUSED = (401, 403, 404)
BESIDE = frozenset({"tokens", "journal", "readings"})
"""When a program last asked, and that somebody looked; readings are counted by their series."""
MEANING = "let in: reached validation or acted; otherwise the status, and nothing was changed."


@pytest.mark.parametrize("relationship", matrix.RELATIONSHIPS)
def test_who_may_act_and_that_a_refusal_changes_nothing(
    app: Flask,
    session: Session,
    cast: Cast,
    now: datetime,
    client_as: ClientAs,
    api_as: Callable[..., FlaskClient],
    capsys: pytest.CaptureFixture[str],
    relationship: str,
) -> None:
    ids = lay(session, cast, now)
    planting.plant(session, cast, now)
    matrix.relate(session, cast, relationship, now)
    matrix.share(session, cast.stranger_agency.id, matrix.FULL, now)
    table: dict[str, list[str]] = {f"{method} {text}": [] for method, text in ROUTES}
    wrong: list[str] = []
    roles = tuple(Role) if matrix.printing() or relationship == "stranger" else _fewer()
    for role in roles:
        cast.mallory.role = role
        page, program = client_as(cast.mallory), api_as(cast.mallory)
        before = _all_rows(session)
        for method, text in ROUTES:
            need, rule = asking.need_of(app, method, text), asking.find(app, method, text)
            client = program if asking.for_programs(text) else page
            with session.connection().begin_nested() as done:
                status = asking.ask(app, client, method, text, ids).status_code
                if status not in REFUSED:
                    done.rollback()
            table[f"{method} {text}"].append(str(status) if status in REFUSED else "let in")
            promised = matrix.promised(role, relationship, rule, need)
            if (promised != 200 and status != promised) or status >= 500:
                wrong.append(f"{role.value}: {method} {text} answered {status}, promised {promised}")
        changed = {table for table, rows in _all_rows(session).items() if rows != before[table]}
        if changed:
            wrong.append(f"{role.value}: what was refused changed {sorted(changed)}")
    heads = [matrix.short(role) for role in roles]
    matrix.say(capsys, f"Actions: {relationship}, all in full", heads, table, MEANING)
    assert not wrong, "\n".join(wrong)
    if relationship == "care team":  # else a matrix of refusals alone would be kept too
        assert sum("let in" in cells for cells in table.values()) > len(table) * 0.8


def _fewer() -> tuple[Role, ...]:
    return (Role.COORDINATOR, Role.VOLUNTEER, Role.PRIVACY_OFFICER, Role.COMMISSIONER)


def _all_rows(session: Session) -> dict[str, tuple[int, int]]:
    """How many rows each table has, and a number that changes with what they say."""
    session.flush()
    tables = [table for table in Base.metadata.tables if table not in BESIDE]
    asked = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM {table} AS t"
        for table in tables
    )
    return {name: (count, said) for name, count, said in session.execute(sql(asked))}
