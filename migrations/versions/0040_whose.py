"""Who uses shared kit, whose one measurement was, and whose every series is, by all of that.

`held_series` is the one place that says whose what a device measured is: a person's or a home's, which
series, the time it was theirs, and whether moments of it may have been said to be others' (`split`). It sees
what whoever asks may see. What is measured of a body (kind_classes.of_body) is nobody's on kit of a home,
until a user number or an answer says whose.
"""

# ruff: noqa: S608 - the statements are put together of what stands here alone

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040_whose"
down_revision = "0039_claims"
branch_labels = None
depends_on = None

HELD = """
CREATE VIEW held_series WITH (security_invoker = true) AS
SELECT a.person_id, CAST(NULL AS bigint) AS home_id, s.id AS series_id, s.kind, s.channel, s.device_id,
  a.period,
  EXISTS (SELECT FROM reading_owners o WHERE o.device_id = s.device_id AND o.channel = s.channel) AS split,
  c.checked
FROM assignments a JOIN series s ON s.device_id = a.device_id
LEFT JOIN own_kit c ON c.device_id = a.device_id
WHERE a.deleted_at IS NULL AND a.person_id IS NOT NULL
AND (s.channel NOT LIKE 'user %'
  OR NOT EXISTS (SELECT FROM kind_classes k WHERE k.kind = s.kind AND k.of_body)
  -- the first number of somebody's own kit, by either way of counting, unless it was said whose it is
  OR (s.channel = 'user 0' OR (s.channel = 'user 1' AND NOT EXISTS (
      SELECT FROM series f WHERE f.device_id = s.device_id AND f.channel = 'user 0')))
    AND NOT EXISTS (SELECT FROM kit_users u WHERE u.device_id = s.device_id AND u.period && a.period
      AND s.channel = 'user ' || u.number AND u.deleted_at IS NULL))
UNION ALL
SELECT NULL, a.home_id, s.id, s.kind, s.channel, s.device_id, a.period, false, c.checked
FROM assignments a JOIN series s ON s.device_id = a.device_id
LEFT JOIN own_kit c ON c.device_id = a.device_id
WHERE a.deleted_at IS NULL AND a.home_id IS NOT NULL
AND NOT EXISTS (SELECT FROM kind_classes k WHERE k.kind = s.kind AND k.of_body)
UNION ALL
SELECT u.person_id, NULL, s.id, s.kind, s.channel, s.device_id, t.period,
  EXISTS (SELECT FROM reading_owners o WHERE o.device_id = s.device_id AND o.channel = s.channel), c.checked
FROM kit_users u
JOIN assignments a ON a.device_id = u.device_id AND a.deleted_at IS NULL AND a.period && u.period
JOIN series s ON s.device_id = u.device_id AND s.channel = 'user ' || u.number
JOIN people p ON p.id = u.person_id
LEFT JOIN residencies r ON r.home_id = a.home_id AND r.person_id = u.person_id
LEFT JOIN own_kit c ON c.device_id = u.device_id
CROSS JOIN LATERAL (SELECT a.period * u.period * coalesce(r.period, '(,)')
  * tstzrange(NULL, CAST(p.died_on + 1 AS timestamp) AT TIME ZONE 'UTC') AS period) AS t
WHERE u.deleted_at IS NULL AND (a.person_id = u.person_id OR r.id IS NOT NULL) AND NOT isempty(t.period)
AND EXISTS (SELECT FROM kind_classes k WHERE k.kind = s.kind AND k.of_body)
UNION ALL
SELECT s.person_id, NULL, s.id, s.kind, s.channel, NULL, CAST('(,)' AS tstzrange), false, NULL
FROM series s WHERE s.person_id IS NOT NULL
UNION ALL
SELECT o.person_id, NULL, s.id, s.kind, s.channel, s.device_id,
  tstzrange(o.measured_at, o.measured_at + interval '1 microsecond'), false, c.checked
FROM reading_owners o JOIN series s ON s.device_id = o.device_id AND s.channel = o.channel
LEFT JOIN own_kit c ON c.device_id = o.device_id
WHERE o.person_id IS NOT NULL
AND EXISTS (SELECT FROM kind_classes k WHERE k.kind = s.kind AND k.of_body)
"""

# Pieces of what the functions below ask, each of which looks up once whose vital signs are seen in full.
F = "f AS MATERIALIZED (SELECT person_id, record_class FROM hearth_full())"
VITALS = "v AS MATERIALIZED (SELECT person_id FROM f WHERE record_class = 'vitals')"
OWN = """
SELECT a.device_id FROM assignments AS a
  WHERE a.deleted_at IS NULL AND a.person_id = ANY (ARRAY(SELECT person_id FROM v))
"""  # kit of somebody whose vital signs are seen
SHARED = """
SELECT a.device_id FROM assignments AS a
  WHERE a.deleted_at IS NULL AND a.home_id = ANY (ARRAY(SELECT hearth_homes()))
  AND NOT EXISTS (
    SELECT FROM residencies AS r WHERE r.home_id = a.home_id AND r.period && a.period
    AND r.person_id NOT IN (SELECT person_id FROM v))
"""  # kit of homes where everybody who lived with it is seen so
USED = """
SELECT u.device_id, 'user ' || u.number AS channel FROM kit_users AS u
  WHERE u.deleted_at IS NULL AND u.person_id = ANY (ARRAY(SELECT person_id FROM v))
"""  # the lines of those who use shared kit and are seen so

# What hearth_series() of 0034 finds; but a line of a body only by whom it is of.
SERIES = f"""
WITH {F},
{VITALS},
ours AS MATERIALIZED (SELECT DISTINCT person_id FROM f),
there AS MATERIALIZED (
  SELECT device_id, home_id FROM assignments
  WHERE deleted_at IS NULL AND home_id = ANY (ARRAY(SELECT hearth_homes()))),
kit AS MATERIALIZED (
  SELECT device_id, person_id FROM assignments
    WHERE deleted_at IS NULL AND person_id = ANY (ARRAY(SELECT person_id FROM ours))
  UNION SELECT there.device_id, r.person_id FROM there JOIN residencies AS r USING (home_id)
    WHERE r.person_id = ANY (ARRAY(SELECT person_id FROM ours))),
used AS MATERIALIZED ({USED}),
lines AS MATERIALIZED (
  SELECT s.id, s.device_id, s.channel, s.person_id, k.record_class::text, k.of_body
  FROM series AS s JOIN kind_classes AS k USING (kind)
  WHERE s.device_id = ANY (ARRAY(SELECT device_id FROM kit UNION ALL SELECT device_id FROM used))
  OR s.person_id = ANY (ARRAY(SELECT person_id FROM ours))
  OR s.device_id = ANY (ARRAY(SELECT device_id FROM there))),
told AS (
  SELECT l.id, kit.person_id, l.record_class FROM lines AS l JOIN kit USING (device_id) WHERE NOT l.of_body
  UNION ALL SELECT l.id, l.person_id, l.record_class FROM lines AS l WHERE l.person_id IS NOT NULL)
SELECT told.id FROM told JOIN f USING (person_id, record_class)
UNION SELECT l.id FROM lines AS l JOIN there USING (device_id)
  WHERE NOT l.of_body AND NOT EXISTS (SELECT FROM residencies AS r WHERE r.home_id = there.home_id)
UNION SELECT l.id FROM lines AS l WHERE l.of_body AND l.device_id IN ({OWN} UNION ALL {SHARED})
UNION SELECT l.id FROM lines AS l JOIN used USING (device_id, channel) WHERE l.of_body
"""

# Each function: name, what it returns, how many rows, its query. They see past the policies.
SEEN = (
    ("hearth_own_kit()", "SETOF bigint", 500, f"WITH {F}, {VITALS} {OWN}"),
    ("hearth_shared_kit()", "SETOF bigint", 200, f"WITH {F}, {VITALS} {SHARED}"),
    (
        "hearth_moments()",  # that were said to be somebody's whose vital signs are seen
        "TABLE (device_id bigint, channel text, measured_at timestamptz)",
        200,
        f"""
WITH {F}, {VITALS}
SELECT o.device_id, o.channel, o.measured_at FROM reading_owners AS o
  WHERE o.person_id = ANY (ARRAY(SELECT person_id FROM v))
""",
    ),
    (
        "hearth_readings_given()",
        "TABLE (series_id bigint, measured_at timestamptz)",
        200,
        """
SELECT s.id, m.measured_at FROM hearth_moments() AS m JOIN series AS s USING (device_id, channel)
  JOIN kind_classes AS k USING (kind) WHERE k.of_body
""",
    ),
    (
        "hearth_readings_kept()",  # of lines that are seen: said to be somebody else's, or nobody's yet
        "TABLE (series_id bigint, measured_at timestamptz)",
        200,
        f"""
WITH {F}, {VITALS},
whole AS MATERIALIZED ({OWN} UNION {SHARED}),
used AS MATERIALIZED ({USED}),
kept AS (
  SELECT o.device_id, o.channel, o.measured_at FROM reading_owners AS o
  WHERE o.device_id = ANY (ARRAY(SELECT device_id FROM whole UNION SELECT device_id FROM used))
  AND CASE WHEN o.person_id IS NULL THEN o.device_id NOT IN (SELECT device_id FROM whole)
    ELSE o.person_id NOT IN (SELECT person_id FROM v) END)
SELECT s.id, kept.measured_at FROM kept JOIN series AS s USING (device_id, channel)
  JOIN kind_classes AS k USING (kind) WHERE k.of_body
""",
    ),
)

# Whoever draws by the hour has to read hours apart of which a moment is another's: by their sums it would
# count, and nobody is shown sums in which something is that they may not see.
APART = """
SELECT DISTINCT s.id, date_trunc('hour', o.measured_at, 'UTC')
  FROM series AS s JOIN reading_owners AS o USING (device_id, channel) WHERE s.id = ANY (lines)
"""
IN_SIGHT = "series_id IN (SELECT s.id FROM hearth_series() AS s)"
OF_READINGS = f"""
({IN_SIGHT}
  AND (series_id, measured_at) NOT IN (SELECT k.series_id, k.measured_at FROM hearth_readings_kept() AS k))
OR (series_id, measured_at) IN (SELECT g.series_id, g.measured_at FROM hearth_readings_given() AS g)
"""
OF_HOURS = f"""
{IN_SIGHT} AND (series_id, hour) NOT IN (
  SELECT k.series_id, date_trunc('hour', k.measured_at, 'UTC') FROM hearth_readings_kept() AS k)
"""
POLICIES = {
    "series": (
        "id IN (SELECT s.id FROM hearth_series() AS s) "
        "OR id IN (SELECT g.series_id FROM hearth_readings_given() AS g)"
    ),
    "readings": OF_READINGS,
    "reading_conflicts": OF_READINGS,
    "reading_original_times": OF_READINGS,
    "reading_hours": OF_HOURS,
    "stale_hours": IN_SIGHT,
}
NEW = {
    "kit_users": "person_id IN (SELECT hearth_people())",
    "reading_owners": (
        "(device_id, channel, measured_at) IN (SELECT device_id, channel, measured_at FROM hearth_moments()) "
        "OR (person_id IS NULL "
        "AND (device_id IN (SELECT hearth_shared_kit()) OR device_id IN (SELECT hearth_own_kit())))"
    ),
}


def _function(name: str, returns: str, rows: int, query: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER "
        f"PARALLEL SAFE ROWS {rows} SET search_path = public, pg_temp AS $${query}$$"
    )


def _granted(name: str, to: str = "hearth_web") -> str:
    return f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION {name} TO {to}"


def _envelope() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
    )


def upgrade() -> None:
    op.add_column(
        "kind_classes", sa.Column("of_body", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "kit_users",
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        *_envelope(),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(device_id, device_id, '[]')"), "&&"),
            (sa.text("int8range(number, number, '[]')"), "&&"),
            (sa.column("period"), "&&"),
            name="ex_kit_users_no_overlap",
            using="gist",
            where=sa.text("deleted_at IS NULL"),
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_kit_users_device_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_kit_users_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_users")),
        sa.UniqueConstraint("uuid", name=op.f("uq_kit_users_uuid")),
    )
    op.create_index(op.f("ix_kit_users_device_id"), "kit_users", ["device_id"])
    op.create_index(op.f("ix_kit_users_person_id"), "kit_users", ["person_id"])
    op.create_table(
        "reading_owners",
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doubted_from", sa.Float(53), nullable=True),
        sa.Column(
            "owner",
            sa.Enum(
                "person",
                "guest",
                "unknown",
                name="owner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        *_envelope(),
        sa.CheckConstraint(
            "(owner IS NOT DISTINCT FROM 'person') = (person_id IS NOT NULL)",
            name=op.f("ck_reading_owners_person_named"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(owner, answered_at, answered_by) IN (0, 3)",
            name=op.f("ck_reading_owners_answer_whole"),
        ),
        sa.CheckConstraint(
            "owner IS NOT NULL OR doubted_from IS NOT NULL",
            name=op.f("ck_reading_owners_doubted_or_answered"),
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_reading_owners_device_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reading_owners_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_owners")),
        sa.UniqueConstraint("uuid", name=op.f("uq_reading_owners_uuid")),
        sa.UniqueConstraint(
            "device_id",
            "channel",
            "measured_at",
            name=op.f("uq_reading_owners_device_id_channel_measured_at"),
        ),
    )
    op.create_index(op.f("ix_reading_owners_person_id"), "reading_owners", ["person_id"])
    op.execute(HELD)
    op.execute(_function("hearth_series()", "TABLE (id bigint)", 2_000, SERIES))
    for name, returns, rows, query in SEEN:
        op.execute(_function(name, returns, rows, query))
        op.execute(_granted(name))
    op.execute(
        _function("hours_apart(lines bigint[])", "TABLE (series_id bigint, hour timestamptz)", 50, APART)
    )
    op.execute(_granted("hours_apart(bigint[])", "hearth_app, hearth_web"))
    for table, seen in NEW.items():
        condition = f"hearth_everyone() OR {seen}"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY viewer ON {table} TO hearth_web USING ({condition}) WITH CHECK (true)")
    for table, seen in POLICIES.items():
        op.execute(f"ALTER POLICY viewer ON {table} USING (hearth_everyone() OR ({seen}))")
