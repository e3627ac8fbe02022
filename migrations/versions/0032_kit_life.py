"""The life of kit, its dates, and recalls of a model or a lot."""

import sqlalchemy as sa
from alembic import op

revision = "0032_kit_life"
down_revision = "0031_broker_hashes"
branch_labels = None
depends_on = None

DATES = "due_back_on", "calibrated_on", "calibration_due_on", "battery_changed_on"

# What is validated here holds thousands of rows, not millions: reads wait for milliseconds.
MOVES = """
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint
ALTER TABLE devices DROP CONSTRAINT ck_devices_devicestate;
ALTER TABLE devices ADD CONSTRAINT ck_devices_devicestate CHECK (state IN (
  'in_stock', 'reserved', 'installed', 'recovered', 'cleaned', 'in_repair', 'lost', 'retired'
)) NOT VALID;
ALTER TABLE devices VALIDATE CONSTRAINT ck_devices_devicestate
"""


def upgrade() -> None:
    for statement in MOVES.split(";\n"):
        op.execute(statement)
    op.add_column("devices", sa.Column("state_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("devices", sa.Column("reserved_for", sa.Text(), nullable=True))
    for name in DATES:
        op.add_column("devices", sa.Column(name, sa.Date(), nullable=True))
    op.create_table(
        "recalls",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalls")),
        sa.UniqueConstraint("uuid", name=op.f("uq_recalls_uuid")),
    )
