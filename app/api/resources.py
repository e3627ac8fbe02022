"""Every resource of the REST API, in the order of its documentation."""

from app.api import homes

RESOURCES = (homes.blueprint,)
