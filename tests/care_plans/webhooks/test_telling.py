"""What another system is told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.webhooks import Delivery, Endpoint, Happening
from care_plans.models.work import FollowUpKind
from care_plans.webhooks import telling
from care_plans.work import follow_ups
from people.models.sharing import Decision, SharingChoice
from tests.care_plans.alerting import raised
from tests.care_plans.webhooks.setting import added
from tests.cast import Cast

HOUR = timedelta(hours=1)


def delivery(endpoint: Endpoint, event: Happening, about: object, now: datetime) -> Delivery:
    return Delivery(endpoint_id=endpoint.id, event=event, about=about, happened_at=now, queued_at=now)


def test_a_health_agency_is_told_what_it_is_and_no_name_of_anybody(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    row, _ = added(session, cast, "https://records.example", now)
    viewer = telling.viewer_of(session, row)
    what = telling.told(
        session, viewer, delivery(row, Happening.ALERT_RAISED, alert.uuid, now), now, "https://care.example/"
    )
    assert what is not None
    assert what["type"] == "alert.raised"
    said = what["data"]
    assert said["person_id"] == str(cast.ada.uuid)
    assert (said["name"], said["class"], said["severity"]) == ("Oxygen low", "clinical", "red")
    assert said["url"] == f"https://care.example/alerts/{alert.uuid}"
    assert "Ada" not in str(what)


def test_a_landlord_is_told_to_check_and_no_reason(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    row, _ = added(session, cast, "https://records.example", now, of="hana")
    viewer = telling.viewer_of(session, row)
    what = telling.told(session, viewer, delivery(row, Happening.ALERT_RAISED, alert.uuid, now), now, None)
    assert what is not None
    assert (what["data"]["name"], what["data"]["class"]) == ("Check on them", None)
    assert what["data"]["severity"] == "red"
    assert "xygen" not in str(what)


def test_what_the_person_dissents_from_is_not_told(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    row, _ = added(session, cast, "https://records.example", now)
    session.add(
        SharingChoice(
            person_id=cast.ada.id, agency_id=cast.health.id, decision=Decision.DISSENT, began_at=now,
            said_by="Ada", evidence="Told Cora", recorded_by_id=cast.cora.id,
        )
    )  # fmt: skip
    viewer = telling.viewer_of(session, row)
    what = telling.told(session, viewer, delivery(row, Happening.ALERT_RAISED, alert.uuid, now), now, None)
    assert what is not None
    assert what["data"]["name"] == "Check on them"


def test_an_agency_with_no_part_in_the_care_is_told_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    row, _ = added(session, cast, "https://records.example", now, of="vi")
    viewer = telling.viewer_of(session, row)
    assert not telling.sees(session, viewer, Happening.ALERT_RAISED, alert.uuid, now)
    assert (
        telling.told(session, viewer, delivery(row, Happening.ALERT_RAISED, alert.uuid, now), now, None)
        is None
    )


@pytest.mark.parametrize("restricted", [True, False])
def test_of_a_restricted_follow_up_nobody_outside_is_told(
    session: Session, cast: Cast, now: datetime, restricted: bool
) -> None:
    asked = follow_ups.make(
        session,
        kind=FollowUpKind.CALL,
        text="Ring her",
        team_id=cast.nurses.id,
        due_at=now + HOUR,
        now=now,
        person_id=cast.ada.id,
        restricted=restricted,
    )
    row, _ = added(session, cast, "https://records.example", now)
    viewer = telling.viewer_of(session, row)
    what = telling.told(session, viewer, delivery(row, Happening.FOLLOW_UP_MADE, asked.uuid, now), now, None)
    assert telling.sees(session, viewer, Happening.FOLLOW_UP_MADE, asked.uuid, now) is not restricted
    assert (what is None) is restricted
    if what is not None:
        assert (what["data"]["text"], what["data"]["kind"]) == ("Ring her", "call")
