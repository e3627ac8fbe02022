"""Messages as programs list them: those in sight, with the outer ids of all that they name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from care_plans.messages.sent import HIDDEN, hidden_from, in_sight
from care_plans.models.alerts import Alert
from care_plans.models.calls import Call, CallState
from care_plans.models.messages import Message, MessageState
from care_plans.models.work import FollowUp
from people.access import Viewer
from people.models.agencies import Staff, Team
from people.models.people import Person
from people.named import Named


@dataclass(frozen=True, slots=True)
class Listed:
    """A message, to whom it goes and what it is about."""

    message: Message
    subject: str
    body: str
    team: Named | None
    staff: Named | None
    person_uuid: UUID | None
    alert_uuid: UUID | None
    follow_up_uuid: UUID | None
    call: CallState | None


def listing(
    viewer: Viewer, now: datetime, *, state: MessageState | None = None, alert: UUID | None = None
) -> Select[*tuple[Any, ...]]:
    """Messages in sight, in that state, about the alert of that outer id; no order. See `listed`."""
    person, about = aliased(Person), aliased(Alert)  # apart from those that sight is decided by
    query = (
        select(
            Message,
            Team.uuid,
            Team.name,
            Staff.uuid,
            Staff.name,
            person.uuid,
            about,
            FollowUp.uuid,
            func.coalesce(Team.agency_id, Staff.agency_id),
            Call.state,
        )
        .outerjoin(Team, Team.id == Message.team_id)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(person, person.id == Message.person_id)
        .outerjoin(about, about.id == Message.alert_id)
        .outerjoin(FollowUp, FollowUp.id == Message.follow_up_id)
        .outerjoin(Call, Call.message_id == Message.id)
        .where(in_sight(viewer, now))
    )
    if state is not None:
        query = query.where(Message.state == state)
    return query if alert is None else query.where(about.uuid == alert)


def listed(
    session: Session, viewer: Viewer, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> list[Listed]:
    """Rows of `listing`, by name; their words as far as they are shown to the viewer."""
    hidden = hidden_from(session, viewer, [(row[0], row[6], row[8]) for row in rows], now)
    return [_listed(row, hidden=row[0].id in hidden) for row in rows]


def _listed(row: Row[*tuple[Any, ...]], *, hidden: bool) -> Listed:
    message, team_uuid, team, staff_uuid, staff, person, alert, follow_up, _agency_id, call = row
    return Listed(
        message=message,
        subject=HIDDEN[0] if hidden else message.subject,
        body=HIDDEN[1] if hidden else message.body,
        team=Named(team_uuid, team) if team_uuid else None,
        staff=Named(staff_uuid, staff) if staff_uuid else None,
        person_uuid=person,
        alert_uuid=alert.uuid if alert else None,
        follow_up_uuid=follow_up,
        call=call,
    )
