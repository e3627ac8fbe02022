"""Whether a finding rests on copies alone of calls to somebody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from care_plans.judging.copies import marked
from care_plans.judging.track import Track
from care_plans.judging.verdicts import Finding
from care_plans.severity import Severity
from devices.measurement import Flags

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
COPY, NONE = int(Flags.COPY | Flags.NO_CLOCK), 0


def found(kind: str, *minutes: int) -> Finding:
    times = [AT + timedelta(minutes=each) for each in minutes]
    evidence = tuple((kind, at, 1.0) for at in times)
    return Finding(Severity.RED, "Pressed", times[-1], kind, 1.0, None, evidence, times[-1])


def track(kind: str, *rows: tuple[int, float, int]) -> Track:
    times = [(AT + timedelta(minutes=minute)).timestamp() for minute, _, _ in rows]
    return Track(kind, times, [value for _, value, _ in rows], [flags for _, _, flags in rows])


@pytest.mark.parametrize(
    ("rows", "copied"),
    [
        (((0, 1.0, COPY),), True),
        (((0, 1.0, COPY), (2, 1.0, COPY)), True),
        (((0, 1.0, COPY), (2, 1.0, NONE)), False),
        (((0, 1.0, COPY), (1, 1.0, NONE), (2, 1.0, COPY)), False),
        (((0, 1.0, COPY), (1, 0.0, NONE), (2, 1.0, COPY)), True),
        (((0, 1.0, NONE),), False),
    ],
)
def test_only_what_nobody_but_another_was_called_about_is_a_copy(
    rows: tuple[tuple[int, float, int], ...], copied: bool
) -> None:
    finding = found("pendant", *sorted({rows[0][0], rows[-1][0]}))
    assert marked(finding, {"pendant": track("pendant", *rows)}).copied is copied


def test_a_call_of_another_kind_that_reached_us_itself_is_no_copy() -> None:
    both = replace(found("pendant", 0), evidence=(("pendant", AT, 1.0), ("fall", AT, 1.0)))
    tracks = {"pendant": track("pendant", (0, 1.0, COPY)), "fall": track("fall", (0, 1.0, NONE))}
    assert not marked(both, tracks).copied
    assert marked(both, tracks | {"fall": track("fall", (0, 1.0, COPY))}).copied


def test_what_is_no_call_is_no_copy_of_one() -> None:
    moved = found("motion", 0)
    assert not marked(moved, {"motion": track("motion", (0, 1.0, COPY))}).copied


def test_a_finding_without_readings_is_no_copy() -> None:
    missing = Finding(Severity.RED, "Nothing heard", AT, "pendant", None, None, (), AT)
    assert not marked(missing, {"pendant": track("pendant", (0, 1.0, COPY))}).copied
