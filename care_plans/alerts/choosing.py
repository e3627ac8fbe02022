"""What of the board is asked for, as conditions on the open alerts in sight."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from care_plans.alerts.read import in_sight
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.seen import extents
from care_plans.severity import Class, Severity
from people.access import Viewer
from people.models.agencies import Team, TeamMember
from people.models.homes import Home, Residency


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What of the board is asked for; an alert is of those teams that have it, were asked or handed it.

    Class, kit and silence are told apart only among what is shown in full: a filter tells nobody more than
    the line.
    `kit` asks only for what merely concerns kit (technical, to be watched), or with False for all but that.
    `stuck_before` asks for what has no next step, or one that was due before then, `raised_since` for what
    was raised then or later, and `unheard` for whoever, or whatever kit, has not been heard from.
    """

    team_id: int | None = None
    agency_id: int | None = None
    mine: bool = False
    severity: Severity | None = None
    class_: Class | None = None
    area: str | None = None
    person_id: int | None = None
    kit: bool | None = None
    stuck_before: datetime | None = None
    raised_since: datetime | None = None
    unheard: bool = False


_UNHEARD = or_(
    *(Alert.rule_key.startswith(each) for each in ("heard.", "kit.silent.", "protection.")),
    func.jsonb_path_exists(Alert.rule, cast("$.**.missing_for", JSONPATH)),
)
"""What says that somebody, or some kit, has not been heard: expectations, and a plan's rules of silence."""
MERELY_KIT = and_(Alert.class_ == Class.TECHNICAL, Alert.severity == Severity.WATCH)
"""What merely concerns kit."""


def chosen(viewer: Viewer, filters: BoardFilters, now: datetime) -> list[ColumnElement[bool]]:
    """Whose open alerts: in sight, of these teams, in this area, about this person."""
    found: list[ColumnElement[bool]] = [Alert.closed_at.is_(None), in_sight(viewer, now)]
    if filters.team_id is not None:
        found.append(_with_teams(select(Team.id).where(Team.id == filters.team_id), now))
    if filters.agency_id is not None:
        found.append(_with_teams(select(Team.id).where(Team.agency_id == filters.agency_id), now))
    if filters.area is not None:
        there = select(Home.id).where(Home.area == filters.area)
        living_in = select(Residency.person_id).where(
            Residency.home_id.in_(there), Residency.period.contains(now)
        )
        found.append(or_(Alert.person_id.in_(living_in), Alert.home_id.in_(there)))
    if filters.person_id is not None:
        living_there = select(Residency.home_id).where(
            Residency.person_id == filters.person_id, Residency.period.contains(now)
        )
        found.append(or_(Alert.person_id == filters.person_id, Alert.home_id.in_(living_there)))
    return found


def narrowed(
    session: Session, viewer: Viewer, filters: BoardFilters, now: datetime
) -> list[ColumnElement[bool]]:
    """Which of what is chosen: mine, of a severity, a class, since when; of kit, of silence."""
    found: list[ColumnElement[bool]] = []
    told: ColumnElement[bool] = true()
    if filters.class_ is not None or filters.kit is not None or filters.unheard:
        told = Alert.id.not_in(not_told(session, viewer, filters, now))
    if filters.mine:
        found.append(Alert.owner_staff_id == viewer.staff_id)
    if filters.severity is not None:
        found.append(Alert.severity == filters.severity)
    if filters.class_ is not None:
        found.append(and_(Alert.class_ == filters.class_, told))
    if filters.kit is not None:
        merely = and_(MERELY_KIT, told)
        found.append(merely if filters.kit else not_(merely))
    if filters.raised_since is not None:
        found.append(Alert.raised_at >= filters.raised_since)
    if filters.unheard:
        found.append(and_(_UNHEARD, told))
    if filters.stuck_before is not None:
        found.append(or_(Alert.escalate_after.is_(None), Alert.escalate_after < filters.stuck_before))
    return found


def not_told(session: Session, viewer: Viewer, filters: BoardFilters, now: datetime) -> list[int]:
    """Inner keys of those among what is chosen that are not shown in full."""
    some = session.scalars(select(Alert).where(*chosen(viewer, filters, now))).all()
    return [key for key, how in extents.of(session, viewer, some, now).items() if not how.full]


def _with_teams(teams: Select[int], now: datetime) -> ColumnElement[bool]:
    """Alerts that these teams, or somebody in them, have; were asked about by a step; or were handed."""
    members = select(TeamMember.staff_id).where(
        TeamMember.team_id.in_(teams), TeamMember.period.contains(now)
    )
    return or_(
        Alert.owner_team_id.in_(teams),
        Alert.handed_to_team_id.in_(teams),
        Alert.owner_staff_id.in_(members),
        exists().where(AlertEvent.alert_id == Alert.id, AlertEvent.team_id.in_(teams)),
    )
