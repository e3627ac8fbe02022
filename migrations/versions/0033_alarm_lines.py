"""How the alarms of each home reach whoever answers them."""

import sqlalchemy as sa
from alembic import op

revision = "0033_alarm_lines"
down_revision = "0032_kit_life"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm_lines",
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "line",
            sa.Enum(
                "analogue",
                "digital",
                "mobile",
                name="linetype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("centre", sa.Text(), nullable=True),
        sa.Column("migrates_on", sa.Date(), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("battery_hours", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_alarm_lines_home_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_lines")),
        sa.UniqueConstraint("home_id", name=op.f("uq_alarm_lines_home_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_alarm_lines_uuid")),
    )
    seen = "hearth_everyone() OR EXISTS (SELECT FROM homes WHERE homes.id = alarm_lines.home_id)"
    op.execute("ALTER TABLE alarm_lines ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY workers ON alarm_lines TO hearth_app USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY viewer ON alarm_lines TO hearth_web USING ({seen}) WITH CHECK (true)")
