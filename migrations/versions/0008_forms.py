"""Questionnaires as they were filled in, and attachments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_forms"
down_revision = "0007_whole_plan"
branch_labels = None
depends_on = None

CLASSES = (
    "contact",
    "plan",
    "vitals",
    "mental_health",
    "activity",
    "safety_events",
    "home_environment",
    "energy",
    "finance",
    "notes",
    "restricted",
)


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def envelope(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uuid", name=op.f(f"uq_{table}_uuid")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f(f"fk_{table}_agency_id")),
    )


def upgrade() -> None:
    op.create_table(
        "filled_forms",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("form_code", sa.Text(), nullable=False),
        sa.Column("form_version", sa.BigInteger(), nullable=False),
        sa.Column("record_class", one_of("recordclass", *CLASSES), nullable=False),
        sa.Column("state", one_of("fillstate", "draft", "complete"), nullable=False),
        sa.Column("answers", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("scores", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column(
            "answered_by",
            one_of("answeredby", "person", "representative", "carer", "staff"),
            nullable=False,
        ),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.Column("asked_by", one_of("askedby", "in_person", "telephone", "video", "paper"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mistaken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mistake", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["filled_forms.id"], name=op.f("fk_filled_forms_supersedes_id")
        ),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_filled_forms_supersedes_id")),
        sa.CheckConstraint(
            "(state = 'complete') = (completed_at IS NOT NULL)", name=op.f("ck_filled_forms_completed")
        ),
        sa.CheckConstraint("(mistaken_at IS NULL) = (mistake IS NULL)", name=op.f("ck_filled_forms_mistake")),
        *envelope("filled_forms"),
    )
    op.create_index("ix_filled_forms_person", "filled_forms", ["person_id", "answered_at"])
    op.create_table(
        "attachments",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "belongs_to",
            one_of("belongsto", "person", "plan", "form", "referral", "choice", "advance_decision"),
            nullable=False,
        ),
        sa.Column("belongs_to_uuid", sa.Uuid(), nullable=True),
        sa.Column("record_class", one_of("recordclass", *CLASSES), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("store_key", sa.Text(), nullable=False),
        sa.Column("scan", one_of("scan", "not_scanned", "nothing_found"), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_because", sa.Text(), nullable=True),
        sa.UniqueConstraint("store_key", name=op.f("uq_attachments_store_key")),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachments_size")),
        sa.CheckConstraint(
            "(deleted_at IS NULL) = (removed_because IS NULL)", name=op.f("ck_attachments_removed")
        ),
        *envelope("attachments"),
    )
    op.create_index("ix_attachments_person", "attachments", ["person_id", "added_at"])
