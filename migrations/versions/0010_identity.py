"""Typed identifiers, likely duplicates, merges, warnings about visits, deaths."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_identity"
down_revision = "0009_referrals"
branch_labels = None
depends_on = None

# The table of people is full already: columns without a default, constraints that are validated apart.
# What is validated here holds thousands of rows, not millions: reads wait for milliseconds.
PEOPLE = """
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation
ALTER TABLE people ADD COLUMN nhs_number_status VARCHAR(60);
ALTER TABLE people ADD CONSTRAINT ck_people_verification CHECK (nhs_number_status IN (
  'number-present-and-verified', 'number-present-but-not-traced', 'trace-required', 'trace-attempted',
  'trace-needs-to-be-resolved', 'trace-in-progress', 'number-not-present-and-trace-not-required',
  'trace-postponed'
)) NOT VALID;
ALTER TABLE people VALIDATE CONSTRAINT ck_people_verification;
ALTER TABLE people ADD COLUMN merged_into_id BIGINT;
ALTER TABLE people ADD CONSTRAINT fk_people_merged_into_id
  FOREIGN KEY (merged_into_id) REFERENCES people (id) NOT VALID;
ALTER TABLE people VALIDATE CONSTRAINT fk_people_merged_into_id
"""


def upgrade() -> None:
    op.create_table(
        "identifiers",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "nhs",
                "chi",
                "health_and_care",
                "social_care",
                "tenancy",
                "hospital",
                name="identifierkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issuer_id", sa.BigInteger(), nullable=True),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("value_blind", sa.LargeBinary(), nullable=False),
        sa.Column(
            "verification",
            sa.Enum(
                "number-present-and-verified",
                "number-present-but-not-traced",
                "trace-required",
                "trace-attempted",
                "trace-needs-to-be-resolved",
                "trace-in-progress",
                "number-not-present-and-trace-not-required",
                "trace-postponed",
                name="verification",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('social_care', 'tenancy', 'hospital')) = (issuer_id IS NOT NULL)",
            name=op.f("ck_identifiers_issuer"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR began_on IS NULL OR ended_on >= began_on", name=op.f("ck_identifiers_period")
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["agencies.id"], name=op.f("fk_identifiers_issuer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identifiers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifiers")),
        sa.UniqueConstraint("uuid", name=op.f("uq_identifiers_uuid")),
    )
    op.create_index(op.f("ix_identifiers_person_id"), "identifiers", ["person_id"], unique=False)
    op.create_index("ix_identifiers_value", "identifiers", ["value_blind"], unique=False)
    op.create_index(
        "uq_identifiers_scheme",
        "identifiers",
        ["kind", sa.literal_column("coalesce(issuer_id, 0)"), "value_blind"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "likenesses",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_likenesses_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_likenesses")),
    )
    op.create_index(op.f("ix_likenesses_compared_at"), "likenesses", ["compared_at"], unique=False)
    op.create_table(
        "match_keys",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_match_keys_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_match_keys")),
    )
    op.create_index("ix_match_keys_key", "match_keys", ["key", "person_id"], unique=False)
    op.create_table(
        "deaths",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("known_from", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ask_for_kit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kit_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=True),
        sa.Column("left", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_deaths_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["staff.id"], name=op.f("fk_deaths_recorded_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["staff.id"], name=op.f("fk_deaths_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deaths")),
        sa.UniqueConstraint("uuid", name=op.f("uq_deaths_uuid")),
    )
    op.create_index(
        "ix_deaths_kit",
        "deaths",
        ["ask_for_kit_at"],
        unique=False,
        postgresql_where=sa.text("kit_asked_at IS NULL AND undone_at IS NULL"),
    )
    op.create_index(
        "uq_deaths_standing",
        "deaths",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "merges",
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("gone_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "done",
                "refused",
                "undoing",
                "undone",
                name="mergestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decisions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("moved", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("undo_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("undo_why", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_merges_two")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_merges_asked_by_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["people.id"], name=op.f("fk_merges_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["people.id"], name=op.f("fk_merges_kept_id")),
        sa.ForeignKeyConstraint(["undo_asked_by_id"], ["staff.id"], name=op.f("fk_merges_undo_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        sa.UniqueConstraint("uuid", name=op.f("uq_merges_uuid")),
    )
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"], unique=False)
    op.create_index(
        "ix_merges_waiting",
        "merges",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('asked', 'undoing')"),
    )
    op.create_table(
        "pairs",
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "merged",
                "different",
                name="pairstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_pairs_decided")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_pairs_order")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_pairs_decided_by_id")),
        sa.ForeignKeyConstraint(["one_id"], ["people.id"], name=op.f("fk_pairs_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_pairs_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairs")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_pairs_one_id_other_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_pairs_uuid")),
    )
    op.create_index(op.f("ix_pairs_other_id"), "pairs", ["other_id"], unique=False)
    op.create_index(
        "ix_pairs_proposed", "pairs", ["score"], unique=False, postgresql_where=sa.text("state = 'proposed'")
    )
    op.create_table(
        "visit_warnings",
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("owner_team_id", sa.BigInteger(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("review_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(person_id, home_id) = 1", name=op.f("ck_visit_warnings_person_or_home")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["staff.id"], name=op.f("fk_visit_warnings_ended_by_id")),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_visit_warnings_home_id")),
        sa.ForeignKeyConstraint(
            ["owner_team_id"], ["teams.id"], name=op.f("fk_visit_warnings_owner_team_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_visit_warnings_person_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_visit_warnings_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_warnings")),
        sa.UniqueConstraint("uuid", name=op.f("uq_visit_warnings_uuid")),
    )
    op.create_index(op.f("ix_visit_warnings_home_id"), "visit_warnings", ["home_id"], unique=False)
    op.create_index(op.f("ix_visit_warnings_person_id"), "visit_warnings", ["person_id"], unique=False)
    op.create_index(
        "ix_visit_warnings_review",
        "visit_warnings",
        ["review_on"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL AND review_asked_at IS NULL"),
    )
    op.create_table(
        "row_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("merge_id", sa.BigInteger(), nullable=True),
        sa.Column("death_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("key", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("num_nonnulls(before, after) >= 1", name=op.f("ck_row_changes_something")),
        sa.CheckConstraint("num_nonnulls(merge_id, death_id) = 1", name=op.f("ck_row_changes_one_cause")),
        sa.ForeignKeyConstraint(["death_id"], ["deaths.id"], name=op.f("fk_row_changes_death_id")),
        sa.ForeignKeyConstraint(["merge_id"], ["merges.id"], name=op.f("fk_row_changes_merge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_changes")),
    )
    op.create_index(op.f("ix_row_changes_death_id"), "row_changes", ["death_id"], unique=False)
    op.create_index(op.f("ix_row_changes_merge_id"), "row_changes", ["merge_id"], unique=False)
    op.execute(PEOPLE)
    op.create_index(
        "ix_people_merged_into",
        "people",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
