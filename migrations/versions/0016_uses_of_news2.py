"""For whom a clinician has switched NEWS2 on, and how it is set."""

import sqlalchemy as sa
from alembic import op

revision = "0016_uses_of_news2"
down_revision = "0015_absences"
branch_labels = None
depends_on = None

SEEN = "hearth_everyone() OR person_id IN (SELECT hearth_people())"


def upgrade() -> None:
    op.create_table(
        "news2_uses",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "scale",
            sa.Enum("1", "2", name="scale", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("scale_why", sa.Text(), nullable=True),
        sa.Column("within", sa.BigInteger(), nullable=False),
        sa.Column("usual", sa.BigInteger(), nullable=True),
        sa.Column("usual_on", sa.Date(), nullable=True),
        sa.Column("spinal_injury", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("on_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_by_id", sa.BigInteger(), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_by_id", sa.BigInteger(), nullable=True),
        sa.Column("off_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scale = '1' OR scale_why IS NOT NULL", name=op.f("ck_news2_uses_scale_why")),
        sa.CheckConstraint("within BETWEEN 900 AND 86400", name=op.f("ck_news2_uses_within")),
        sa.CheckConstraint("usual BETWEEN 0 AND 20", name=op.f("ck_news2_uses_usual")),
        sa.CheckConstraint("(usual IS NULL) = (usual_on IS NULL)", name=op.f("ck_news2_uses_usual_on")),
        sa.CheckConstraint("(off_at IS NULL) = (off_why IS NULL)", name=op.f("ck_news2_uses_off")),
        sa.ForeignKeyConstraint(["off_by_id"], ["staff.id"], name=op.f("fk_news2_uses_off_by_id")),
        sa.ForeignKeyConstraint(["on_by_id"], ["staff.id"], name=op.f("fk_news2_uses_on_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_news2_uses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news2_uses")),
        sa.UniqueConstraint("uuid", name=op.f("uq_news2_uses_uuid")),
    )
    op.create_index(
        "uq_news2_uses_on", "news2_uses", ["person_id"], unique=True,
        postgresql_where=sa.text("off_at IS NULL"),
    )  # fmt: skip
    op.execute("ALTER TABLE news2_uses ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY workers ON news2_uses TO hearth_app USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY viewer ON news2_uses TO hearth_web USING ({SEEN}) WITH CHECK (true)")


def downgrade() -> None:
    op.drop_table("news2_uses")
