"""What each agency may see and why, what people said of it, break-glass; more kinds of teams."""

import sqlalchemy as sa
from alembic import op

revision = "0006_sharing"
down_revision = "0005_reading_flags"
branch_labels = None
depends_on = None

ROLES = """
ALTER TABLE staff DROP CONSTRAINT ck_staff_role;
ALTER TABLE staff ADD CONSTRAINT ck_staff_role CHECK (role IN (
  'coordinator', 'clinician', 'practitioner', 'responder', 'volunteer', 'technician',
  'commissioner', 'administrator', 'privacy_officer'
)) NOT VALID;
ALTER TABLE staff VALIDATE CONSTRAINT ck_staff_role
"""

TEAMS = """
ALTER TABLE teams DROP CONSTRAINT ck_teams_teamrole;
ALTER TABLE teams ADD CONSTRAINT ck_teams_teamrole CHECK (role IN (
  'coordinator', 'community_nursing', 'social_work', 'housing_officer', 'repairs', 'volunteers',
  'responders', 'receiving_centre', 'general_practice', 'hospital', 'virtual_ward', 'therapy',
  'reablement', 'memory_service', 'palliative_care', 'pharmacy', 'carer_support', 'advice',
  'safeguarding', 'privacy'
)) NOT VALID;
ALTER TABLE teams VALIDATE CONSTRAINT ck_teams_teamrole
"""

# What is validated here holds thousands of rows, not millions: reads wait for milliseconds.
FOLLOW_UPS = """
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint
ALTER TABLE follow_ups ADD CONSTRAINT fk_follow_ups_override_id
  FOREIGN KEY (override_id) REFERENCES overrides (id) NOT VALID;
ALTER TABLE follow_ups VALIDATE CONSTRAINT fk_follow_ups_override_id;
ALTER TABLE follow_ups DROP CONSTRAINT ck_follow_ups_person_or_home;
ALTER TABLE follow_ups ADD CONSTRAINT ck_follow_ups_person_or_home
  CHECK (num_nonnulls(person_id, home_id, override_id) >= 1) NOT VALID;
ALTER TABLE follow_ups VALIDATE CONSTRAINT ck_follow_ups_person_or_home
"""

# What agencies that are there already see from now on: the proposal for their sector, to be confirmed.
USUAL = """
INSERT INTO sharing_bases
  (agency_id, purpose, record_class, extent, lawful_basis, agreement, began_at, uuid, version, changed_at)
SELECT agencies.id, usual.purpose, usual.record_class, usual.extent, usual.lawful_basis,
       'Proposed for its sector; not confirmed yet', agencies.changed_at,
       gen_random_uuid(), 1, agencies.changed_at
FROM agencies JOIN (VALUES
  ('health', 'care', 'contact', 'full', 'public_task'),
  ('health', 'care', 'plan', 'full', 'public_task'),
  ('health', 'care', 'vitals', 'full', 'public_task'),
  ('health', 'care', 'mental_health', 'full', 'public_task'),
  ('health', 'care', 'activity', 'full', 'public_task'),
  ('health', 'care', 'safety_events', 'full', 'public_task'),
  ('health', 'care', 'home_environment', 'full', 'public_task'),
  ('health', 'care', 'notes', 'full', 'public_task'),
  ('health', 'care', 'energy', 'category', 'public_task'),
  ('health', 'planning', 'plan', 'category', 'public_task'),
  ('health', 'planning', 'vitals', 'category', 'public_task'),
  ('health', 'planning', 'safety_events', 'category', 'public_task'),
  ('social_care', 'care', 'contact', 'full', 'public_task'),
  ('social_care', 'care', 'plan', 'full', 'public_task'),
  ('social_care', 'care', 'vitals', 'full', 'public_task'),
  ('social_care', 'care', 'mental_health', 'full', 'public_task'),
  ('social_care', 'care', 'activity', 'full', 'public_task'),
  ('social_care', 'care', 'safety_events', 'full', 'public_task'),
  ('social_care', 'care', 'home_environment', 'full', 'public_task'),
  ('social_care', 'care', 'energy', 'full', 'public_task'),
  ('social_care', 'care', 'finance', 'full', 'public_task'),
  ('social_care', 'care', 'notes', 'full', 'public_task'),
  ('social_care', 'planning', 'plan', 'category', 'public_task'),
  ('social_care', 'planning', 'safety_events', 'category', 'public_task'),
  ('social_care', 'planning', 'home_environment', 'category', 'public_task'),
  ('housing', 'housing_duty', 'contact', 'full', 'legal_obligation'),
  ('housing', 'housing_duty', 'home_environment', 'full', 'legal_obligation'),
  ('housing', 'housing_duty', 'energy', 'category', 'legal_obligation'),
  ('housing', 'safety', 'safety_events', 'full', 'legal_obligation'),
  ('housing', 'care', 'plan', 'category', 'legitimate_interests'),
  ('third_sector', 'care', 'contact', 'full', 'legitimate_interests'),
  ('third_sector', 'care', 'plan', 'category', 'legitimate_interests'),
  ('third_sector', 'care', 'safety_events', 'category', 'legitimate_interests'),
  ('third_sector', 'care', 'home_environment', 'category', 'legitimate_interests'),
  ('private', 'safety', 'contact', 'full', 'legitimate_interests'),
  ('private', 'safety', 'safety_events', 'full', 'legitimate_interests'),
  ('private', 'safety', 'notes', 'full', 'legitimate_interests'),
  ('private', 'safety', 'plan', 'category', 'legitimate_interests'),
  ('private', 'safety', 'vitals', 'category', 'legitimate_interests'),
  ('private', 'safety', 'activity', 'category', 'legitimate_interests'),
  ('private', 'safety', 'home_environment', 'category', 'legitimate_interests')
) AS usual (sector, purpose, record_class, extent, lawful_basis) ON usual.sector = agencies.sector
"""


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until > at", name=op.f("ck_overrides_period")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_overrides_person_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["staff.id"], name=op.f("fk_overrides_reviewed_by_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_overrides_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
        sa.UniqueConstraint("uuid", name=op.f("uq_overrides_uuid")),
    )
    op.create_index("ix_overrides_person", "overrides", ["person_id"], unique=False)
    op.create_index("ix_overrides_staff", "overrides", ["staff_id", "until"], unique=False)
    op.create_table(
        "sharing_bases",
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "care",
                "safety",
                "housing_duty",
                "planning",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "record_class",
            sa.Enum(
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
                name="recordclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "extent",
            sa.Enum(
                "full",
                "category",
                "check",
                name="extent",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "lawful_basis",
            sa.Enum(
                "public_task",
                "legal_obligation",
                "vital_interests",
                "legitimate_interests",
                "consent",
                name="lawfulbasis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_sharing_bases_period")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_sharing_bases_agency_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_sharing_bases_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_bases")),
        sa.UniqueConstraint("uuid", name=op.f("uq_sharing_bases_uuid")),
    )
    op.create_index(
        "uq_sharing_bases_in_force",
        "sharing_bases",
        ["agency_id", "purpose", "record_class"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "sharing_choices",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "care",
                "safety",
                "housing_duty",
                "planning",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "record_class",
            sa.Enum(
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
                name="recordclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "decision",
            sa.Enum(
                "permit", "dissent", name="decision", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_sharing_choices_period")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_sharing_choices_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sharing_choices_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff.id"], name=op.f("fk_sharing_choices_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_choices")),
        sa.UniqueConstraint("uuid", name=op.f("uq_sharing_choices_uuid")),
    )
    op.create_index(
        "ix_sharing_choices_person",
        "sharing_choices",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("follow_ups", sa.Column("override_id", sa.BigInteger(), nullable=True))
    op.execute(FOLLOW_UPS)
    op.execute(ROLES)
    op.execute(TEAMS)
    op.execute(USUAL)
