"""The whole plan: strengths, confidence, stage goals, wishes, who agreed it, open work looked at."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007_whole_plan"
down_revision = "0006_sharing"
branch_labels = None
depends_on = None

# A default that is constant rewrites no table; the parts that were there keep the order they were laid in.
ORDERED = ("actions", "contingencies", "goals", "monitoring", "needs", "rules", "schedules")

# What is validated here holds thousands of rows, not millions: reads wait for milliseconds.
CHECKED = """
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-not-null
ALTER TABLE actions ADD CONSTRAINT ck_actions_confidence CHECK (confidence BETWEEN 0 AND 10) NOT VALID;
ALTER TABLE actions VALIDATE CONSTRAINT ck_actions_confidence;
ALTER TABLE actions ADD CONSTRAINT fk_actions_staff_id FOREIGN KEY (staff_id) REFERENCES staff (id) NOT VALID;
ALTER TABLE actions VALIDATE CONSTRAINT fk_actions_staff_id;
ALTER TABLE plan_versions ADD CONSTRAINT ck_plan_versions_fundingsource CHECK (funding IN (
  'nhs_continuing_healthcare', 'local_authority', 'joint', 'personal_health_budget', 'direct_payment',
  'self_funded', 'voluntary'
)) NOT VALID;
ALTER TABLE plan_versions VALIDATE CONSTRAINT ck_plan_versions_fundingsource
"""


def upgrade() -> None:
    op.create_table(
        "wishes",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "respect",
                "dnacpr",
                "adrt",
                "advance_statement",
                "lasting_power",
                "preferred_place",
                name="wishkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("original_place", sa.Text(), nullable=False),
        sa.Column("original_seen_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(ended_at, ended_by_id, ended_why) IN (0, 3)",
            name=op.f("ck_wishes_ended_with_reason"),
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["staff.id"], name=op.f("fk_wishes_ended_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wishes_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["staff.id"], name=op.f("fk_wishes_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("uuid", name=op.f("uq_wishes_uuid")),
    )
    op.create_index("ix_wishes_person", "wishes", ["person_id"], unique=False)
    op.create_table(
        "plan_acceptances",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_plan_acceptances_by_id")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_versions.id"],
            name=op.f("fk_plan_acceptances_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_acceptances")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_plan_acceptances_version_id_key")),
    )
    op.create_table(
        "plan_advice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_versions.id"], name=op.f("fk_plan_advice_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_advice")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_plan_advice_version_id_key")),
    )
    op.create_table(
        "plan_agreements",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=False),
        sa.Column(
            "with_whom",
            sa.Enum(
                "person",
                "representative",
                "nobody",
                name="agreedwith",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("why_not", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(with_whom = 'nobody') = (name IS NULL)", name=op.f("ck_plan_agreements_named")),
        sa.CheckConstraint(
            "(with_whom = 'nobody') = (why_not IS NOT NULL)", name=op.f("ck_plan_agreements_why_not")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_plan_agreements_by_id")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_versions.id"],
            name=op.f("fk_plan_agreements_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_agreements")),
        sa.UniqueConstraint("uuid", name=op.f("uq_plan_agreements_uuid")),
    )
    op.create_index("ix_plan_agreements_version", "plan_agreements", ["version_id"], unique=False)
    op.create_table(
        "plan_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_versions.id"],
            name=op.f("fk_plan_documents_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_documents")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_plan_documents_version_id_key")),
    )
    op.create_table(
        "stage_goals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("action_key", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "progressing",
                "achieved",
                "not_progressing",
                "given_up",
                name="goalstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_versions.id"], name=op.f("fk_stage_goals_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_goals")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_stage_goals_version_id_key")),
    )
    op.create_table(
        "strengths",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_versions.id"], name=op.f("fk_strengths_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strengths")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_strengths_version_id_key")),
    )
    op.create_table(
        "plan_work_reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("follow_up_id", sa.BigInteger(), nullable=True),
        sa.Column("alert_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "keep",
                "replace",
                "cancel",
                name="workdecision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(follow_up_id, alert_id) = 1", name=op.f("ck_plan_work_reviews_one_thing")
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_plan_work_reviews_alert_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_plan_work_reviews_by_id")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_plan_work_reviews_follow_up_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_versions.id"],
            name=op.f("fk_plan_work_reviews_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_work_reviews")),
    )
    op.create_index(op.f("ix_plan_work_reviews_alert_id"), "plan_work_reviews", ["alert_id"], unique=False)
    op.create_index(
        op.f("ix_plan_work_reviews_follow_up_id"), "plan_work_reviews", ["follow_up_id"], unique=False
    )
    op.create_index("ix_plan_work_reviews_version", "plan_work_reviews", ["version_id"], unique=False)
    for table in ORDERED:
        op.add_column(table, sa.Column("position", sa.BigInteger(), server_default="0", nullable=False))
        op.add_column(table, sa.Column("also_by", JSONB(), nullable=True))
    op.add_column("actions", sa.Column("staff_id", sa.BigInteger(), nullable=True))
    op.add_column("actions", sa.Column("when_words", sa.Text(), nullable=True))
    op.add_column("actions", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column("actions", sa.Column("strategies", sa.Text(), nullable=True))
    op.add_column("actions", sa.Column("confidence", sa.BigInteger(), nullable=True))
    op.add_column("contingencies", sa.Column("early_signs", sa.Text(), nullable=True))
    op.add_column("contingencies", sa.Column("coping", sa.Text(), nullable=True))
    op.add_column("contingencies", sa.Column("anticipatory", sa.Text(), nullable=True))
    op.add_column("goals", sa.Column("measure_words", sa.Text(), nullable=True))
    op.add_column("plan_versions", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plan_versions", sa.Column("funding", sa.String(length=40), nullable=True))
    op.add_column("plan_versions", sa.Column("funding_words", sa.Text(), nullable=True))
    # In a draft nobody may own an action yet; publishing refuses that.
    op.alter_column("actions", "agency_id", existing_type=sa.BigInteger(), nullable=True)
    op.execute(CHECKED)
