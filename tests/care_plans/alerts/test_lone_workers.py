"""The alert about a worker who did not say by their leave-by time that they are safe (H22)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, auditor, escalation, lone_workers, read
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Ladder
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.rotas import TeamRota
from care_plans.models.visits import Visit, VisitEnd
from care_plans.severity import Class, Severity
from care_plans.visits import visits
from core.errors import Conflict, Invalid, NotFound
from people.models.agencies import Role, Staff, Team
from tests.care_plans.alerting import cora, dev, hana, messages_to, raised, times, viewer
from tests.care_plans.checking import lapse
from tests.care_plans.visits.test_visits import taken
from tests.cast import Cast

LATER = timedelta(hours=2, minutes=1)


def due(session: Session, cast: Cast, now: datetime) -> tuple[Visit, Alert, datetime]:
    """Dev's visit, a minute after his leave-by time, and the alert about him."""
    visit = taken(session, cast, now, dev(cast))
    lone_workers.step(session, now + LATER)
    return visit, session.scalars(select(Alert).where(Alert.visit_id == visit.id)).one(), now + LATER


def test_no_word_by_the_leave_by_time_raises_an_alert_about_the_worker_to_their_own_team(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit, alert, at = due(session, cast, now)
    assert (alert.severity, alert.class_) == (Severity.RED, Class.LIFE_SAFETY)
    assert "Dev" in alert.words
    assert alert.began_at == visit.leave_by
    assert alert.escalate_after is not None
    assert messages_to(session, cast.nurses)
    lone_workers.step(session, at)
    assert times(session, alert, What.RAISED) == 1


def test_however_late_it_is_noticed_their_team_is_called(session: Session, cast: Cast, now: datetime) -> None:
    """The timetable stood still for two days."""
    taken(session, cast, now, dev(cast))
    late = now + timedelta(days=2)
    lone_workers.step(session, late)
    [alert] = session.scalars(select(Alert)).all()
    assert alert.step == 1
    assert messages_to(session, cast.nurses)
    assert auditor.audit(session, late) == []


def test_nothing_is_raised_of_whoever_said_that_they_are_safe(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    visits.end(session, visit, by=dev(cast), now=now + timedelta(hours=1))
    lone_workers.step(session, now + LATER)
    assert session.scalars(select(Alert)).all() == []


def test_going_to_an_alert_has_a_leave_by_time_too(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.going(session, alert, until=now + timedelta(minutes=20), by=dev(cast), now=now)
    [visit] = visits.list_own(session, cast.dev.id)
    assert visit.leave_by == now + timedelta(minutes=80)


def test_it_climbs_from_the_own_team_to_one_that_is_always_there(
    session: Session, cast: Cast, now: datetime
) -> None:
    _visit, alert, at = due(session, cast, now)
    assert [step["team"] for step in alert.ladder["steps"]] == [cast.nurses.id, cast.centre.id]
    escalation.step(session, at + timedelta(minutes=6))
    assert messages_to(session, cast.centre)


def test_it_is_not_shelved_and_an_acknowledgement_does_not_stop_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    _visit, alert, at = due(session, cast, now)
    with pytest.raises(Invalid):
        alerts.shelve(session, alert, until=at + timedelta(hours=1), reason="Later", by=dev(cast), now=at)
    alerts.acknowledge(session, alert, by=dev(cast), now=at)
    escalation.step(session, at + timedelta(minutes=6))
    assert alert.step == 2


def test_their_own_word_stops_the_ladder_and_their_team_makes_sure(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit, alert, at = due(session, cast, now)
    visits.end(session, visit, by=dev(cast), now=at, words="The car would not start")
    lone_workers.step(session, at)
    session.refresh(alert)
    assert alert.contact is ContactKind.SPOKE_TO
    assert "Make sure" in messages_to(session, cast.nurses)[-1].body
    escalation.step(session, at + timedelta(minutes=6))
    assert alert.step == 1
    assert alert.closed_at is None


def test_a_visit_ends_when_others_have_found_out_and_closed_the_alert(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit, alert, at = due(session, cast, now)
    mate = viewer(cast.cora, cast.nurses)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Found him", by=mate, now=at)
    alerts.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Fetched him", outcome=Outcome.VISIT_MADE, by=mate,
        now=at,
    )  # fmt: skip
    lone_workers.step(session, at)
    assert visit.how is VisitEnd.FOUND


def test_one_word_more_does_not_put_it_off_once_it_is_raised(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit, _alert, at = due(session, cast, now)
    with pytest.raises(Conflict):
        visits.extend(session, visit, by=dev(cast), now=at)


def test_they_are_reminded_ten_minutes_before(session: Session, cast: Cast, now: datetime) -> None:
    taken(session, cast, now, dev(cast))
    lone_workers.step(session, now + timedelta(minutes=100))
    assert messages_to(session, staff=cast.dev) == []
    lone_workers.step(session, now + timedelta(minutes=111))
    lone_workers.step(session, now + timedelta(minutes=112))
    [reminder] = messages_to(session, staff=cast.dev)
    assert "Orchard" not in reminder.body


def test_on_duty_or_not_the_worker_is_not_the_only_one_asked_about_themself(
    session: Session, cast: Cast, now: datetime
) -> None:
    layers = [{"name": "Weeks", "people": [str(cast.dev.uuid)], "starts": "2026-01-05", "turn_days": 7,
               "changes_at": "08:00"}]  # fmt: skip
    session.add(TeamRota(team_id=cast.nurses.id, zone="Europe/London", layers=layers))
    due(session, cast, now)
    assert messages_to(session, cast.nurses)


def test_where_they_are_is_told_within_their_own_agency_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    _visit, alert, at = due(session, cast, now)
    cast.dev.telephone = "+441632960777"
    mine, _ = read.whole_for(session, dev(cast), alert, at)
    assert mine.worker is not None
    assert mine.worker.place == "14 Orchard Row, Westmere, WM1 1AA"
    escalation.step(session, at + timedelta(minutes=6))
    mate = Staff(agency_id=cast.receiving.id, name="Nia", email="nia@w.example", role=Role.RESPONDER)
    session.add(mate)
    session.flush()
    theirs, _ = read.whole_for(session, viewer(mate, cast.centre), alert, at)
    assert theirs.worker is not None
    assert (theirs.worker.name, theirs.worker.telephone) == ("Dev", "+441632960777")
    assert (theirs.worker.place, theirs.worker.arrived_at) == (None, None)
    assert "Orchard" not in str(theirs)


def test_other_agencies_that_care_for_the_person_see_nothing_of_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    _visit, alert, at = due(session, cast, now)
    for stranger in (cora(cast), hana(cast)):
        with pytest.raises(NotFound):
            read.get(session, stranger, alert.uuid, at)


def test_the_auditor_sees_a_visit_that_nobody_looks_out_for(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    found = auditor.audit(session, now + LATER + timedelta(minutes=5))
    assert visit.uuid in [fault.alert_uuid for fault in found]
    lone_workers.step(session, now + LATER + timedelta(minutes=5))
    assert auditor.audit(session, now + LATER + timedelta(minutes=5)) == []


def test_whose_check_has_lapsed_is_not_sent_to_an_alert(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    lapse(session, cast.dev, now)
    with pytest.raises(Invalid):
        alerts.going(session, alert, until=now + timedelta(minutes=20), by=dev(cast), now=now)
    with pytest.raises(Invalid):
        alerts.assign(session, alert, to=alerts.Recipient(staff_id=cast.dev.id), by=cora(cast), now=now)


def test_a_team_of_one_worker_is_not_the_last_to_be_asked(
    session: Session, cast: Cast, now: datetime
) -> None:
    lone = Team(agency_id=cast.neighbours.id, name="Lone")
    session.add(lone)
    session.flush()
    ladder = lone_workers.ladder(session, cast.vi, lone.id)
    assert [step.team for step in ladder.steps] == [lone.id, cast.centre.id]


def test_one_that_cannot_be_raised_holds_up_no_other_and_the_auditor_shows_it(
    session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = taken(session, cast, now, dev(cast))
    whole = taken(session, cast, now, viewer(cast.cora, cast.nurses))
    real = lone_workers.ladder

    def ladder(session: Session, staff: Staff, team_id: int | None) -> Ladder:
        if staff.id == cast.dev.id:
            raise RuntimeError
        return real(session, staff, team_id)

    monkeypatch.setattr(lone_workers, "ladder", ladder)
    at = now + LATER + timedelta(minutes=5)
    assert lone_workers.step(session, at)
    assert (broken.overdue_at, whole.overdue_at) == (None, at)
    assert [fault.alert_uuid for fault in auditor.audit(session, at)] == [broken.uuid]
    assert not lone_workers.step(session, at)
