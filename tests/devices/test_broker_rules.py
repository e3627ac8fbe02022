"""Who may publish and subscribe what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import broker_rules, topics
from devices.broker_rules import INTAKE, Rights, may_publish, may_subscribe

LEVEL = st.sampled_from(["a", "b", "two words", "", "hearth"])
TOPIC = st.lists(LEVEL, min_size=1, max_size=4).map("/".join)
FILTER = st.tuples(st.lists(LEVEL | st.just("+"), min_size=1, max_size=3), st.sampled_from(["", "/#"])).map(
    lambda parts: "/".join(parts[0]) + parts[1]
)
GLOW = broker_rules.of_device("glow-1", ["glow/AABB/#", "my meter/SENSOR"])


@pytest.mark.parametrize(
    ("topic", "may"),
    [
        ("hearth/v1/glow-1/readings", True),
        ("hearth/v1/glow-1/zigbee2mqtt/Living room", True),
        ("hearth/v1/glow-2/readings", False),
        ("hearth/v1/glow-10/readings", False),
        ("hearth/v1/glow-1x", False),
        ("glow/AABB/SENSOR/electricity", True),
        ("glow/CCDD/SENSOR/electricity", False),
        ("my meter/SENSOR", True),
        ("my meter/SENSOR/more", False),
        ("hearth/v1/glow-1/#", False),
        ("hearth/v1/+/readings", False),
        ("$SYS/broker", False),
        ("", False),
    ],
)
def test_a_device_may_publish_under_its_own_key_and_its_routes_only(topic: str, may: bool) -> None:
    assert may_publish(GLOW, topic) is may


@pytest.mark.parametrize("asked", ["#", "hearth/v1/glow-1/#", "glow/AABB/#", ""])
def test_a_device_may_hear_nothing(asked: str) -> None:
    assert not may_subscribe(GLOW, asked)


def test_intake_hears_all_but_what_the_broker_says_of_itself_and_says_nothing() -> None:
    asked = ["hearth/v1/+/+/#", "glow/+/SENSOR/#", "#", "$SYS/#", "$share/x/#", ""]
    assert [may_subscribe(INTAKE, each) for each in asked] == [True, True, True, False, False, False]
    assert not may_publish(INTAKE, "hearth/v1/glow-1/readings")


@given(granted=FILTER, asked=FILTER, topic=TOPIC)
def test_who_may_subscribe_to_a_filter_may_hear_whatever_it_matches(
    granted: str, asked: str, topic: str
) -> None:
    if may_subscribe(Rights(subscribe=(granted,)), asked) and topics.matches(asked, topic):
        assert topics.matches(granted, topic)


@given(key=st.from_regex(r"[a-z0-9][a-z0-9-]{2,20}[a-z0-9]", fullmatch=True), topic=TOPIC)
def test_no_device_may_publish_under_the_key_of_another(key: str, topic: str) -> None:
    assert not may_publish(broker_rules.of_device(key), f"{topics.ROOT}{key}x/{topic}")
