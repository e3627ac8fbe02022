"""Addresses of an agency's own systems: setting, changing, testing and switching them off and on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.models.webhooks import Delivery, DeliveryState, Endpoint, Happening
from care_plans.models.work import FollowUp
from care_plans.work import follow_ups
from core import outward, signing
from core.db import vault_of
from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from people import teams
from people.access import Viewer
from people.changes import apply, note
from people.faults import Reader, read_fields, words
from people.models.agencies import Agency, Team
from people.visible import actor

REQUIRED = ("name", "url", "events", "team")
MOST = 10
"""How many an agency may have."""
BOTH_FOR = timedelta(hours=24)
"""How long the secret before the newest one signs as well."""
TURNED_OFF = "Turned off by an administrator."
OFFERED = tuple(each for each in Happening if each is not Happening.TEST)


def listing(session: Session, viewer: Viewer) -> list[Endpoint]:
    """Those of the viewer's own agency, by name."""
    query = select(Endpoint).where(Endpoint.agency_id == viewer.agency_id, Endpoint.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Endpoint.name, Endpoint.id)))


def get(session: Session, viewer: Viewer, uuid: UUID, *, hold: bool = False) -> Endpoint:
    """One of the viewer's own agency, or NotFound: nobody sets for another agency where its records go.

    `hold` it for a change: what is told moves its row all the time.
    """
    query = select(Endpoint).where(
        Endpoint.uuid == uuid, Endpoint.agency_id == viewer.agency_id, Endpoint.deleted_at.is_(None)
    )
    row = session.scalar(query.with_for_update() if hold else query)
    if row is None:
        raise NotFound
    return row


def add(
    session: Session, given: Mapping[str, Any], *, by: Viewer, now: datetime, inside: bool
) -> tuple[Endpoint, str]:
    """Set an address for `by`'s agency; it is told of what happens from now on. Its secret is told this once.

    `inside` says whether addresses of our own networks are allowed. Invalid with every field that is wrong.
    """
    values = _read(session, given, by, inside=inside)
    if len(listing(session, by)) >= MOST:
        raise Conflict(f"An agency has {MOST} at most: remove one first.")
    secret = signing.made()
    row = Endpoint(
        agency_id=by.agency_id,
        made_by_id=by.staff_id,
        secret_sealed=vault_of(session).seal(secret),
        cursor=_last_sealed(session),
        **values,
    )
    session.add(row)
    session.flush()
    note(session, "added", row, "webhook", actor=actor(by), details=_said(row))
    return row, secret


def change(
    session: Session, row: Endpoint, given: Mapping[str, Any], *, by: Viewer, inside: bool
) -> Endpoint:
    """Set it otherwise; raises like `add`. What was still to go goes to the new address."""
    changed = apply(row, _read(session, given, by, inside=inside))
    if changed:
        row.rest_until = None
        session.flush()
        note(session, "changed", row, "webhook", actor=actor(by), details=changed)
    return row


def rotate(session: Session, row: Endpoint, *, by: Viewer, now: datetime) -> str:
    """Give it another secret, told this once; for a day the one before signs as well."""
    secret = signing.made()
    row.before_sealed, row.before_until = row.secret_sealed, now + BOTH_FOR
    row.secret_sealed = vault_of(session).seal(secret)
    session.flush()
    note(session, "was given a secret", row, "webhook", actor=actor(by))
    return secret


def secrets(session: Session, row: Endpoint, now: datetime) -> list[str]:
    """Those that sign for it now, the newest first."""
    vault = vault_of(session)
    found = [vault.open(row.secret_sealed)]
    if row.before_sealed is not None and row.before_until is not None and row.before_until > now:
        found.append(vault.open(row.before_sealed))
    return found


def test(session: Session, row: Endpoint, *, by: Viewer, now: datetime) -> Delivery:
    """Let a message go that says nothing of anybody; Conflict while it is off."""
    if row.off_at is not None:
        raise Conflict("It is off: turn it on first.")
    row.rest_until = None
    delivery = Delivery(
        endpoint_id=row.id, event=Happening.TEST, happened_at=now, queued_at=now, send_after=now
    )
    session.add(delivery)
    session.flush()
    note(session, "tested", row, "webhook", actor=actor(by))
    return delivery


def switch_off(session: Session, row: Endpoint, *, by: Viewer, now: datetime) -> None:
    """Tell it nothing from now on; what was still to go does not go."""
    if row.off_at is None:
        off(session, row, TURNED_OFF, now)
        note(session, "switched off", row, "webhook", actor=actor(by))


def switch_on(session: Session, row: Endpoint, *, by: Viewer, now: datetime) -> None:
    """Tell it again, of what happens from now on; what happened meanwhile it is not told."""
    if row.off_at is None:
        return
    row.off_at = row.off_why = row.failing_since = row.rest_until = None
    row.cursor = _last_sealed(session)
    session.flush()
    _settle(session, row, by, now)
    note(session, "switched on", row, "webhook", actor=actor(by))


def remove(session: Session, row: Endpoint, *, by: Viewer, now: datetime) -> None:
    """Do without it; its secret is gone with it."""
    switch_off(session, row, by=by, now=now)
    row.deleted_at = now
    row.secret_sealed, row.before_sealed, row.before_until = b"", None, None
    session.flush()
    _settle(session, row, by, now)
    note(session, "removed", row, "webhook", actor=actor(by))


def off(session: Session, row: Endpoint, why: str, now: datetime) -> None:
    """Turn it off, and let go of what waits for it."""
    row.off_at, row.off_why = now, why
    waiting = select(Delivery).where(Delivery.endpoint_id == row.id, Delivery.state == DeliveryState.WAITING)
    for each in session.scalars(waiting.with_for_update()):
        each.state, each.fault, each.claimed_until = DeliveryState.FAILED, why, None
    session.flush()


def list_deliveries(
    session: Session, row: Endpoint, *, limit: int, offset: int = 0
) -> tuple[list[Delivery], int]:
    """What was posted there, the newest first, and how many there are."""
    mine = Delivery.endpoint_id == row.id
    found = session.scalars(
        select(Delivery).where(mine).order_by(Delivery.id.desc()).limit(limit).offset(offset)
    )
    return list(found), session.scalar(select(func.count()).select_from(Delivery).where(mine)) or 0


def own_teams(session: Session, viewer: Viewer) -> list[Team]:
    """The teams of the viewer's agency, by name."""
    query = teams.listing().where(Agency.id == viewer.agency_id).order_by(Team.name)
    return [row[0] for row in session.execute(query)]


def _read(session: Session, given: Mapping[str, Any], by: Viewer, *, inside: bool) -> dict[str, Any]:
    readers: dict[str, Reader] = {
        "name": words(100),
        "url": _url(inside=inside),
        "events": _events,
        "team": _team(session, by),
    }
    values = read_fields(given, readers, required=REQUIRED)
    return {"team_id" if name == "team" else name: value for name, value in values.items()}


def _url(*, inside: bool) -> Reader:
    def read(text: str) -> str:
        fault = outward.why_not(text, inside=inside)
        if fault is not None:
            raise Invalid({"": fault})
        return text

    return read


def _events(value: str) -> list[str]:
    asked = {part.strip() for part in value.split(",") if part.strip()}
    if not asked or not asked <= {each.value for each in OFFERED}:
        raise Invalid({"": "Tick at least one."})
    return [each.value for each in OFFERED if each.value in asked]


def _team(session: Session, by: Viewer) -> Reader:
    def read(text: str) -> int:
        for team in own_teams(session, by):
            if str(team.uuid) == text:
                return team.id
        raise Invalid({"": "Choose a team of your agency."})

    return read


def _settle(session: Session, row: Endpoint, by: Viewer, now: datetime) -> None:
    """Nobody need mend it any more."""
    asked = select(FollowUp.id).where(FollowUp.endpoint_id == row.id, FollowUp.done_at.is_(None))
    for key in session.scalars(asked).all():
        follow_ups.settle(session, key, words="It is on again, or is no longer needed.", by=by, now=now)


def _last_sealed(session: Session) -> int:
    return session.scalar(select(func.max(JournalEntry.number))) or 0


def _said(row: Endpoint) -> dict[str, Any]:
    return {"name": row.name, "url": row.url, "events": row.events}
