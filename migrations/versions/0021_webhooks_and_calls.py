"""Other systems that agencies let know, telephone calls, and follow-ups about an address that fails."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021_webhooks_and_calls"
down_revision = "0020_rule_trials"
branch_labels = None
depends_on = None

OF_AGENCY = "agency_id = (SELECT hearth_agency())"
POLICIES = {
    "webhook_endpoints": OF_AGENCY,
    "webhook_deliveries": "endpoint_id IN (SELECT id FROM webhook_endpoints)",
    "calls": "message_id IN (SELECT id FROM messages)",
}

# Both lists only grow longer; messages are read once, which makes nobody who writes them wait.
WIDER = """
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint
ALTER TABLE messages DROP CONSTRAINT ck_messages_channel;
ALTER TABLE messages ADD CONSTRAINT ck_messages_channel
  CHECK (channel IN ('email', 'page', 'voice')) NOT VALID;
ALTER TABLE messages VALIDATE CONSTRAINT ck_messages_channel;
ALTER TABLE messages DROP CONSTRAINT ck_messages_messagestate;
ALTER TABLE messages ADD CONSTRAINT ck_messages_messagestate
  CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')) NOT VALID;
ALTER TABLE messages VALIDATE CONSTRAINT ck_messages_messagestate;
ALTER TABLE follow_ups ADD CONSTRAINT fk_follow_ups_endpoint_id
  FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id) NOT VALID;
ALTER TABLE follow_ups VALIDATE CONSTRAINT fk_follow_ups_endpoint_id;
ALTER TABLE follow_ups DROP CONSTRAINT ck_follow_ups_person_or_home;
ALTER TABLE follow_ups ADD CONSTRAINT ck_follow_ups_person_or_home
  CHECK (num_nonnulls(person_id, home_id, override_id, endpoint_id) >= 1) NOT VALID;
ALTER TABLE follow_ups VALIDATE CONSTRAINT ck_follow_ups_person_or_home
"""


def _text_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("before_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(off_at IS NULL) = (off_why IS NULL)", name=op.f("ck_webhook_endpoints_off")),
        sa.CheckConstraint(
            "(before_sealed IS NULL) = (before_until IS NULL)", name=op.f("ck_webhook_endpoints_before")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_webhook_endpoints_agency_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_webhook_endpoints_made_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_webhook_endpoints_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sa.UniqueConstraint("uuid", name=op.f("uq_webhook_endpoints_uuid")),
    )
    op.create_index(op.f("ix_webhook_endpoints_agency_id"), "webhook_endpoints", ["agency_id"], unique=False)
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "event",
            _text_of(
                "happening",
                "alert.raised",
                "alert.worse",
                "alert.asked",
                "alert.taken",
                "alert.contact_made",
                "alert.closed",
                "follow_up.made",
                "follow_up.closed",
                "test",
            ),
            nullable=False,
        ),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            _text_of("deliverystate", "waiting", "delivered", "withheld", "failed"),
            nullable=False,
        ),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_webhook_deliveries_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("uuid", name=op.f("uq_webhook_deliveries_uuid")),
    )
    op.create_index(
        "ix_webhook_deliveries_endpoint", "webhook_deliveries", ["endpoint_id", "id"], unique=False
    )
    op.create_index(
        "ix_webhook_deliveries_waiting",
        "webhook_deliveries",
        ["send_after"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("centre", sa.Boolean(), nullable=False),
        sa.Column("told", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column(
            "state",
            _text_of(
                "callstate",
                "placed",
                "ringing",
                "answered",
                "taken",
                "not_taken",
                "no_answer",
                "failed",
                "not_needed",
            ),
            nullable=False,
        ),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_calls_alert_id")),
        sa.ForeignKeyConstraint(["event_id"], ["alert_events.id"], name=op.f("fk_calls_event_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_calls_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("message_id", name=op.f("uq_calls_message_id")),
    )
    op.create_index(op.f("ix_calls_alert_id"), "calls", ["alert_id"], unique=False)
    op.create_index("ix_calls_event", "calls", ["event_id"], unique=False)
    op.create_index(
        "ix_calls_ends",
        "calls",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("ends_at IS NOT NULL"),
    )
    op.create_table(
        "call_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("call", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_call_reports_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_reports")),
        sa.UniqueConstraint("name", name=op.f("uq_call_reports_name")),
    )
    op.create_index(
        "ix_call_reports_waiting",
        "call_reports",
        ["id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.add_column("follow_ups", sa.Column("endpoint_id", sa.BigInteger(), nullable=True))
    op.execute(WIDER)
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY viewer ON {table} TO hearth_web USING ({seen}) WITH CHECK (true)")
