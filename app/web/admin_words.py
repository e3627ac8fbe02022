"""What agencies, teams and staff are called on the pages of those who look after them."""

from collections.abc import Mapping

from people.models.agencies import Role, Sector, TeamRole

SECTORS: Mapping[Sector, str] = {
    Sector.HEALTH: "Health",
    Sector.SOCIAL_CARE: "Social care",
    Sector.HOUSING: "Housing",
    Sector.THIRD_SECTOR: "Third sector",
    Sector.PRIVATE: "Private",
}
ROLES: Mapping[Role, str] = {
    Role.COORDINATOR: "Coordinator: sees and does everything for the people of their teams",
    Role.CLINICIAN: "Clinician: the same, and switches clinical rules on",
    Role.PRACTITIONER: "Practitioner: plans, acts and records",
    Role.RESPONDER: "Responder: answers alerts and does follow-ups",
    Role.VOLUNTEER: "Volunteer: follow-ups of their team, and nothing else",
    Role.TECHNICIAN: "Technician: kit and homes",
    Role.COMMISSIONER: "Commissioner: figures, nobody’s record",
    Role.ADMINISTRATOR: "Administrator: agencies, staff and sharing, nobody’s record",
    Role.PRIVACY_OFFICER: "Privacy officer: who has looked at what, nobody’s record",
}


def role_name(role: Role) -> str:
    """The role alone: "Coordinator"."""
    return ROLES[role].partition(":")[0]


def team_role(role: TeamRole) -> str:
    """What a team is for: "Community nursing"."""
    return role.value.replace("_", " ").capitalize()


def sector_choices() -> list[tuple[str, str]]:
    """Sectors to choose from."""
    return [("", "Choose"), *((each.value, words) for each, words in SECTORS.items())]


def role_choices() -> list[tuple[str, str]]:
    """Roles to choose from."""
    return [("", "Choose"), *((each.value, words) for each, words in ROLES.items())]


def team_role_choices() -> list[tuple[str, str]]:
    """What a team may be for; "" for none of them."""
    return [("", "None of these"), *((each.value, team_role(each)) for each in TeamRole)]
