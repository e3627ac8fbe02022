"""Messages through the API."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.messages import Message, MessageState
from tests.app.api.asking import EVERYTHING, ids
from tests.care_plans.alerting import raised
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]


def test_what_was_said_to_whom_is_listed_newest_first(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    cora = api_as(cast.cora)
    (told,) = cora.get("/api/v1/messages").json["items"]
    assert told["team"] == {"id": str(cast.coordinators.uuid), "name": "Coordinators"}
    assert (told["staff"], told["state"], told["attempts"]) == (None, "waiting", 0)
    assert (told["person_id"], told["alert_id"]) == (str(cast.ada.uuid), str(alert.uuid))
    assert "84" not in told["body"]
    for query, count in (
        ("state=waiting", 1),
        ("state=sent", 0),
        (f"alert_id={alert.uuid}", 1),
        (f"alert_id={cast.ada.uuid}", 0),
    ):
        assert len(ids(cora.get(f"/api/v1/messages?{query}"))) == count


def test_messages_come_in_parts_and_only_those_in_sight(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    for key in ("copd.oxygen_low", "copd.pulse_fast", "copd.flare_up"):
        alerts.raise_(session, raised(cast, now, key=key), now)
    cora, found, cursor = api_as(cast.cora), [], ""
    for _ in range(3):
        part = cora.get(f"/api/v1/messages?limit=1{cursor}")
        found += ids(part)
        cursor = f"&cursor={part.json['next']}"
    assert len(set(found)) == 3
    assert part.json["next"] is None
    assert ids(api_as(cast.mallory).get("/api/v1/messages")) == []
    assert len(ids(api_as(cast.mallory, *EVERYTHING).get("/api/v1/messages"))) == 3


def test_why_one_failed_is_told(cast: Cast, api_as: ApiAs, session: Session, now: datetime) -> None:
    alerts.raise_(session, raised(cast, now), now)
    message = session.query(Message).one()
    message.state, message.fault, message.attempts = MessageState.FAILED, "Nobody there has a mailbox.", 6
    session.flush()
    (told,) = api_as(cast.cora).get("/api/v1/messages?state=failed").json["items"]
    assert (told["fault"], told["attempts"], told["sent_at"]) == ("Nobody there has a mailbox.", 6, None)
