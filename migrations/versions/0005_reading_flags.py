"""Staff on a page may say that a reading was entered in error; its value stays as it is."""

from alembic import op

revision = "0005_reading_flags"
down_revision = "0004_idempotency"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT UPDATE (flags) ON readings TO hearth_web")
