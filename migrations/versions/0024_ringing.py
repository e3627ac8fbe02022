"""Calls to people: each attempt, the procedure when somebody does not answer, and what was agreed of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024_ringing"
down_revision = "0023_work_on_kit"
branch_labels = None
depends_on = None

CAME = (
    "answered_well", "answered_not_well", "no_answer", "engaged", "answerphone_message", "answerphone",
    "wrong_number",
)  # fmt: skip
FOUND = ("spoken_to", "seen", "hospital", "away", "died", "duplicate")

PERSON = "(NOT hearth_volunteer() AND person_id IN (SELECT hearth_people()))"
FOLLOW_UP = "EXISTS (SELECT FROM follow_ups WHERE follow_ups.id = follow_up_id)"
ALERT = "alert_id IN (SELECT hearth_alerts_sent())"
POLICIES = {
    # Whoever rang, whoever may see the person, and who was asked by this follow-up or sent this alert.
    "contact_attempts": (
        f"hearth_everyone() OR by_staff_id = hearth_staff() OR {PERSON} OR {FOLLOW_UP} OR {ALERT}"
    ),
    "no_replies": f"hearth_everyone() OR {PERSON} OR {FOLLOW_UP} OR {ALERT}",
    "no_reply_terms": f"hearth_everyone() OR person_id IS NULL OR {PERSON}",
}


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


def _to(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "contact_attempts",
        _to("person_id"),
        _to("contact_id", nullable=True),
        _to("follow_up_id", nullable=True),
        _to("alert_id", nullable=True),
        _time("at", nullable=False),
        _to("by_staff_id"),
        sa.Column("came", _one_of("came", CAME), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("completed", sa.Boolean(), nullable=False),
        _time("remind_at"),
        _time("undone_at"),
        _to("undone_by_id", nullable=True),
        *_envelope("contact_attempts"),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_contact_attempts_undone")
        ),
        _key("contact_attempts", "person_id", "people"),
        _key("contact_attempts", "contact_id", "contacts"),
        _key("contact_attempts", "follow_up_id", "follow_ups"),
        _key("contact_attempts", "alert_id", "alerts"),
        _key("contact_attempts", "by_staff_id", "staff"),
        _key("contact_attempts", "undone_by_id", "staff"),
    )
    op.create_index("ix_contact_attempts_person", "contact_attempts", ["person_id", "at"])
    op.create_index("ix_contact_attempts_follow_up", "contact_attempts", ["follow_up_id"])
    op.create_index("ix_contact_attempts_alert", "contact_attempts", ["alert_id"])
    waits = sa.text("remind_at IS NOT NULL")
    op.create_index("ix_contact_attempts_remind", "contact_attempts", ["remind_at"], postgresql_where=waits)
    op.create_table(
        "no_replies",
        _to("person_id"),
        _to("alert_id"),
        _to("follow_up_id", nullable=True),
        _to("team_id"),
        sa.Column("terms", postgresql.JSONB(none_as_null=True), nullable=False),
        _time("began_at", nullable=False),
        _to("began_by_id", nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        _time("ended_at"),
        sa.Column("ended", _one_of("found", FOUND), nullable=True),
        _to("ended_by_id", nullable=True),
        *_envelope("no_replies"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name=op.f("ck_no_replies_ended")),
        _key("no_replies", "person_id", "people"),
        _key("no_replies", "alert_id", "alerts"),
        _key("no_replies", "follow_up_id", "follow_ups"),
        _key("no_replies", "team_id", "teams"),
        _key("no_replies", "began_by_id", "staff"),
        _key("no_replies", "ended_by_id", "staff"),
    )
    open_ = sa.text("ended_at IS NULL")
    op.create_index("uq_no_replies_open", "no_replies", ["person_id"], unique=True, postgresql_where=open_)
    op.create_index("ix_no_replies_began", "no_replies", ["began_at"])
    op.create_index("ix_no_replies_alert", "no_replies", ["alert_id"])
    op.create_table(
        "no_reply_terms",
        _to("team_id", nullable=True),
        _to("person_id", nullable=True),
        sa.Column("pathway", sa.Text(), nullable=True),
        sa.Column("document", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("agreed_with", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        _time("set_at", nullable=False),
        _to("set_by_id"),
        _time("superseded_at"),
        *_envelope("no_reply_terms"),
        sa.CheckConstraint(
            "num_nonnulls(team_id, person_id, pathway) = 1", name=op.f("ck_no_reply_terms_whose")
        ),
        sa.CheckConstraint(
            "person_id IS NULL OR (agreed_with IS NOT NULL AND agreed_on IS NOT NULL)",
            name=op.f("ck_no_reply_terms_agreed"),
        ),
        _key("no_reply_terms", "team_id", "teams"),
        _key("no_reply_terms", "person_id", "people"),
        _key("no_reply_terms", "set_by_id", "staff"),
    )
    for whose, column in (("team", "team_id"), ("person", "person_id"), ("pathway", "pathway")):
        current = sa.text(f"superseded_at IS NULL AND {column} IS NOT NULL")
        op.create_index(
            f"uq_no_reply_terms_{whose}",
            "no_reply_terms",
            [column],
            unique=True,
            postgresql_where=current,
        )
    for table, whose in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY workers ON {table} TO hearth_app USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY viewer ON {table} TO hearth_web USING ({whose}) WITH CHECK (true)")
