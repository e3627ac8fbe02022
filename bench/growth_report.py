"""What `growth` prints: what was measured of a place that is all but empty beside a full one."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.growth_asking import Asked
from bench.system import quantile
from bench.week_report import table

FLAT = 0.85
"""Of the intake of an empty place, what a full one takes in at least."""
PERSON = 0.100
BOARD = 0.050
"""Seconds that a page's statements take together, in 95 of 100."""
SLOWEST = 6


@dataclass(frozen=True, slots=True)
class Round:
    """Messages a second that were made durable, and that a bare client took, in one round at one place."""

    intake: float
    bare: float
    processor_us: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page with what it may take, and its answers at the empty and at the full place."""

    name: str
    promised: float
    empty: Sequence[Asked]
    full: Sequence[Asked]

    @property
    def kept(self) -> bool:
        """Whether 95 of 100 at the full place were within what is promised."""
        return quantile([each.queries for each in self.full], 0.95) < self.promised


def flat(empty: Sequence[Round], full: Sequence[Round]) -> float:
    """What the full place takes in of what the empty one does: the middle one of the rounds' shares."""
    return statistics.median(after.intake / before.intake for before, after in zip(empty, full, strict=True))


def said_of_intake(empty: Sequence[Round], full: Sequence[Round]) -> str:
    """The rounds as a table, and how flat intake stayed."""
    heads = (
        "messages/s",
        "empty",
        "full",
        "full of empty",
        "bare, empty",
        "bare, full",
        "µs empty",
        "µs full",
    )
    rows = [
        (
            f"round {number}", f"{a.intake:,.0f}", f"{b.intake:,.0f}", f"{b.intake / a.intake:.2f}",
            f"{a.bare:,.0f}", f"{b.bare:,.0f}", f"{a.processor_us:.0f}", f"{b.processor_us:.0f}",
        )
        for number, (a, b) in enumerate(zip(empty, full, strict=True), 1)
    ]  # fmt: skip
    share = flat(empty, full)
    return (
        f"{table(heads, rows)}\n  {share:.2f} of the empty place's ({_word(share >= FLAT)}: at least {FLAT})"
    )


def said_of_pages(pages: Iterable[Page]) -> str:
    """What the pages' statements took together, in ms at either place; and the whole page at the full one."""
    heads = (
        "ms", "statements", "empty p50", "p95", "on processor", "full p50", "p95", "on processor",
        "whole p50", "p95", "promise",
    )  # fmt: skip
    rows = [
        (
            page.name, str(round(statistics.mean(len(each.statements) for each in page.full))),
            *_times(each.queries for each in page.empty), _processor(page.empty),
            *_times(each.queries for each in page.full), _processor(page.full),
            *_times(each.whole for each in page.full), f"{_word(page.kept)}: {page.promised * 1000:.0f}",
        )
        for page in pages
    ]  # fmt: skip
    return table(heads, rows)


def said_of_statements(asked: Sequence[Asked]) -> str:
    """Where the statements of these answers took longest, by the function whose they are."""
    spent: Counter[str] = Counter()
    for each in asked:
        spent.update(each.by_place())
    rows = [(place, f"{seconds * 1000 / len(asked):.1f}") for place, seconds in spent.most_common(SLOWEST)]
    return table(("statements of", "ms a page"), rows)


def said_of_size(readings: int, sizes: Mapping[str, int], memory: int) -> str:
    """Bytes a reading by what they are for, and the memory of the database."""
    each = ", ".join(f"{name} {size / readings:.0f}" for name, size in sizes.items())
    whole = sum(sizes.values())
    return (
        f"{whole / readings:.0f} bytes a reading ({each}); {whole / 1e9:.1f} GB in all;"
        f" {memory / 1e6:,.0f} MB of memory for the database"
    )


def _times(seconds: Iterable[float]) -> tuple[str, str]:
    found = list(seconds)
    return f"{quantile(found, 0.5) * 1000:.1f}", f"{quantile(found, 0.95) * 1000:.1f}"


def _processor(answers: Sequence[Asked]) -> str:
    return f"{statistics.median(each.processor for each in answers) * 1000:.0f}"


def _word(kept: object) -> str:
    return "kept" if kept else "missed"
