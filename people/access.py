"""What a role may do, and the place for sharing between agencies; who is in sight is in `people.visible`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Need(StrEnum):
    """What a page or an endpoint asks of whoever opens it: a thing, and what is done to it."""

    AGENCIES_READ = "agencies:read"
    AGENCIES_WRITE = "agencies:write"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    HOMES_READ = "homes:read"
    HOMES_WRITE = "homes:write"
    READINGS_READ = "readings:read"
    READINGS_WRITE = "readings:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    PATHWAYS_SWITCH = "pathways:switch"
    ALERTS_READ = "alerts:read"
    ALERTS_ACT = "alerts:act"
    FOLLOW_UPS_READ = "follow-ups:read"
    FOLLOW_UPS_ACT = "follow-ups:act"
    KIT_READ = "kit:read"
    KIT_WRITE = "kit:write"
    REJECTED_READ = "rejected:read"
    REJECTED_ACT = "rejected:act"
    OUTCOMES_READ = "outcomes:read"
    OUTBOX_READ = "outbox:read"

    @property
    def acts(self) -> bool:
        """Whether meeting it changes something, so that it can never be met by opening a link (H8)."""
        return not self.value.endswith(":read")


EVERYONE = "everyone"  # the scope of the installation's own keys: everybody in sight, no role's limits

_DIRECTORY = frozenset({Need.AGENCIES_READ, Need.STAFF_READ})
_SEES = _DIRECTORY | {
    Need.PEOPLE_READ,
    Need.HOMES_READ,
    Need.READINGS_READ,
    Need.PLANS_READ,
    Need.ALERTS_READ,
    Need.FOLLOW_UPS_READ,
    Need.KIT_READ,
}
_ANSWERS = _SEES | {Need.ALERTS_ACT, Need.FOLLOW_UPS_ACT}
_CARES = _ANSWERS | {
    Need.PEOPLE_WRITE,
    Need.HOMES_WRITE,
    Need.READINGS_WRITE,
    Need.PLANS_WRITE,
    Need.KIT_WRITE,
    Need.OUTCOMES_READ,
    Need.OUTBOX_READ,
}

# Keys are the values of people.models.Role, written out because this module must not touch the tables.
MAY: Mapping[str, frozenset[Need]] = {
    "coordinator": _CARES | {Need.REJECTED_READ},
    "clinician": _CARES | {Need.PATHWAYS_SWITCH},
    "practitioner": _CARES,
    "responder": _ANSWERS,
    "volunteer": frozenset({Need.FOLLOW_UPS_READ, Need.FOLLOW_UPS_ACT}),
    "technician": _DIRECTORY
    | {Need.HOMES_READ, Need.KIT_READ, Need.KIT_WRITE, Need.REJECTED_READ, Need.REJECTED_ACT},
    "commissioner": frozenset({Need.AGENCIES_READ, Need.OUTCOMES_READ}),
    "administrator": _DIRECTORY
    | {
        Need.AGENCIES_WRITE,
        Need.STAFF_WRITE,
        Need.OUTCOMES_READ,
        Need.OUTBOX_READ,
        Need.REJECTED_READ,
    },
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: a member of staff with the teams they are in now.

    `scopes` is what a REST token is limited to; None for somebody signed in. `everyone` belongs to a token
    that the installation's own operator made: it sees everybody, and its scopes alone limit what it may do.
    """

    staff_id: int
    staff_uuid: UUID
    name: str
    agency_id: int
    role: str
    team_ids: frozenset[int]
    everyone: bool = False
    scopes: frozenset[str] | None = None
    agency: str = ""


def may(viewer: Viewer, need: Need) -> bool:
    """Whether `viewer` may do what `need` asks, as far as role and scopes go."""
    if viewer.scopes is not None and need.value not in viewer.scopes:
        return False
    return viewer.everyone or need in MAY.get(viewer.role, frozenset())


def every_scope() -> frozenset[str]:
    """All that a token can be given, sight of everybody included."""
    return frozenset(need.value for need in Need) | {EVERYONE}
