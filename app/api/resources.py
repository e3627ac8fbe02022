"""Every resource of the REST API, in the order of its documentation."""

from app.api import (
    agencies,
    alerts,
    around,
    care_plans,
    devices,
    follow_ups,
    homes,
    messages,
    outcomes,
    overrides,
    pathways,
    people,
    readings,
    rejected,
    staff,
    teams,
)

RESOURCES = (
    agencies.blueprint,
    teams.blueprint,
    staff.blueprint,
    people.blueprint,
    around.blueprint,
    homes.blueprint,
    devices.blueprint,
    readings.blueprint,
    rejected.blueprint,
    pathways.blueprint,
    care_plans.blueprint,
    alerts.blueprint,
    follow_ups.blueprint,
    messages.blueprint,
    outcomes.blueprint,
    overrides.blueprint,
)
