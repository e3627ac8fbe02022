"""What of the board is asked for: read from the address, and said as chips and picks that lead to others."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from app.web.alert_words import CLASSES
from app.web.pages import Chip, address
from care_plans.alerts.board import Counts
from care_plans.alerts.choosing import BoardFilters
from care_plans.severity import Class, Severity
from core.errors import NotFound
from people import agencies, homes, teams
from people.access import Viewer

KIT = "kit"


@dataclass(frozen=True, slots=True)
class Pick:
    """A filter as a select: see _parts/chips.html."""

    label: str
    name: str
    choices: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters as they stand in the address; "" asks for any."""

    severity: str = ""
    mine: str = ""
    kind: str = ""
    team: str = ""
    agency: str = ""
    area: str = ""
    stuck: str = ""

    @classmethod
    def asked(cls) -> "Filters":
        """What this request's address asks for."""
        return cls(**{each.name: request.args.get(each.name, "")[:100] for each in fields(cls)})

    def kept(self) -> dict[str, str | None]:
        """What is not left open, for another address."""
        return {name: value for name, value in asdict(self).items() if value}

    def of_board(self, session: Session, stuck_before: datetime) -> BoardFilters:
        """The same for the board; what can't be meant is left open."""
        severity = Severity(self.severity) if self.severity in set(Severity) else None
        kit = True if self.severity == KIT else False if severity is Severity.WATCH else None
        return BoardFilters(
            team_id=_find(lambda uuid: teams.get(session, uuid)[0].id, self.team),
            agency_id=_find(lambda uuid: agencies.get(session, uuid).id, self.agency),
            mine=self.mine == "yes",
            severity=severity,
            class_=Class(self.kind) if self.kind in set(Class) else None,
            area=self.area or None,
            kit=kit,
            stuck_before=stuck_before if self.stuck == "yes" else None,
        )


def chips(filters: Filters, counts: Counts) -> tuple[Chip, ...]:
    """All of them, and each severity, with their counts."""
    numbers = {
        "": ("All", counts.total),
        Severity.RED.value: ("Red", counts.by_severity[Severity.RED]),
        Severity.AMBER.value: ("Amber", counts.by_severity[Severity.AMBER]),
        Severity.WATCH.value: ("Watch", counts.by_severity[Severity.WATCH] - counts.kit),
        KIT: ("Kit", counts.kit),
    }
    return tuple(
        Chip(
            words,
            address("/", replace(filters, severity=value).kept()),
            on=filters.severity == value,
            number=number,
            severity=value or None,
        )
        for value, (words, number) in numbers.items()
    )


def more_chips(filters: Filters, counts: Counts) -> tuple[Chip, ...]:
    """Mine, on or off; and those without a next step, where the address asks for them."""
    other = replace(filters, mine="" if filters.mine == "yes" else "yes")
    found = [Chip("Mine", address("/", other.kept()), on=filters.mine == "yes", number=counts.mine)]
    if filters.stuck == "yes":
        found.append(Chip("Without a next step", address("/", replace(filters, stuck="").kept()), on=True))
    return tuple(found)


def picks(session: Session, viewer: Viewer, filters: Filters, now: datetime) -> tuple[Pick, ...]:
    """Kind, team, agency and area."""
    known = sorted(session.execute(teams.listing()), key=lambda row: (row[0].name, row[1].name))
    of = {str(agency.uuid): agency.name for _team, agency in known}
    offered = {
        "Kind": ("kind", [(each.value, CLASSES[each]) for each in Class], filters.kind),
        "Team": ("team", [(str(team.uuid), team.name) for team, _agency in known], filters.team),
        "Agency": ("agency", sorted(of.items(), key=lambda each: each[1]), filters.agency),
        "Area": (
            "area",
            [(area, area) for area in homes.list_areas(session, viewer, now)],
            filters.area,
        ),
    }
    return tuple(
        Pick(label, name, [("", "any"), *choices], chosen)
        for label, (name, choices, chosen) in offered.items()
    )


def _find(get: Callable[[UUID], int], text: str) -> int | None:
    """The inner key of what the address names; 0, which nothing has, for what there is not."""
    if not text:
        return None
    try:
        return get(UUID(text))
    except (ValueError, NotFound):
        return 0
