"""Which device and which format a topic speaks of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

ROOT = "hearth/v1/"
_DEVICE_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{2,62})[a-z0-9]")
URGENT = "urgent"
"""The format of the life-safety lane."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic says: the publishing device, the payload's format, and what is left for its decoder."""

    device_key: str
    format: str
    rest: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Route:
    """A fixed topic of kit that can't be configured: messages that match `filter` are that device's.

    `filter` is an MQTT filter such as "glow/+/SENSOR/#"; what its trailing "#" matches becomes `rest`.
    """

    filter: str
    device_key: str
    format: str
    urgent: bool = False


def is_device_key(text: str) -> bool:
    """Tell whether `text` may be a device key: 4 to 64 lower-case letters, digits and inner hyphens."""
    return _DEVICE_KEY.fullmatch(text) is not None


def parse(topic: str, routes: Sequence[Route] = ()) -> Topic | None:
    """Return what `topic` says by our own scheme, else by the first route that matches, else None."""
    if topic.startswith(ROOT):
        return _own(topic)
    for route in routes:
        if matches(route.filter, topic):
            return Topic(route.device_key, route.format, _rest(route.filter, topic), route.urgent)
    return None


def matches(topic_filter: str, topic: str) -> bool:
    """Tell whether an MQTT filter matches a topic, by the rules of MQTT 3.1.1 §4.7."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for place, level in enumerate(wanted):
        if level == "#":
            return place == len(wanted) - 1
        if place >= len(levels) or level not in ("+", levels[place]):
            return False
    return len(wanted) == len(levels)


@lru_cache(maxsize=32768)
def _own(topic: str) -> Topic | None:
    device_key, _, after = topic[len(ROOT) :].partition("/")
    format_name, _, rest = after.partition("/")
    if not format_name or not is_device_key(device_key):
        return None
    return Topic(device_key, format_name, rest, format_name == URGENT)


def _rest(topic_filter: str, topic: str) -> str:
    if not topic_filter.endswith("#"):
        return ""
    return "/".join(topic.split("/")[topic_filter.count("/") :])
