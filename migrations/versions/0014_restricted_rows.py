"""What is restricted opens to its team alone, whoever lifts the limits: no key sees concerns (H19)."""

from alembic import op

revision = "0014_restricted_rows"
down_revision = "0013_own_forms"
branch_labels = None
depends_on = None

TEAM = "team_id IN (SELECT hearth_teams())"

# In place of the policies of 0012; sight of everybody stands inside each condition now, not before it.
POLICIES = {
    "concerns": f"{TEAM} OR raised_by_id = hearth_staff()",
    "concern_events": "EXISTS (SELECT FROM concerns WHERE concerns.id = concern_id)",
    "follow_ups": (
        f"{TEAM} OR NOT restricted AND (hearth_everyone() OR person_id IN (SELECT hearth_people()) "
        "OR home_id IN (SELECT hearth_homes()) OR staff_id = hearth_staff() "
        "OR alert_id IN (SELECT hearth_alerts_sent()))"
    ),
    "follow_up_events": "EXISTS (SELECT FROM follow_ups WHERE follow_ups.id = follow_up_id)",
}


def upgrade() -> None:
    for table, whose in POLICIES.items():
        op.execute(f"ALTER POLICY viewer ON {table} USING ({whose})")
