"""Bring a database to the newest migration, as its owner."""

from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

FOLDER = Path(__file__).parent.parent / "migrations"


def alembic(url: str = "") -> Alembic:
    """Alembic's own configuration for the database at `url`."""
    settings = Alembic()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


def upgrade(owner_url: str) -> None:
    """Run every migration that is still missing."""
    command.upgrade(alembic(owner_url), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest migration that this code knows."""
    newest = ScriptDirectory.from_config(alembic()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def owner_engine(owner_url: str) -> Engine:
    """An engine as the owner, for the few things that only the owner does."""
    return create_engine(owner_url, pool_size=1)
