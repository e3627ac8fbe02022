"""What one shift of a team tells the next, and who took over."""

import sqlalchemy as sa
from alembic import op

revision = "0018_handovers"
down_revision = "0017_rotas"
branch_labels = None
depends_on = None

SEEN = "hearth_everyone() OR team_id IN (SELECT hearth_teams())"


def upgrade() -> None:
    op.create_table(
        "shift_handovers",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("open_alerts", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(taken_at IS NULL) = (taken_by_id IS NULL)", name=op.f("ck_shift_handovers_taken")
        ),
        sa.CheckConstraint("taken_by_id <> given_by_id", name=op.f("ck_shift_handovers_other")),
        sa.ForeignKeyConstraint(["given_by_id"], ["staff.id"], name=op.f("fk_shift_handovers_given_by_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["staff.id"], name=op.f("fk_shift_handovers_taken_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_shift_handovers_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_handovers")),
        sa.UniqueConstraint("uuid", name=op.f("uq_shift_handovers_uuid")),
    )
    op.create_index("ix_shift_handovers_team", "shift_handovers", ["team_id", "given_at"], unique=False)
    op.execute("ALTER TABLE shift_handovers ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY workers ON shift_handovers TO hearth_app USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY viewer ON shift_handovers TO hearth_web USING ({SEEN}) WITH CHECK (true)")


def downgrade() -> None:
    op.drop_table("shift_handovers")
