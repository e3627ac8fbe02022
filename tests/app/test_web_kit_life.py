"""The life of kit on its page."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from devices.models import Device
from devices.models import DeviceState as S
from tests.app.conftest import ClientAs
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit


@pytest.fixture
def pendant(session: Session, cast: Cast) -> Device:
    """Ada's, of a lot."""
    made = kit.device(session, "adas-pendant", name="Pendant", model="HL-P1", lot="L7", life_safety=True,
                      state=S.INSTALLED)  # fmt: skip
    kit.give(session, made, person_id=cast.ada.id)
    return made


def test_what_may_follow_is_offered_and_done(cast: Cast, client_as: ClientAs, session: Session) -> None:
    device = kit.device(session, state=S.RECOVERED, agency_id=cast.cora.agency_id)
    client = client_as(cast.cora)
    assert "Cleaned" in client.get(f"/kit/{device.uuid}").text

    client.post(f"/kit/{device.uuid}/state", data={"state": "cleaned"})
    client.post(f"/kit/{device.uuid}/state", data={"state": "reserved", "reserved_for": "the ward"})

    session.refresh(device)
    assert (device.state, device.reserved_for) == (S.RESERVED, "the ward")
    assert "Reserved, for the ward" in client.get(f"/kit/{device.uuid}").text


def test_what_may_not_follow_is_refused(cast: Cast, client_as: ClientAs, pendant: Device) -> None:
    answer = client_as(cast.cora).post(f"/kit/{pendant.uuid}/state", data={"state": "in_stock"})

    assert answer.status_code == 422
    assert pendant.state is S.INSTALLED


def test_its_dates_are_set_and_bring_it_to_those_that_are_due(
    cast: Cast, client_as: ClientAs, session: Session, pendant: Device
) -> None:
    client = client_as(cast.cora)
    assert "Pendant" not in client.get("/kit?state=due").text
    soon = NOW.date() + timedelta(days=9)

    client.post(
        f"/kit/{pendant.uuid}/dates", data={"due_back_on": soon.isoformat(), "calibrated_on": "2026-01-05"}
    )

    session.refresh(pendant)
    assert (pendant.due_back_on, pendant.calibrated_on) == (soon, date(2026, 1, 5))
    assert "Pendant" in client.get("/kit?state=due").text
    assert "calibrated 5 Jan 2026" in client.get(f"/kit/{pendant.uuid}").text


def test_what_came_back_waits_to_be_cleaned(cast: Cast, client_as: ClientAs, session: Session) -> None:
    kit.device(session, state=S.RECOVERED, name="Scale", agency_id=cast.cora.agency_id)

    assert "Scale" in client_as(cast.cora).get("/kit?state=to_clean").text
