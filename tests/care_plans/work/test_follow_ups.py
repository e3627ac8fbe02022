"""Follow-ups."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import sights
from care_plans.alerts.alerts import raise_
from care_plans.models.work import FollowUp, FollowUpEvent, FollowUpKind, FollowUpOutcome
from care_plans.work import follow_ups
from core.errors import Conflict, Invalid
from core.models import JournalEntry
from people.models.caring import CareTeam
from tests.care_plans.alerting import cora, dev, messages_to, raised, vi, viewer
from tests.cast import Cast

HOUR = timedelta(hours=1)


def made(session: Session, cast: Cast, now: datetime, **more: object) -> FollowUp:
    wanted: dict[str, object] = {
        "kind": FollowUpKind.CALL,
        "text": "Ring about the inhaler",
        "team_id": cast.nurses.id,
        "due_at": now + HOUR,
        "now": now,
        "person_id": cast.ada.id,
        "by": cora(cast),
    }
    return follow_ups.make(session, **(wanted | more))  # type: ignore[arg-type]


def happened(session: Session, row: FollowUp) -> list[str]:
    return list(
        session.scalars(
            select(FollowUpEvent.what).where(FollowUpEvent.follow_up_id == row.id).order_by(FollowUpEvent.id)
        )
    )


def test_one_is_made_with_its_team_and_time_and_is_on_record(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = made(session, cast, now, goal_key="lunch", staff_id=cast.dev.id)
    assert (row.team_id, row.staff_id, row.due_at) == (cast.nurses.id, cast.dev.id, now + HOUR)
    assert happened(session, row) == ["made"]
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry is not None
    assert (entry.what, entry.subject, entry.by, entry.person_id) == (
        "made",
        "follow-up",
        "Cora",
        cast.ada.id,
    )


def test_every_fault_is_said_at_once(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as wrong:
        made(session, cast, now, text=" ", due_at=now, team_id=-1, staff_id=cast.vi.id)
    assert set(wrong.value.fields) == {"text", "due_at", "team", "staff"}


def test_a_team_with_no_part_in_the_care_is_given_nothing_by_hand(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid, match="no part in the care"):
        made(session, cast, now, team_id=cast.befrienders.id)
    made(session, cast, now, person_id=None, home_id=cast.ada_home.id, team_id=cast.landlord.id)
    alert = raise_(session, raised(cast, now), now)
    sights.grant(session, alert, now, team_id=cast.befrienders.id)
    row = made(session, cast, now, team_id=cast.befrienders.id, alert_id=alert.id)
    assert row.alert_id == alert.id


def test_somebody_in_the_team_takes_it(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now)
    with pytest.raises(Invalid, match="in the team"):
        follow_ups.take(session, row, by=vi(cast), now=now)
    follow_ups.take(session, row, by=dev(cast), now=now)
    follow_ups.take(session, row, by=dev(cast), now=now)
    assert row.staff_id == cast.dev.id
    assert happened(session, row) == ["made", "taken"]


def test_two_who_take_it_at_once_are_told_who_came_first(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now)
    seen = row.version
    follow_ups.take(session, row, by=dev(cast), now=now, seen=seen)
    with pytest.raises(Conflict, match="Dev took it before you"):
        follow_ups.take(session, row, by=viewer(cast.cora, cast.nurses), now=now, seen=seen)
    follow_ups.reschedule(session, row, due_at=now + 2 * HOUR, reason="Out", by=dev(cast), now=now, seen=seen)


def test_it_is_completed_with_an_outcome_once(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now)
    with pytest.raises(Invalid, match="Say why"):
        follow_ups.complete(
            session, row, outcome=FollowUpOutcome.NO_REPLY, remarks=" ", by=dev(cast), now=now
        )
    follow_ups.complete(session, row, outcome=FollowUpOutcome.DONE, remarks="", by=dev(cast), now=now)
    assert (row.done_at, row.done_by_id, row.outcome, row.remarks) == (
        now, cast.dev.id, FollowUpOutcome.DONE, None,
    )  # fmt: skip
    with pytest.raises(Conflict, match=r"is done\. Dev completed it"):
        follow_ups.take(session, row, by=dev(cast), now=now)


def test_it_is_moved_with_a_reason_and_to_a_time_to_come(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now)
    with pytest.raises(Invalid) as wrong:
        follow_ups.reschedule(session, row, due_at=now, reason="", by=dev(cast), now=now)
    assert set(wrong.value.fields) == {"due_at", "reason"}
    follow_ups.miss_due(session, now + 2 * HOUR)
    follow_ups.reschedule(
        session, row, due_at=now + 3 * HOUR, reason="At the day centre", by=dev(cast), now=now + 2 * HOUR
    )
    assert (row.due_at, row.missed_at) == (now + 3 * HOUR, None)
    assert happened(session, row) == ["made", "missed", "rescheduled"]


def test_what_is_overdue_is_missed_once_and_its_team_and_taker_are_told(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = made(session, cast, now)
    follow_ups.take(session, row, by=dev(cast), now=now)
    done = made(session, cast, now)
    follow_ups.complete(session, done, outcome=FollowUpOutcome.DONE, remarks="", by=dev(cast), now=now)
    assert not follow_ups.miss_due(session, now + HOUR)
    late = now + HOUR + timedelta(seconds=1)
    assert follow_ups.miss_due(session, late)
    assert not follow_ups.miss_due(session, late)
    assert (row.missed_at, done.missed_at) == (late, None)
    [to_team] = messages_to(session, cast.nurses)
    [to_dev] = messages_to(session, staff=cast.dev)
    assert to_team.subject == to_dev.subject == "Call for A.M., Westmere: missed"
    assert to_team.follow_up_id == row.id


def test_one_that_was_moved_can_be_missed_again(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now)
    follow_ups.miss_due(session, now + 2 * HOUR)
    follow_ups.reschedule(session, row, due_at=now + 3 * HOUR, reason="Out", by=dev(cast), now=now + 2 * HOUR)
    follow_ups.miss_due(session, now + 4 * HOUR)
    assert happened(session, row).count("missed") == 2
    assert len(messages_to(session, cast.nurses)) == 2


def test_a_missed_one_whose_team_has_left_the_care_is_told_to_whoever_leads_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    made(session, cast, now)
    session.execute(
        update(CareTeam).where(CareTeam.team_id == cast.nurses.id).values(period=Range(now - HOUR, now))
    )
    follow_ups.miss_due(session, now + 2 * HOUR)
    assert len(messages_to(session, cast.coordinators)) == 1
