"""Which kind of agency and team is meant, before enrolment names a real one."""

from dataclasses import dataclass
from enum import StrEnum


class Sector(StrEnum):
    """Which kind of agency; the same words as an agency's own sector."""

    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    HOUSING = "housing"
    THIRD_SECTOR = "third_sector"
    PRIVATE = "private"


class Role(StrEnum):
    """Which team of a sector is meant; enrolment names the real team for each."""

    COORDINATOR = "coordinator"
    COMMUNITY_NURSING = "community_nursing"
    SOCIAL_WORK = "social_work"
    HOUSING_OFFICER = "housing_officer"
    REPAIRS = "repairs"
    VOLUNTEERS = "volunteers"
    RESPONDERS = "responders"
    RECEIVING_CENTRE = "receiving_centre"
    GENERAL_PRACTICE = "general_practice"
    HOSPITAL = "hospital"
    VIRTUAL_WARD = "virtual_ward"
    THERAPY = "therapy"
    REABLEMENT = "reablement"
    MEMORY_SERVICE = "memory_service"
    PALLIATIVE_CARE = "palliative_care"
    PHARMACY = "pharmacy"
    CARER_SUPPORT = "carer_support"
    ADVICE = "advice"
    SAFEGUARDING = "safeguarding"
    PRIVACY = "privacy"
    FAMILY = "family"
    """The person's own contacts: never the last step of a ladder."""


@dataclass(frozen=True, slots=True)
class Team:
    """The team that a part of the pathway belongs to, by sector and role."""

    sector: Sector
    role: Role
