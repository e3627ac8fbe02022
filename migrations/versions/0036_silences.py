"""When kit was not heard, when we did not listen, and by which hubs a sensor is heard."""

import sqlalchemy as sa
from alembic import op

revision = "0036_silences"
down_revision = "0035_summaries"
branch_labels = None
depends_on = None

SEEN = {
    "silences": "EXISTS (SELECT FROM devices WHERE devices.id = silences.device_id)",
    "also_heard": "EXISTS (SELECT FROM devices WHERE devices.id = also_heard.device_id)",
}


def upgrade() -> None:
    op.add_column("expectations", sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "silences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "why",
            sa.Enum("unheard", "work", name="why", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_silences_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_index("ix_silences_device", "silences", ["device_id", "since"])
    op.create_index(
        "uq_silences_open",
        "silences",
        ["device_id", "why"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "listened",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listened")),
    )
    op.create_table(
        "also_heard",
        sa.Column("hub_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["devices.id"], name=op.f("fk_also_heard_hub_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_also_heard_device_id")),
        sa.PrimaryKeyConstraint("hub_id", "address", name=op.f("pk_also_heard")),
    )
    op.create_index(op.f("ix_also_heard_device_id"), "also_heard", ["device_id"])
    # How it stands is known since it stands so; what was before is not, and is not claimed.
    op.execute("UPDATE expectations SET began_at = state_since")
    op.execute(
        "INSERT INTO silences (device_id, since, why) SELECT device_id, state_since, 'unheard' "
        "FROM expectations WHERE source = 'kit' AND ended_at IS NULL AND state <> 'heard'"
    )
    for table, whose in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(
            f"CREATE POLICY viewer ON {table} TO hearth_web "
            f"USING (hearth_everyone() OR {whose}) WITH CHECK (true)"
        )
