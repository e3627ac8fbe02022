"""Capacity, monitoring agreements, proxies and concerns."""

revision = "0011_authority"
down_revision = "0010_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
