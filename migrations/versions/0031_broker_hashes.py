"""The hash of a device's secret in the form that Mosquitto reads."""

from alembic import op

revision = "0031_broker_hashes"
down_revision = "0030_found"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE devices ADD COLUMN mosquitto_hash text")
