"""The second wall: what the web role reads is limited by the database itself."""

revision = "0012_row_security"
down_revision = "0011_authority"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
