"""Every resource of the REST API, in the order of its documentation."""

from app.api import agencies, around, homes, people, staff, teams

RESOURCES = (
    agencies.blueprint,
    teams.blueprint,
    staff.blueprint,
    people.blueprint,
    around.blueprint,
    homes.blueprint,
)
