"""Of which due time of a follow-up somebody was reminded."""

from alembic import op

revision = "0027_reminders"
down_revision = "0026_ways"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE follow_ups ADD COLUMN reminded_for timestamptz")
