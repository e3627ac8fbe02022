"""Forms that the person filled in on their own page: nobody of the staff stands behind them."""

from alembic import op

revision = "0013_own_forms"
down_revision = "0012_row_security"
branch_labels = None
depends_on = None

# What is validated here holds thousands of rows, not millions: reads wait for milliseconds. What is
# dropped is put back wider in the same transaction.
UP = """
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-not-null, ban-drop-constraint
ALTER TABLE filled_forms ALTER COLUMN staff_id DROP NOT NULL;
ALTER TABLE filled_forms ALTER COLUMN agency_id DROP NOT NULL;
ALTER TABLE filled_forms DROP CONSTRAINT ck_filled_forms_askedby;
ALTER TABLE filled_forms ADD CONSTRAINT ck_filled_forms_askedby
  CHECK (asked_by IN ('in_person', 'telephone', 'video', 'paper', 'own_page')) NOT VALID;
ALTER TABLE filled_forms VALIDATE CONSTRAINT ck_filled_forms_askedby;
ALTER TABLE filled_forms ADD CONSTRAINT ck_filled_forms_by CHECK (
  (asked_by = 'own_page') = (staff_id IS NULL) AND (staff_id IS NULL) = (agency_id IS NULL)
) NOT VALID;
ALTER TABLE filled_forms VALIDATE CONSTRAINT ck_filled_forms_by
"""
DOWN = """
DELETE FROM filled_forms WHERE asked_by = 'own_page';
ALTER TABLE filled_forms DROP CONSTRAINT ck_filled_forms_by;
ALTER TABLE filled_forms DROP CONSTRAINT ck_filled_forms_askedby;
ALTER TABLE filled_forms ADD CONSTRAINT ck_filled_forms_askedby
  CHECK (asked_by IN ('in_person', 'telephone', 'video', 'paper'));
ALTER TABLE filled_forms ALTER COLUMN agency_id SET NOT NULL;
ALTER TABLE filled_forms ALTER COLUMN staff_id SET NOT NULL
"""


def upgrade() -> None:
    for statement in UP.strip().split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN.strip().split(";\n"):
        op.execute(statement)
