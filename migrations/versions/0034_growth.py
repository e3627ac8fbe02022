"""What the second wall asks of the database grows with whom a viewer sees, not with everybody there is."""

from alembic import op

revision = "0034_growth"
down_revision = "0033_alarm_lines"
branch_labels = None
depends_on = None

# The queries of 0012, each said so that the viewer's own few rows are looked up by an index: as an array, and
# with the time read once. Where they went through a whole table, the time was read anew for each of its rows.
SEEN = (
    (
        "hearth_people()",
        "SETOF bigint",
        200,
        """
WITH cared AS MATERIALIZED (
  SELECT person_id, period FROM care_teams WHERE team_id = ANY (ARRAY(SELECT hearth_teams()))),
seen AS (
  SELECT id FROM people WHERE hearth_everyone()
  UNION SELECT person_id FROM cared WHERE period @> (SELECT hearth_now())
  UNION SELECT person_id FROM overrides
    WHERE staff_id = hearth_staff() AND at <= (SELECT hearth_now()) AND until > (SELECT hearth_now())
  UNION SELECT hearth_said('person')::bigint WHERE hearth_said('person') IS NOT NULL)
SELECT id FROM seen
UNION SELECT id FROM people WHERE merged_into_id IN (SELECT id FROM seen)  -- records that are theirs now
""",
    ),
    (
        "hearth_alerts_sent()",
        "SETOF bigint",
        20,
        """
WITH sent AS MATERIALIZED (
  SELECT alert_id, period FROM alert_sights
  WHERE staff_id = hearth_staff() OR team_id = ANY (ARRAY(SELECT hearth_teams())))
SELECT alert_id FROM sent WHERE period @> (SELECT hearth_now())
""",
    ),
    (
        "hearth_people_sent()",
        "SETOF bigint",
        20,
        """
WITH sent AS MATERIALIZED (
  SELECT person_id, period FROM alert_sights
  WHERE staff_id = hearth_staff() OR team_id = ANY (ARRAY(SELECT hearth_teams()))),
there AS MATERIALIZED (
  SELECT person_id, period FROM residencies WHERE home_id = ANY (ARRAY(
    SELECT home_id FROM alerts WHERE id = ANY (ARRAY(SELECT hearth_alerts_sent())))))
SELECT person_id FROM sent WHERE period @> (SELECT hearth_now())
UNION SELECT f.person_id FROM follow_ups AS f JOIN alert_sights AS s USING (alert_id, team_id)
  WHERE f.done_at IS NULL AND f.team_id = ANY (ARRAY(SELECT hearth_teams()))
UNION SELECT person_id FROM concerns WHERE team_id = ANY (ARRAY(SELECT hearth_teams()))
UNION SELECT person_id FROM there WHERE period @> (SELECT hearth_now())
""",
    ),
    (
        "hearth_homes()",
        "SETOF bigint",
        200,
        """
WITH lived AS MATERIALIZED (
  SELECT home_id, period FROM residencies WHERE person_id = ANY (ARRAY(SELECT hearth_people())))
SELECT id FROM homes WHERE hearth_everyone()
UNION SELECT home_id FROM lived WHERE period @> (SELECT hearth_now())
UNION SELECT home_id FROM lived WHERE NOT EXISTS (
  SELECT FROM residencies AS lives
  WHERE lives.home_id = lived.home_id AND lives.period @> (SELECT hearth_now()))
UNION SELECT id FROM homes
  WHERE hearth_staff() IS NOT NULL
  AND NOT EXISTS (SELECT FROM residencies WHERE residencies.home_id = homes.id)
""",
    ),
    (
        "hearth_homes_sent()",
        "SETOF bigint",
        20,
        """
WITH lived AS MATERIALIZED (
  SELECT home_id, period FROM residencies WHERE person_id = ANY (ARRAY(SELECT hearth_people_sent())))
SELECT home_id FROM lived WHERE period @> (SELECT hearth_now())
UNION SELECT home_id FROM alerts
  WHERE home_id IS NOT NULL AND id = ANY (ARRAY(SELECT hearth_alerts_sent()))
""",
    ),
    (
        "hearth_homes_lived()",
        "SETOF bigint",
        200,
        "SELECT home_id FROM residencies WHERE person_id = ANY (ARRAY(SELECT hearth_people()))",
    ),
    (
        "hearth_full()",
        "TABLE (person_id bigint, record_class text)",
        2_000,
        """
WITH me AS (SELECT id, agency_id, role FROM staff WHERE id = hearth_staff()),
ours AS MATERIALIZED (SELECT hearth_people() AS p),
classes AS (SELECT unnest(ARRAY[
  'contact', 'plan', 'vitals', 'mental_health', 'activity', 'safety_events', 'home_environment', 'energy',
  'finance', 'notes']) AS record_class),
held AS (
  SELECT me.agency_id, me.role, b.purpose, b.record_class, b.lawful_basis <> 'consent' AS unasked
  FROM me JOIN sharing_bases AS b USING (agency_id)
  WHERE b.extent = 'full' AND b.purpose <> 'planning' AND b.record_class <> 'restricted'
  AND b.began_at <= (SELECT hearth_now()) AND (b.ended_at IS NULL OR b.ended_at > (SELECT hearth_now()))
  AND (me.role NOT IN ('volunteer', 'technician') OR b.record_class = 'contact')),
choosing AS (
  SELECT person_id FROM sharing_choices
  WHERE deleted_at IS NULL AND person_id = ANY (ARRAY(SELECT p FROM ours)))
SELECT p, c.record_class FROM ours CROSS JOIN classes AS c
  WHERE hearth_everyone()
  OR p IN (SELECT o.person_id FROM overrides AS o
           WHERE o.staff_id = hearth_staff()
           AND o.at <= (SELECT hearth_now()) AND o.until > (SELECT hearth_now()))
UNION SELECT p, held.record_class FROM ours CROSS JOIN held
  WHERE CASE WHEN p IN (SELECT person_id FROM choosing) THEN coalesce(
    (SELECT s.decision = 'permit' FROM sharing_choices AS s
     WHERE s.person_id = p AND s.deleted_at IS NULL
     AND s.began_at <= hearth_now() AND (s.ended_at IS NULL OR s.ended_at > hearth_now())
     AND (s.agency_id IS NULL OR s.agency_id = held.agency_id)
     AND (s.purpose IS NULL OR s.purpose = held.purpose)
     AND (s.record_class IS NULL OR s.record_class = held.record_class)
     ORDER BY num_nonnulls(s.agency_id, s.purpose, s.record_class) DESC, s.began_at DESC LIMIT 1),
    held.unasked) ELSE held.unasked END
UNION SELECT hearth_said('person')::bigint, c FROM unnest(string_to_array(hearth_said('classes'), ',')) AS c
  WHERE hearth_said('person') IS NOT NULL
""",
    ),
    (
        "hearth_kit()",
        "SETOF bigint",
        500,
        """
SELECT id FROM devices WHERE hearth_everyone()
UNION SELECT id FROM devices WHERE agency_id = (SELECT agency_id FROM staff WHERE id = hearth_staff())
UNION SELECT device_id FROM assignments
  WHERE deleted_at IS NULL AND person_id = ANY (ARRAY(SELECT hearth_people()))
UNION SELECT device_id FROM assignments
  WHERE deleted_at IS NULL AND home_id = ANY (ARRAY(SELECT hearth_homes()))
""",
    ),
    (
        "hearth_kit_out()",
        "SETOF bigint",
        200,
        "SELECT device_id FROM assignments WHERE deleted_at IS NULL AND period @> (SELECT hearth_now())",
    ),
    (
        "hearth_full_kit()",
        "TABLE (device_id bigint, record_class text)",
        5_000,
        """
WITH f AS MATERIALIZED (SELECT person_id, record_class FROM hearth_full()),
ours AS MATERIALIZED (SELECT DISTINCT person_id FROM f),
there AS MATERIALIZED (
  SELECT device_id, home_id FROM assignments
  WHERE deleted_at IS NULL AND home_id = ANY (ARRAY(SELECT hearth_homes())))
SELECT a.device_id, f.record_class FROM assignments AS a JOIN f USING (person_id)
  WHERE a.deleted_at IS NULL AND a.person_id = ANY (ARRAY(SELECT person_id FROM ours))
UNION SELECT there.device_id, f.record_class FROM there
  JOIN residencies AS r USING (home_id) JOIN f ON f.person_id = r.person_id
  WHERE r.person_id = ANY (ARRAY(SELECT person_id FROM ours))
UNION SELECT there.device_id, k.record_class FROM there CROSS JOIN
  (SELECT DISTINCT record_class FROM kind_classes) AS k
  WHERE NOT EXISTS (SELECT FROM residencies AS r WHERE r.home_id = there.home_id)
UNION SELECT d.id, k.record_class FROM devices AS d CROSS JOIN
  (SELECT DISTINCT record_class FROM kind_classes) AS k
  WHERE hearth_everyone()
""",
    ),
)

# The readings that may be read, found once a statement: before, each reading's own series was looked up and
# the class of its kind asked for, one after the other.
SERIES = """
CREATE FUNCTION hearth_series() RETURNS TABLE (id bigint) LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
ROWS 2000 SET search_path = public, pg_temp AS $$
WITH f AS MATERIALIZED (SELECT person_id, record_class FROM hearth_full()),
ours AS MATERIALIZED (SELECT DISTINCT person_id FROM f),
there AS MATERIALIZED (
  SELECT device_id, home_id FROM assignments
  WHERE deleted_at IS NULL AND home_id = ANY (ARRAY(SELECT hearth_homes()))),
kit AS MATERIALIZED (
  SELECT device_id, person_id FROM assignments
    WHERE deleted_at IS NULL AND person_id = ANY (ARRAY(SELECT person_id FROM ours))
  UNION SELECT there.device_id, r.person_id FROM there JOIN residencies AS r USING (home_id)
    WHERE r.person_id = ANY (ARRAY(SELECT person_id FROM ours))),
lines AS MATERIALIZED (
  SELECT s.id, s.device_id, s.person_id, k.record_class::text
  FROM series AS s JOIN kind_classes AS k USING (kind)
  WHERE s.device_id = ANY (ARRAY(SELECT device_id FROM kit))
  OR s.person_id = ANY (ARRAY(SELECT person_id FROM ours))
  OR s.device_id = ANY (ARRAY(SELECT device_id FROM there))),
told AS MATERIALIZED (
  SELECT l.id, kit.person_id, l.record_class FROM lines AS l JOIN kit USING (device_id)
  UNION ALL SELECT l.id, l.person_id, l.record_class FROM lines AS l WHERE l.person_id IS NOT NULL)
SELECT told.id FROM told JOIN f USING (person_id, record_class)
UNION SELECT l.id FROM lines AS l JOIN there USING (device_id)
  WHERE NOT EXISTS (SELECT FROM residencies AS r WHERE r.home_id = there.home_id)
$$;
REVOKE EXECUTE ON FUNCTION hearth_series() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hearth_series() TO hearth_web;
ALTER POLICY viewer ON devices USING (
  hearth_everyone() OR id IN (SELECT hearth_kit()) OR agency_id IN (SELECT hearth_agency())
  OR (agency_id IS NULL AND hearth_staff() IS NOT NULL AND id NOT IN (SELECT hearth_kit_out())));
ALTER POLICY viewer ON series USING (hearth_everyone() OR id IN (SELECT s.id FROM hearth_series() AS s));
ALTER POLICY viewer ON readings
  USING (hearth_everyone() OR series_id IN (SELECT s.id FROM hearth_series() AS s))
"""


def upgrade() -> None:
    for name, returns, rows, query in SEEN:
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER "
            f"PARALLEL SAFE ROWS {rows} SET search_path = public, pg_temp AS $${query}$$"
        )
    op.execute("ALTER FUNCTION hearth_teams() ROWS 5")
    op.execute(SERIES)
