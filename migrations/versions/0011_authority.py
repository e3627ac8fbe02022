"""Capacity, monitoring agreements, proxies and concerns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_authority"
down_revision = "0010_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who decides for somebody, what may watch them, who is let in, and who is worried."""
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.BigInteger(), nullable=False),
        sa.Column("failed_attempts", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(code_hash IS NULL) = (code_until IS NULL)", name=op.f("ck_accounts_code")),
        sa.CheckConstraint("failed_attempts >= 0", name=op.f("ck_accounts_attempts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("uuid", name=op.f("uq_accounts_uuid")),
    )
    op.create_index(
        "uq_accounts_email",
        "accounts",
        [sa.literal_column("lower(email)")],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_accounts_person",
        "accounts",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL AND person_id IS NOT NULL"),
    )
    op.create_table(
        "authorities",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "attorney_health_and_welfare",
                "attorney_property",
                "deputy_health_and_welfare",
                "deputy_property",
                "appointee",
                name="authoritykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("telephone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_how", sa.Text(), nullable=True),
        sa.Column("verified_by_id", sa.BigInteger(), nullable=True),
        sa.Column("kept_where", sa.Text(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verified_on IS NULL) = (verified_how IS NULL)", name=op.f("ck_authorities_verified")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR begins_on IS NULL OR ends_on >= begins_on", name=op.f("ck_authorities_period")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_authorities_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["staff.id"], name=op.f("fk_authorities_recorded_by_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["staff.id"], name=op.f("fk_authorities_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorities")),
        sa.UniqueConstraint("uuid", name=op.f("uq_authorities_uuid")),
    )
    op.create_index(op.f("ix_authorities_person_id"), "authorities", ["person_id"], unique=False)
    op.create_table(
        "capacity_assessments",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "has_capacity",
                "lacks_capacity",
                "fluctuates",
                "not_settled",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_capacity_assessments_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff.id"], name=op.f("fk_capacity_assessments_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_assessments")),
        sa.UniqueConstraint("uuid", name=op.f("uq_capacity_assessments_uuid")),
    )
    op.create_index(
        op.f("ix_capacity_assessments_person_id"), "capacity_assessments", ["person_id"], unique=False
    )
    op.create_table(
        "concerns",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=True),
        sa.Column("worry", sa.Text(), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("danger_done", sa.Text(), nullable=True),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.Column(
            "knows",
            sa.Enum(
                "yes",
                "no",
                "unsafe_to_ask",
                name="knows",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raised_by_id", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("read_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("follow_up_id", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "enquiry",
            sa.Enum(
                "begun", "not_begun", name="enquiry", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("enquiry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enquiry_why", sa.Text(), nullable=True),
        sa.Column("safety_plan", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column(
            "wishes_met",
            sa.Enum(
                "fully",
                "partly",
                "not_met",
                "not_said",
                name="met",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_concerns_closed_with_outcome")
        ),
        sa.CheckConstraint("(enquiry IS NULL) = (enquiry_at IS NULL)", name=op.f("ck_concerns_enquiry_when")),
        sa.CheckConstraint("NOT danger OR danger_done IS NOT NULL", name=op.f("ck_concerns_danger")),
        sa.CheckConstraint(
            "closed_at IS NULL OR enquiry IS NOT NULL", name=op.f("ck_concerns_decided_before_closed")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_concerns_person_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["staff.id"], name=op.f("fk_concerns_raised_by_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["staff.id"], name=op.f("fk_concerns_read_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_concerns_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint("uuid", name=op.f("uq_concerns_uuid")),
    )
    op.create_index(
        "ix_concerns_open",
        "concerns",
        ["decide_by"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_concerns_person_id"), "concerns", ["person_id"], unique=False)
    op.create_index(op.f("ix_concerns_raised_by_id"), "concerns", ["raised_by_id"], unique=False)
    op.create_index("ix_concerns_team", "concerns", ["team_id", "raised_at"], unique=False)
    op.create_table(
        "proxies",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("classes", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("seen_alone_on", sa.Date(), nullable=False),
        sa.Column("seen_alone_by", sa.Text(), nullable=False),
        sa.Column("seen_alone_where", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("shares_home_id", sa.BigInteger(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restricted_why", sa.Text(), nullable=True),
        sa.Column("restricted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(restricted_at IS NULL) = (restricted_why IS NULL)", name=op.f("ck_proxies_restricted")
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_proxies_period")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_proxies_account_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["staff.id"], name=op.f("fk_proxies_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_proxies_person_id")),
        sa.ForeignKeyConstraint(["restricted_by_id"], ["staff.id"], name=op.f("fk_proxies_restricted_by_id")),
        sa.ForeignKeyConstraint(["shares_home_id"], ["homes.id"], name=op.f("fk_proxies_shares_home_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxies")),
        sa.UniqueConstraint("uuid", name=op.f("uq_proxies_uuid")),
    )
    op.create_index("ix_proxies_account", "proxies", ["account_id"], unique=False)
    op.create_index(
        "uq_proxies_in_force",
        "proxies",
        ["person_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "best_interests",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("assessment_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("less_intrusive", sa.Text(), nullable=False),
        sa.Column("objections", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["capacity_assessments.id"], name=op.f("fk_best_interests_assessment_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_best_interests_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff.id"], name=op.f("fk_best_interests_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_best_interests")),
        sa.UniqueConstraint("uuid", name=op.f("uq_best_interests_uuid")),
    )
    op.create_index(op.f("ix_best_interests_person_id"), "best_interests", ["person_id"], unique=False)
    op.create_table(
        "concern_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("concern_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_staff_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_concern_events_by_staff_id")),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_concern_events_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_events")),
    )
    op.create_index(op.f("ix_concern_events_concern_id"), "concern_events", ["concern_id"], unique=False)
    op.create_table(
        "unagreed_kit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_unagreed_kit_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unagreed_kit")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_unagreed_kit_assignment_id")),
    )
    op.create_table(
        "monitoring_agreements",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "watched",
            sa.Enum(
                "movement",
                "bed_and_chair",
                "doors",
                "location",
                "appliances",
                name="watched",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "agreed_by",
            sa.Enum(
                "person",
                "best_interests",
                "representative",
                name="agreedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("best_interests_id", sa.BigInteger(), nullable=True),
        sa.Column("authority_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("less_intrusive", sa.Text(), nullable=False),
        sa.Column("objections", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("review_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(agreed_by = 'best_interests') = (best_interests_id IS NOT NULL)",
            name=op.f("ck_monitoring_agreements_best_interests"),
        ),
        sa.CheckConstraint(
            "(agreed_by = 'representative') = (authority_id IS NOT NULL)",
            name=op.f("ck_monitoring_agreements_representative"),
        ),
        sa.CheckConstraint(
            "watched NOT IN ('doors', 'location') OR (expires_on IS NOT NULL"
            " AND reviewed_by IS NOT NULL AND reviewed_on IS NOT NULL)",
            name=op.f("ck_monitoring_agreements_restrictive"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_monitoring_agreements_period")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_monitoring_agreements_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["best_interests_id"],
            ["best_interests.id"],
            name=op.f("fk_monitoring_agreements_best_interests_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_monitoring_agreements_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff.id"], name=op.f("fk_monitoring_agreements_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring_agreements")),
        sa.UniqueConstraint("uuid", name=op.f("uq_monitoring_agreements_uuid")),
    )
    op.create_index(
        "ix_monitoring_agreements_review",
        "monitoring_agreements",
        ["review_on"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_monitoring_agreements_in_force",
        "monitoring_agreements",
        ["person_id", "watched"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("devices", sa.Column("watches", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column(
        "follow_ups", sa.Column("restricted", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
