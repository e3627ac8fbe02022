import gc
import os
import signal
import time
from collections.abc import Callable
from threading import Event

import pytest

from core import worker
from core.worker import Beat, run, stop_on_signals


class Away(Exception):
    """The database is away."""


def script(stop: Event, *turns: bool | Exception) -> Callable[[], bool]:
    """A step that answers each turn in order, and asks to stop with the last."""
    left = list(turns)

    def step() -> bool:
        turn = left.pop(0)
        if not left:
            stop.set()
        if isinstance(turn, Exception):
            raise turn
        return turn

    return step


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    taken: list[float] = []
    monkeypatch.setattr(Event, "wait", lambda _self, seconds=None: taken.append(seconds))
    return taken


def test_it_goes_on_at_once_while_there_is_work_and_waits_when_there_is_none(waits: list[float]) -> None:
    stop = Event()
    run(script(stop, True, True, False, True), name="w", idle=0.7, stop=stop)
    assert waits == [0.7]


def test_a_named_error_is_tried_again_after_a_growing_pause_that_a_success_resets(waits: list[float]) -> None:
    stop = Event()
    run(script(stop, Away(), Away(), True, Away()), name="w", idle=1, stop=stop, retry_on=(Away,))
    assert waits == [0.25, 0.5, 0.25]


def test_the_pause_has_a_limit(waits: list[float]) -> None:
    stop = Event()
    run(script(stop, *[Away()] * 12), name="w", idle=1, stop=stop, retry_on=(Away,))
    assert max(waits) == worker.LONGEST_PAUSE


def test_an_error_that_was_not_named_ends_the_worker() -> None:
    stop = Event()
    with pytest.raises(ZeroDivisionError):
        run(script(stop, ZeroDivisionError(), True), name="w", idle=1, stop=stop, retry_on=(Away,))


def test_a_retry_is_logged_without_the_errors_text(
    waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    stop = Event()
    run(script(stop, Away("key (nhs_number)=(943 476 5919)")), name="w", idle=1, stop=stop, retry_on=(Away,))
    (record,) = caplog.records
    assert record.getMessage() == "step failed, trying again"
    assert "943 476" not in str(vars(record))


def test_it_says_what_it_did_in_its_heartbeats(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> None:
    monkeypatch.setattr(worker, "BEAT_EVERY", 0.0)
    stop, beats = Event(), list[Beat]()
    turns = script(stop, True, Away(), False, True)
    run(turns, name="w", idle=0, stop=stop, heartbeat=beats.append, retry_on=(Away,))
    assert beats == [Beat("w", 0, 0, 0), Beat("w", 1, 1, 0), Beat("w", 1, 1, 1), Beat("w", 2, 1, 1)]


def test_a_heartbeat_that_fails_is_tried_again_like_a_step(waits: list[float]) -> None:
    stop = Event()
    failing = [True]

    def beat(_beat: Beat) -> None:
        if failing.pop():
            failing.append(False)
            raise Away

    run(script(stop, True), name="w", idle=0, stop=stop, heartbeat=beat, retry_on=(Away,))
    assert waits == [0.25]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_also_while_it_waits(number: signal.Signals) -> None:
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        stop = stop_on_signals()
        began = time.monotonic()

        def step() -> bool:
            os.kill(os.getpid(), number)
            return False

        run(step, name="w", idle=30, stop=stop)
        assert time.monotonic() - began < 5
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_a_worker_that_holds_many_things_has_garbage_looked_for_seldom() -> None:
    before = gc.get_threshold()
    try:
        worker.collect_seldom()
        assert gc.get_threshold()[0] == worker.COLLECT_EVERY
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
