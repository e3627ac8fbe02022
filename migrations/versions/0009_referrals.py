"""Referrals and transfers between agencies."""

revision = "0009_referrals"
down_revision = "0008_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
