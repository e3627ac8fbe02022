"""Who may publish and subscribe what at the broker, whichever it is: files and hooks go by this alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from devices import topics

WILD = frozenset("+#\x00")


@dataclass(frozen=True, slots=True)
class Rights:
    """MQTT topic filters under which somebody may publish and subscribe; nothing else is allowed."""

    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()


INTAKE = Rights(subscribe=("#",))
"""Intake hears everything and says nothing."""


def of_device(key: str, routes: Iterable[str] = ()) -> Rights:
    """A device publishes under its own key and its routes' fixed topics, and hears nothing."""
    return Rights(publish=(f"{topics.ROOT}{key}/#", *routes))


def may_publish(rights: Rights, topic: str) -> bool:
    """Whether a message may be sent to `topic`, which holds no wildcard."""
    if not topic or WILD.intersection(topic):
        return False
    return any(topics.matches(each, topic) for each in rights.publish)


def may_subscribe(rights: Rights, topic_filter: str) -> bool:
    """Whether all that `topic_filter` asks for may be heard."""
    return bool(topic_filter) and any(_covers(each, topic_filter) for each in rights.subscribe)


def _covers(granted: str, asked: str) -> bool:
    """Whether all topics that `asked` matches are matched by `granted` too."""
    wanted, levels = granted.split("/"), asked.split("/")
    if asked.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for place, level in enumerate(wanted):
        if level == "#":
            return True
        if place >= len(levels) or levels[place] == "#" or level not in ("+", levels[place]):
            return False
    return len(wanted) == len(levels)
