"""Sensors that hubs speak for, what kit announces of its messages, and unknown traffic only counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_found"
down_revision = "0029_marks"
branch_labels = None
depends_on = None

SEEN = {
    "found_sensors": "EXISTS (SELECT FROM devices WHERE devices.id = found_sensors.hub_id)",
    "announcements": "EXISTS (SELECT FROM devices WHERE devices.id = announcements.device_id)",
    "not_kept": (
        "hearth_staff() IS NOT NULL "
        "AND (device_id IS NULL OR EXISTS (SELECT FROM devices WHERE devices.id = not_kept.device_id))"
    ),
}


def upgrade() -> None:
    op.add_column("device_words", sa.Column("speaks_every_seconds", sa.Float(), nullable=True))
    op.add_column("devices", sa.Column("listens_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("devices", sa.Column("reads_as", postgresql.JSONB(), nullable=True))
    op.create_table(
        "found_sensors",
        sa.Column("hub_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["devices.id"], name=op.f("fk_found_sensors_hub_id")),
        sa.PrimaryKeyConstraint("hub_id", "address", name=op.f("pk_found_sensors")),
    )
    op.create_table(
        "announcements",
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_announcements_device_id")),
        sa.PrimaryKeyConstraint("device_id", "topic", name=op.f("pk_announcements")),
    )
    op.create_table(
        "not_kept",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_not_kept_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_kept")),
    )
    op.create_index(
        "uq_not_kept",
        "not_kept",
        ["day", "device_id", "code"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    for table, whose in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(
            f"CREATE POLICY viewer ON {table} TO hearth_web "
            f"USING (hearth_everyone() OR {whose}) WITH CHECK (true)"
        )
