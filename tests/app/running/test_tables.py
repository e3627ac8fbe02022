"""Those processes that write alerts and their work know every table that these point at."""

import subprocess
import sys

import pytest

from tests.house.source import ROOT

LOOK = """
import importlib, sys
importlib.import_module("app.running." + sys.argv[1])
from core.db import Base
keys = [key for table in Base.metadata.tables.values() for key in table.foreign_keys if not key.use_alter]
for key in keys:
    key.column
"""


@pytest.mark.parametrize("name", ["evaluate", "schedule"])
def test_a_process_knows_whatever_its_tables_point_at(name: str) -> None:
    asked = [sys.executable, "-c", LOOK, name]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
