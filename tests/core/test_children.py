import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest

from core.children import QUICK_RESTARTS, Child, Children, pause_after
from core.errors import Unavailable

SLEEPER = (sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(60)")
ROOT = Path(__file__).parents[2]


def child(name: str, command: tuple[str, ...] = SLEEPER, ready: Callable[[], bool] = lambda: True) -> Child:
    return Child(name, command, ready)


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def changes() -> list[dict[str, int]]:
    return []


@pytest.fixture
def children(tmp_path: Path, said: list[str], changes: list[dict[str, int]]) -> Iterator[Children]:
    children = Children(tmp_path / "logs", Event(), say=said.append, on_change=changes.append)
    yield children
    children.stop_all()


def test_it_waits_until_a_child_is_ready(children: Children, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "one.log"
    children.start(child("one", ready=lambda: log.exists() and "awake" in log.read_text()))
    assert "awake" in log.read_text()
    assert psutil.pid_exists(children.pids()["one"])


def test_a_dead_child_is_back_within_a_second_and_its_pid_is_told(
    children: Children, changes: list[dict[str, int]], said: list[str]
) -> None:
    children.start(child("one"))
    first = children.pids()["one"]
    os.kill(first, signal.SIGKILL)
    died = time.monotonic()
    until(lambda: children.tend() or children.pids()["one"] != first)
    assert time.monotonic() - died < 1.0
    assert changes == [children.pids()]
    assert said == ["one is up", "one ended by itself (code -9)", "one was started again"]


def test_five_deaths_in_a_row_are_answered_at_once_and_then_the_pause_grows_to_a_limit() -> None:
    assert [pause_after(deaths) for deaths in (1, QUICK_RESTARTS)] == [0.2, 0.2]
    assert pause_after(QUICK_RESTARTS + 2) == 0.8
    assert pause_after(1_000_000) == 30.0


def test_a_child_that_ends_while_starting_is_reported_with_the_end_of_its_log(children: Children) -> None:
    broken = child("one", (sys.executable, "-c", "raise SystemExit('no such setting')"), lambda: False)
    with pytest.raises(Unavailable, match=r"one ended while starting\.\nno such setting"):
        children.start(broken)


def test_a_child_that_never_answers_is_reported(children: Children) -> None:
    with pytest.raises(Unavailable, match="one did not answer in time"):
        children.start(child("one", ready=lambda: False), within=0.3)


def test_what_a_child_needs_before_it_starts_is_done_at_each_start(children: Children) -> None:
    done: list[str] = []
    children.start(Child("one", SLEEPER, lambda: True, before=lambda: done.append("cleared")))
    os.kill(children.pids()["one"], signal.SIGKILL)
    until(lambda: children.tend() or len(done) == 2)


def test_children_stop_in_reverse_order_with_the_signal_each_asks_for(tmp_path: Path) -> None:
    order = tmp_path / "order"
    program = (
        "import signal, sys, time\n"
        "def stop(number, frame):\n"
        f"    open({str(order)!r}, 'a').write(f'{{sys.argv[1]}} {{number}}\\n')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop); signal.signal(signal.SIGINT, stop)\n"
        "open(sys.argv[2], 'w').close()\n"
        "time.sleep(60)\n"
    )
    children = Children(tmp_path, Event())
    for name, by in (("first", signal.SIGINT), ("second", signal.SIGTERM)):
        flag = tmp_path / name
        command = (sys.executable, "-c", program, name, str(flag))
        children.start(Child(name, command, flag.exists, stop_signal=by))
    children.stop_all()
    assert order.read_text() == f"second {int(signal.SIGTERM)}\nfirst {int(signal.SIGINT)}\n"


def test_workers_are_stopped_at_the_same_time_and_before_what_they_need(tmp_path: Path) -> None:
    order = tmp_path / "order"
    program = (
        "import signal, sys, time\n"
        "def stop(number, frame):\n"
        "    time.sleep(float(sys.argv[3]))\n"
        f"    open({str(order)!r}, 'a').write(sys.argv[1] + '\\n')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "open(sys.argv[2], 'w').close()\n"
        "time.sleep(60)\n"
    )
    children = Children(tmp_path, Event())
    for name, takes in (("server", 0), ("one", 1), ("two", 2)):
        flag = tmp_path / name
        command = (sys.executable, "-c", program, name, str(flag), str(takes))
        children.start(Child(name, command, flag.exists, worker=name != "server"))
    began = time.monotonic()
    children.stop_all()
    assert time.monotonic() - began < 3.0
    assert order.read_text().splitlines() == ["one", "two", "server"]
    assert children.pids() == {}


def test_a_child_that_cannot_be_started_again_yet_is_tried_later_and_ends_nobody_else(
    children: Children,
) -> None:
    tried: list[int] = []

    def fail_twice() -> None:
        tried.append(0)
        if len(tried) in (2, 3):
            raise OSError(errno.ENOSPC, "No space left on device")

    children.start(child("other"))
    children.start(Child("one", SLEEPER, lambda: True, before=fail_twice))
    first = children.pids()["one"]
    os.kill(first, signal.SIGKILL)
    until(lambda: children.tend() or children.pids()["one"] != first)
    assert len(tried) == 4
    assert psutil.pid_exists(children.pids()["other"])


def test_a_change_that_cannot_be_written_down_ends_nothing_and_is_told_again(tmp_path: Path) -> None:
    told: list[dict[str, int]] = []
    full = [True]

    def write(pids: dict[str, int]) -> None:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        told.append(pids)

    children = Children(tmp_path / "logs", Event(), on_change=write)
    try:
        children.start(child("one"))
        first = children.pids()["one"]
        os.kill(first, signal.SIGKILL)
        until(lambda: children.tend() or children.pids()["one"] != first)
        full.clear()
        until(lambda: children.tend() or bool(told))
        assert told == [children.pids()]
    finally:
        children.stop_all()


def test_a_log_that_grows_too_long_begins_anew_while_its_child_writes(
    children: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.children.BIGGEST_LOG", 5000)
    monkeypatch.setattr("core.children.LOGS_EVERY", 0.1)
    talker = "import time\nwhile True: print('x' * 999, flush=True); time.sleep(0.01)"
    children.start(child("one", (sys.executable, "-c", talker)))
    log = tmp_path / "logs" / "one.log"
    before = tmp_path / "logs" / "one.log.1"
    until(lambda: children.tend() or before.exists())
    until(lambda: log.stat().st_size > 0)
    assert log.read_bytes()[:1] == b"x", "no hole where the old lines were"
    assert before.stat().st_size > 5000


def test_every_child_dies_with_a_parent_that_is_killed_outright(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from threading import Event; import sys\n"
        "from core.children import Child, Children\n"
        "children = Children(Path(sys.argv[1]), Event())\n"
        "children.start(Child('one', (sys.executable, '-c', 'import time; time.sleep(60)'), lambda: True))\n"
        "print(children.pids()['one'], flush=True)\n"
        "children.watch()\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        parent.kill()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_starting_is_given_up_when_the_stop_event_is_set(tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    children = Children(tmp_path, stop)
    children.start(child("one", ready=lambda: False))
    children.watch()
    children.stop_all()
    assert children.pids() == {}
