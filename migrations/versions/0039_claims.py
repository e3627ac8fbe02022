"""What was heard of kit since its secret was set, codes to claim it, and kit that is people's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039_claims"
down_revision = "0038_protection_work"
branch_labels = None
depends_on = None

DEVICE = "EXISTS (SELECT FROM devices WHERE devices.id = device_id)"
SEEN = {
    "heard_ways": DEVICE,
    "claim_codes": f"hearth_staff() IS NOT NULL AND {DEVICE}",
    "claim_tries": "false",  # counted and never shown
    "own_kit": "device_id IN (SELECT hearth_kit())",
    "own_kit_checks": "device_id IN (SELECT hearth_kit())",
}


def _at(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _device(table: str) -> tuple["sa.Column[object]", sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f(f"fk_{table}_device_id"))
    return sa.Column("device_id", sa.BigInteger(), nullable=False), key


def upgrade() -> None:
    op.create_table(
        "heard_ways",
        *_device("heard_ways"),
        sa.Column("format", sa.Text(), nullable=False),
        _at("last_at"),
        sa.Column("marks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "format", name=op.f("pk_heard_ways")),
        postgresql_with={"fillfactor": "60"},
    )
    op.create_table(
        "claim_codes",
        *_device("claim_codes"),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("for_home", sa.Boolean(), nullable=False),
        _at("expires_at"),
        _at("used_at", nullable=True),
        _at("withdrawn_at", nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        _at("changed_at"),
        _at("deleted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_claim_codes_code_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_claim_codes_uuid")),
    )
    op.create_index(
        "uq_claim_codes_in_force",
        "claim_codes",
        ["device_id"],
        unique=True,
        postgresql_where=sa.text("used_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "claim_tries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claimant", sa.Text(), nullable=False),
        _at("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_tries")),
    )
    op.create_index("ix_claim_tries_claimant", "claim_tries", ["claimant", "at"])
    op.create_table(
        "own_kit",
        *_device("own_kit"),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("way", _enum("way", "by_hand", "by_itself"), nullable=False),
        _at("added_at"),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("checked", postgresql.TSTZMULTIRANGE(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_own_kit")),
    )
    op.create_table(
        "own_kit_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *_device("own_kit_checks"),
        _at("asked_at"),
        sa.Column("follow_up_id", sa.BigInteger(), nullable=False),
        _at("done_at", nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("found", _enum("found", "right", "not_right", "cant_tell"), nullable=True),
        sa.Column("compared", postgresql.JSONB(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        _at("counts_from", nullable=True),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_own_kit_checks_follow_up_id")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["staff.id"], name=op.f("fk_own_kit_checks_done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_kit_checks")),
    )
    op.create_index(op.f("ix_own_kit_checks_device_id"), "own_kit_checks", ["device_id"])
    for table, whose in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(
            f"CREATE POLICY viewer ON {table} TO hearth_web "
            f"USING (hearth_everyone() OR {whose}) WITH CHECK (true)"
        )
