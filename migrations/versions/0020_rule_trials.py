"""Changes of rules that are tried on the recorded past."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020_rule_trials"
down_revision = "0019_reviews_of_news2"
branch_labels = None
depends_on = None

SEEN = "hearth_everyone() OR person_id IN (SELECT hearth_people())"


def upgrade() -> None:
    op.create_table(
        "rule_trials",
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("usual", JSONB(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("own_limits", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days BETWEEN 1 AND 366", name=op.f("ck_rule_trials_days")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_rule_trials_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_trials")),
        sa.UniqueConstraint("uuid", name=op.f("uq_rule_trials_uuid")),
    )
    op.create_index("ix_rule_trials_rule", "rule_trials", ["rule_key", "asked_at"], unique=False)
    op.create_index(
        "ix_rule_trials_waiting", "rule_trials", ["id"], unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "rule_trial_people",
        sa.Column("trial_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", JSONB(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("readings", sa.BigInteger(), nullable=True),
        sa.Column("found", JSONB(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rule_trial_people_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_rule_trial_people_team_id")),
        sa.ForeignKeyConstraint(["trial_id"], ["rule_trials.id"], name=op.f("fk_rule_trial_people_trial_id")),
        sa.PrimaryKeyConstraint("trial_id", "person_id", name=op.f("pk_rule_trial_people")),
    )
    op.create_index(
        "ix_rule_trial_people_waiting", "rule_trial_people", ["trial_id", "person_id"], unique=False,
        postgresql_where=sa.text("readings IS NULL"),
    )  # fmt: skip
    op.execute("ALTER TABLE rule_trial_people ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY workers ON rule_trial_people TO hearth_app USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY viewer ON rule_trial_people TO hearth_web USING ({SEEN}) WITH CHECK (true)")


def downgrade() -> None:
    op.drop_table("rule_trial_people")
    op.drop_table("rule_trials")
