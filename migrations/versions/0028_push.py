"""Browsers in which members of staff are told."""

import sqlalchemy as sa
from alembic import op

revision = "0028_push"
down_revision = "0027_reminders"
branch_labels = None
depends_on = None

OWN = "staff_id = (SELECT hearth_staff())"


def upgrade() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_push_subscriptions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("uuid", name=op.f("uq_push_subscriptions_uuid")),
    )
    op.create_index("ix_push_subscriptions_staff", "push_subscriptions", ["staff_id"])
    open_ = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_push_subscriptions_endpoint",
        "push_subscriptions",
        ["staff_id", "endpoint"],
        unique=True,
        postgresql_where=open_,
    )
    op.execute("ALTER TABLE push_subscriptions ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY workers ON push_subscriptions TO hearth_app USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY viewer ON push_subscriptions TO hearth_web USING ({OWN}) WITH CHECK ({OWN})")
