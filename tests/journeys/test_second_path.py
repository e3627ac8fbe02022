"""Somebody outside is told when the process stops that climbs ladders."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.auditing import pages
from app.auditing.troubles import NO_DATABASE
from bench.system import WholeSystem
from tests.app.auditing.listening import Listener, listening
from tests.journeys.conftest import without_settings
from tests.journeys.household import until

pytestmark = pytest.mark.journey
WITHIN = 120.0
"""Seconds until somebody has to know."""


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """These live meanwhile, so that nobody starts them again, and do nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def await_trouble(outside: Listener, key: str) -> str:
    """What is told of a trouble, which has to be soon."""
    began = time.monotonic()
    told = until(
        lambda: [one for one in outside.heard if key in one["troubles"]], f"the alarm of {key}", within=WITHIN
    )
    assert time.monotonic() - began < WITHIN
    return str(told[-1]["troubles"][key])


def await_end(outside: Listener, key: str) -> None:
    """Until it is told that a trouble is over."""
    until(lambda: [one for one in outside.heard if key in one["over"]], f"that {key} is over", within=WITHIN)


def test_a_stopped_escalation_is_told_by_the_second_path_within_two_minutes(tmp_path: Path) -> None:
    with listening() as outside:
        environment = {**without_settings(), "HEARTH_ALARM_URL": outside.url}
        with WholeSystem(tmp_path, environment=environment) as system:
            with stopped(system.pid("schedule")):
                told = await_trouble(outside, "schedule")
            assert "Ladders, messages and follow-ups stand still." in told
            await_end(outside, "schedule")


def test_a_database_that_holds_the_line_and_pages_that_hang_are_told_within_two_minutes(
    tmp_path: Path,
) -> None:
    with listening() as outside:
        environment = {**without_settings(), "HEARTH_ALARM_URL": outside.url}
        with WholeSystem(tmp_path, environment=environment) as system:
            web = psutil.Process(system.pid("web"))
            with stopped(*(each.pid for each in [web, *web.children(recursive=True)])):
                assert await_trouble(outside, "pages") == pages.SILENT
            await_end(outside, "pages")
            server = psutil.Process(system.pid("postgres"))
            # The server first: its children's connections stay open, and new ones are taken by nobody.
            with stopped(*(each.pid for each in [server, *server.children(recursive=True)])):
                assert await_trouble(outside, "database") == NO_DATABASE
                assert not any("database" in one["over"] for one in outside.heard)
            await_end(outside, "database")
