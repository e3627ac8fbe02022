"""Turns what the journal says into messages for other systems: by its sealed numbers, so none is missed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.alerts.events import What
from care_plans.models.webhooks import Delivery, DeliveryState, Endpoint, Happening
from care_plans.webhooks import telling
from core.models import JournalEntry
from people.access import Viewer
from people.models.agencies import Staff

KEYS = UUID("0b7d2f0e-3c7a-5b0e-8a35-9a1c5e0f6d52")
WINDOW = 2000
"""How many entries of the journal one step looks through."""
ALERT, FOLLOW_UP = "alert", "follow-up"
SAID: Mapping[tuple[str, str], Happening] = {
    (ALERT, What.RAISED): Happening.ALERT_RAISED,
    (ALERT, What.REOPENED): Happening.ALERT_RAISED,
    (ALERT, What.WORSE): Happening.ALERT_WORSE,
    (ALERT, What.STEP): Happening.ALERT_ASKED,
    (ALERT, What.ACKNOWLEDGED): Happening.ALERT_TAKEN,
    (ALERT, What.ACCEPTED): Happening.ALERT_TAKEN,
    (ALERT, What.GOING): Happening.ALERT_TAKEN,
    (ALERT, What.CONTACT): Happening.ALERT_CONTACT,
    (ALERT, What.CLOSED): Happening.ALERT_CLOSED,
    (FOLLOW_UP, "made"): Happening.FOLLOW_UP_MADE,
    (FOLLOW_UP, "completed"): Happening.FOLLOW_UP_CLOSED,
}
"""What is said in the journal of what, and what it is called outside."""


def step(session: Session, now: datetime) -> bool:
    """Queue what has happened since each address was last told; whether there was anything to look through.

    The row of an address is held meanwhile; one that somebody else holds is passed over.
    """
    last = session.scalar(select(func.max(JournalEntry.number))) or 0
    rows = session.scalars(
        select(Endpoint)
        .where(Endpoint.off_at.is_(None), Endpoint.deleted_at.is_(None), Endpoint.cursor < last)
        .order_by(Endpoint.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        until = min(row.cursor + WINDOW, last)
        _queue(session, row, until, now)
        row.cursor = until
    session.flush()
    return bool(rows)


def _queue(session: Session, row: Endpoint, until: int, now: datetime) -> None:
    wanted = {key: each for key, each in SAID.items() if each.value in row.events}
    entries = session.scalars(
        select(JournalEntry)
        .where(
            JournalEntry.number > row.cursor,
            JournalEntry.number <= until,
            JournalEntry.subject.in_({subject for subject, _ in wanted}),
            JournalEntry.what.in_({what for _, what in wanted}),
        )
        .order_by(JournalEntry.number)
    ).all()
    if not entries:
        return
    viewer = telling.viewer_of(session, row)
    for entry in entries:
        event = wanted.get((entry.subject, entry.what))
        about = entry.subject_uuid
        if event is None or about is None or not telling.sees(session, viewer, event, about, now):
            continue
        if event is Happening.ALERT_ASKED and not _asks(session, viewer, entry):
            continue
        session.execute(
            insert(Delivery)
            .values(
                uuid=uuid5(KEYS, f"{row.uuid}|{entry.uuid}"),
                endpoint_id=row.id,
                event=event,
                about=about,
                happened_at=entry.at,
                queued_at=now,
                send_after=now,
                attempts=0,
                state=DeliveryState.WAITING,
            )
            .on_conflict_do_nothing(index_elements=[Delivery.uuid])
        )


def _asks(session: Session, viewer: Viewer, entry: JournalEntry) -> bool:
    """Whether that step of the ladder asked a team, or somebody, of the viewer's agency."""
    team_id, staff_id = entry.details.get("team"), entry.details.get("staff")
    if staff_id is None:
        return team_id in viewer.team_ids
    return session.scalar(select(Staff.agency_id).where(Staff.id == staff_id)) == viewer.agency_id
