"""Whole systems, started as anybody starts them, with nothing of the environment's own settings."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.system import Api, WholeSystem


def without_settings() -> dict[str, str]:
    """The environment without any setting of Hearthline's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")}


@pytest.fixture(scope="module")
def system() -> Iterator[WholeSystem]:
    """An empty installation, shared by the tests of a module: each registers people and kit of its own."""
    with tempfile.TemporaryDirectory(prefix="hearth-journey-") as folder:
        arguments = ("--seed", "none")
        with WholeSystem(Path(folder), *arguments, environment=without_settings()) as running:
            yield running


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where an installation can live: not below pytest's own, which each run shuts to other accounts."""
    with tempfile.TemporaryDirectory(prefix="hearth-journey-") as name:
        yield Path(name)


@pytest.fixture
def api(system: WholeSystem) -> Iterator[Api]:
    """Its REST API, with every scope."""
    with system.api() as client:
        yield client
