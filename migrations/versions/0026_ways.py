"""How each member of staff is told, letters of several messages, and what networks report of texts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_ways"
down_revision = "0025_due_windows"
branch_labels = None
depends_on = None

# The list only grows longer. A year's messages are read in a second or two, in which none is queued.
WIDER = """
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint, require-concurrent-index-creation
ALTER TABLE messages DROP CONSTRAINT ck_messages_channel;
ALTER TABLE messages ADD CONSTRAINT ck_messages_channel
  CHECK (channel IN ('email', 'page', 'voice', 'sms', 'push')) NOT VALID;
ALTER TABLE messages VALIDATE CONSTRAINT ck_messages_channel;
ALTER TABLE messages ADD COLUMN important boolean NOT NULL DEFAULT false;
ALTER TABLE messages ADD COLUMN after_id bigint;
ALTER TABLE messages ADD COLUMN due_at timestamptz;
UPDATE messages SET due_at = queued_at WHERE state = 'waiting';
ALTER TABLE messages ADD COLUMN sent_in uuid;
ALTER TABLE messages ADD COLUMN delivered_at timestamptz;
ALTER TABLE messages ADD CONSTRAINT fk_messages_after_id
  FOREIGN KEY (after_id) REFERENCES messages (id) NOT VALID;
ALTER TABLE messages VALIDATE CONSTRAINT fk_messages_after_id;
CREATE INDEX ix_messages_sent ON messages (sent_at) WHERE state = 'sent';
CREATE INDEX ix_messages_after ON messages (after_id) WHERE after_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "message_ways",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("important", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("ordinary", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("wait_minutes", sa.BigInteger(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("quiet_days", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("bad_number", sa.Text(), nullable=True),
        sa.Column("bad_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <> quiet_until",
            name=op.f("ck_message_ways_quiet"),
        ),
        sa.CheckConstraint("wait_minutes BETWEEN 1 AND 60", name=op.f("ck_message_ways_wait")),
        sa.CheckConstraint("(bad_number IS NULL) = (bad_since IS NULL)", name=op.f("ck_message_ways_bad")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_message_ways_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_ways")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_message_ways_staff_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_message_ways_uuid")),
    )
    op.create_table(
        "text_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("message", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_text_reports_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_reports")),
        sa.UniqueConstraint("name", name=op.f("uq_text_reports_name")),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_text_reports_waiting", "text_reports", ["id"], postgresql_where=unread)
    op.execute(WIDER)
