"""Who of a team is on duty: layers of turns, and covers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_rotas"
down_revision = "0016_uses_of_news2"
branch_labels = None
depends_on = None


def _envelope(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uuid", name=op.f(f"uq_{table}_uuid")),
    ]


def upgrade() -> None:
    op.create_table(
        "rotas",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("layers", postgresql.JSONB(), nullable=False),
        *_envelope("rotas"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_rotas_team_id")),
        sa.UniqueConstraint("team_id", name=op.f("uq_rotas_team_id")),
    )
    op.create_table(
        "rota_covers",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        *_envelope("rota_covers"),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_rota_covers_period")),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_rota_covers_made_by_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rota_covers_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_rota_covers_team_id")),
    )
    op.create_index("ix_rota_covers_team", "rota_covers", ["team_id", "ends_at"], unique=False)


def downgrade() -> None:
    op.drop_table("rota_covers")
    op.drop_table("rotas")
