"""What the readings of each hour come to, which hours have changed since, and how far all are summed."""

import sqlalchemy as sa
from alembic import op

from core.models import Xid8

revision = "0035_summaries"
down_revision = "0034_growth"
branch_labels = None
depends_on = None

# Hours have the months that readings have; the web reaches neither past the table of all months.
MONTHS = """
CREATE OR REPLACE FUNCTION ensure_readings_partitions(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  month date := date_trunc('month', first)::date;
  made integer := 0;
  parent text;
  part text;
BEGIN
  IF last > first + 3660 THEN RAISE EXCEPTION 'more than ten years of partitions asked for'; END IF;
  WHILE month <= last LOOP
    FOREACH parent IN ARRAY ARRAY['readings', 'reading_hours'] LOOP
      part := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
      IF to_regclass(part) IS NULL THEN
        EXECUTE format(
          'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent,
          to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
          to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
        EXECUTE format('REVOKE ALL ON %I FROM hearth_web', part);
        IF parent = 'readings' THEN made := made + 1; END IF;
      END IF;
    END LOOP;
    month := (month + interval '1 month')::date;
  END LOOP;
  RETURN made;
END $$
"""
MONTHS_THERE_ARE = """
CREATE TEMPORARY TABLE months ON COMMIT DROP AS
SELECT to_date(right(relname, 7), 'YYYY_MM') AS month
FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'readings'::regclass
"""
# Nothing is summed yet; the timetable walks from the first month there is to today.
BEGIN = """
INSERT INTO summing (id, closed_until, summed_until, after_series)
SELECT 1, first, first, 0 FROM (SELECT min(month)::timestamp AT TIME ZONE 'UTC' FROM months) AS m (first)
"""
GUARDED = ("reading_hours", "stale_hours")


def upgrade() -> None:
    op.create_table(
        "reading_hours",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Float(precision=53), nullable=True),
        sa.Column("low", sa.Float(precision=53), nullable=True),
        sa.Column("high", sa.Float(precision=53), nullable=True),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "hour", name=op.f("pk_reading_hours")),
        postgresql_partition_by="RANGE (hour)",
    )
    op.create_table(
        "stale_hours",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale_hours")),
    )
    op.create_index("ix_stale_hours_hour", "stale_hours", ["series_id", "hour"])
    op.create_table(
        "summing",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_series", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", Xid8(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_summing_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summing")),
    )
    op.execute("REVOKE INSERT, UPDATE, DELETE ON reading_hours, summing FROM hearth_web")
    op.execute("REVOKE UPDATE, DELETE ON stale_hours FROM hearth_web")
    for table in GUARDED:
        seen = "hearth_everyone() OR series_id IN (SELECT s.id FROM hearth_series() AS s)"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY viewer ON {table} TO hearth_web USING ({seen}) WITH CHECK (true)")
    op.execute(MONTHS)
    op.execute(MONTHS_THERE_ARE)
    op.execute("SELECT ensure_readings_partitions(month, month) FROM months")
    op.execute(BEGIN)
