"""What is made of the looks at a simulated day, and what is read of it from the product's tables."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bench.day_figures import Sample, late, longest_queues, memories
from bench.day_report import Found, read, said
from devices.measurement import Flags
from devices.models import Batch, NotKept, Reading, ReadingConflict, Rejected, Series
from tests.cast import Cast
from tests.devices import kit


def looks(megabytes: list[float], *, waited: float = 0.0) -> list[Sample]:
    """Two looks in each simulated hour at a process that uses as much then."""
    return [
        Sample(hour + half, {"intake": used}, waited, {"unread": hour})
        for hour, used in enumerate(megabytes)
        for half in (0.0, 0.5)
    ]


@pytest.mark.parametrize(
    ("megabytes", "level"),
    [
        ([50, 100, 100, 100], True),
        ([50, 100, 105, 110], True),
        ([50, 100, 105, 111], False),
        ([50, 300, 320, 330], True),
        ([50, 300, 320, 331], False),
        ([50, 100, 180, 100], True),
        ([50, 300, 200, 100], True),
    ],
)
def test_memory_is_level_while_it_grew_by_no_more_than_a_tenth_or_ten_megabytes(
    megabytes: list[float], level: bool
) -> None:
    [found] = memories(looks(megabytes), 1)
    assert found.level is level


def test_memory_is_told_from_the_end_of_the_warming_up_and_with_its_slope() -> None:
    [found] = memories(looks([10, 100, 102, 104]), 1)
    assert (found.first, found.last, found.most) == (100, 104, 104)
    assert found.slope == pytest.approx(2, rel=0.2)


def test_a_process_that_was_not_there_all_along_is_not_judged() -> None:
    samples = [*looks([10, 10]), Sample(2.0, {"intake": 10.0, "simulate": 5.0}, 0.0, {})]
    assert [each.name for each in memories(samples, 1)] == ["intake"]


def test_a_day_that_ended_while_warming_up_judges_nothing() -> None:
    assert memories(looks([10]), 1) == []


def test_looks_at_which_somebody_waited_too_long_are_counted() -> None:
    assert late([*looks([1], waited=2.0), *looks([1, 1], waited=2.1)]) == 4


def test_the_longest_of_each_queue_is_kept() -> None:
    assert longest_queues(looks([1, 1, 1])) == {"unread": 2}


def test_what_was_doubtful_and_rejected_is_read_by_kind_and_code_with_its_homes(
    session: Session, cast: Cast, now: datetime
) -> None:
    device = kit.device(session, "hub-1")
    series = Series(device_id=device.id, channel="", kind="spo2")
    batch, before = (Batch(received_at=at, stored_at=at) for at in (now, now - timedelta(days=1)))
    session.add_all((series, batch, before))
    session.flush()
    flags = (0, int(Flags.LATE), int(Flags.LATE | Flags.CLOCK_CORRECTED))
    session.add_all(
        Reading(
            series_id=series.id,
            measured_at=now - timedelta(minutes=n),
            value=93,
            flags=flag,
            batch_id=batch.id,
        )
        for n, flag in enumerate(flags)
    )
    session.add(
        Reading(
            series_id=series.id, measured_at=now - timedelta(days=1), value=93, flags=8, batch_id=before.id
        )
    )
    session.add(ReadingConflict(series_id=series.id, measured_at=now, value=94, flags=0, batch_id=batch.id))
    session.add(
        Rejected(received_at=now, device_id=device.id, topic="t", size=1, code="not_json", reason="Not JSON")
    )
    session.add(NotKept(day=now.date(), device_id=None, code="unknown_device", messages=7, last_at=now))
    session.flush()
    found = read(session, now - timedelta(hours=1))
    assert list(found.stored) == [3, 1, 0]
    assert found.flagged == [("spo2", 2, 1, 0, 0, 0, 0, 0)]
    assert found.conflicts == [("spo2", 1, 0)]
    assert found.rejected == [("unknown_device", 0, 7, 0, None), ("not_json", 1, 0, 0, "Not JSON")]
    assert list(found.unplaced) == [0, 0]


def test_a_day_without_any_fault_says_so() -> None:
    text = said(Found((5, 1, 1), [], [], [], [], (0, 0)), dropped=2)
    assert "2 came again and were dropped" in text
    for title in ("Stored, and doubtful", "In conflict with what was stored before", "Rejected, by code"):
        assert f"{title}: nothing." in text
