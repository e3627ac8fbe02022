"""The record of what happened to an alert."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, events
from care_plans.alerts.events import What
from core.errors import Conflict
from tests.care_plans.alerting import cora, dev, raised
from tests.cast import Cast


def test_an_event_moves_the_version_of_its_alert_past_its_own(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    event = events.write(session, alert, What.GOING, now, by=dev(cast), details={"until": "soon"})
    assert event.details["version"] < alert.version
    assert event.details["until"] == "soon"
    events.refuse_if_others_came_first(session, alert, cora(cast), alert.version)


def test_only_what_somebody_else_did_since_is_a_conflict(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    seen = alert.version
    events.write(session, alert, What.STEP, now)
    events.write(session, alert, What.GOING, now, by=dev(cast))
    for viewer, version in ((dev(cast), seen), (cora(cast), None), (cora(cast), alert.version)):
        events.refuse_if_others_came_first(session, alert, viewer, version)
    with pytest.raises(Conflict, match="Dev is going before you"):
        events.refuse_if_others_came_first(session, alert, cora(cast), seen)
