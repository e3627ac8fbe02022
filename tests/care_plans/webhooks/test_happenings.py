"""From the journal to messages for other systems."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUpKind, FollowUpOutcome
from care_plans.webhooks import endpoints, happenings
from care_plans.work import follow_ups
from core.db import Db
from tests.care_plans.alerting import dev, raised
from tests.care_plans.webhooks.setting import added, administrator, deliveries, queue
from tests.cast import Cast
from tests.cast import make as make_cast

URL = "https://records.example"


def laid(db: Db, now: datetime, *, of: str = "dev", **changes: str) -> Cast:
    with db.transaction() as session:
        cast = make_cast(session)
        added(session, cast, URL, now, of=of, **changes)
    return cast


def live(session: Session, cast: Cast, now: datetime) -> Alert:
    """An alert from its raising to its end, with a follow-up."""
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + timedelta(minutes=5))
    by = dev(cast)
    alerts.acknowledge(session, alert, by=by, now=now)
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Better", by=by, now=now)
    asked = follow_ups.make(
        session, kind=FollowUpKind.CALL, text="Ring her", team_id=cast.nurses.id,
        due_at=now + timedelta(hours=1), now=now, person_id=cast.ada.id,
    )  # fmt: skip
    follow_ups.complete(session, asked, outcome=FollowUpOutcome.DONE, remarks="", by=by, now=now)
    alerts.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Rang", outcome=Outcome.ADVICE_GIVEN, by=by, now=now
    )
    return alert


def told(db: Db) -> list[str]:
    return [each.event.value for each in deliveries(db)]


def test_each_thing_that_happened_is_queued_once_and_in_its_order(real_db: Db, now: datetime) -> None:
    cast = laid(real_db, now)
    with real_db.transaction() as session:
        live(session, cast, now)
    for _ in range(3):
        queue(real_db, now)
    assert told(real_db) == [
        "alert.raised",
        "alert.asked",
        "alert.taken",
        "alert.contact_made",
        "follow_up.made",
        "follow_up.closed",
        "alert.closed",
    ]


def test_only_what_was_asked_for_is_queued(real_db: Db, now: datetime) -> None:
    cast = laid(real_db, now, events="alert.closed")
    with real_db.transaction() as session:
        live(session, cast, now)
    queue(real_db, now)
    assert told(real_db) == ["alert.closed"]


def test_of_whom_an_agency_does_not_see_nothing_is_queued(real_db: Db, now: datetime) -> None:
    cast = laid(real_db, now, of="vi")
    with real_db.transaction() as session:
        live(session, cast, now)
    queue(real_db, now)
    assert told(real_db) == []


def test_who_is_not_asked_by_a_step_is_not_told_that_they_are(real_db: Db, now: datetime) -> None:
    cast = laid(real_db, now, of="hana", events="alert.asked")
    with real_db.transaction() as session:
        live(session, cast, now)
    queue(real_db, now)
    assert told(real_db) == []


def test_what_happened_before_it_was_there_or_while_it_was_off_is_not_told(
    real_db: Db, now: datetime
) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        live(session, cast, now)
    queue(real_db, now)
    with real_db.transaction() as session:
        row, _ = added(session, cast, URL, now)
        uuid, by = row.uuid, administrator(cast.dev)
    queue(real_db, now)
    with real_db.transaction() as session:
        endpoints.switch_off(session, endpoints.get(session, by, uuid), by=by, now=now)
        live(session, cast, now)
    queue(real_db, now)
    with real_db.transaction() as session:
        endpoints.switch_on(session, endpoints.get(session, by, uuid), by=by, now=now)
    queue(real_db, now)
    assert told(real_db) == []


def test_a_long_journal_is_looked_through_bit_by_bit(
    real_db: Db, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = laid(real_db, now)
    with real_db.transaction() as session:
        live(session, cast, now)
    monkeypatch.setattr(happenings, "WINDOW", 3)
    for _ in range(30):
        queue(real_db, now)
    assert len(told(real_db)) == 7
    with real_db.transaction() as session:
        assert not happenings.step(session, now)
