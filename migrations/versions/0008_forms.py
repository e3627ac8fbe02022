"""Questionnaires, what was answered, and attachments."""

revision = "0008_forms"
down_revision = "0007_whole_plan"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
