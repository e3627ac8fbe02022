from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from core.metrics import Figure, render
from core.models import Heartbeat

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_each_worker_shows_its_silence_its_oldest_waiting_work_and_its_counts() -> None:
    beat = Heartbeat(
        name="evaluate-1",
        at=NOW - timedelta(seconds=4),
        oldest_waiting_seconds=1.5,
        counts={"judged": 12, "note": "not a number"},
    )
    assert samples(render([beat], now=NOW)) == {
        ("hearth_worker_silent_seconds", "evaluate-1"): 4.0,
        ("hearth_worker_oldest_waiting_seconds", "evaluate-1"): 1.5,
        ("hearth_worker_counted_total", "evaluate-1", "judged"): 12.0,
    }


def test_a_worker_with_nothing_waiting_shows_zero() -> None:
    beat = Heartbeat(name="seal", at=NOW, oldest_waiting_seconds=None, counts={})
    assert samples(render([beat], now=NOW))["hearth_worker_oldest_waiting_seconds", "seal"] == 0.0


def test_a_tick_that_can_tell_shows_its_oldest_waiting_work() -> None:
    ticks = {"sum hours": {"well": 0.5, "late": 66.0, "waits": 9.0}, "seal": {"well": 0.1, "late": 61.5}}
    beat = Heartbeat(name="schedule", at=NOW, oldest_waiting_seconds=None, counts={"ticks": ticks})
    found = samples(render([beat], now=NOW))
    assert {key: value for key, value in found.items() if key[0].startswith("hearth_tick")} == {
        ("hearth_tick_oldest_waiting_seconds", "schedule", "sum hours"): 9.0
    }


def test_figures_of_one_name_become_one_family() -> None:
    figures = [
        Figure("hearth_alerts_open", "Open alerts.", 3, {"severity": "red"}),
        Figure("hearth_alerts_open", "Open alerts.", 5, {"severity": "amber"}),
        Figure("hearth_rejected", "Messages that could not be read.", 2),
    ]
    text = render([], figures, now=NOW)
    assert text.count(b"# TYPE hearth_alerts_open gauge") == 1
    assert samples(text) == {
        ("hearth_alerts_open", "red"): 3.0,
        ("hearth_alerts_open", "amber"): 5.0,
        ("hearth_rejected",): 2.0,
    }
