from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.watching import Unagreed
from care_plans.models.work import FollowUp
from care_plans.work import monitoring
from devices import assignments
from devices.models import Device
from people import agreements
from people.watching import Watched
from tests.agreeing import BY, agree
from tests.cast import Cast
from tests.devices import kit
from tests.housemates import moves_in_with

DAY = timedelta(days=1)


def sensor(session: Session, cast: Cast, now: datetime, watched: Watched = Watched.MOVEMENT) -> Device:
    model = "SNZB-04" if watched is Watched.DOORS else "SNZB-03"
    device = kit.device(session, f"{watched.value}-1", name=watched.value, model=model)
    assignments.assign(session, device, start=now, now=now, actor=kit.CORA, home_id=cast.ada_home.id)
    return device


def told(session: Session) -> list[FollowUp]:
    return list(session.scalars(select(FollowUp).order_by(FollowUp.id)))


def test_the_person_can_switch_it_off_and_whoever_leads_is_told(
    session: Session, cast: Cast, now: datetime
) -> None:
    [row] = agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    device, later = sensor(session, cast, now), now + timedelta(hours=1)
    monitoring.stop(session, cast.ada, row, said_by="Ada", why="I feel watched", actor=BY, now=later)
    assert assignments.find(session, device.id, later) is None
    [asked] = told(session)
    assert (asked.team_id, asked.person_id) == (cast.coordinators.id, cast.ada.id)
    assert "as Ada said" in asked.text


def test_a_review_is_asked_for_once_two_weeks_ahead(session: Session, cast: Cast, now: datetime) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    assert not monitoring.step(session, now)
    near = now + 80 * DAY
    assert monitoring.step(session, near)
    assert not monitoring.step(session, near)
    [asked] = told(session)
    assert asked.due_at.date() == (now + 90 * DAY).date()


def test_what_runs_out_ends_the_kit_and_tells_whoever_leads(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast.ada, Watched.DOORS, by=cast.sol, now=now)
    device = sensor(session, cast, now, Watched.DOORS)
    monitoring.step(session, now + 170 * DAY)
    after = now + 181 * DAY
    assert monitoring.step(session, after)
    assert assignments.find(session, device.id, after) is None
    assert agreements.in_force(session, [cast.ada.id], after)[cast.ada.id] == frozenset()
    assert "ran out" in told(session)[-1].text
    assert not monitoring.step(session, after)


def test_life_safety_kit_is_never_ended(session: Session, cast: Cast, now: datetime) -> None:
    agree(session, cast.ada, Watched.LOCATION, by=cast.sol, now=now)
    pendant = kit.device(
        session, "pendant-9", name="GPS pendant", model="P", life_safety=True, watches=["location"]
    )
    assignments.assign(session, pendant, start=now, now=now, actor=kit.CORA, person_id=cast.ada.id)
    after = now + 181 * DAY
    monitoring.step(session, after)
    monitoring.look_for_unagreed(session, after)
    assert assignments.find(session, pendant.id, after) is not None


def test_somebody_who_moves_in_is_asked_and_after_two_working_days_the_kit_ends(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    device = sensor(session, cast, now)
    assert monitoring.look_for_unagreed(session, now) == 0
    moves_in_with(session, cast.ben, cast.ada_home, now)
    assert monitoring.look_for_unagreed(session, now) == 1
    assert monitoring.look_for_unagreed(session, now + DAY) == 0
    [asked] = told(session)
    assert asked.person_id == cast.ben.id
    assert assignments.find(session, device.id, now + DAY) is not None
    monitoring.look_for_unagreed(session, asked.due_at)
    assert assignments.find(session, device.id, asked.due_at) is None
    assert "has ended" in told(session)[-1].text


def test_kit_that_is_agreed_to_in_time_stays(session: Session, cast: Cast, now: datetime) -> None:
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    device = sensor(session, cast, now)
    moves_in_with(session, cast.ben, cast.ada_home, now)
    monitoring.look_for_unagreed(session, now)
    agree(session, cast.ben, Watched.MOVEMENT, by=cast.sol, now=now + DAY)
    monitoring.look_for_unagreed(session, now + 2 * DAY)
    monitoring.look_for_unagreed(session, now + 10 * DAY)
    assert assignments.find(session, device.id, now + 10 * DAY) is not None
    assert session.scalars(select(Unagreed)).one().settled_at == now + 2 * DAY
