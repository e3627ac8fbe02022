"""Handing an alert to another team."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert
from care_plans.severity import Severity
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.care_plans.alerting import cora, dev, messages_to, raised, times, viewer
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


def handed(session: Session, cast: Cast, now: datetime, severity: Severity = Severity.RED) -> Alert:
    alert = alerts.raise_(session, raised(cast, now, severity), now)
    return alerts.hand_over(
        session, alert, team_id=cast.strangers.id, reason="She is staying there", by=cora(cast), now=now
    )


def test_the_senders_ladder_runs_until_it_is_accepted(session: Session, cast: Cast, now: datetime) -> None:
    alert = handed(session, cast, now)
    assert (alert.handed_to_team_id, alert.handed_until) == (cast.strangers.id, now + 15 * MINUTE)
    assert alert.owner_staff_id == cast.cora.id
    assert alert.escalate_after == now + 5 * MINUTE
    escalation.step(session, now + 5 * MINUTE)
    assert alert.step == 2


def test_the_team_it_is_handed_to_can_open_it_and_is_told(
    session: Session, cast: Cast, now: datetime
) -> None:
    there = viewer(cast.mallory, cast.strangers)
    alert = alerts.raise_(session, raised(cast, now), now)
    with pytest.raises(NotFound):
        alerts.get(session, there, alert.uuid, now)
    alerts.hand_over(session, alert, team_id=cast.strangers.id, reason="Moved", by=cora(cast), now=now)
    assert alerts.get(session, there, alert.uuid, now) is alert
    assert "Accept or decline" in messages_to(session, cast.strangers)[0].body


def test_accepting_makes_it_theirs(session: Session, cast: Cast, now: datetime) -> None:
    alert = handed(session, cast, now, Severity.AMBER)
    alerts.accept(session, alert, by=viewer(cast.mallory, cast.strangers), now=now)
    assert (alert.owner_team_id, alert.owner_staff_id) == (cast.strangers.id, cast.mallory.id)
    assert (alert.handed_to_team_id, alert.escalate_after) == (None, now + 30 * MINUTE)


def test_declining_says_why_and_leaves_it_where_it_was(session: Session, cast: Cast, now: datetime) -> None:
    alert = handed(session, cast, now)
    there = viewer(cast.mallory, cast.strangers)
    with pytest.raises(Invalid, match="Say why"):
        alerts.decline(session, alert, reason="", by=there, now=now)
    alerts.decline(session, alert, reason="She left this morning", by=there, now=now)
    assert (alert.handed_to_team_id, alert.owner_staff_id) == (None, cast.cora.id)
    assert "declined" in messages_to(session, staff=cast.cora)[0].body


def test_only_the_team_it_was_handed_to_answers(session: Session, cast: Cast, now: datetime) -> None:
    alert = handed(session, cast, now)
    with pytest.raises(NotAllowed):
        alerts.accept(session, alert, by=dev(cast), now=now)


def test_no_answer_in_time_gives_it_back_and_tells_its_owner(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = handed(session, cast, now, Severity.AMBER)
    alerts.acknowledge(session, alert, by=cora(cast), now=now)
    escalation.step(session, now + 15 * MINUTE)
    assert alert.handed_to_team_id is None
    assert times(session, alert, What.NOT_ACCEPTED) == 1
    assert "still yours" in messages_to(session, staff=cast.cora)[0].body
    with pytest.raises(Conflict, match="no longer waiting"):
        alerts.accept(session, alert, by=viewer(cast.mallory, cast.strangers), now=now)


def test_handing_over_names_a_team_and_a_reason(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    with pytest.raises(Invalid) as wrong:
        alerts.hand_over(session, alert, team_id=-1, reason=" ", by=cora(cast), now=now)
    assert set(wrong.value.fields) == {"team", "reason"}
    with pytest.raises(Invalid, match="within a day"):
        alerts.hand_over(
            session, alert, team_id=cast.nurses.id, reason="Please", by=cora(cast), now=now,
            accept_by=now + timedelta(days=2),
        )  # fmt: skip


def test_nobody_waits_for_the_arrival_of_whoever_gave_it_away(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.going(session, alert, until=now + 50 * MINUTE, by=cora(cast), now=now)
    alerts.hand_over(session, alert, team_id=cast.landlord.id, reason="Car is dead", by=cora(cast), now=now)
    alerts.accept(session, alert, by=viewer(cast.hana, cast.landlord), now=now + MINUTE)
    assert alert.escalate_after == now + 5 * MINUTE
