"""One message that comes by two lanes is given one time of arrival, so that storage sees that it is one."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from devices import topics
from devices.inbox import Message

MOST = 1000


class Overlap:
    """Pairs what comes by a life-safety lane with what comes by an ordinary one.

    Readings with a time of their own are told apart by it, whichever way they came. A press without a clock
    gets the time it arrived, which differs from lane to lane; here the lane that is second takes over the
    time of the first.
    """

    def __init__(self, within: timedelta) -> None:
        """`within` is how far apart the two may arrive."""
        self._within = within
        self._topics: set[str] = set()
        self._first: dict[tuple[str, bytes], tuple[bool, deque[datetime]]] = {}
        self._lock = Lock()

    def settle(self, message: Message, *, safety: bool) -> Message:
        """The message as it came by a life-safety lane or not, with the time of arrival both will use."""
        if safety:
            self._topics.add(message.topic)
        elif message.topic not in self._topics and not message.topic.endswith(f"/{topics.URGENT}"):
            return message
        key = (message.topic, message.payload)
        with self._lock:
            first, times = self._first.get(key, (safety, deque()))
            while times and message.received_at - times[0] > self._within:
                times.popleft()
            if first != safety and times:
                return message._replace(received_at=times.popleft())
            if len(self._first) >= MOST:
                self._first.clear()
            times.append(message.received_at)
            self._first[key] = (safety, times)
            return message
