"""Keys of writes that programs may send twice; the web may ask which migration it stands on."""

import sqlalchemy as sa
from alembic import op

revision = "0004_idempotency"
down_revision = "0003_care_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("staff_id", "key", name=op.f("uq_idempotency_keys_staff_id_key")),
    )
    op.create_index("ix_idempotency_keys_at", "idempotency_keys", ["at"], unique=False)
    # Alembic's own table is older than the default privileges that 0001 sets
    op.execute("GRANT SELECT ON alembic_version TO hearth_app, hearth_web")
