"""Somebody moves house: nothing is left behind unasked, and the old landlord sees nothing new (H17)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans import moving_house
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.moving_house import KEY_SAFE, KitLeft
from care_plans.work import agenda, follow_ups
from care_plans.work.agenda import Wanted, Whose
from core.errors import Conflict, Invalid, NotFound
from devices import registry
from devices.models import Assignment, Device
from people import households, residencies, visible
from people.models.caring import AlertSight, CareTeam
from people.models.homes import Home, Residency
from tests.care_plans import alerting
from tests.care_plans.merging import twice
from tests.cast import Cast


@pytest.fixture
def new(session: Session) -> Home:
    row = Home(address_line="9 Elsewhere Close", postcode="ES7 2AA")
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def kit(session: Session, cast: Cast, now: datetime) -> Device:
    device = Device(key="hub", name="Hub", model="test")
    session.add(device)
    session.flush()
    since = Range(now - timedelta(days=9), None)
    session.add(Assignment(device_id=device.id, home_id=cast.ada_home.id, period=since))
    session.flush()
    return device


def move(session: Session, cast: Cast, to: Home | None, now: datetime, **more: object) -> None:
    given = {"kit": None, "landlord_goes_on": False, "key_safe_seen_to": True} | more
    moving_house.move(session, cast.ada, to, by=alerting.cora(cast), now=now, **given)  # type: ignore[arg-type]


def test_moving_out_hides_the_new_address_from_the_old_landlord_at_once(
    session: Session, cast: Cast, new: Home, now: datetime
) -> None:
    hana = alerting.hana(cast)
    alert = twice.raise_(session, cast, cast.ada, now)
    session.add(
        AlertSight(person_id=cast.ada.id, alert_id=alert.id, team_id=cast.landlord.id,
                   period=Range(now - timedelta(hours=1), now + timedelta(days=7)))
    )  # fmt: skip
    follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="Boiler", team_id=cast.landlord.id, alert_id=alert.id,
        due_at=now + timedelta(hours=5), now=now, person_id=cast.ada.id,
    )  # fmt: skip
    assert visible.get_person(session, hana, cast.ada.uuid, now)
    move(session, cast, new, now)
    for look in (
        lambda: visible.get_person(session, hana, cast.ada.uuid, now),
        lambda: visible.get_home(session, hana, new.uuid, now),
    ):
        with pytest.raises(NotFound):
            look()
    assert alert.id not in session.scalars(visible.alert_ids_by_sight(hana, now)).all()
    items = agenda.list_items(session, hana, Wanted(Whose.TEAMS), now)
    assert {item.where for item in items} <= {cast.ada_home.address_line}


def test_moving_out_hides_the_new_address_from_the_old_household(
    session: Session, cast: Cast, new: Home, now: datetime
) -> None:
    stay = session.scalars(select(Residency).where(Residency.person_id == cast.ben.id)).one()
    stay.home_id = cast.ada_home.id
    for row in session.scalars(select(CareTeam).where(CareTeam.person_id == cast.ada.id)):
        if row.team_id == cast.social_workers.id:
            row.period = Range(row.period.lower, now)
    session.flush()
    move(session, cast, new, now)
    sol = alerting.viewer(cast.sol, cast.social_workers)
    seen = households.of(session, sol, cast.ben.id, now)
    assert (seen.home, seen.others, seen.unseen) == (cast.ada_home, (), 0)
    with pytest.raises(NotFound):
        visible.get_home(session, sol, new.uuid, now)


def test_a_landlord_that_is_to_go_on_goes_on(session: Session, cast: Cast, new: Home, now: datetime) -> None:
    move(session, cast, new, now, landlord_goes_on=True)
    assert visible.get_person(session, alerting.hana(cast), cast.ada.uuid, now)


def test_the_same_landlord_goes_on_by_itself(session: Session, cast: Cast, new: Home, now: datetime) -> None:
    new.landlord_agency_id = cast.housing.id
    session.flush()
    move(session, cast, new, now)
    assert visible.get_person(session, alerting.hana(cast), cast.ada.uuid, now)


def test_kit_that_is_left_behind_is_asked_about(
    session: Session, cast: Cast, new: Home, kit: Device, now: datetime
) -> None:
    with pytest.raises(Invalid, match="what becomes of the kit"):
        move(session, cast, new, now)
    with pytest.raises(Invalid, match="only go along to a home"):
        move(session, cast, None, now, kit=KitLeft.GOES)
    move(session, cast, new, now, kit=KitLeft.GOES)
    assert [each.device for each in registry.list_kit(session, now, homes=[new.id])] == [kit]


def test_kit_to_be_collected_and_a_key_safe_are_somebodys_to_see_to(
    session: Session, cast: Cast, new: Home, kit: Device, now: datetime
) -> None:
    move(session, cast, new, now, kit=KitLeft.COLLECT, key_safe_seen_to=False)
    texts = session.scalars(select(FollowUp.text).where(FollowUp.home_id == cast.ada_home.id)).all()
    assert set(texts) == {"Collect what was left behind: Hub.", KEY_SAFE}


def test_nobody_moves_to_where_they_live_or_from_nowhere_to_nowhere(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid, match="live there already"):
        move(session, cast, cast.ada_home, now)
    move(session, cast, None, now)
    assert residencies.find_home(session, cast.ada, now) is None
    with pytest.raises(Invalid, match="no home is recorded"):
        move(session, cast, None, now + timedelta(hours=1))


def test_the_landlord_is_not_let_go_where_nobody_else_would_care(
    session: Session, cast: Cast, new: Home, now: datetime
) -> None:
    for row in session.scalars(select(CareTeam).where(CareTeam.person_id == cast.ada.id)):
        if row.team_id != cast.landlord.id:
            row.period = Range(row.period.lower, now - timedelta(days=1))
    session.flush()
    with pytest.raises(Conflict) as fault:
        move(session, cast, new, now)
    assert set(fault.value.fields) == {"landlord"}
