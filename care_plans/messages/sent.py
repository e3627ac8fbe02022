"""Messages as people look at them: what was to be said to whom, and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.models.alerts import Alert
from care_plans.models.calls import Call, CallState
from care_plans.models.messages import Message, MessageState
from care_plans.seen import extents
from people import visible
from people.access import Extent, Viewer
from people.models.agencies import Staff, Team

HIDDEN = ("About an alert", "Its words are for those it went to.")
"""Subject and text of a message that is not shown."""
_AGENCY_ID = func.coalesce(Team.agency_id, Staff.agency_id)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message; `again_at` is when it is tried again, where it has failed before and still waits.

    `held_until` is when it goes at the earliest, where it has not been tried: for quiet hours, for others to
    go with it, or because another way comes first. `call` is how one by telephone stands, and `centre`
    whether that tells a receiving centre.
    """

    uuid: UUID
    queued_at: datetime
    to: str
    channel: Channel
    subject: str
    body: str
    state: MessageState
    sent_at: datetime | None
    again_at: datetime | None
    fault: str | None
    alert_uuid: UUID | None
    delivered_at: datetime | None = None
    maybe_twice: bool = False
    held_until: datetime | None = None
    call: CallState | None = None
    centre: bool = False


def in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Messages about people and alerts in sight, and those to the viewer or one of their teams."""
    return or_(
        Message.person_id.in_(visible.person_ids(viewer, now)),
        Message.alert_id.in_(select(Alert.id).where(Alert.home_id.in_(visible.home_ids(viewer, now)))),
        Message.alert_id.in_(visible.alert_ids_by_sight(viewer, now)),
        Message.team_id.in_(viewer.team_ids),
        Message.staff_id == viewer.staff_id,
    )


def list_sent(
    session: Session,
    viewer: Viewer,
    now: datetime,
    *,
    state: MessageState | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Sent]:
    """Messages in sight, newest first; their words as far as they are shown to the viewer."""
    query = (
        select(Message, Team.name, Staff.name, Alert, _AGENCY_ID, Call)
        .outerjoin(Team, Team.id == Message.team_id)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Alert, Alert.id == Message.alert_id)
        .outerjoin(Call, Call.message_id == Message.id)
        .where(in_sight(viewer, now))
        .order_by(Message.queued_at.desc(), Message.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if state is not None:
        query = query.where(Message.state == state)
    rows = session.execute(query).all()
    hidden = hidden_from(session, viewer, [(row[0], row[3], row[4]) for row in rows], now)
    return [
        _sent(row, team or staff, alert.uuid if alert else None, call, hidden=row.id in hidden)
        for row, team, staff, alert, _agency_id, call in rows
    ]


def list_to(session: Session, staff_id: int, limit: int) -> list[Sent]:
    """The latest messages to one member of staff, newest first: their own, so shown whole."""
    query = (
        select(Message, Staff.name, Alert.uuid, Call)
        .join(Staff, Staff.id == Message.staff_id)
        .outerjoin(Alert, Alert.id == Message.alert_id)
        .outerjoin(Call, Call.message_id == Message.id)
        .where(Message.staff_id == staff_id)
        .order_by(Message.queued_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return [_sent(row, name, alert, call, hidden=False) for row, name, alert, call in session.execute(query)]


def hidden_from(
    session: Session,
    viewer: Viewer,
    rows: Sequence[tuple[Message, Alert | None, int | None]],
    now: datetime,
) -> set[int]:
    """Inner keys of those messages whose words say more of an alert than the viewer is shown.

    Each comes with its alert and the agency that it went to; what went to the viewer's own is theirs.
    """
    others = [(row, alert) for row, alert, agency_id in rows if alert and agency_id != viewer.agency_id]
    how = extents.of(session, viewer, {alert.id: alert for _row, alert in others}.values(), now)
    return {row.id for row, alert in others if how[alert.id].extent is Extent.CHECK}


def count(session: Session, viewer: Viewer, now: datetime) -> dict[MessageState, int]:
    """How many in sight there are in each state."""
    rows = session.execute(
        select(Message.state, func.count()).where(in_sight(viewer, now)).group_by(Message.state)
    )
    return {**dict.fromkeys(MessageState, 0), **dict(rows.all())}


def _sent(row: Message, to: str | None, alert: UUID | None, call: Call | None, *, hidden: bool) -> Sent:
    trying = row.state is MessageState.WAITING and row.fault is not None
    waits = row.state is MessageState.WAITING and row.attempts == 0
    return Sent(
        uuid=row.uuid,
        queued_at=row.queued_at,
        to=to or "a contact",
        channel=row.channel,
        subject=HIDDEN[0] if hidden else row.subject,
        body=HIDDEN[1] if hidden else row.body,
        state=row.state,
        sent_at=row.sent_at,
        again_at=row.send_after if trying else None,
        fault=row.fault,
        alert_uuid=alert,
        delivered_at=row.delivered_at,
        maybe_twice=row.maybe_twice,
        held_until=row.send_after if waits and row.send_after > row.queued_at else None,
        call=call.state if call else None,
        centre=call is not None and call.centre,
    )
