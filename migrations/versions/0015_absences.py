"""Times that people are away from home."""

import sqlalchemy as sa
from alembic import op

revision = "0015_absences"
down_revision = "0014_restricted_rows"
branch_labels = None
depends_on = None

WHY = ("hospital", "respite", "holiday", "elsewhere")
SEEN = (
    "hearth_everyone() OR person_id IN (SELECT hearth_people()) OR person_id IN (SELECT hearth_people_sent())"
)


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(*WHY, name="away", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("known_from", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > began_at", name=op.f("ck_absences_period")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_absences_confirmed")
        ),
        sa.CheckConstraint("begun_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("ck_absences_begun")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["staff.id"], name=op.f("fk_absences_confirmed_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["staff.id"], name=op.f("fk_absences_ended_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["staff.id"], name=op.f("fk_absences_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("uuid", name=op.f("uq_absences_uuid")),
    )
    op.create_index("ix_absences_person", "absences", ["person_id", "began_at"], unique=False)
    op.create_index(
        "ix_absences_to_begin", "absences", ["began_at"], unique=False,
        postgresql_where=sa.text("confirmed_at IS NOT NULL AND begun_at IS NULL AND ended_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_absences_to_end", "absences", ["ends_at"], unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "uq_absences_open", "absences", ["person_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.execute("ALTER TABLE absences ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY workers ON absences TO hearth_app USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY viewer ON absences TO hearth_web USING ({SEEN}) WITH CHECK (true)")


def downgrade() -> None:
    op.drop_table("absences")
