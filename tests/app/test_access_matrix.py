"""Every role × relationship × sharing basis × page, part and endpoint: who gets in, and what they find there.

Routes are read from the application, needs from their own marks, and what may be found from
`people.access.sees`. Of each class something of Ada's is laid that stands nowhere else; each answer is
searched for all of it. `make matrix` prints the table.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from care_plans.alerts.ladder import to_document
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.goals import Goal
from care_plans.models.goals import Need as PlanNeed
from care_plans.models.plans import Plan, PlanVersion
from devices.models import Reading, Series
from people import sharing
from people.access import MAY, OPENS, Extent, Need, Purpose, RecordClass
from people.models.agencies import Role
from people.models.caring import AlertSight, CareTeam
from people.models.sharing import LawfulBasis, Override, SharingBasis
from people.signing_in import viewer_of
from tests.app.adas import ABOUT_ADA, lay
from tests.app.conftest import ClientAs
from tests.care_plans import alerting
from tests.cast import Cast
from tests.house.test_routes import made

# Readings of Ada: kind, value; and, class by class, words that stand nowhere but where that class is told.
READINGS = {"glucose": 17.3, "sleep_duration": 13.9}
GOAL = "I want to see the herons at the weir again."
COMMENT = "She sounded muddled about the tablets."
WORDS: Mapping[RecordClass, tuple[str, ...]] = {
    RecordClass.VITALS: ("17.3", "Oxygen 84", "oxygen_low"),
    RecordClass.ACTIVITY: ("13.9",),
    RecordClass.PLAN: (GOAL.removesuffix("."),),
    RecordClass.NOTES: (COMMENT,),
}
RELATIONSHIPS = ("care team", "alert sent", "override", "stranger")
OF_THEIR_OWN = ("/letter", "/readings.json", "/differences", "/content", "/merges/<uuid:merge_id>")
"""What needs more than an id: a letter, a chart, a second version, a file, sight of the other record."""
GETS_IN = (200, 202, 204, 302, 303, 308)


class Cell(NamedTuple):
    """What one ask came to."""

    status: int
    found: frozenset[str]


def routes() -> list[str]:
    """Every GET that takes the id of something of Ada's."""
    return sorted(
        rule.rule
        for rule in made().url_map.iter_rules()
        if rule.arguments & ABOUT_ADA and "GET" in (rule.methods or set())
    )


def rule_of(app: Flask, text: str) -> Rule:
    return next(r for r in app.url_map.iter_rules() if r.rule == text and "GET" in (r.methods or set()))


def need_of(app: Flask, text: str) -> Need | None:
    return vars(app.view_functions[rule_of(app, text).endpoint]).get("needs")


def share(session: Session, agency_id: int, extent: Extent | None, now: datetime) -> None:
    """Let the agency see every class to `extent`, for every purpose that opens a record; None: no basis."""
    session.execute(delete(SharingBasis).where(SharingBasis.agency_id == agency_id))
    if extent is not None:
        session.add_all(
            SharingBasis(
                agency_id=agency_id, purpose=purpose, record_class=record_class, extent=extent,
                lawful_basis=LawfulBasis.PUBLIC_TASK, agreement="A test", began_at=now - timedelta(days=9),
            )
            for purpose in (*OPENS, Purpose.PLANNING) for record_class in RecordClass
        )  # fmt: skip
    session.flush()


def mark(session: Session, cast: Cast, now: datetime) -> None:
    """Lay something of each class that stands nowhere else."""
    for kind, value in READINGS.items():
        series = Series(person_id=cast.ada.id, channel="", kind=kind)
        session.add(series)
        session.flush()
        session.add(
            Reading(series_id=series.id, measured_at=now - timedelta(hours=1), value=value, batch_id=1)
        )
    alert = adas_alert(session, cast)
    alert.kind = "glucose"
    alert.ladder = to_document(alerting.raised(cast, now).ladder)
    version = session.scalars(
        select(PlanVersion).join(Plan, Plan.id == PlanVersion.plan_id).where(Plan.person_id == cast.ada.id)
    ).one()
    session.add_all(
        [
            PlanNeed(version_id=version.id, key="birds", text="Getting out"),
            Goal(version_id=version.id, need_key="birds", key="herons", text=GOAL, importance=5),
            AlertEvent(
                alert_id=alert.id, at=now, what="commented", by_staff_id=cast.sol.id,
                words=COMMENT, details={},
            ),
        ]
    )  # fmt: skip
    session.flush()


def adas_alert(session: Session, cast: Cast) -> Alert:
    return session.scalars(select(Alert).where(Alert.person_id == cast.ada.id)).one()


def relate(session: Session, cast: Cast, relationship: str, now: datetime) -> None:
    """Make Mallory somebody to Ada, or nobody."""
    if relationship == "care team":
        session.add(
            CareTeam(
                person_id=cast.ada.id, team_id=cast.strangers.id, period=Range(now - timedelta(days=9), None)
            )
        )
    elif relationship == "alert sent":
        session.add(
            AlertSight(
                person_id=cast.ada.id, alert_id=adas_alert(session, cast).id, team_id=cast.strangers.id,
                period=Range(now - timedelta(hours=1), now + timedelta(days=1)),
            )
        )  # fmt: skip
    elif relationship == "override":
        until = now + timedelta(hours=1)
        session.add(
            Override(
                person_id=cast.ada.id, staff_id=cast.mallory.id, at=now - timedelta(minutes=1), until=until,
                reason="A test", review_by=until,
            )
        )  # fmt: skip
    session.flush()


def may_open(role: Role, relationship: str, rule: Rule, need: Need) -> int:
    """The status that the matrix promises: 403 without the role's right, 404 for what is out of sight."""
    if need not in MAY[role.value]:
        return 403
    if relationship == "stranger":
        return 404
    if relationship == "alert sent" and rule.arguments & ABOUT_ADA - {"alert_id"}:
        return 404
    return 200


def get(app: Flask, client: FlaskClient, rule: Rule, ids: Mapping[str, UUID]) -> Cell:
    """Ask for it, and search the answer for all that was laid."""
    values = {name: ids.get(name, "glucose") for name in rule.arguments}
    address = app.url_map.bind("localhost").build(rule.endpoint, values, method="GET")
    answer = client.get(address, query_string={"kind": "glucose"} if rule.rule.startswith("/api") else {})
    found = {name.value for name, words in WORDS.items() if any(each in answer.text for each in words)}
    return Cell(answer.status_code, frozenset(found))


def fully(session: Session, cast: Cast, now: datetime) -> set[str]:
    seen = sharing.sees(session, viewer_of(session, cast.mallory, now), cast.ada.id, now)
    return {name.value for name, extent in seen.items() if extent is Extent.FULL}


CASES = [
    *(("care team", extent) for extent in (Extent.FULL, Extent.CATEGORY, None)),
    *(("alert sent", extent) for extent in (Extent.FULL, Extent.CATEGORY, None)),
    ("override", None),
    ("stranger", Extent.FULL),
]
OFTEN = (Role.COORDINATOR, Role.RESPONDER, Role.VOLUNTEER, Role.TECHNICIAN)


@pytest.mark.parametrize(("relationship", "extent"), CASES)
def test_who_gets_in_and_what_of_ada_they_find_there(
    app: Flask,
    session: Session,
    cast: Cast,
    now: datetime,
    client_as: ClientAs,
    api_as: Callable[..., FlaskClient],
    capsys: pytest.CaptureFixture[str],
    relationship: str,
    extent: Extent | None,
) -> None:
    ids = lay(session, cast, now)
    mark(session, cast, now)
    relate(session, cast, relationship, now)
    share(session, cast.stranger_agency.id, extent, now)
    whole = (relationship, extent) == ("care team", Extent.FULL)
    table: dict[str, list[str]] = {}
    wrong: list[str] = []
    for role in _roles(extent):
        cast.mallory.role = role
        page, program, may_find = client_as(cast.mallory), api_as(cast.mallory), fully(session, cast, now)
        for text in routes():
            need = need_of(app, text)
            if need is None:
                continue
            rule = rule_of(app, text)
            cell = get(app, program if text.startswith(("/api/", "/fhir/")) else page, rule, ids)
            promised = may_open(role, relationship, rule, need)
            table.setdefault(text, []).append(_shown(cell))
            needs_more = text.endswith(OF_THEIR_OWN) or "concern_id" in text
            wrong += [
                f"{role.value}: {text} {words}"
                for words in _wrongs(cell, promised, whole=whole and not needs_more)
            ]
            if cell.found - (may_find if promised == 200 else set()):
                wrong.append(f"{role.value}: {text} tells of {sorted(cell.found - may_find)}")
    if os.environ.get("HEARTH_MATRIX"):
        with capsys.disabled():
            _print(relationship, extent, table)
    assert not wrong, "\n".join(wrong)


def test_what_the_matrix_looks_for_is_there_to_be_found(
    app: Flask, session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    ids = lay(session, cast, now)
    mark(session, cast, now)
    relate(session, cast, "care team", now)
    share(session, cast.stranger_agency.id, Extent.FULL, now)
    page = client_as(cast.mallory)
    found: set[str] = set()
    for text in ("/people/<uuid:person_id>", "/people/<uuid:person_id>/plan", "/alerts/<uuid:alert_id>"):
        found |= get(app, page, rule_of(app, text), ids).found
    assert found == {name.value for name in WORDS}


def _roles(extent: Extent | None) -> tuple[Role, ...]:
    """Every role for the printed table and where all is shared; else those whose pages differ most."""
    if os.environ.get("HEARTH_MATRIX") or extent is Extent.FULL:
        return tuple(Role) if os.environ.get("HEARTH_MATRIX") else (*OFTEN, Role.ADMINISTRATOR)
    return (Role.COORDINATOR,)


def _wrongs(cell: Cell, promised: int, *, whole: bool) -> list[str]:
    """What the status breaks of the promise; less may be shown than a role could see, never more."""
    if cell.status >= 500 and cell.status != 503:
        return [f"answered {cell.status}"]
    if promised != 200 and cell.status in GETS_IN:
        return [f"let in, promised {promised}"]
    if promised == 403 and cell.status != 403:
        return [f"answered {cell.status}, promised 403"]
    if whole and promised == 200 and cell.status not in GETS_IN:
        return [f"answered {cell.status}, promised {promised}"]
    return []


def _shown(cell: Cell) -> str:
    if cell.status not in GETS_IN:
        return str(cell.status)
    return "".join(sorted(name[0].upper() for name in cell.found)) or "in"


def _print(relationship: str, extent: Extent | None, table: Mapping[str, list[str]]) -> None:
    roles = _roles(extent)
    said = extent.value if extent else "no basis"
    print(f"\n{relationship}, {said}  (A activity, N notes, P plan, V vitals: found; in: let in, none found)")  # noqa: T201
    print("  ".join([*(role.value[:8].ljust(8) for role in roles), "GET"]))  # noqa: T201
    for text, cells in table.items():
        print("  ".join([*(cell.ljust(8) for cell in cells), text]))  # noqa: T201
