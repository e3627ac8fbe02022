"""How much of the time a device is heard, and how far it is believed, through the API."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from devices import found, kit_expected, silences
from devices.found import Found
from devices.models import Device
from tests.cast import Cast
from tests.devices import kit
from tests.devices.kit import MINUTE, says, spo2

ApiAs = Callable[..., FlaskClient]
DAY = timedelta(days=1)


@pytest.fixture
def oximeter(session: Session, cast: Cast, now: datetime) -> Device:
    made = kit.device(session, silent_after_seconds=36_000)
    kit.give(session, made, person_id=cast.ada.id, start=now - 20 * DAY)
    kit_expected.expect(session, made, now - 20 * DAY)
    silences.begin(session, {made.id: now - 5 * DAY})
    return made


def test_a_device_tells_how_much_it_was_heard_and_after_how_long_it_is_silent(
    cast: Cast, api_as: ApiAs, oximeter: Device
) -> None:
    shown = api_as(cast.cora).get(f"/api/v1/devices/{oximeter.uuid}").json
    assert shown["silent_after"] == {
        "late_after_seconds": 36_000, "missing_after_seconds": 39_600, "by": "staff",
    }  # fmt: skip
    assert [(each["days"], each["percent"]) for each in shown["heard"]] == [(7, 28), (30, 75), (90, 75)]


def test_a_device_that_is_never_expected_says_so(
    session: Session, cast: Cast, api_as: ApiAs, now: datetime
) -> None:
    scale = kit.device(session, "scale-0001")
    kit.give(session, scale, person_id=cast.ada.id, start=now - DAY)
    shown = api_as(cast.cora).get(f"/api/v1/devices/{scale.uuid}").json
    assert (shown["silent_after"], shown["heard"]) == (None, [])


def test_it_tells_how_far_a_device_is_believed(
    session: Session, cast: Cast, api_as: ApiAs, oximeter: Device, now: datetime
) -> None:
    kit.take_in(session, says("oximeter-1", *(spo2(20, now - n * MINUTE) for n in (1, 2)), at=now), now=now)
    told = api_as(cast.cora).get(f"/api/v1/devices/{oximeter.uuid}/belief").json
    assert (told["verdict"], told["readings"], told["whole"]) == ("doubtful", 2, True)
    assert {"mark": "beyond", "readings": 2} in told["marks"]
    assert (
        api_as(cast.cora).get(f"/api/v1/devices/{kit.device(session, 'spare-1').uuid}/belief").status_code
        == 404
    )


def test_a_sensor_that_two_hubs_hear_is_made_one_and_parted_again(
    session: Session, cast: Cast, api_as: ApiAs, now: datetime
) -> None:
    first, second = kit.device(session, "hub-0001"), kit.device(session, "hub-0002")
    for hub in (first, second):
        kit.give(session, hub, person_id=cast.ada.id, start=now - DAY)
    door = kit.sensor(session, first, "A4C138777C52")
    found.write(session, {(second.id, "A4C138777C52"): Found(heard_at=now, kinds={"door_open"})}, now)
    cora, path = api_as(cast.cora), f"/api/v1/devices/{second.uuid}/found-sensors"
    [listed] = cora.get(path).json["items"]
    assert (listed["same_as"], listed["device_id"]) == (str(door.uuid), None)

    [joined] = cora.post(f"{path}/same", json={"address": "A4C138777C52"}).json["items"]
    assert (joined["same_as"], joined["device_id"]) == (None, str(door.uuid))

    [parted] = cora.post(f"{path}/another", json={"address": "A4C138777C52"}).json["items"]
    assert parted["device_id"] is None
