"""Whose homes a viewer sees is found by way of those they see alone, not of everybody who lives somewhere."""

from alembic import op

revision = "0041_homes_seen"
down_revision = "0040_whose"
branch_labels = None
depends_on = None

# As in 0034; but whether somebody lives in a home that one of theirs has left was asked by going through
# everybody's present residencies, twenty times a page. OFFSET 0 keeps it to the residencies of that home.
HOMES = """
CREATE OR REPLACE FUNCTION hearth_homes() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
PARALLEL SAFE ROWS 200 SET search_path = public, pg_temp AS $$
WITH lived AS MATERIALIZED (
  SELECT home_id, period @> (SELECT hearth_now()) AS still
  FROM residencies WHERE person_id = ANY (ARRAY(SELECT hearth_people())))
SELECT id FROM homes WHERE hearth_everyone()
UNION SELECT home_id FROM lived WHERE still
UNION SELECT home_id FROM lived WHERE still IS NOT TRUE AND NOT EXISTS (
  SELECT FROM (SELECT period FROM residencies WHERE residencies.home_id = lived.home_id OFFSET 0) AS lives
  WHERE lives.period @> (SELECT hearth_now()))
UNION SELECT id FROM homes
  WHERE hearth_staff() IS NOT NULL
  AND NOT EXISTS (SELECT FROM residencies WHERE residencies.home_id = homes.id)
$$
"""


def upgrade() -> None:
    op.execute(HOMES)
