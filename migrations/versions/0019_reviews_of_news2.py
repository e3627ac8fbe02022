"""Which follow-up asks for the review of how NEWS2 is set for somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0019_reviews_of_news2"
down_revision = "0018_handovers"
branch_labels = None
depends_on = None

# There are few rows, of people one by one: what is validated is read in milliseconds.
REVIEWS = """
-- squawk-ignore-file constraint-missing-not-valid
ALTER TABLE news2_uses ADD CONSTRAINT fk_news2_uses_review_id
  FOREIGN KEY (review_id) REFERENCES follow_ups (id) NOT VALID;
ALTER TABLE news2_uses VALIDATE CONSTRAINT fk_news2_uses_review_id
"""

# The latest that is still to be done is the one of the setting in force; those of settings before stay open.
KNOWN = """
UPDATE news2_uses SET review_id = (
  SELECT max(follow_ups.id) FROM follow_ups
  WHERE follow_ups.person_id = news2_uses.person_id AND follow_ups.done_at IS NULL
    AND follow_ups.text =
      'NEWS2 is switched on for them: is it still right, on this scale, and what is their usual now?'
) WHERE off_at IS NULL
"""


def upgrade() -> None:
    op.add_column("news2_uses", sa.Column("review_id", sa.BigInteger(), nullable=True))
    op.execute(REVIEWS)
    op.execute(KNOWN)


def downgrade() -> None:
    op.drop_column("news2_uses", "review_id")
