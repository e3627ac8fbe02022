"""What the classes of record, extents, purposes and lawful bases are called, on pages and in alerts."""

from collections.abc import Mapping
from typing import Final

from people.access import Extent, Purpose, RecordClass
from people.models.sharing import LawfulBasis

CLASSES: Final[Mapping[RecordClass, str]] = {
    RecordClass.CONTACT: "Contact details",
    RecordClass.PLAN: "The plan",
    RecordClass.VITALS: "Vital signs",
    RecordClass.MENTAL_HEALTH: "Mental health",
    RecordClass.ACTIVITY: "Movement and daily life",
    RecordClass.SAFETY_EVENTS: "Safety and kit",
    RecordClass.HOME_ENVIRONMENT: "Warmth, damp and air at home",
    RecordClass.ENERGY: "Energy",
    RecordClass.FINANCE: "Money",
    RecordClass.NOTES: "Notes and comments",
    RecordClass.RESTRICTED: "Restricted entries",
}
HOLDS: Final[Mapping[RecordClass, str]] = {
    RecordClass.CONTACT: "Telephone, NHS number, family and friends, what matters to me",
    RecordClass.PLAN: "Conditions, goals, actions, pathways",
    RecordClass.VITALS: "Oxygen, pulse, blood pressure, weight, medicines",
    RecordClass.MENTAL_HEALTH: "Mood, wellbeing, memory",
    RecordClass.ACTIVITY: "Movement, doors, sleep, location",
    RecordClass.SAFETY_EVENTS: "Pendant, falls, smoke, gas, and whether kit works",
    RecordClass.HOME_ENVIRONMENT: "Temperature, humidity, air",
    RecordClass.ENERGY: "Electricity and gas used, meters",
    RecordClass.FINANCE: "Benefits, debts, what things cost",
    RecordClass.NOTES: "What staff write in their own words",
    RecordClass.RESTRICTED: "Safeguarding and the like, opened entry by entry",
}
EXTENTS: Final[Mapping[Extent, str]] = {
    Extent.FULL: "In full",
    Extent.CATEGORY: "What sort only",
    Extent.CHECK: "Check on them only",
}
PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.CARE: "Care",
    Purpose.SAFETY: "Safety",
    Purpose.HOUSING_DUTY: "Housing duties",
    Purpose.PLANNING: "Planning and reporting",
}
BASES: Final[Mapping[LawfulBasis, str]] = {
    LawfulBasis.PUBLIC_TASK: "Public task",
    LawfulBasis.LEGAL_OBLIGATION: "Legal obligation",
    LawfulBasis.VITAL_INTERESTS: "Vital interests",
    LawfulBasis.LEGITIMATE_INTERESTS: "Legitimate interests",
    LawfulBasis.CONSENT: "Consent",
}
