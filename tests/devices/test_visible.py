"""Whose kit is in whose sight."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from core.errors import NotFound
from devices import visible
from devices.models import Device
from people.access import Viewer
from tests.care_plans.alerting import cora, dev, mallory
from tests.cast import Cast
from tests.devices import kit


def names(session: Session, viewer: Viewer, now: datetime) -> set[str]:
    rows = session.execute(visible.listing(viewer, now)).all()
    assert {row[0].id for row in rows} == set(session.scalars(visible.device_ids(viewer, now)))
    return {row[0].name for row in rows}


@pytest.fixture
def hers(session: Session, cast: Cast) -> Device:
    """An oximeter of the health agency that Ada has."""
    device = kit.device(session, "hers-1", name="Hers", agency_id=cast.health.id)
    kit.give(session, device, person_id=cast.ada.id)
    return device


def test_kit_is_seen_by_who_sees_its_holder_and_by_its_owner(
    session: Session, cast: Cast, now: datetime, hers: Device
) -> None:
    homes = kit.device(session, "homes-1", name="Meter")
    kit.give(session, homes, home_id=cast.ada_home.id)
    kit.device(session, "stock-1", name="Stock of Faraway", agency_id=cast.stranger_agency.id)
    kit.device(session, "stock-2", name="Nobody's")
    assert names(session, cora(cast), now) == {"Hers", "Meter", "Nobody's"}
    assert names(session, mallory(cast), now) == {"Stock of Faraway", "Nobody's"}
    everybody = replace(mallory(cast), everyone=True)
    assert names(session, everybody, now) == {"Hers", "Meter", "Nobody's", "Stock of Faraway"}
    assert visible.get(session, cora(cast), hers.uuid, now) is hers
    with pytest.raises(NotFound):
        visible.get(session, mallory(cast), hers.uuid, now)


def test_its_owner_is_not_told_whose_it_is_unless_they_see_them(
    session: Session, cast: Cast, now: datetime
) -> None:
    lent = kit.device(session, "lent-1", name="Lent", agency_id=cast.stranger_agency.id)
    given = kit.give(session, lent, person_id=cast.ada.id)
    owner, carer = (
        visible.shown(session.execute(visible.listing(viewer, now)).one())
        for viewer in (mallory(cast), cora(cast))
    )
    assert (owner.assignment, owner.person) == (None, None)
    assert (carer.assignment, carer.person, carer.agency) == (given, cast.ada.uuid, cast.stranger_agency.uuid)
    assert visible.list_held(session, mallory(cast), lent, now) == []
    assert [held.person for held in visible.list_held(session, cora(cast), lent, now)] == [cast.ada.uuid]
    assert visible.get_assignment(session, cora(cast), lent, given.uuid, now) is given
    with pytest.raises(NotFound):
        visible.get_assignment(session, mallory(cast), lent, given.uuid, now)


def test_kit_that_was_taken_back_is_out_of_sight_but_for_its_owner(
    session: Session, cast: Cast, now: datetime
) -> None:
    device = kit.device(session, "back-1", name="Back", agency_id=cast.health.id)
    kit.give(session, device, person_id=cast.ada.id, end=now - kit.HOUR)
    assert names(session, cora(cast), now) == set()
    assert names(session, dev(cast), now) == {"Back"}


def test_a_list_is_of_a_person_a_home_or_a_hub(
    session: Session, cast: Cast, now: datetime, hers: Device
) -> None:
    hub = kit.device(session, "hub-1", name="Hub")
    door = kit.sensor(session, hub, "0x01", name="Door")
    kit.give(session, door, home_id=cast.ada_home.id)
    for wanted, expected in (
        ({"person_id": cast.ada.id}, {"Hers"}),
        ({"home_id": cast.ada_home.id}, {"Door"}),
        ({"hub_id": hub.id}, {"Door"}),
        ({"person_id": cast.ben.id}, set()),
    ):
        rows = session.execute(visible.listing(cora(cast), now, **wanted)).all()
        assert {row[0].name for row in rows} == expected
    (row,) = session.execute(visible.listing(cora(cast), now, hub_id=hub.id)).all()
    assert visible.shown(row).hub == hub.uuid
