"""Whether an alert may be a test, and whether a message may have been sent twice."""

from alembic import op

revision = "0029_marks"
down_revision = "0028_push"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE alerts ADD COLUMN may_be_test boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE messages ADD COLUMN maybe_twice boolean NOT NULL DEFAULT false")
