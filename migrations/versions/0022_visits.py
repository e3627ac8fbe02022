"""Visits with a leave-by time, the alert about whoever does not say that they left, and checks that lapse."""

import sqlalchemy as sa
from alembic import op

revision = "0022_visits"
down_revision = "0021_webhooks_and_calls"
branch_labels = None
depends_on = None

# Both tables are read at every step of a ladder; what is validated here holds thousands of rows.
ALERTS = """
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint, ban-drop-not-null
ALTER TABLE alerts ADD COLUMN visit_id bigint;
ALTER TABLE alerts ADD COLUMN worker_id bigint;
ALTER TABLE alerts ADD CONSTRAINT fk_alerts_visit_id FOREIGN KEY (visit_id) REFERENCES visits (id) NOT VALID;
ALTER TABLE alerts VALIDATE CONSTRAINT fk_alerts_visit_id;
ALTER TABLE alerts ADD CONSTRAINT fk_alerts_worker_id FOREIGN KEY (worker_id) REFERENCES staff (id) NOT VALID;
ALTER TABLE alerts VALIDATE CONSTRAINT fk_alerts_worker_id;
ALTER TABLE alerts DROP CONSTRAINT ck_alerts_person_or_home;
ALTER TABLE alerts ADD CONSTRAINT ck_alerts_person_home_or_visit
  CHECK (num_nonnulls(person_id, home_id, visit_id) = 1) NOT VALID;
ALTER TABLE alerts VALIDATE CONSTRAINT ck_alerts_person_home_or_visit;
ALTER TABLE alerts ADD CONSTRAINT ck_alerts_visit_and_worker
  CHECK ((visit_id IS NULL) = (worker_id IS NULL)) NOT VALID;
ALTER TABLE alerts VALIDATE CONSTRAINT ck_alerts_visit_and_worker;
ALTER TABLE alert_sights ALTER COLUMN person_id DROP NOT NULL
"""

FUNCTIONS = (
    (
        "hearth_volunteer()",
        "boolean",
        "SELECT EXISTS (SELECT FROM staff WHERE id = hearth_staff() AND role = 'volunteer')",
    ),
    (
        "hearth_visits_sent()",  # of the alerts about a worker that were sent to whoever looks
        "SETOF bigint",
        "SELECT visit_id FROM alerts WHERE visit_id IS NOT NULL AND id IN (SELECT hearth_alerts_sent())",
    ),
)

TEAM = "NOT hearth_volunteer() AND team_id IN (SELECT hearth_teams())"
SENT = "agency_id = hearth_agency() AND id IN (SELECT hearth_visits_sent())"
COLLEAGUE = "NOT hearth_volunteer() AND staff_id IN (SELECT id FROM staff WHERE agency_id = hearth_agency())"
POLICIES = {
    # Where somebody is, is known to their own team, and in their agency to whom their alert was sent.
    "visits": f"hearth_everyone() OR staff_id = hearth_staff() OR {TEAM} OR {SENT}",
    "visit_events": "hearth_everyone() OR EXISTS (SELECT FROM visits WHERE visits.id = visit_id)",
    "staff_checks": f"hearth_everyone() OR staff_id = hearth_staff() OR {COLLEAGUE}",
}
ALERT_SEEN = (
    "hearth_everyone() OR person_id IN (SELECT hearth_people()) OR home_id IN (SELECT hearth_homes()) "
    "OR id IN (SELECT hearth_alerts_sent()) "
    "OR (closed_at IS NOT NULL AND home_id IN (SELECT hearth_homes_lived())) "
    "OR visit_id IN (SELECT id FROM visits)"
)


def _envelope(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uuid", name=op.f(f"uq_{table}_uuid")),
    ]


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    how = sa.Enum(
        "safe", "called_off", "found", name="visitend", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "visits",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("follow_up_id", sa.BigInteger(), nullable=True),
        sa.Column("alert_id", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        _time("accepted_at", nullable=False),
        _time("arrived_at"),
        _time("leave_by", nullable=False),
        _time("reminded_at"),
        _time("overdue_at"),
        _time("ended_at"),
        sa.Column("how", how, nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        _time("settled_at"),
        *_envelope("visits"),
        sa.CheckConstraint("num_nonnulls(follow_up_id, alert_id) = 1", name=op.f("ck_visits_what_for")),
        sa.CheckConstraint("(ended_at IS NULL) = (how IS NULL)", name=op.f("ck_visits_ended_with_how")),
        _key("visits", "staff_id", "staff"),
        _key("visits", "agency_id", "agencies"),
        _key("visits", "team_id", "teams"),
        _key("visits", "follow_up_id", "follow_ups"),
        _key("visits", "alert_id", "alerts"),
    )
    open_ = sa.text("ended_at IS NULL")
    waiting = sa.text("ended_at IS NULL AND overdue_at IS NULL")
    unsettled = sa.text("overdue_at IS NOT NULL AND settled_at IS NULL")
    op.create_index("ix_visits_leave_by", "visits", ["leave_by"], postgresql_where=waiting)
    op.create_index("ix_visits_overdue", "visits", ["overdue_at"], postgresql_where=unsettled)
    op.create_index("ix_visits_team", "visits", ["team_id"], postgresql_where=open_)
    op.create_index("ix_visits_staff", "visits", ["staff_id", "accepted_at"])
    for what in ("follow_up", "alert"):
        op.create_index(
            f"uq_visits_{what}", "visits", [f"{what}_id", "staff_id"], unique=True, postgresql_where=open_
        )
    op.create_table(
        "visit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        _time("at", nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by_staff_id", sa.BigInteger(), nullable=True),
        _time("leave_by", nullable=False),
        _key("visit_events", "visit_id", "visits"),
        _key("visit_events", "by_staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_events")),
    )
    op.create_index(op.f("ix_visit_events_visit_id"), "visit_events", ["visit_id"])
    op.create_table(
        "staff_checks",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        _time("recorded_at", nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        *_envelope("staff_checks"),
        sa.CheckConstraint("valid_until >= done_on", name=op.f("ck_staff_checks_period")),
        _key("staff_checks", "staff_id", "staff"),
        _key("staff_checks", "recorded_by_id", "staff"),
    )
    op.create_index("ix_staff_checks_staff", "staff_checks", ["staff_id", "valid_until"])
    for statement in ALERTS.split(";\n"):
        op.execute(statement)
    for name, returns, query in FUNCTIONS:
        op.execute(
            f"CREATE FUNCTION {name} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE "
            f"SET search_path = public, pg_temp AS $${query}$$"
        )
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO hearth_web")
    for table, whose in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY viewer ON {table} TO hearth_web USING ({whose}) WITH CHECK (true)")
    op.execute(f"ALTER POLICY viewer ON alerts USING ({ALERT_SEEN})")
