"""Kit, series, partitioned readings, what was rejected, what is expected."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_devices"
down_revision = "0001_people"
branch_labels = None
depends_on = None


# Workers own no tables, so they ask the owner's function for the months they need.
PARTITIONS = """
CREATE FUNCTION ensure_readings_partitions(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  month date := date_trunc('month', first)::date;
  made integer := 0;
BEGIN
  IF last > first + 3660 THEN RAISE EXCEPTION 'more than ten years of partitions asked for'; END IF;
  WHILE month <= last LOOP
    IF to_regclass(format('readings_%s', to_char(month, 'YYYY_MM'))) IS NULL THEN
      EXECUTE format(
        'CREATE TABLE readings_%s PARTITION OF readings FOR VALUES FROM (%L) TO (%L)',
        to_char(month, 'YYYY_MM'),
        to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
      made := made + 1;
    END IF;
    month := (month + interval '1 month')::date;
  END LOOP;
  RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION ensure_readings_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_readings_partitions(date, date) TO hearth_app;
SELECT ensure_readings_partitions(
  (current_date - interval '14 months')::date, (current_date + interval '3 months')::date)
"""


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_table(
        "messages_seen",
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("payload_hash", sa.LargeBinary(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "message_id", "payload_hash", name=op.f("pk_messages_seen")),
    )
    op.create_index(op.f("ix_messages_seen_batch_id"), "messages_seen", ["batch_id"], unique=False)
    op.create_table(
        "readings",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "measured_at", name=op.f("pk_readings")),
        postgresql_partition_by="RANGE (measured_at)",
    )
    op.create_table(
        "unread",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unread")),
    )
    op.create_index("ix_unread_subject", "unread", ["subject"], unique=False)
    op.create_table(
        "devices",
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("hub_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=True),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("life_safety", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_stock",
                "installed",
                "in_repair",
                "lost",
                "retired",
                name="devicestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("secret_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silent_after_seconds", sa.BigInteger(), nullable=True),
        sa.Column("last_test_press_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(hub_id IS NULL) <> (key IS NULL)", name=op.f("ck_devices_key_or_hub")),
        sa.CheckConstraint(
            "(hub_id IS NULL) = (address IS NULL)", name=op.f("ck_devices_address_behind_hub")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_devices_agency_id")),
        sa.ForeignKeyConstraint(["hub_id"], ["devices.id"], name=op.f("fk_devices_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("key", name=op.f("uq_devices_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_devices_uuid")),
    )
    op.create_index(op.f("ix_devices_hub_id"), "devices", ["hub_id"], unique=False)
    op.create_index(
        "uq_devices_hub_address",
        "devices",
        ["hub_id", "address"],
        unique=True,
        postgresql_where=sa.text("hub_id IS NOT NULL"),
    )
    op.create_table(
        "assignments",
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("goal_key", sa.Text(), nullable=True),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(device_id, device_id, '[]')"), "&&"),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_assignments_no_overlap",
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (home_id IS NULL)", name=op.f("ck_assignments_person_or_home")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_assignments_device_id")),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_assignments_home_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_assignments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("uuid", name=op.f("uq_assignments_uuid")),
    )
    op.create_index(op.f("ix_assignments_device_id"), "assignments", ["device_id"], unique=False)
    op.create_index(op.f("ix_assignments_home_id"), "assignments", ["home_id"], unique=False)
    op.create_index(op.f("ix_assignments_person_id"), "assignments", ["person_id"], unique=False)
    op.create_table(
        "device_words",
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=True),
        sa.Column("online_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("battery", sa.Double(), nullable=True),
        sa.Column("firmware", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_words_device_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device_words")),
        postgresql_with={"fillfactor": "60"},
    )
    op.create_table(
        "expectations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("calendar", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("every_seconds", sa.BigInteger(), nullable=True),
        sa.Column("grace_seconds", sa.BigInteger(), nullable=False),
        sa.Column("expected_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "heard",
                "late",
                "missing",
                name="heardstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(person_id, home_id, device_id) = 1", name=op.f("ck_expectations_one_subject")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_expectations_device_id")),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_expectations_home_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_expectations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectations")),
    )
    op.create_index(op.f("ix_expectations_device_id"), "expectations", ["device_id"], unique=False)
    op.create_index(
        "ix_expectations_due",
        "expectations",
        ["expected_by"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_expectations_home_id"), "expectations", ["home_id"], unique=False)
    op.create_index(op.f("ix_expectations_person_id"), "expectations", ["person_id"], unique=False)
    op.create_table(
        "rejected",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("retained", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_how", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_rejected_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected")),
        sa.UniqueConstraint("uuid", name=op.f("uq_rejected_uuid")),
    )
    op.create_index(op.f("ix_rejected_device_id"), "rejected", ["device_id"], unique=False)
    op.create_index(
        "ix_rejected_open", "rejected", ["id"], unique=False, postgresql_where=sa.text("settled_at IS NULL")
    )
    op.create_table(
        "routes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("topic_filter", sa.Text(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_routes_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
        sa.UniqueConstraint("topic_filter", name=op.f("uq_routes_topic_filter")),
    )
    op.create_index(op.f("ix_routes_device_id"), "routes", ["device_id"], unique=False)
    op.create_table(
        "series",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(device_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_series_device_or_entry")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_series_device_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_series_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(
        "uq_series_device",
        "series",
        ["device_id", "channel", "kind"],
        unique=True,
        postgresql_where=sa.text("device_id IS NOT NULL"),
    )
    op.create_index(
        "uq_series_entry",
        "series",
        ["person_id", "channel", "kind"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "reading_conflicts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_reading_conflicts_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_conflicts")),
    )
    op.create_index(op.f("ix_reading_conflicts_series_id"), "reading_conflicts", ["series_id"], unique=False)
    op.create_table(
        "reading_original_times",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_reading_original_times_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_original_times")),
    )
    op.create_index(
        op.f("ix_reading_original_times_series_id"), "reading_original_times", ["series_id"], unique=False
    )
    op.create_index(
        "ix_readings_unbelievable",
        "readings",
        ["series_id", "measured_at"],
        unique=False,
        postgresql_where=sa.text("(flags & 2) <> 0"),
    )
    op.execute(PARTITIONS)
    op.execute("REVOKE UPDATE, DELETE ON readings FROM hearth_web")
