"""What kit last said of its power, its lines and its faults; and alerts that rest on a copy of a call."""

import sqlalchemy as sa
from alembic import op

revision = "0037_kit_events"
down_revision = "0036_silences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE alerts ADD COLUMN copied boolean NOT NULL DEFAULT false")
    op.add_column("alerts", sa.Column("centre", sa.Text(), nullable=True))
    op.create_table(
        "kit_states",
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turned", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_kit_states_device_id")),
        sa.PrimaryKeyConstraint("device_id", "kind", "channel", name=op.f("pk_kit_states")),
    )
    op.create_index("ix_kit_states_kind", "kit_states", ["kind", "value"])
    seen = "hearth_everyone() OR EXISTS (SELECT FROM devices WHERE devices.id = kit_states.device_id)"
    op.execute("ALTER TABLE kit_states ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY workers ON kit_states TO hearth_app USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY viewer ON kit_states TO hearth_web USING ({seen}) WITH CHECK (true)")
