"""The whole plan: strengths, confidence, stage goals, wishes, agreement."""

revision = "0007_whole_plan"
down_revision = "0006_sharing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
