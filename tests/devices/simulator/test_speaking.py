import json
from datetime import date, timedelta
from itertools import pairwise

from devices.decode import decode
from devices.simulator.homes import emissions
from devices.simulator.places import home_of, households
from devices.simulator.speaking import battery, emissions_of
from devices.topics import parse
from tests.devices.simulator.made import DAY, NOW, home


def test_kit_of_our_own_tells_its_state_every_hour_and_the_broker_keeps_it() -> None:
    told = [e for e in emissions_of(home(), date(2026, 11, 21)) if e.topic == "hearth/v1/t005-pendant/status"]
    assert len(told) == 24
    assert all(e.retained for e in told)


def test_only_states_are_retained() -> None:
    kept = {e.topic.rpartition("/")[2] for e in emissions_of(home(), date(2026, 11, 21)) if e.retained}
    assert kept == {"status"}


def test_three_formats_and_more_are_spoken() -> None:
    formats = {e.topic.split("/")[3] for e in emissions_of(home("fall_at_night", NOW), NOW.date())}
    assert formats == {"readings", "urgent", "status", "zigbee2mqtt", "glow", "shelly"}


def test_every_make_of_kit_in_the_place_says_what_is_read_as_it_was_measured() -> None:
    read = dict[str, set[str]]()
    for household in households():
        made = home_of(household, NOW)
        models = {spec.address: spec.model for spec in made.kit if spec.address is not None}
        for said in emissions(made, NOW, NOW + DAY):
            topic = parse(said.topic)
            assert topic is not None
            found = decode(
                topic.format,
                topic.rest,
                said.payload,
                retained=said.retained,
                received_at=said.at,
                models=models,
            )
            read.setdefault(topic.format, set()).update(one.kind for one in found.measurements)
            assert all(one.address is None or one.address in models for one in found.measurements)
    assert {"room_temperature", "room_humidity"} <= read["theengs"] & read["chirpstack"] & read["tts"]
    assert {"systolic", "diastolic", "weight"} <= read["gatt"]


def test_a_failing_battery_is_told_on_its_way_down() -> None:
    made = home("battery_dies", NOW)
    told = [
        json.loads(e.payload)["battery"]
        for e in emissions(made, NOW, NOW + 4 * DAY)
        if e.topic == "hearth/v1/t005-pendant/status"
    ]
    assert told == sorted(told, reverse=True)
    assert (told[0], told[-1]) == (25, 0)
    assert len(told) == 72


def test_an_upload_comes_at_once_and_each_message_holds_at_most_500_readings() -> None:
    # from early evening, over the time when people take their readings
    began = NOW - timedelta(days=3) + timedelta(hours=10)
    made = home("hub_offline", began)
    back = began + timedelta(hours=7)
    late = [e for e in emissions(made, back, back + timedelta(minutes=1)) if not e.retained]
    assert len(late) > 20
    sizes = [len(json.loads(e.payload).get("readings", ())) for e in late]
    assert 1 < max(sizes) <= 500


def test_a_message_id_belongs_to_one_payload() -> None:
    ids: dict[tuple[str, str], bytes] = {}
    for emission in emissions(home(), NOW - 3 * DAY, NOW):
        if emission.topic.endswith(("/readings", "/urgent")):
            name = (emission.device_key, json.loads(emission.payload)["message_id"])
            assert ids.setdefault(name, emission.payload) == emission.payload


def test_a_battery_falls_slowly_for_months_and_is_then_a_new_one() -> None:
    made = home()
    levels = [battery(made, 0, NOW + n * DAY) for n in range(900)]
    assert all(30 <= level <= 100 for level in levels)
    steps = [b - a for a, b in pairwise(levels)]
    assert max(steps) > 60
    assert sum(step > 0 for step in steps) <= 3
