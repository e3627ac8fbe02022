"""Hold the SQL of each migration against squawk: locks, rewrites and breaking changes."""

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

ROOT = Path(__file__).resolve().parent.parent


def alembic(output: TextIO | None = None) -> Config:
    """Alembic's settings, whatever folder this is run from."""
    config = Config(ROOT / "alembic.ini", output_buffer=output)
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def sql_of(before: str | None, revision: str) -> str:
    """What one migration would say to PostgreSQL, inside the transaction that Alembic puts around it."""
    output = io.StringIO()
    command.upgrade(alembic(output), f"{before or 'base'}:{revision}", sql=True)
    return output.getvalue().replace("BEGIN;\n", "", 1).replace("COMMIT;\n", "", 1)


def main() -> None:
    """Write each migration's SQL to a file of its own and let squawk read them all."""
    squawk = Path(sys.executable).parent / "squawk"
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for script in reversed(list(ScriptDirectory.from_config(alembic()).walk_revisions())):
            before = script.down_revision
            path = Path(folder) / f"{script.revision}.sql"
            path.write_text(sql_of(before if isinstance(before, str) else None, script.revision))
            paths.append(str(path))
        sys.exit(subprocess.run([squawk, "--config", ROOT / ".squawk.toml", *paths]).returncode)


if __name__ == "__main__":
    main()
