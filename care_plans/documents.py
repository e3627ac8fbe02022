"""Reads what documents of care plans hold beyond `core.documents`: durations and times of day."""

import re
from datetime import time

from core import documents

_UNITS = {"s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400}
_DURATION = re.compile(r"(\d+) ?(s|min|h|days?)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def seconds_of(text: str) -> int | None:
    """Seconds in "90 s", "10 min", "5 h" or "3 days"; None where it is not a duration."""
    found = _DURATION.fullmatch(text.strip())
    return int(found[1]) * _UNITS[found[2]] if found else None


def duration_text(seconds: int) -> str:
    """The duration in the largest unit that divides it: 600 is "10 min"; `seconds_of` reads it back."""
    for unit, size in (("day", 86400), ("h", 3600), ("min", 60)):
        if seconds and seconds % size == 0:
            many = seconds // size
            return f"{many} {'days' if unit == 'day' and many != 1 else unit}"
    return f"{seconds} s"


class Part(documents.Part):
    """One mapping inside a document, which may say durations and times of day."""

    def duration(self, field: str, *, zero: bool = False) -> int:
        """Seconds, from a text such as "10 min" or from whole seconds; more than nothing unless `zero`."""
        found = self.given(field)
        seconds = seconds_of(found) if isinstance(found, str) else found
        if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < (0 if zero else 1):
            self.fault(field, 'Give a duration such as "90 s", "10 min", "5 h" or "3 days".')
            return 1
        return seconds

    def maybe_duration(self, field: str) -> int | None:
        """A duration in seconds, or None where the field is left out."""
        return self.duration(field) if self.has(field) else None

    def clock(self, field: str) -> time:
        """A local time of day, "HH:MM"."""
        return self._clock(self.given(field), field)

    def clocks(self, field: str) -> tuple[time, ...]:
        """One or more local times of day."""
        return tuple(self._clock(found, f"{field}.{n}") for n, found in enumerate(self.listed(field)))

    def _clock(self, found: object, field: str) -> time:
        if not isinstance(found, str) or not _CLOCK.fullmatch(found):
            self.fault(field, 'Give a time of day such as "07:30", in quotation marks.')
            return time(0)
        return time.fromisoformat(found)
