"""People, agencies, homes; the journal; what each database role may do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.models

revision = "0001_people"
down_revision = None
branch_labels = None
depends_on = None


ROLES = """
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['hearth_app', 'hearth_web'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public '
                   'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', role);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO %I', role);
  END LOOP;
END $$
"""

# The journal grows only: nobody but the owner can delete from it, and only the sealer's columns change.
JOURNAL = """
REVOKE UPDATE, DELETE, TRUNCATE ON journal FROM hearth_app, hearth_web;
GRANT UPDATE (number, digest, chain) ON journal TO hearth_app
"""


def upgrade() -> None:
    op.execute(ROLES)
    op.create_table(
        "agencies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "sector",
            sa.Enum(
                "health",
                "social_care",
                "housing",
                "third_sector",
                "private",
                name="sector",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("name", name=op.f("uq_agencies_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_agencies_uuid")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("oldest_waiting_seconds", sa.Double(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("clock_real_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_factor", sa.Double(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("clock_factor > 0", name=op.f("ck_installation_factor")),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("xid", core.models.Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_uuid", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("number", name=op.f("uq_journal_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_journal_uuid")),
    )
    op.create_index(
        "ix_journal_person",
        "journal",
        ["person_id", "id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_unsealed", "journal", ["id"], unique=False, postgresql_where=sa.text("number IS NULL")
    )
    op.create_table(
        "people",
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("preferred_name", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum(
                "female",
                "male",
                "other",
                "not_known",
                name="sex",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ethnicity", sa.Text(), nullable=True),
        sa.Column("nhs_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("nhs_number_blind", sa.LargeBinary(), nullable=True),
        sa.Column("telephone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("telephone_blind", sa.LargeBinary(), nullable=True),
        sa.Column("gp_practice_code", sa.Text(), nullable=True),
        sa.Column("gp_practice_name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("interpreter_needed", sa.Boolean(), nullable=False),
        sa.Column("communication_needs", sa.Text(), nullable=True),
        sa.Column("disability", sa.Text(), nullable=True),
        sa.Column("digital_exclusion", sa.Text(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("nhs_number_blind", name=op.f("uq_people_nhs_number_blind")),
        sa.UniqueConstraint("uuid", name=op.f("uq_people_uuid")),
    )
    op.create_index(
        "ix_people_family_name",
        "people",
        [sa.literal_column("lower(family_name)"), sa.literal_column("lower(given_name)")],
        unique=False,
    )
    op.create_index(op.f("ix_people_telephone_blind"), "people", ["telephone_blind"], unique=False)
    op.create_table(
        "about_me",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("most_important", sa.Text(), nullable=True),
        sa.Column("people_important", sa.Text(), nullable=True),
        sa.Column("how_i_communicate", sa.Text(), nullable=True),
        sa.Column("my_wellness", sa.Text(), nullable=True),
        sa.Column("please_do_and_dont", sa.Text(), nullable=True),
        sa.Column("how_and_when_to_support", sa.Text(), nullable=True),
        sa.Column("also_worth_knowing", sa.Text(), nullable=True),
        sa.Column("supported_by", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_about_me_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_about_me")),
    )
    op.create_index(op.f("ix_about_me_person_id"), "about_me", ["person_id"], unique=False)
    op.create_index(
        "uq_about_me_current",
        "about_me",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "contacts",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("telephone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("telephone_blind", sa.LargeBinary(), nullable=True),
        sa.Column("key_holder", sa.Boolean(), nullable=False),
        sa.Column("minutes_away", sa.BigInteger(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contacts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("uuid", name=op.f("uq_contacts_uuid")),
    )
    op.create_index(op.f("ix_contacts_person_id"), "contacts", ["person_id"], unique=False)
    op.create_index(op.f("ix_contacts_telephone_blind"), "contacts", ["telephone_blind"], unique=False)
    op.create_table(
        "homes",
        sa.Column("uprn", sa.Text(), nullable=True),
        sa.Column("address_line", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column(
            "tenure",
            sa.Enum(
                "social_rent",
                "private_rent",
                "owner",
                "shared_ownership",
                "supported",
                "other",
                name="tenure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("landlord_agency_id", sa.BigInteger(), nullable=True),
        sa.Column("access_notes", sa.Text(), nullable=True),
        sa.Column("key_safe_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("telephone_line", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("uprn ~ '^[1-9][0-9]{0,11}$'", name=op.f("ck_homes_uprn")),
        sa.ForeignKeyConstraint(
            ["landlord_agency_id"], ["agencies.id"], name=op.f("fk_homes_landlord_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_homes")),
        sa.UniqueConstraint("uprn", name=op.f("uq_homes_uprn")),
        sa.UniqueConstraint("uuid", name=op.f("uq_homes_uuid")),
    )
    op.create_index(op.f("ix_homes_area"), "homes", ["area"], unique=False)
    op.create_table(
        "responder_cards",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("home_oxygen", sa.Boolean(), nullable=False),
        sa.Column("mobility", sa.Text(), nullable=True),
        sa.Column("communication", sa.Text(), nullable=True),
        sa.Column("dog", sa.Text(), nullable=True),
        sa.Column("infection", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("end_of_life", sa.Boolean(), nullable=False),
        sa.Column("decision_form", sa.Text(), nullable=True),
        sa.Column("decision_form_date", sa.Date(), nullable=True),
        sa.Column("decision_form_place", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_responder_cards_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responder_cards")),
        sa.UniqueConstraint("person_id", name=op.f("uq_responder_cards_person_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_responder_cards_uuid")),
    )
    op.create_table(
        "staff",
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "coordinator",
                "clinician",
                "practitioner",
                "responder",
                "volunteer",
                "technician",
                "commissioner",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("session_epoch", sa.BigInteger(), nullable=False),
        sa.Column("failed_attempts", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failed_attempts >= 0", name=op.f("ck_staff_attempts")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_staff_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("uuid", name=op.f("uq_staff_uuid")),
    )
    op.create_index(op.f("ix_staff_agency_id"), "staff", ["agency_id"], unique=False)
    op.create_index("uq_staff_email_lower", "staff", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "teams",
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "coordinator",
                "community_nursing",
                "social_work",
                "housing_officer",
                "repairs",
                "volunteers",
                "responders",
                "receiving_centre",
                name="teamrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("staffed_all_hours", sa.Boolean(), nullable=False),
        sa.Column("receiving_centre", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_teams_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("agency_id", "name", name=op.f("uq_teams_agency_id_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_teams_uuid")),
    )
    op.create_index(op.f("ix_teams_agency_id"), "teams", ["agency_id"], unique=False)
    op.create_table(
        "alert_sights",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.CheckConstraint(
            "(team_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_alert_sights_one_recipient")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_alert_sights_person_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alert_sights_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_alert_sights_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_sights")),
    )
    op.create_index("ix_alert_sights_alert_id", "alert_sights", ["alert_id"], unique=False)
    op.create_index(op.f("ix_alert_sights_person_id"), "alert_sights", ["person_id"], unique=False)
    op.create_index(op.f("ix_alert_sights_staff_id"), "alert_sights", ["staff_id"], unique=False)
    op.create_index(op.f("ix_alert_sights_team_id"), "alert_sights", ["team_id"], unique=False)
    op.create_table(
        "care_teams",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(person_id, person_id, '[]')"), "&&"),
            (sa.text("int8range(team_id, team_id, '[]')"), "&&"),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_care_teams_no_overlap",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_care_teams_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_care_teams_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_teams")),
    )
    op.create_index(op.f("ix_care_teams_person_id"), "care_teams", ["person_id"], unique=False)
    op.create_index(op.f("ix_care_teams_team_id"), "care_teams", ["team_id"], unique=False)
    op.create_table(
        "residencies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(person_id, person_id, '[]')"), "&&"),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_residencies_no_overlap",
        ),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_residencies_home_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_residencies_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residencies")),
    )
    op.create_index(op.f("ix_residencies_home_id"), "residencies", ["home_id"], unique=False)
    op.create_index(op.f("ix_residencies_person_id"), "residencies", ["person_id"], unique=False)
    op.create_table(
        "team_members",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(team_id, team_id, '[]')"), "&&"),
            (sa.text("int8range(staff_id, staff_id, '[]')"), "&&"),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_team_members_no_overlap",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_team_members_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_staff_id"), "team_members", ["staff_id"], unique=False)
    op.create_index(op.f("ix_team_members_team_id"), "team_members", ["team_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_tokens_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_tokens_uuid")),
    )
    op.create_index(op.f("ix_tokens_staff_id"), "tokens", ["staff_id"], unique=False)
    op.execute(JOURNAL)
