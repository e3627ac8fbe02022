"""The one clock of an installation, shared by all its processes, fast or at life's own pace."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """Domain time: at `start` when the real clock stood at `real_start`, running `factor` times as fast.

    A factor of 0 is a clock that stands still.
    """

    real_start: datetime
    start: datetime
    factor: float = 1.0

    def now(self) -> datetime:
        """Domain time now, aware, UTC."""
        return self.at(datetime.now(UTC))

    def at(self, real: datetime) -> datetime:
        """Domain time when the real clock shows `real`."""
        return self.start + (real - self.real_start) * self.factor

    def real_seconds(self, domain_seconds: float) -> float:
        """How long `domain_seconds` take on a wall clock."""
        return domain_seconds / self.factor


def real_time() -> Clock:
    """A clock that shows the real time."""
    now = datetime.now(UTC)
    return Clock(now, now)
