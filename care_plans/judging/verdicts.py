"""What judging says: a finding, that it is not known, or nothing; and when to look again."""

from dataclasses import dataclass
from datetime import datetime

from care_plans.severity import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that matters.

    `words` is a sentence, `at` the time of the worst (or triggering) reading, `value` in `unit` as people
    write it; a missing reading has no value. `evidence` is (kind, time, value) by time. `latest` is the
    newest reading that still shows it: how late a finding is counts from there. `unconfirmed`: only readings
    show it that were replayed (H2), or come from kit of their own that nobody has checked (H3); `copied`:
    only copies of calls to somebody else do (H9). `source` is the room or device where sources are told
    apart.
    """

    severity: Severity
    words: str
    at: datetime
    kind: str
    value: float | None
    unit: str | None
    evidence: tuple[tuple[str, datetime, float], ...]
    latest: datetime
    unconfirmed: bool = False
    source: str = ""
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The readings do not allow a verdict; never to be shown as "fine" (H6)."""

    words: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No finding. `cleared`: what was found before has ended; else it stays as it was (hysteresis)."""

    cleared: bool
    words: str = ""


Verdict = Finding | Unknown | Nothing


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and when time alone could change it (None: only new readings can)."""

    verdict: Verdict
    judge_at: datetime | None
