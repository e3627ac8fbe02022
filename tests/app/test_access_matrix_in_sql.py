"""The same through plain SQL as the web's role, with every filter forgotten: role × relationship × sharing.

Each table that a policy guards is counted, and readings class by class.
"""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from devices import kinds
from people.access import RecordClass
from people.models.agencies import Role
from tests.app import matrix, planting
from tests.app.adas import lay
from tests.app.matrix import COLUMNS, Column
from tests.app.test_access_matrix import fully
from tests.app.test_row_security import as_web, count, guarded, viewer
from tests.cast import Cast

KINDS = text("SELECT DISTINCT s.kind FROM readings r JOIN series s ON s.id = r.series_id")
STOCK = {"devices"}  # what is nobody's
HELD = ("concerns", "concern_events")


@pytest.mark.parametrize("column", COLUMNS, ids=[each.words for each in COLUMNS])
def test_what_plain_sql_finds_of_ada(
    session: Session, cast: Cast, now: datetime, capsys: pytest.CaptureFixture[str], column: Column
) -> None:
    lay(session, cast, now)
    planting.plant(session, cast, now)
    matrix.relate(session, cast, column.relationship, now)
    matrix.share(session, cast.stranger_agency.id, column.extents, now)
    table: dict[str, list[str]] = {}
    for role in Role:
        cast.mallory.role = role
        may_read = fully(session, cast, now) if column.relationship in ("care team", "override") else set()
        with as_web(session, viewer(session, cast.mallory, now), now) as connection:
            found = {name: count(connection, name) for name in guarded(connection)}
            classes = {kinds.get(kind).record_class for kind in connection.execute(KINDS).scalars()}
        for name, rows in found.items():
            table.setdefault(name, []).append(str(rows) if rows else "")
        table.setdefault("readings, by class", []).append(matrix.letters(classes))
        assert classes == may_read & _measured(), (role, classes)
        assert not any(found[name] for name in HELD), role
        if column.relationship == "stranger" and role is not Role.PRIVACY_OFFICER:
            assert {name for name, rows in found.items() if rows} <= STOCK, role
    matrix.say(capsys, f"Plain SQL: {column.words}", [matrix.short(role) for role in Role], table)


def _measured() -> set[RecordClass]:
    return {kinds.get(kind).record_class for kind in planting.READINGS}
