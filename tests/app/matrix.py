"""The matrix of access: who somebody is to Ada, what is shared with them, and how its table is printed."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

import pytest
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from people.access import MAY, OPENS, Extent, Need, Purpose, RecordClass
from people.models.agencies import Role
from people.models.caring import AlertSight, CareTeam
from people.models.sharing import LawfulBasis, Override, SharingBasis
from tests.app import planting
from tests.app.adas import ABOUT_ADA
from tests.cast import Cast

RELATIONSHIPS: Final = ("care team", "alert sent", "override", "stranger")
GETS_IN: Final = (200, 202, 204, 302, 303, 308)
OFTEN: Final = (Role.COORDINATOR, Role.RESPONDER, Role.VOLUNTEER, Role.TECHNICIAN)
"""Those whose pages differ most."""
SHARED: Final = tuple(each for each in RecordClass if each is not RecordClass.RESTRICTED)
LETTERS: Final[Mapping[RecordClass, str]] = {
    RecordClass.CONTACT: "C",
    RecordClass.PLAN: "P",
    RecordClass.VITALS: "V",
    RecordClass.MENTAL_HEALTH: "M",
    RecordClass.ACTIVITY: "A",
    RecordClass.SAFETY_EVENTS: "S",
    RecordClass.HOME_ENVIRONMENT: "H",
    RecordClass.ENERGY: "E",
    RecordClass.FINANCE: "F",
    RecordClass.NOTES: "N",
    RecordClass.RESTRICTED: "R",
}


@dataclass(frozen=True)
class Column:
    """What somebody is to Ada, and what their agency sees in full or as a category."""

    relationship: str
    said: str
    extents: Mapping[RecordClass, Extent]

    @property
    def words(self) -> str:
        return f"{self.relationship}, {self.said}"


FULL, CATEGORY, NONE = dict.fromkeys(SHARED, Extent.FULL), dict.fromkeys(SHARED, Extent.CATEGORY), {}


def _some() -> list[Column]:
    """Four classes in full at a time, so that of any two classes each is shared once without the other."""
    codes = dict(zip(SHARED, combinations(range(5), 2), strict=True))
    held = [[each for each in SHARED if one in codes[each]] for one in range(5)]
    return [
        Column(
            "care team",
            f"only {', '.join(each.value for each in some)}",
            dict.fromkeys(some, Extent.FULL),
        )
        for some in held
    ]


WHOLE: Final = Column("care team", "all in full", FULL)
COLUMNS: Final = [
    WHOLE,
    Column("care team", "categories", CATEGORY),
    Column("care team", "no basis", NONE),
    *_some(),
    Column("alert sent", "all in full", FULL),
    Column("alert sent", "categories", CATEGORY),
    Column("alert sent", "no basis", NONE),
    Column("override", "no basis", NONE),
    Column("stranger", "all in full", FULL),
]


def printing() -> bool:
    """Whether `make matrix` asks for the whole table."""
    return bool(os.environ.get("HEARTH_MATRIX"))


def share(session: Session, agency_id: int, extents: Mapping[RecordClass, Extent], now: datetime) -> None:
    """Let the agency see these classes, and no others, for every purpose that opens a record."""
    session.execute(delete(SharingBasis).where(SharingBasis.agency_id == agency_id))
    session.add_all(
        SharingBasis(
            agency_id=agency_id, purpose=purpose, record_class=record_class, extent=extent,
            lawful_basis=LawfulBasis.PUBLIC_TASK, agreement="A test", began_at=now - timedelta(days=9),
        )
        for purpose in (*OPENS, Purpose.PLANNING) for record_class, extent in extents.items()
    )  # fmt: skip
    session.flush()


def relate(session: Session, cast: Cast, relationship: str, now: datetime) -> None:
    """Make Mallory somebody to Ada, or nobody."""
    team, until = cast.strangers, now + timedelta(hours=1)
    if relationship == "care team":
        since = Range(now - timedelta(days=9), None)
        session.add(CareTeam(person_id=cast.ada.id, team_id=team.id, period=since))
    elif relationship == "alert sent":
        session.add(
            AlertSight(
                person_id=cast.ada.id, alert_id=planting.adas_alert(session, cast).id, team_id=team.id,
                period=Range(now - timedelta(hours=1), now + timedelta(days=1)),
            )
        )  # fmt: skip
    elif relationship == "override":
        session.add(
            Override(
                person_id=cast.ada.id, staff_id=cast.mallory.id, at=now - timedelta(minutes=1), until=until,
                reason="A test", review_by=until,
            )
        )  # fmt: skip
    session.flush()


def promised(role: Role, relationship: str, rule: Rule, need: Need) -> int:
    """The status that the matrix promises: 403 without the role's right, 404 for what is out of sight."""
    if need not in MAY[role.value]:
        return 403
    if relationship == "stranger":
        return 404
    if relationship == "alert sent" and rule.arguments & ABOUT_ADA - {"alert_id", "no_reply_id"}:
        return 404
    return 200


def letters(found: Iterable[RecordClass]) -> str:
    """For example CPV: what of Ada's was found."""
    return "".join(letter for each, letter in LETTERS.items() if each in set(found))


def say(
    capsys: pytest.CaptureFixture[str],
    title: str,
    heads: Sequence[str],
    table: Mapping[str, Sequence[str]],
    meaning: str = "",
) -> None:
    """Print a table, one route a line, when `make matrix` asks for it."""
    if not printing():
        return
    wide = [
        max(len(text) for text in (head, *(row[place] for row in table.values())))
        for place, head in enumerate(heads)
    ]
    with capsys.disabled():
        print(f"\n\n== {title} ==")  # noqa: T201
        if meaning:
            print(meaning)  # noqa: T201
        print("  ".join([*(head.ljust(width) for head, width in zip(heads, wide, strict=True)), "route"]))  # noqa: T201
        print("  ".join("-" * width for width in (*wide, 5)))  # noqa: T201
        for text, cells in table.items():
            print("  ".join([*(cell.ljust(width) for cell, width in zip(cells, wide, strict=True)), text]))  # noqa: T201


def short(role: Role) -> str:
    """The role in a word that fits over a column."""
    return role.value.partition("_")[0][:9]
