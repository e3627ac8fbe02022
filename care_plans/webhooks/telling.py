"""What another system is told of an alert or a follow-up: no more than its agency's own staff see of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import read
from care_plans.models.alerts import Alert
from care_plans.models.webhooks import Delivery, Endpoint, Happening
from care_plans.models.work import FollowUp
from care_plans.seen import extents, showing
from care_plans.work import agenda
from people import named
from people.access import Viewer
from people.models.agencies import Team

NOBODY = UUID(int=0)
OF_ALERTS = frozenset(each for each in Happening if each.value.startswith("alert."))


def viewer_of(session: Session, endpoint: Endpoint) -> Viewer:
    """Whoever is in any team of the endpoint's agency, and is nobody in particular: no more than they see."""
    query = select(Team.id).where(Team.agency_id == endpoint.agency_id, Team.deleted_at.is_(None))
    return Viewer(
        staff_id=0,
        staff_uuid=NOBODY,
        name="Hearthline",
        agency_id=endpoint.agency_id,
        role="",
        team_ids=frozenset(session.scalars(query)),
    )


def sees(session: Session, viewer: Viewer, event: Happening, about: UUID, now: datetime) -> bool:
    """Whether it may know that this alert or follow-up is there; of what is restricted it never may."""
    if event in OF_ALERTS:
        return _alert(session, viewer, about, now) is not None
    return _follow_up(session, viewer, about, now) is not None


def told(
    session: Session, viewer: Viewer, delivery: Delivery, now: datetime, web_url: str | None
) -> Mapping[str, Any] | None:
    """The message as it goes, of how things stand now; None where the agency may not know of it any more."""
    what: Mapping[str, Any] | None = {}
    if delivery.about is not None:
        find = _of_alert if delivery.event in OF_ALERTS else _of_follow_up
        what = find(session, viewer, delivery.about, now, web_url)
    if what is None:
        return None
    return {"type": delivery.event.value, "timestamp": delivery.happened_at.isoformat(), "data": what}


def _of_alert(
    session: Session, viewer: Viewer, about: UUID, now: datetime, web_url: str | None
) -> Mapping[str, Any] | None:
    alert = _alert(session, viewer, about, now)
    if alert is None:
        return None
    how = extents.of_one(session, viewer, alert, now)
    seen = showing.as_seen(alert, how)
    class_ = showing.class_shown(alert.class_, how)
    return {
        "alert_id": str(about),
        "person_id": _text(named.people(session, [alert.person_id]).get(alert.person_id)),
        "home_id": _text(named.homes(session, [alert.home_id]).get(alert.home_id)),
        "name": seen.name,
        "class": class_.value if class_ else None,
        "severity": alert.severity.value,
        "state": "open" if alert.closed_at is None else "closed",
        "began_at": alert.began_at.isoformat(),
        "raised_at": alert.raised_at.isoformat(),
        "step": alert.step,
        "taken": alert.acknowledged_at is not None,
        "contact_at": _text(alert.contact_at),
        "closed_at": _text(alert.closed_at),
        "url": _page(web_url, f"/alerts/{about}"),
    }


def _of_follow_up(
    session: Session, viewer: Viewer, about: UUID, now: datetime, web_url: str | None
) -> Mapping[str, Any] | None:
    row = _follow_up(session, viewer, about, now)
    if row is None:
        return None
    alert = session.get(Alert, row.alert_id) if row.alert_id is not None else None
    team = session.get_one(Team, row.team_id)
    [asked] = agenda.seen_of(session, viewer, [(row, alert, team)], now)
    return {
        "follow_up_id": str(about),
        "person_id": _text(named.people(session, [row.person_id]).get(row.person_id)),
        "home_id": _text(named.homes(session, [row.home_id]).get(row.home_id)),
        "alert_id": _text(alert.uuid if alert is not None and asked.alert is not None else None),
        "kind": row.kind.value,
        "text": asked.text,
        "team_id": str(team.uuid),
        "due_at": row.due_at.isoformat(),
        "done_at": _text(row.done_at),
        "outcome": row.outcome.value if row.outcome else None,
        "url": _page(web_url, f"/follow-ups/{about}"),
    }


def _alert(session: Session, viewer: Viewer, about: UUID, now: datetime) -> Alert | None:
    return session.scalar(select(Alert).where(Alert.uuid == about, read.in_sight(viewer, now)))


def _follow_up(session: Session, viewer: Viewer, about: UUID, now: datetime) -> FollowUp | None:
    return session.scalar(
        select(FollowUp).where(
            FollowUp.uuid == about,
            ~FollowUp.restricted,
            FollowUp.override_id.is_(None),
            FollowUp.endpoint_id.is_(None),
            agenda.in_sight(viewer, now),
        )
    )


def _page(web_url: str | None, path: str) -> str | None:
    return f"{web_url.rstrip('/')}{path}" if web_url else None


def _text(value: UUID | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if value is not None else None
