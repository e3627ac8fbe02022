"""Typed identifiers, likely duplicates, merges, warnings about visits, deaths."""

revision = "0010_identity"
down_revision = "0009_referrals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
