"""Sensors that hubs speak for are written down once, kept up, and never without bound."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import found
from devices.found import Found, Noticed
from devices.models import Announcement, FoundSensor
from tests.conftest import NOW
from tests.devices import kit


def rows(session: Session) -> dict[str, tuple[object, ...]]:
    session.expire_all()
    return {
        each.address: (each.model, each.name, each.heard_at, each.kinds)
        for each in session.scalars(select(FoundSensor))
    }


def test_a_sensor_is_kept_with_the_last_of_what_was_said_of_it(session: Session) -> None:
    hub = kit.device(session, "hub-0001")
    found.write(session, {(hub.id, "0xa1"): Found("MCCGQ11LM", "Front door")}, NOW)
    found.write(session, {(hub.id, "0xa1"): Found(heard_at=NOW, kinds={"door_open", "battery_voltage"})}, NOW)
    found.write(session, {(hub.id, "0xa1"): Found(heard_at=NOW - timedelta(hours=1))}, NOW)

    assert rows(session) == {"0xa1": ("MCCGQ11LM", "Front door", NOW, ["battery_voltage", "door_open"])}


def test_a_hub_that_hears_the_whole_block_fills_no_table(session: Session) -> None:
    hub, other = kit.device(session, "hub-0001"), kit.device(session, "hub-0002")
    for number in range(found.MOST_OF_A_HUB + 5):
        found.write(session, {(hub.id, f"0x{number:04}"): Found(heard_at=NOW)}, NOW)
    found.write(session, {(hub.id, "0x0000"): Found("still kept up"), (other.id, "0x1"): Found()}, NOW)

    assert len(rows(session)) == found.MOST_OF_A_HUB + 1
    assert rows(session)["0x0000"][0] == "still kept up"


def test_announcements_are_kept_until_they_are_taken_back(session: Session) -> None:
    device = kit.device(session, "hub-0001")
    found.announce(session, {(device.id, "a/config"): b"{}", (device.id, "b/config"): b"{}"})
    found.announce(session, {(device.id, "a/config"): b'{"x":1}', (device.id, "b/config"): b"",
                             (device.id, "c/config"): b""})  # fmt: skip

    kept = {each.topic: each.document for each in session.scalars(select(Announcement))}
    assert kept == {"a/config": b'{"x":1}'}


def test_what_is_heard_all_the_time_is_written_now_and_then() -> None:
    noticed = Noticed(most=1)
    key, other = (1, "0xa1"), (1, "0xa2")
    heard = {key: Found(heard_at=NOW)}
    assert noticed.worth_writing(heard) == heard
    noticed.written(heard)

    soon, later = NOW + timedelta(minutes=9), NOW + timedelta(minutes=10)
    assert noticed.worth_writing({key: Found(heard_at=soon)}) == {}
    assert noticed.worth_writing({key: Found(heard_at=later)}) != {}
    assert noticed.worth_writing({key: Found("a model")}) != {}

    noticed.written({other: Found(heard_at=NOW)})
    noticed.written({other: Found(heard_at=NOW)})
    assert noticed.worth_writing({key: Found(heard_at=soon)}) != {}
