"""Calls to a person: what came of them, and what follows."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts.alerts import raise_
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, AlertEvent, ContactKind
from care_plans.models.ringing import ContactAttempt, NoReply
from care_plans.models.work import FollowUpEvent, FollowUpKind, FollowUpOutcome
from care_plans.reached import Came, Found
from care_plans.ringing import attempts, no_replies
from care_plans.ringing.attempts import Given
from care_plans.severity import Severity
from care_plans.work import agenda
from core.db import Db
from core.errors import Conflict, Invalid
from people import contacts
from people.models.people import Person
from tests.care_plans.alerting import cora, dev, raised
from tests.care_plans.ringing.ringing import MINUTE, call, nobody_answers, ring
from tests.cast import Cast, make


def test_an_attempt_without_an_answer_is_kept_and_the_call_stays_to_be_done(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    found = ring(session, cast, row, now)
    assert (found.attempt.came, found.attempt.by_staff_id) == (Came.NO_ANSWER, cast.cora.id)
    assert (found.standing.failed, found.standing.needed) == (1, 3)
    assert found.no_reply is None
    assert row.done_at is None
    what = session.scalars(select(FollowUpEvent.what).where(FollowUpEvent.follow_up_id == row.id)).all()
    assert what == ["made", "tried"]


def test_whoever_answers_and_is_well_completes_the_call(session: Session, cast: Cast, now: datetime) -> None:
    row = call(session, cast, now)
    ring(session, cast, row, now, Came.WELL, words="Slept well.")
    assert (row.outcome, row.done_by_id) == (FollowUpOutcome.DONE, cast.cora.id)
    assert row.remarks == "Answered, and is well. Slept well."


@pytest.mark.parametrize(
    "came", [Came.NO_ANSWER, Came.ENGAGED, Came.MESSAGE, Came.ANSWERPHONE, Came.WRONG_NUMBER]
)
def test_nothing_but_an_answer_completes_it(session: Session, cast: Cast, now: datetime, came: Came) -> None:
    row = call(session, cast, now)
    assert ring(session, cast, row, now, came).standing.failed == 1
    assert row.done_at is None


def test_whoever_is_not_well_makes_an_alert_with_their_words(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    found = ring(session, cast, row, now, Came.NOT_WELL, words="Short of breath", severity=Severity.RED)
    alert = session.scalars(select(Alert)).one()
    assert (alert.severity, alert.person_id, alert.id) == (Severity.RED, cast.ada.id, found.attempt.alert_id)
    assert "Short of breath" in alert.words
    assert row.outcome is FollowUpOutcome.DONE


def test_it_can_be_told_to_an_alert_that_is_open(session: Session, cast: Cast, now: datetime) -> None:
    alert = raise_(session, raised(cast, now, Severity.AMBER), now)
    row = call(session, cast, now)
    ring(session, cast, row, now, Came.NOT_WELL, words="Still breathless", alert=alert)
    said = session.scalars(select(AlertEvent.words).where(AlertEvent.what == What.COMMENTED)).one()
    assert "Still breathless" in said
    assert len(session.scalars(select(Alert)).all()) == 1


def test_what_is_left_out_of_somebody_not_well_is_said_at_once_and_nothing_is_kept(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    with pytest.raises(Invalid) as refused:
        ring(session, cast, row, now, Came.NOT_WELL)
    assert set(refused.value.fields) == {"words", "next"}
    assert session.scalars(select(ContactAttempt)).all() == []


def test_two_who_ring_at_once_are_both_kept_and_count_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    ring(session, cast, row, now)
    found = ring(session, cast, row, now, by=dev(cast))
    assert len(session.scalars(select(ContactAttempt)).all()) == 2
    assert found.standing.failed == 1


def test_an_attempt_on_a_call_that_somebody_has_just_completed_is_kept(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    ring(session, cast, row, now, Came.WELL, by=dev(cast))
    ring(session, cast, row, now + MINUTE, Came.WELL)
    assert row.done_by_id == cast.dev.id
    assert len(session.scalars(select(ContactAttempt)).all()) == 2
    with pytest.raises(Conflict, match="done"):
        ring(session, cast, row, now + timedelta(hours=1))


def test_a_key_pressed_twice_counts_once(session: Session, cast: Cast, now: datetime) -> None:
    row = call(session, cast, now)
    first = ring(session, cast, row, now).attempt
    assert ring(session, cast, row, now + timedelta(seconds=2)).attempt is first
    assert len(session.scalars(select(ContactAttempt)).all()) == 1


def test_calls_to_those_around_them_are_kept_and_do_not_count(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    [beth] = contacts.list_contacts(session, cast.ada)
    for ago in (40, 20, 0):
        found = ring(session, cast, row, now - ago * MINUTE, contact=beth.uuid)
    assert found.attempt.contact_id == beth.id
    assert found.standing.failed == 0
    assert found.no_reply is None


def test_what_was_pressed_by_mistake_is_taken_back_and_the_call_is_to_be_done_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    attempt = ring(session, cast, row, now, Came.WELL).attempt
    attempts.undo(session, attempt, by=cora(cast), now=now + MINUTE)
    assert (row.done_at, row.outcome) == (None, None)
    assert attempts.how_it_stands(session, cast.ada.id, row.team_id, now).failed == 0
    with pytest.raises(Conflict, match="already"):
        attempts.undo(session, attempt, by=cora(cast), now=now + MINUTE)


def test_only_ones_own_is_taken_back_and_only_for_a_while(
    session: Session, cast: Cast, now: datetime
) -> None:
    attempt = ring(session, cast, call(session, cast, now), now).attempt
    with pytest.raises(Conflict, match="Only whoever"):
        attempts.undo(session, attempt, by=dev(cast), now=now)
    with pytest.raises(Conflict, match="too long ago"):
        attempts.undo(session, attempt, by=cora(cast), now=now + timedelta(hours=1))


def test_what_has_begun_is_not_taken_back_with_the_call_that_began_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    last = nobody_answers(session, cast, call(session, cast, now), now).attempt
    with pytest.raises(Conflict, match="has begun"):
        attempts.undo(session, last, by=cora(cast), now=now)


def test_after_enough_calls_they_are_looked_for_by_an_alert(
    session: Session, cast: Cast, now: datetime
) -> None:
    found = nobody_answers(session, cast, call(session, cast, now), now)
    assert found.no_reply is not None
    alert = session.get_one(Alert, found.no_reply.alert_id)
    assert alert.name == "Nobody can reach Ada"
    assert alert.escalate_after is not None
    assert "3 calls" in alert.words


def test_attempts_of_different_teams_count_together(session: Session, cast: Cast, now: datetime) -> None:
    mine, theirs = call(session, cast, now), call(session, cast, now, team_id=cast.nurses.id)
    ring(session, cast, mine, now - 20 * MINUTE)
    ring(session, cast, theirs, now - 10 * MINUTE, by=dev(cast))
    assert ring(session, cast, mine, now).no_reply is not None


def test_an_answer_while_they_are_looked_for_stops_the_ladder_and_ends_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    looked_for = nobody_answers(session, cast, row, now).no_reply
    assert looked_for is not None
    ring(session, cast, row, now + MINUTE, Came.WELL, words="Was in the garden.")
    alert = session.get_one(Alert, looked_for.alert_id)
    assert alert.contact is ContactKind.SPOKE_TO
    assert (looked_for.ended, looked_for.ended_by_id) == (Found.SPOKEN_TO, cast.cora.id)
    assert alert.closed_at is None


def test_an_attempt_while_they_are_looked_for_stands_on_the_alert_without_a_name(
    session: Session, cast: Cast, now: datetime
) -> None:
    looked_for = nobody_answers(session, cast, call(session, cast, now), now).no_reply
    assert looked_for is not None
    [beth] = contacts.list_contacts(session, cast.ada)
    attempts.record_for_alert(
        session, looked_for, Given(Came.ENGAGED, contact=beth.uuid), by=dev(cast), now=now
    )
    said = session.scalars(select(AlertEvent.words).where(AlertEvent.what == What.COMMENTED)).one()
    assert said == "Rang daughter: Engaged."


def test_once_they_are_found_nothing_more_is_recorded_there(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    looked_for = nobody_answers(session, cast, row, now).no_reply
    assert looked_for is not None
    attempts.record_for_alert(session, looked_for, Given(Came.WELL), by=cora(cast), now=now)
    with pytest.raises(Conflict, match="found"):
        attempts.record_for_alert(session, looked_for, Given(Came.WELL), by=cora(cast), now=now)


def test_somebody_who_has_died_is_not_rung_and_those_around_them_can_be(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = call(session, cast, now)
    cast.ada.died_on = now.date()
    session.flush()
    with pytest.raises(Invalid, match="death"):
        ring(session, cast, row, now)
    [beth] = contacts.list_contacts(session, cast.ada)
    assert ring(session, cast, row, now, contact=beth.uuid).attempt.contact_id == beth.id


def test_a_visit_or_what_only_a_team_may_know_is_no_call(session: Session, cast: Cast, now: datetime) -> None:
    for more in ({"kind": FollowUpKind.VISIT}, {"kind": FollowUpKind.CHECK, "restricted": True}):
        row = call(session, cast, now, **more)
        assert not agenda.is_call(row)
        with pytest.raises(Invalid, match="no call"):
            ring(session, cast, row, now)


def test_somebody_elses_contact_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    [beth] = contacts.list_contacts(session, cast.ada)
    row = call(session, cast, now, person_id=cast.ben.id)
    with pytest.raises(Invalid, match="around them"):
        ring(session, cast, row, now, contact=beth.uuid)


def test_two_last_attempts_at_the_same_moment_begin_it_once(real_db: Db, now: datetime) -> None:
    """Whoever comes second waits for the first, sees what it began, and both attempts are kept."""
    with real_db.transaction() as session:
        cast = make(session)
        rows = [call(session, cast, now), call(session, cast, now, text="Ring about lunch")]
        for ago in (20, 10):
            ring(session, cast, rows[0], now - ago * MINUTE)
        person_id, keys = cast.ada.id, [each.id for each in rows]
    with real_db.session() as one, real_db.session() as other:
        first = attempts.record(
            one, one.get_one(type(rows[0]), keys[0]), Given(Came.NO_ANSWER), by=cora(cast), now=now
        )
        assert first.no_reply is not None
        other.connection().exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):
            no_replies.hold(other, person_id)
        other.rollback()
        one.commit()
        second = attempts.record(
            other, other.get_one(type(rows[1]), keys[1]), Given(Came.NO_ANSWER), by=dev(cast), now=now
        )
        other.commit()
        assert second.no_reply is not None
        assert second.no_reply.id == first.no_reply.id
    with real_db.session() as session:
        assert len(session.scalars(select(NoReply)).all()) == 1
        assert len(session.scalars(select(ContactAttempt)).all()) == 4
        assert session.get_one(Person, person_id).died_on is None
