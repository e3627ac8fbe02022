"""Every role × relationship × sharing basis × page, part and endpoint: who gets in, and what they find there.

Routes are read from the application, needs from their own marks, and what may be found from
`people.sharing.sees`. Of each class something of Ada's is planted that stands nowhere else; each answer is
searched for all of it. `make matrix` prints this table and those of visitors, of actions and of plain SQL.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people import sharing
from people.access import Extent, RecordClass
from people.models.agencies import Role
from people.models.concerns import Concern
from people.signing_in import viewer_of
from tests.app import asking, matrix, planting
from tests.app.adas import lay
from tests.app.conftest import ClientAs
from tests.app.matrix import COLUMNS, GETS_IN, OFTEN, WHOLE, Column
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]

ROUTES = sorted(text for method, text in asking.about_ada() if method == "GET")
OF_THEIR_OWN = ("/letter", "/readings.json", "/differences", "/content", "/merges/<uuid:merge_id>")
"""What needs more than an id: a letter, a chart, a second version, a file, sight of the other record."""
ESSENTIALS = ("/alerts/<uuid:alert_id>", "/alerts/<uuid:alert_id>/aside", "/api/v1/alerts/<uuid:alert_id>")
"""An alert tells whoever is asked to ring or go whom to ring (H11), whatever else is shared with them."""
MEANING = (
    "C contact, P plan, V vitals, M mental health, A activity, S safety events, H home, E energy, F finance, "
    "N notes, R restricted: found there; in: let in, none found; otherwise the status."
)


@pytest.mark.parametrize("column", COLUMNS, ids=[each.words for each in COLUMNS])
def test_who_gets_in_and_what_of_ada_they_find_there(
    app: Flask,
    session: Session,
    cast: Cast,
    now: datetime,
    client_as: ClientAs,
    api_as: ApiAs,
    capsys: pytest.CaptureFixture[str],
    column: Column,
) -> None:
    ids = lay(session, cast, now)
    planting.plant(session, cast, now)
    matrix.relate(session, cast, column.relationship, now)
    matrix.share(session, cast.stranger_agency.id, column.extents, now)
    table: dict[str, list[str]] = {text: [] for text in ROUTES}
    wrong: list[str] = []
    for role in _roles(column):
        cast.mallory.role = role
        page, program, may_find = client_as(cast.mallory), api_as(cast.mallory), fully(session, cast, now)
        for text in ROUTES:
            need, rule = asking.need_of(app, "GET", text), asking.find(app, "GET", text)
            answer = asking.ask(app, program if asking.for_programs(text) else page, "GET", text, ids)
            promised = matrix.promised(role, column.relationship, rule, need)
            whole = column is WHOLE and not text.endswith(OF_THEIR_OWN) and "concern_id" not in text
            found = planting.found_in(answer.text)
            shown = (matrix.letters(found) or "in") if answer.status_code in GETS_IN else ""
            table[text].append(shown or str(answer.status_code))
            wrong += [
                f"{role.value}: {text} {words}"
                for words in _wrongs(answer.status_code, promised, whole=whole)
            ]
            told = {RecordClass.CONTACT} if text in ESSENTIALS else set()
            if more := found - (may_find | told if promised == 200 else set()):
                wrong.append(f"{role.value}: {text} tells of {sorted(more)}")
    heads = [matrix.short(role) for role in _roles(column)]
    matrix.say(capsys, f"Pages, parts and endpoints: {column.words}", heads, table, MEANING)
    assert not wrong, "\n".join(wrong)


def test_what_the_matrix_looks_for_is_there_to_be_found(
    app: Flask, session: Session, cast: Cast, now: datetime, client_as: ClientAs, api_as: ApiAs
) -> None:
    ids = lay(session, cast, now)
    planting.plant(session, cast, now)
    matrix.relate(session, cast, "care team", now)
    matrix.share(session, cast.stranger_agency.id, matrix.FULL, now)
    concern = session.get_one(Concern, _inner(session, ids["concern_id"]))
    concern.team_id = cast.strangers.id  # what is restricted is shown to whoever holds it
    page, program = client_as(cast.mallory), api_as(cast.mallory)
    places = {
        "/people/<uuid:person_id>": "CPVASH",
        "/people/<uuid:person_id>/plan": "P",
        "/people/<uuid:person_id>/authority": "M",
        "/people/<uuid:person_id>/attachments": "F",
        "/people/<uuid:person_id>/numbers": "C",
        "/alerts/<uuid:alert_id>": "VN",
        "/concerns/<uuid:concern_id>": "R",
        "/api/v1/people/<uuid:person_id>/readings": "VMAHE",
    }
    for text, letters in places.items():
        answer = asking.ask(app, program if asking.for_programs(text) else page, "GET", text, ids)
        found = matrix.letters(planting.found_in(answer.text))
        assert set(letters) <= set(found), (text, found)
    assert set("".join(places.values())) == set(matrix.LETTERS.values())


def test_digits_inside_an_id_are_not_taken_for_a_reading() -> None:
    assert not planting.found_in("/files/4a713900-87f2-4139-7139-b8d7139c04e1")
    assert planting.found_in('"value": 7139.4}') == {RecordClass.ENERGY}


def fully(session: Session, cast: Cast, now: datetime) -> set[RecordClass]:
    session.flush()
    seen = sharing.sees(session, viewer_of(session, cast.mallory, now), cast.ada.id, now)
    return {name for name, extent in seen.items() if extent is Extent.FULL}


def _inner(session: Session, outer: object) -> int:
    return session.query(Concern.id).filter(Concern.uuid == outer).scalar()


def _roles(column: Column) -> tuple[Role, ...]:
    """Every role for the printed table; else those whose pages differ most, where all is shared."""
    if matrix.printing():
        return tuple(Role)
    if column.extents is matrix.FULL and column.relationship != "stranger":
        return (*OFTEN, Role.ADMINISTRATOR)
    return (Role.COORDINATOR,)


def _wrongs(status: int, promised: int, *, whole: bool) -> list[str]:
    """What the status breaks of the promise; less may be shown than a role could see, never more."""
    if status >= 500 and status != 503:
        return [f"answered {status}"]
    if promised != 200 and status in GETS_IN:
        return [f"let in, promised {promised}"]
    if promised == 403 and status != 403:
        return [f"answered {status}, promised 403"]
    if whole and promised == 200 and status not in GETS_IN:
        return [f"answered {status}, promised {promised}"]
    return []
