"""Messages as programs list them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.messages import listing
from care_plans.models.messages import MessageState
from people.access import Viewer
from people.named import Named
from tests.care_plans.alerting import cora, mallory, raised
from tests.cast import Cast


def test_a_message_is_listed_with_all_that_it_names(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    rows = session.execute(listing.listing(cora(cast), now)).all()
    (told,) = listing.listed(session, cora(cast), rows, now)
    assert told.team == Named(cast.coordinators.uuid, "Coordinators")
    assert (told.staff, told.follow_up_uuid) == (None, None)
    assert (told.person_uuid, told.alert_uuid) == (cast.ada.uuid, alert.uuid)


def test_only_what_is_asked_for_and_in_sight_is_listed(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)

    def count(viewer: Viewer, **wanted: Any) -> int:
        return len(session.execute(listing.listing(viewer, now, **wanted)).all())

    assert count(cora(cast), state=MessageState.WAITING, alert=alert.uuid) == 1
    assert count(cora(cast), state=MessageState.FAILED) == 0
    assert count(cora(cast), alert=cast.ada.uuid) == 0
    assert count(mallory(cast)) == 0
    assert count(replace(mallory(cast), everyone=True)) == 1
