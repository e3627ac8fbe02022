"""How several intake workers share what kit publishes: which topics each part of the load comes under."""

from dataclasses import dataclass

from devices import topics

EVERYTHING = f"{topics.ROOT}+/+/#"
URGENT = f"{topics.ROOT}+/{topics.URGENT}"
PARTS = "intake/"
"""Before the number of the part, where the broker tells which part a topic is in."""
GROUP = "hearthline"


@dataclass(frozen=True, slots=True)
class Share:
    """Into how many seats the load is parted, and by what.

    A seat is a session at the broker that one worker holds at a time. `by_parts`: the broker puts the number
    of a part, made of the device's key, before each topic. Otherwise all seats subscribe together ($share),
    and the broker deals messages out to them.
    """

    seats: int = 1
    by_parts: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether there may be more than one worker."""
        return self.seats > 1

    def ordinary(self, seat: int) -> list[str]:
        """The filters of all that kit publishes, as far as it is this seat's (the first is 1).

        The first seat also takes what the broker put in no part: nothing is lost while it parts nothing.
        """
        if not self.is_shared:
            return [EVERYTHING]
        if not self.by_parts:
            return [f"$share/{GROUP}/{EVERYTHING}"]
        part = f"{PARTS}{seat - 1}/{EVERYTHING}"
        return [part, EVERYTHING] if seat == 1 else [part]

    def safety(self, topics: list[str]) -> list[str]:
        """The filters of the life-safety lane: what is urgent, and these topics of kit that protects."""
        if not self.by_parts:
            return [URGENT, *topics]
        return [URGENT, *(f"{PARTS}+/{topic}" for topic in (URGENT, *topics))]


ALONE = Share()


def whole(topic: str) -> str:
    """The topic that was published, of one that may have the number of a part before it."""
    return topic.split("/", 2)[-1] if topic.startswith(PARTS) else topic
