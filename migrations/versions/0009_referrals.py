"""Referrals and transfers between agencies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_referrals"
down_revision = "0008_forms"
branch_labels = None
depends_on = None

# Which referral a follow-up or a message is of. The column is new, so no row that is there could break the
# constraint: it is left NOT VALID, holds for every row from now on, and nobody waits while old rows are read.
POINTS = """
ALTER TABLE {table} ADD COLUMN referral_id bigint;
ALTER TABLE {table} ADD CONSTRAINT fk_{table}_referral_id FOREIGN KEY (referral_id) REFERENCES referrals (id)
  NOT VALID
"""


def upgrade() -> None:
    """Make the tables, and let follow-ups and messages say which referral they are of."""
    op.create_table(
        "referrals",
        sa.Column(
            "kind",
            sa.Enum(
                "referral",
                "joint_work",
                "transfer",
                "transfer_request",
                "self_referral",
                name="referralkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "accepted",
                "under_way",
                "done",
                "declined",
                "revoked",
                "timed_out",
                name="referralstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "urgent",
                "same_day",
                "routine",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("about_key", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("action_key", sa.Text(), nullable=True),
        sa.Column("action_text", sa.Text(), nullable=True),
        sa.Column("alert_id", sa.BigInteger(), nullable=True),
        sa.Column("again_of_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=True),
        sa.Column("shared", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("from_team_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_by_id", sa.BigInteger(), nullable=False),
        sa.Column("to_team_id", sa.BigInteger(), nullable=True),
        sa.Column("fallback_team_id", sa.BigInteger(), nullable=True),
        sa.Column("outside_name", sa.Text(), nullable=True),
        sa.Column("outside_address", sa.Text(), nullable=True),
        sa.Column(
            "outside_way",
            sa.Enum(
                "post",
                "email",
                "telephone",
                name="outsideway",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("asked_name", sa.Text(), nullable=True),
        sa.Column("asked_born", sa.Date(), nullable=True),
        sa.Column("asked_telephone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "asked_by",
            sa.Enum(
                "person",
                "family",
                "friend",
                "other",
                name="askedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "asked_how",
            sa.Enum(
                "phone",
                "letter",
                "desk",
                "visit",
                name="askedhow",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("leaves", sa.Boolean(), nullable=False),
        sa.Column("kept", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("care_team_id", sa.BigInteger(), nullable=True),
        sa.Column("net_follow_up_id", sa.BigInteger(), nullable=True),
        sa.Column("work_follow_up_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_staff_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "not_ours",
                "no_capacity",
                "not_eligible",
                "needs_more",
                "person_declined",
                "already_involved",
                "other",
                name="declinereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ended_words", sa.Text(), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "helped",
                "partly",
                "not_needed",
                "not_reached",
                "not_wanted",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("about_home", sa.Boolean(), nullable=False),
        sa.Column("aware_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judge_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "judgement",
            sa.Enum(
                "emergency",
                "significant",
                "no_hazard",
                name="judgement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("snapshot", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("waited_for_answer", sa.BigInteger(), nullable=True),
        sa.Column("waited_for_result", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NOT NULL) OR (kind = 'self_referral' AND asked_name IS NOT NULL)",
            name=op.f("ck_referrals_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (result IS NOT NULL)", name=op.f("ck_referrals_done_with_result")
        ),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'revoked') OR ended_words IS NOT NULL",
            name=op.f("ck_referrals_ended_with_reason"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'accepted', 'under_way') "
            "OR next_at IS NOT NULL OR owner_staff_id IS NOT NULL",
            name=op.f("ck_referrals_open_has_owner_or_deadline"),
        ),
        sa.CheckConstraint(
            "(to_team_id IS NULL) <> (outside_name IS NULL)", name=op.f("ck_referrals_one_receiver")
        ),
        sa.ForeignKeyConstraint(["again_of_id"], ["referrals.id"], name=op.f("fk_referrals_again_of_id")),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_referrals_alert_id")),
        sa.ForeignKeyConstraint(
            ["care_team_id"], ["care_teams.id"], name=op.f("fk_referrals_care_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["staff.id"], name=op.f("fk_referrals_ended_by_id")),
        sa.ForeignKeyConstraint(
            ["fallback_team_id"], ["teams.id"], name=op.f("fk_referrals_fallback_team_id")
        ),
        sa.ForeignKeyConstraint(["from_team_id"], ["teams.id"], name=op.f("fk_referrals_from_team_id")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["staff.id"], name=op.f("fk_referrals_judged_by_id")),
        sa.ForeignKeyConstraint(
            ["net_follow_up_id"], ["follow_ups.id"], name=op.f("fk_referrals_net_follow_up_id")
        ),
        sa.ForeignKeyConstraint(["owner_staff_id"], ["staff.id"], name=op.f("fk_referrals_owner_staff_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_referrals_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_referrals_plan_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["staff.id"], name=op.f("fk_referrals_reviewed_by_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["staff.id"], name=op.f("fk_referrals_sent_by_id")),
        sa.ForeignKeyConstraint(["to_team_id"], ["teams.id"], name=op.f("fk_referrals_to_team_id")),
        sa.ForeignKeyConstraint(
            ["work_follow_up_id"], ["follow_ups.id"], name=op.f("fk_referrals_work_follow_up_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("uuid", name=op.f("uq_referrals_uuid")),
    )
    op.create_index("ix_referrals_from_team", "referrals", ["from_team_id", "state"], unique=False)
    op.create_index(
        "ix_referrals_next",
        "referrals",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("ix_referrals_person", "referrals", ["person_id", "sent_at"], unique=False)
    op.create_index("ix_referrals_to_team", "referrals", ["to_team_id", "state"], unique=False)
    op.create_index(
        "ix_referrals_undelivered",
        "referrals",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("delivered_at IS NULL AND state = 'sent'"),
    )
    op.create_index(
        "uq_referrals_open",
        "referrals",
        ["person_id", "to_team_id", "about_key"],
        unique=True,
        postgresql_where=sa.text("state IN ('sent', 'accepted', 'under_way')"),
    )
    op.create_table(
        "hand_over_summaries",
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_over_summaries_person_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_hand_over_summaries_referral_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_hand_over_summaries_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_summaries")),
        sa.UniqueConstraint("uuid", name=op.f("uq_hand_over_summaries_uuid")),
    )
    op.create_index("ix_hand_over_summaries_person", "hand_over_summaries", ["person_id"], unique=False)
    op.create_index(
        "uq_hand_over_summaries_team", "hand_over_summaries", ["referral_id", "team_id"], unique=True
    )
    op.create_table(
        "referral_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by_staff_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_referral_events_by_staff_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_events_referral_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_referral_events_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_events")),
    )
    op.create_index("ix_referral_events_referral", "referral_events", ["referral_id", "id"], unique=False)
    for table in ("follow_ups", "messages"):
        for statement in POINTS.format(table=table).split(";"):
            op.execute(statement)
