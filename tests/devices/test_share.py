"""How several intake workers share what kit publishes."""

from devices.share import ALONE, EVERYTHING, URGENT, Share, whole

PARTS, GROUP = Share(3, by_parts=True), Share(3)
SENSOR = "hearth/v1/hub-1/+/0xa1"


def test_a_worker_that_is_alone_asks_for_everything() -> None:
    assert not ALONE.is_shared
    assert (ALONE.ordinary(1), ALONE.safety([SENSOR])) == ([EVERYTHING], [URGENT, SENSOR])


def test_each_part_is_one_seats_and_the_first_also_takes_what_is_in_none() -> None:
    assert [PARTS.ordinary(seat) for seat in (1, 2, 3)] == [
        [f"intake/0/{EVERYTHING}", EVERYTHING],
        [f"intake/1/{EVERYTHING}"],
        [f"intake/2/{EVERYTHING}"],
    ]


def test_life_safety_is_heard_whole_whichever_part_it_is_in() -> None:
    assert PARTS.safety([SENSOR]) == [URGENT, f"intake/+/{URGENT}", f"intake/+/{SENSOR}"]
    assert GROUP.safety([SENSOR]) == [URGENT, SENSOR]


def test_a_group_subscribes_together() -> None:
    assert {tuple(GROUP.ordinary(seat)) for seat in (1, 2, 3)} == {(f"$share/hearthline/{EVERYTHING}",)}


def test_a_topic_loses_the_part_it_came_in_and_nothing_else() -> None:
    topic = "hearth/v1/hub-1/zigbee2mqtt/0xa1/availability"
    assert whole(f"intake/12/{topic}") == whole(topic) == topic
    assert whole("glow/AABB/SENSOR") == "glow/AABB/SENSOR"
