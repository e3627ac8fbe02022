"""Work on kit: planned for a time in which its silence calls nobody."""

from alembic import op

revision = "0023_work_on_kit"
down_revision = "0022_visits"
branch_labels = None
depends_on = None

DEVICES = """
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation
ALTER TABLE devices ADD COLUMN work_starts timestamp with time zone;
ALTER TABLE devices ADD COLUMN work_ends timestamp with time zone;
ALTER TABLE devices ADD COLUMN work_why text;
ALTER TABLE devices ADD CONSTRAINT ck_devices_work_whole
  CHECK (num_nonnulls(work_starts, work_ends, work_why) IN (0, 3)) NOT VALID;
ALTER TABLE devices VALIDATE CONSTRAINT ck_devices_work_whole;
CREATE INDEX ix_devices_work_ends ON devices (work_ends) WHERE work_ends IS NOT NULL
"""


def upgrade() -> None:
    for statement in DEVICES.split(";\n"):
        op.execute(statement)
