"""The second wall: the database itself limits what the web role reads to whom the viewer may see.

Each transaction of the web says who looks (`people.scoping`); a query that forgets its filter, or a
transaction that says nothing, finds nothing. Policies are `IN (a query)`, evaluated once a statement. The
functions belong to the owner and see past the policies; nobody but the web role may call them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_row_security"
down_revision = "0011_authority"
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

# A month of readings is reached through the table of all months alone: policies stand there.
MONTHS = """
DO $$
DECLARE month regclass;
BEGIN
  FOR month IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'readings'::regclass LOOP
    EXECUTE format('REVOKE ALL ON %s FROM hearth_web', month);
  END LOOP;
END $$;
CREATE OR REPLACE FUNCTION ensure_readings_partitions(first date, last date) RETURNS integer
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
      EXECUTE format('REVOKE ALL ON readings_%s FROM hearth_web', to_char(month, 'YYYY_MM'));
      made := made + 1;
    END IF;
    month := (month + interval '1 month')::date;
  END LOOP;
  RETURN made;
END $$
"""

SAID = """
CREATE FUNCTION hearth_said(name text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('hearth.' || name, true), '') $$;

CREATE FUNCTION hearth_staff() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT hearth_said('staff')::bigint $$;

CREATE FUNCTION hearth_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT hearth_said('now')::timestamptz $$;

CREATE FUNCTION hearth_everyone() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(hearth_said('everyone') = 'yes', false) $$
"""

# Each function: name, what it returns, its query.
SEEN = (
    (
        "hearth_privacy()",
        "boolean",
        "SELECT EXISTS (SELECT FROM staff WHERE id = hearth_staff() AND role = 'privacy_officer')",
    ),
    (
        "hearth_agency()",
        "bigint",
        "SELECT agency_id FROM staff WHERE id = hearth_staff()",
    ),
    (
        "hearth_class(kind text)",
        "text",
        "SELECT record_class FROM kind_classes WHERE kind_classes.kind = $1",
    ),
    (
        "hearth_teams()",
        "SETOF bigint",
        "SELECT team_id FROM team_members WHERE staff_id = hearth_staff() AND period @> hearth_now()",
    ),
    (
        "hearth_people()",  # in sight: people.visible.person_ids
        "SETOF bigint",
        """
WITH seen AS (
  SELECT id FROM people WHERE hearth_everyone()
  UNION SELECT person_id FROM care_teams
    WHERE period @> hearth_now() AND team_id IN (SELECT hearth_teams())
  UNION SELECT person_id FROM overrides
    WHERE staff_id = hearth_staff() AND at <= hearth_now() AND until > hearth_now()
  UNION SELECT hearth_said('person')::bigint WHERE hearth_said('person') IS NOT NULL)
SELECT id FROM seen
UNION SELECT id FROM people WHERE merged_into_id IN (SELECT id FROM seen)  -- records that are theirs now
""",
    ),
    (
        "hearth_alerts_sent()",  # by a ladder step or dispatch (H10)
        "SETOF bigint",
        """
SELECT alert_id FROM alert_sights
WHERE period @> hearth_now() AND (staff_id = hearth_staff() OR team_id IN (SELECT hearth_teams()))
""",
    ),
    (
        "hearth_people_sent()",  # whose essentials such an alert opens
        "SETOF bigint",
        """
SELECT person_id FROM alert_sights
  WHERE period @> hearth_now() AND (staff_id = hearth_staff() OR team_id IN (SELECT hearth_teams()))
UNION SELECT f.person_id FROM follow_ups AS f JOIN alert_sights AS s USING (alert_id, team_id)
  WHERE f.done_at IS NULL AND f.team_id IN (SELECT hearth_teams())
UNION SELECT person_id FROM concerns WHERE team_id IN (SELECT hearth_teams())
UNION SELECT residencies.person_id FROM alerts JOIN residencies USING (home_id)
  WHERE alerts.id IN (SELECT hearth_alerts_sent()) AND residencies.period @> hearth_now()
""",
    ),
    (
        "hearth_homes()",  # people.visible.home_ids
        "SETOF bigint",
        """
SELECT id FROM homes WHERE hearth_everyone()
UNION SELECT home_id FROM residencies
  WHERE period @> hearth_now() AND person_id IN (SELECT hearth_people())
UNION SELECT home_id FROM residencies AS lived
  WHERE person_id IN (SELECT hearth_people()) AND NOT EXISTS (
    SELECT FROM residencies AS lives WHERE lives.home_id = lived.home_id AND lives.period @> hearth_now())
UNION SELECT id FROM homes
  WHERE hearth_staff() IS NOT NULL
  AND NOT EXISTS (SELECT FROM residencies WHERE residencies.home_id = homes.id)
""",
    ),
    (
        "hearth_homes_sent()",
        "SETOF bigint",
        """
SELECT home_id FROM residencies
  WHERE period @> hearth_now() AND person_id IN (SELECT hearth_people_sent())
UNION SELECT home_id FROM alerts WHERE home_id IS NOT NULL AND id IN (SELECT hearth_alerts_sent())
""",
    ),
    (
        "hearth_homes_lived()",  # where somebody in sight ever lived: for alerts that are over
        "SETOF bigint",
        "SELECT home_id FROM residencies WHERE person_id IN (SELECT hearth_people())",
    ),
    (
        "hearth_full()",  # people.sharing.sees: the classes that are fully seen, person by person
        "TABLE (person_id bigint, record_class text)",
        """
WITH me AS (SELECT id, agency_id, role FROM staff WHERE id = hearth_staff()),
classes AS (SELECT unnest(ARRAY[
  'contact', 'plan', 'vitals', 'mental_health', 'activity', 'safety_events', 'home_environment', 'energy',
  'finance', 'notes']) AS record_class),
held AS (
  SELECT me.agency_id, me.role, b.purpose, b.record_class, b.lawful_basis <> 'consent' AS unasked
  FROM me JOIN sharing_bases AS b USING (agency_id)
  WHERE b.extent = 'full' AND b.purpose <> 'planning' AND b.record_class <> 'restricted'
  AND b.began_at <= hearth_now() AND (b.ended_at IS NULL OR b.ended_at > hearth_now())
  AND (me.role NOT IN ('volunteer', 'technician') OR b.record_class = 'contact'))
SELECT p, c.record_class FROM hearth_people() AS p CROSS JOIN classes AS c
  WHERE hearth_everyone()
  OR p IN (SELECT o.person_id FROM overrides AS o
           WHERE o.staff_id = hearth_staff() AND o.at <= hearth_now() AND o.until > hearth_now())
UNION SELECT p, held.record_class FROM hearth_people() AS p CROSS JOIN held
  WHERE coalesce(
    (SELECT s.decision = 'permit' FROM sharing_choices AS s
     WHERE s.person_id = p AND s.deleted_at IS NULL
     AND s.began_at <= hearth_now() AND (s.ended_at IS NULL OR s.ended_at > hearth_now())
     AND (s.agency_id IS NULL OR s.agency_id = held.agency_id)
     AND (s.purpose IS NULL OR s.purpose = held.purpose)
     AND (s.record_class IS NULL OR s.record_class = held.record_class)
     ORDER BY num_nonnulls(s.agency_id, s.purpose, s.record_class) DESC, s.began_at DESC LIMIT 1),
    held.unasked)
UNION SELECT hearth_said('person')::bigint, c FROM unnest(string_to_array(hearth_said('classes'), ',')) AS c
  WHERE hearth_said('person') IS NOT NULL
""",
    ),
    (
        "hearth_kit()",  # with people and homes in sight, and the agency's own
        "SETOF bigint",
        """
SELECT id FROM devices
  WHERE hearth_everyone() OR agency_id = (SELECT agency_id FROM staff WHERE id = hearth_staff())
UNION SELECT device_id FROM assignments
  WHERE deleted_at IS NULL
  AND (person_id IN (SELECT hearth_people()) OR home_id IN (SELECT hearth_homes()))
""",
    ),
    (
        "hearth_kit_out()",  # with anybody now: what is not is stock
        "SETOF bigint",
        "SELECT device_id FROM assignments WHERE deleted_at IS NULL AND period @> hearth_now()",
    ),
    (
        "hearth_full_kit()",  # the classes of what each device says that are fully seen
        "TABLE (device_id bigint, record_class text)",
        """
SELECT a.device_id, f.record_class FROM assignments AS a JOIN hearth_full() AS f USING (person_id)
  WHERE a.deleted_at IS NULL
UNION SELECT a.device_id, f.record_class FROM assignments AS a
  JOIN residencies AS r USING (home_id) JOIN hearth_full() AS f ON f.person_id = r.person_id
  WHERE a.deleted_at IS NULL AND a.home_id IN (SELECT hearth_homes())
UNION SELECT a.device_id, k.record_class FROM assignments AS a CROSS JOIN
  (SELECT DISTINCT record_class FROM kind_classes) AS k
  WHERE a.deleted_at IS NULL AND a.home_id IN (SELECT hearth_homes())
  AND NOT EXISTS (SELECT FROM residencies AS r WHERE r.home_id = a.home_id)
UNION SELECT d.id, k.record_class FROM devices AS d CROSS JOIN
  (SELECT DISTINCT record_class FROM kind_classes) AS k
  WHERE hearth_everyone()
""",
    ),
)

PERSON = "person_id IN (SELECT hearth_people())"
SENT = "person_id IN (SELECT hearth_people_sent())"
HOME = "home_id IN (SELECT hearth_homes())"
TEAM = "team_id IN (SELECT hearth_teams())"
STAFF = "staff_id = hearth_staff()"
LET_IN = "id IN (SELECT account_id FROM proxies)"  # those proxies that may be read


def _of(table: str, key: str) -> str:
    """The condition that a row belongs to a row of another table that may be read."""
    return f"EXISTS (SELECT FROM {table} WHERE {table}.id = {key})"


VERSION = _of("plan_versions", "version_id")

# What may be read of each table; whoever may read a row may write it, as far as the role's own rights go.
POLICIES = {
    "people": "id IN (SELECT hearth_people()) OR id IN (SELECT hearth_people_sent())",
    "about_me": PERSON,
    "identifiers": PERSON,
    "likenesses": PERSON,
    "match_keys": PERSON,
    "pairs": "one_id IN (SELECT hearth_people()) OR other_id IN (SELECT hearth_people())",
    "merges": "kept_id IN (SELECT hearth_people())",
    "deaths": f"{PERSON} OR {SENT}",
    "row_changes": f"{_of('merges', 'merge_id')} OR {_of('deaths', 'death_id')}",
    "visit_warnings": f"{PERSON} OR {HOME} OR {SENT} OR home_id IN (SELECT hearth_homes_sent())",
    "filled_forms": PERSON,  # how much of each is shown goes by its class, in the code
    "attachments": PERSON,
    "contacts": f"{PERSON} OR {SENT}",
    "responder_cards": f"{PERSON} OR {SENT}",
    "residencies": f"{PERSON} OR {HOME} OR {SENT} OR home_id IN (SELECT hearth_homes_sent())",
    "homes": "id IN (SELECT hearth_homes()) OR id IN (SELECT hearth_homes_sent())",
    "care_teams": f"{PERSON} OR {SENT} OR {TEAM}",
    "alert_sights": f"{PERSON} OR {SENT} OR {TEAM} OR {STAFF}",
    "sharing_choices": f"{PERSON} OR {SENT}",
    "overrides": f"{PERSON} OR {STAFF} OR hearth_privacy()",
    "capacity_assessments": PERSON,
    "best_interests": PERSON,
    "authorities": PERSON,
    "monitoring_agreements": PERSON,
    "proxies": f"{PERSON} OR account_id = hearth_said('account')::bigint",
    "accounts": " OR ".join((PERSON, "id = hearth_said('account')::bigint", LET_IN)),
    "concerns": f"{TEAM} OR raised_by_id = hearth_staff()",
    "concern_events": _of("concerns", "concern_id"),
    "unagreed_kit": _of("assignments", "assignment_id"),
    "plans": PERSON,
    "plan_versions": _of("plans", "plan_id"),
    "goal_progress": _of("plans", "plan_id"),
    "plan_pathways": VERSION,
    "needs": VERSION,
    "goals": VERSION,
    "actions": VERSION,
    "plan_ladders": VERSION,
    "contingencies": VERSION,
    "rules": VERSION,
    "monitoring": VERSION,
    "schedules": VERSION,
    "strengths": VERSION,
    "stage_goals": VERSION,
    "plan_acceptances": VERSION,
    "plan_advice": VERSION,
    "plan_agreements": VERSION,
    "plan_documents": VERSION,
    "plan_work_reviews": VERSION,
    "wishes": PERSON,
    "judgements": (
        "subject IN (SELECT 2 * p FROM hearth_people() AS p) "
        "OR subject IN (SELECT 2 * h + 1 FROM hearth_homes() AS h)"
    ),
    "alerts": (
        f"{PERSON} OR {HOME} OR id IN (SELECT hearth_alerts_sent()) "
        "OR (closed_at IS NOT NULL AND home_id IN (SELECT hearth_homes_lived()))"
    ),
    "alert_events": _of("alerts", "alert_id"),
    "referrals": f"{PERSON} OR to_{TEAM} OR from_{TEAM}",  # each side keeps what it sent or was sent
    "referral_events": _of("referrals", "referral_id"),
    "hand_over_summaries": TEAM,  # what a team that went may still read is that team's alone
    "follow_ups": (
        f"{TEAM} OR NOT restricted AND "
        f"({PERSON} OR {HOME} OR {STAFF} OR alert_id IN (SELECT hearth_alerts_sent()))"
    ),
    "follow_up_events": _of("follow_ups", "follow_up_id"),
    "messages": f"{PERSON} OR {TEAM} OR {STAFF} OR {_of('alerts', 'alert_id')}",
    "devices": (
        "id IN (SELECT hearth_kit()) OR agency_id = hearth_agency() "
        "OR (agency_id IS NULL AND hearth_staff() IS NOT NULL AND id NOT IN (SELECT hearth_kit_out()))"
    ),
    "device_words": _of("devices", "device_id"),
    "assignments": f"{PERSON} OR {HOME}",
    "routes": _of("devices", "device_id"),
    "series": (
        "(person_id, hearth_class(kind)) IN (SELECT person_id, record_class FROM hearth_full()) "
        "OR (device_id, hearth_class(kind)) IN (SELECT device_id, record_class FROM hearth_full_kit())"
    ),
    "readings": _of("series", "series_id"),
    "reading_conflicts": _of("series", "series_id"),
    "reading_original_times": _of("series", "series_id"),
    "expectations": f"{PERSON} OR {HOME} OR {_of('devices', 'device_id')}",
    "rejected": f"hearth_staff() IS NOT NULL AND (device_id IS NULL OR {_of('devices', 'device_id')})",
    "journal": f"{PERSON} OR {STAFF} OR hearth_privacy() OR person_id IS NULL",
    "idempotency_keys": STAFF,
}


def _function(name: str, returns: str, query: str) -> str:
    rows = "ROWS 200 " if returns != "boolean" and returns not in ("bigint", "text") else ""
    return (
        f"CREATE FUNCTION {name} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE {rows}"
        f"SET search_path = public, pg_temp AS $${query}$$;\n"
        f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC;\n"
        f"GRANT EXECUTE ON FUNCTION {name} TO hearth_web"
    )


def upgrade() -> None:
    op.create_table(
        "kind_classes",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "record_class",
            sa.Enum(*CLASSES, name="recordclass", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_kind_classes")),
    )
    op.execute("REVOKE INSERT, UPDATE, DELETE ON kind_classes FROM hearth_web")
    op.execute(SAID)
    for name, returns, query in SEEN:
        op.execute(_function(name, returns, query))
    for table, whose in POLICIES.items():
        condition = f"hearth_everyone() OR {whose}"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY viewer ON {table} TO hearth_web USING ({condition}) WITH CHECK (true)")
    op.execute(MONTHS)
