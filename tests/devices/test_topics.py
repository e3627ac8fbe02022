"""Topics lead to a device and a format, or nowhere."""

import pytest

from devices import topics
from devices.topics import Route, Topic

KEY = "hub-4f2a"


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (f"hearth/v1/{KEY}/readings", Topic(KEY, "readings", "", False)),
        (f"hearth/v1/{KEY}/urgent", Topic(KEY, "urgent", "", True)),
        (f"hearth/v1/{KEY}/status", Topic(KEY, "status", "", False)),
        (f"hearth/v1/{KEY}/zigbee2mqtt/0x01", Topic(KEY, "zigbee2mqtt", "0x01", False)),
        (f"hearth/v1/{KEY}/shelly/a b/events/rpc", Topic(KEY, "shelly", "a b/events/rpc", False)),
    ],
)
def test_it_reads_our_own_topics(topic: str, expected: Topic) -> None:
    assert topics.parse(topic) == expected


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "hearth/v1",
        f"hearth/v1/{KEY}",
        f"hearth/v1/{KEY}/",
        "hearth/v1/HUB-4F2A/readings",
        "hearth/v2/x/readings",
    ],
)
def test_it_knows_nothing_of_other_topics(topic: str) -> None:
    assert topics.parse(topic) is None


def test_it_follows_the_first_route_that_matches() -> None:
    routes = [
        Route("glow/AABBCC/SENSOR/#", "glow-0001", "glow"),
        Route("glow/+/SENSOR/#", "glow-0002", "glow"),
        Route("z2m/smoke", KEY, "zigbee2mqtt", urgent=True),
    ]

    assert topics.parse("glow/AABBCC/SENSOR/gasmeter", routes) == Topic(
        "glow-0001", "glow", "gasmeter", False
    )
    assert topics.parse("glow/DDEEFF/SENSOR/a/b", routes) == Topic("glow-0002", "glow", "a/b", False)
    assert topics.parse("z2m/smoke", routes) == Topic(KEY, "zigbee2mqtt", "", True)
    assert topics.parse("glow/AABBCC/STATE", routes) is None


def test_a_route_never_takes_over_our_own_topics() -> None:
    assert topics.parse("hearth/v1/BAD/readings", [Route("#", KEY, "readings")]) is None


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/b/c", "a/b", False),
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a//c", True),
        ("a/+", "a", False),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/#", "ab", False),
        ("#", "a/b", True),
        ("+/b", "/b", True),
        ("#", "$SYS/x", False),
        ("+/x", "$SYS/x", False),
        ("$SYS/#", "$SYS/x", True),
        ("a/#/c", "a/b/c", False),
    ],
)
def test_it_matches_filters_as_brokers_do(topic_filter: str, topic: str, expected: bool) -> None:
    assert topics.matches(topic_filter, topic) is expected


@pytest.mark.parametrize("key", ["hub1", "a-1b", "0" * 64])
def test_it_accepts_a_device_key(key: str) -> None:
    assert topics.is_device_key(key)


@pytest.mark.parametrize(
    "key", ["", "abc", "a" * 65, "Hub1", "hub_1", "hub 1", "-hub1", "hub1-", "hüb1", "hub1\n"]
)
def test_it_refuses_what_is_no_device_key(key: str) -> None:
    assert not topics.is_device_key(key)
