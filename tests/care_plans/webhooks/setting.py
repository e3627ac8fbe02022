"""What tests of webhooks share: an endpoint of an agency, and steps until nothing is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.webhooks import Delivery, Endpoint
from care_plans.webhooks import endpoints, happenings
from care_plans.webhooks.endpoints import OFFERED
from care_plans.webhooks.sending import Sender
from core.clock import Clock, real_time
from core.db import Db
from people.access import Viewer
from people.models.agencies import Role, Staff, Team
from tests.care_plans.alerting import viewer
from tests.cast import Cast
from tests.sealing import seal_all

EVERY = ",".join(each.value for each in OFFERED)


def administrator(staff: Staff) -> Viewer:
    return replace(viewer(staff), role=Role.ADMINISTRATOR.value, team_ids=frozenset())


def fields(team: Team, url: str, **changes: str) -> dict[str, Any]:
    return {"name": "Records", "url": url, "events": EVERY, "team": str(team.uuid), **changes}


def added(
    session: Session, cast: Cast, url: str, now: datetime, *, of: str = "dev", **changes: str
) -> tuple[Endpoint, str]:
    """One of the agency of `of`, by name: "dev" is of the nurses', "hana" of the landlord's."""
    staff = getattr(cast, of)
    team = {"dev": cast.nurses, "hana": cast.landlord, "vi": cast.befrienders}[of]
    by = administrator(staff)
    return endpoints.add(session, fields(team, url, **changes), by=by, now=now, inside=True)


def at(db: Db, now: datetime) -> Db:
    """The same installation at another time."""
    return Db(db.engine, Clock(now, now, 0.0), db.vault)


def queue(db: Db, now: datetime) -> None:
    """Seal what was done, and look through it."""
    seal_all(db)
    with db.transaction() as session:
        happenings.step(session, now)


@contextmanager
def sending(db: Db, timeout: float = 5.0) -> Iterator[Sender]:
    sender = Sender(
        db,
        inside=True,
        web_url="https://care.example",
        real_now=lambda: real_time().start,
        timeout=timeout,
    )
    try:
        yield sender
    finally:
        sender.close()


def send_all(db: Db, timeout: float = 5.0) -> None:
    """Post what is due, one after the other, until nothing is."""
    left = True
    while left:
        with sending(db, timeout) as sender:
            left = sender.step()


def deliveries(db: Db) -> list[Delivery]:
    with db.transaction() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))
