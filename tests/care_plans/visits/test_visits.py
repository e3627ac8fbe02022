"""Visits: a leave-by time, one press that ends it, one that makes it longer (H22)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.models.visits import Visit, VisitEnd
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.visits import visits
from care_plans.work import follow_ups
from core.errors import Conflict, Invalid, NotFound
from people.access import Viewer
from tests.care_plans.alerting import cora, dev, vi
from tests.care_plans.checking import lapse
from tests.cast import Cast

HOUR = timedelta(hours=1)


def asked(session: Session, cast: Cast, now: datetime, team_id: int | None = None) -> FollowUp:
    return follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="See how Ada is", team_id=team_id or cast.nurses.id,
        due_at=now + HOUR, now=now, person_id=cast.ada.id,
    )  # fmt: skip


def taken(session: Session, cast: Cast, now: datetime, by: Viewer) -> Visit:
    row = follow_ups.take(session, asked(session, cast, now), by=by, now=now)
    found = visits.find_open(session, by.staff_id, follow_up_id=row.id)
    assert found is not None
    return found


def test_taking_a_visit_gives_a_leave_by_time_an_hour_after_it_is_due(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    assert visit.leave_by == now + 2 * HOUR
    assert visit.place == "14 Orchard Row, Westmere, WM1 1AA"
    assert visit.team_id == cast.nurses.id


def test_whoever_takes_it_may_say_another_time_and_say_so_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = asked(session, cast, now)
    follow_ups.take(session, row, by=dev(cast), now=now, leave_by=now + 3 * HOUR)
    follow_ups.take(session, row, by=dev(cast), now=now, leave_by=now + 4 * HOUR)
    [only] = visits.list_own(session, cast.dev.id)
    assert only.leave_by == now + 4 * HOUR


@pytest.mark.parametrize("off", [timedelta(0), timedelta(hours=14)])
def test_a_time_that_is_over_or_too_far_off_is_refused(
    session: Session, cast: Cast, now: datetime, off: timedelta
) -> None:
    with pytest.raises(Invalid) as fault:
        follow_ups.take(session, asked(session, cast, now), by=dev(cast), now=now, leave_by=now + off)
    assert "leave_by" in fault.value.fields


def test_a_call_that_is_taken_is_no_visit(session: Session, cast: Cast, now: datetime) -> None:
    row = follow_ups.make(
        session, kind=FollowUpKind.CALL, text="Ring Ada", team_id=cast.nurses.id, due_at=now + HOUR, now=now,
        person_id=cast.ada.id,
    )  # fmt: skip
    follow_ups.take(session, row, by=dev(cast), now=now)
    assert visits.list_own(session, cast.dev.id) == []


def test_arriving_makes_no_visit_longer_and_lets_a_late_one_last_an_hour(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    visits.arrive(session, visit, by=dev(cast), now=now)
    assert visit.leave_by == now + HOUR
    late = taken(session, cast, now, dev(cast))
    visits.arrive(session, late, by=dev(cast), now=now + 3 * HOUR)
    assert late.leave_by == now + 4 * HOUR


def test_one_press_makes_it_half_an_hour_longer_and_that_is_on_record(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    before = visit.leave_by
    visits.extend(session, visit, by=dev(cast), now=now)
    assert visit.leave_by == before + timedelta(minutes=30)
    assert [event.what for event in visits.list_events(session, visit)] == ["accepted", "extended"]


def test_it_is_not_made_longer_for_ever(session: Session, cast: Cast, now: datetime) -> None:
    visit = taken(session, cast, now, dev(cast))
    visit.leave_by = now + visits.AT_MOST
    session.flush()
    with pytest.raises(Invalid):
        visits.extend(session, visit, by=dev(cast), now=now)


def test_one_press_ends_it(session: Session, cast: Cast, now: datetime) -> None:
    visit = taken(session, cast, now, dev(cast))
    visits.end(session, visit, by=dev(cast), now=now)
    visits.end(session, visit, by=dev(cast), now=now + HOUR)
    assert (visit.ended_at, visit.how) == (now, VisitEnd.SAFE)
    with pytest.raises(Conflict):
        visits.extend(session, visit, by=dev(cast), now=now)


def test_completing_the_follow_up_ends_the_visit_of_whoever_completes_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    row = session.get_one(FollowUp, visit.follow_up_id)
    done = follow_ups.FollowUpOutcome.DONE
    follow_ups.complete(session, row, outcome=done, remarks="All well", by=dev(cast), now=now)
    assert visit.how is VisitEnd.SAFE
    assert visit.words == "All well"


def test_whoever_has_arrived_is_looked_out_for_though_somebody_else_completes_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    visits.arrive(session, visit, by=dev(cast), now=now)
    row = session.get_one(FollowUp, visit.follow_up_id)
    done = follow_ups.FollowUpOutcome.DONE
    follow_ups.complete(session, row, outcome=done, remarks="", by=cora(cast), now=now)
    session.refresh(visit)
    assert visit.ended_at is None


def test_putting_it_off_puts_the_leave_by_time_off(session: Session, cast: Cast, now: datetime) -> None:
    visit = taken(session, cast, now, dev(cast))
    row = session.get_one(FollowUp, visit.follow_up_id)
    follow_ups.reschedule(session, row, due_at=now + 5 * HOUR, reason="Away", by=cora(cast), now=now)
    session.refresh(visit)
    assert visit.leave_by == now + 6 * HOUR


def test_giving_it_back_calls_it_off_and_leaves_it_to_the_team(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit = taken(session, cast, now, dev(cast))
    row = session.get_one(FollowUp, visit.follow_up_id)
    follow_ups.give_back(session, row, by=dev(cast), now=now)
    assert visit.how is VisitEnd.CALLED_OFF
    assert row.staff_id is None


def test_nobody_else_says_that_somebody_is_safe(session: Session, cast: Cast, now: datetime) -> None:
    visit = taken(session, cast, now, dev(cast))
    with pytest.raises(NotFound):
        visits.end(session, visit, by=cora(cast), now=now)
    with pytest.raises(NotFound):
        visits.get(session, cora(cast), visit.uuid)
    with pytest.raises(NotFound):
        visits.get(session, vi(cast), visit.uuid)


def test_whose_check_has_lapsed_may_not_accept_a_visit(session: Session, cast: Cast, now: datetime) -> None:
    row = asked(session, cast, now)
    lapse(session, cast.dev, now)
    with pytest.raises(Invalid, match="Lone-worker induction"):
        follow_ups.take(session, row, by=dev(cast), now=now)
    with pytest.raises(Invalid) as fault:
        follow_ups.make(
            session, kind=FollowUpKind.VISIT, text="Go", team_id=cast.nurses.id, staff_id=cast.dev.id,
            due_at=now + HOUR, now=now, person_id=cast.ada.id,
        )  # fmt: skip
    assert "staff" in fault.value.fields
