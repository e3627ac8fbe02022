"""From when a follow-up may be done, where it may not be done at any time."""

from alembic import op

revision = "0025_due_windows"
down_revision = "0024_ringing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE follow_ups ADD COLUMN opens_at timestamptz")
