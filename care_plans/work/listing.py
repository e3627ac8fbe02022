"""Follow-ups as programs list them: those asked for, with the outer ids and names of all that they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUp
from care_plans.seen.asked import Asked
from care_plans.work import agenda
from care_plans.work.agenda import State, Wanted
from people import named
from people.access import Viewer
from people.models.agencies import Team
from people.named import Named


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody and everything that some follow-ups name, by inner key."""

    people: Mapping[int | None, UUID]
    homes: Mapping[int | None, UUID]
    alerts: Mapping[int | None, UUID]
    teams: Mapping[int | None, Named]
    staff: Mapping[int | None, Named]


def listing(viewer: Viewer, wanted: Wanted, now: datetime) -> Select[FollowUp]:
    """The follow-ups in sight that are asked for; no order."""
    return select(FollowUp).where(*agenda.chosen(viewer, wanted, now))


def parties(session: Session, rows: Sequence[FollowUp]) -> Parties:
    """All that these follow-ups name, in a fixed number of statements."""
    alert_ids = {row.alert_id for row in rows if row.alert_id is not None}
    alerts = session.execute(select(Alert.id, Alert.uuid).where(Alert.id.in_(alert_ids)))
    return Parties(
        people=named.people(session, [row.person_id for row in rows]),
        homes=named.homes(session, [row.home_id for row in rows]),
        alerts={row.id: row.uuid for row in alerts},
        teams=named.teams(session, [row.team_id for row in rows]),
        staff=named.staff(session, [each for row in rows for each in (row.staff_id, row.done_by_id)]),
    )


def seen(session: Session, viewer: Viewer, rows: Sequence[FollowUp], now: datetime) -> dict[int, Asked]:
    """What each of these follow-ups asks, as the viewer sees it, by inner key."""
    found = session.execute(
        select(FollowUp, Alert, Team)
        .join(Team, Team.id == FollowUp.team_id)
        .outerjoin(Alert, Alert.id == FollowUp.alert_id)
        .where(FollowUp.id.in_([row.id for row in rows]))
    ).all()
    told = agenda.seen_of(session, viewer, [(row[0], row[1], row[2]) for row in found], now)
    return {row[0].id: one for row, one in zip(found, told, strict=True)}


def state_of(row: FollowUp, now: datetime) -> State:
    """How it stands."""
    if row.done_at is not None:
        return State.DONE
    return State.OVERDUE if row.due_at < now else State.DUE
