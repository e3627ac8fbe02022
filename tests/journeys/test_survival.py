"""Processes are killed at work, and every reading is stored once and every due alert raised once."""

from pathlib import Path

import pytest

from bench import survival

pytestmark = pytest.mark.journey


def test_every_reading_and_every_due_alert_is_there_once_however_often_processes_die(folder: Path) -> None:
    tally = survival.run(folder, messages=1_500, people=10, messages_a_second=150)
    assert tally == survival.Tally(
        messages=1_500,
        readings=3_000,
        stored=3_000,
        conflicts=0,
        rejected=0,
        due=5,
        raised_once=5,
        raised_again=0,
        undue=0,
        waiting=0,
        killed=8,
    )
    assert tally.clean
