"""What an agency of a sector usually sees: a first agreement that somebody then confirms or changes.

A proposal of ours in the sense of Caldicott principles 2 and 3 (no more than the purpose needs). Statutory
care rests on public task (UK GDPR articles 6(1)(e) and 9(2)(h)), a landlord's duties on legal obligation, the
third sector and private desks on legitimate interests; none is legal advice. What is left out is CHECK.
"""

from collections.abc import Mapping
from typing import Final

from people.access import Extent, Purpose, RecordClass

PROPOSED: Final = "Proposed for its sector; not confirmed yet"

_FULL, _CATEGORY = Extent.FULL, Extent.CATEGORY
Usual = tuple[Purpose, RecordClass, Extent, str]


def _each(purpose: Purpose, basis: str, extent: Extent, *classes: RecordClass) -> tuple[Usual, ...]:
    return tuple((purpose, each, extent, basis) for each in classes)


_PUBLIC, _DUTY, _INTERESTS = "public_task", "legal_obligation", "legitimate_interests"

USUAL: Final[Mapping[str, tuple[Usual, ...]]] = {
    "health": (
        *_each(
            Purpose.CARE,
            _PUBLIC,
            _FULL,
            RecordClass.CONTACT,
            RecordClass.PLAN,
            RecordClass.VITALS,
            RecordClass.MENTAL_HEALTH,
            RecordClass.ACTIVITY,
        ),
        *_each(
            Purpose.CARE,
            _PUBLIC,
            _FULL,
            RecordClass.SAFETY_EVENTS,
            RecordClass.HOME_ENVIRONMENT,
            RecordClass.NOTES,
        ),
        *_each(Purpose.CARE, _PUBLIC, _CATEGORY, RecordClass.ENERGY),
        *_each(
            Purpose.PLANNING,
            _PUBLIC,
            _CATEGORY,
            RecordClass.PLAN,
            RecordClass.VITALS,
            RecordClass.SAFETY_EVENTS,
        ),
    ),
    "social_care": (
        *_each(
            Purpose.CARE,
            _PUBLIC,
            _FULL,
            RecordClass.CONTACT,
            RecordClass.PLAN,
            RecordClass.VITALS,
            RecordClass.MENTAL_HEALTH,
            RecordClass.ACTIVITY,
        ),
        *_each(
            Purpose.CARE,
            _PUBLIC,
            _FULL,
            RecordClass.SAFETY_EVENTS,
            RecordClass.HOME_ENVIRONMENT,
            RecordClass.ENERGY,
            RecordClass.FINANCE,
            RecordClass.NOTES,
        ),
        *_each(
            Purpose.PLANNING,
            _PUBLIC,
            _CATEGORY,
            RecordClass.PLAN,
            RecordClass.SAFETY_EVENTS,
            RecordClass.HOME_ENVIRONMENT,
        ),
    ),
    "housing": (
        *_each(Purpose.HOUSING_DUTY, _DUTY, _FULL, RecordClass.CONTACT, RecordClass.HOME_ENVIRONMENT),
        *_each(Purpose.HOUSING_DUTY, _DUTY, _CATEGORY, RecordClass.ENERGY),
        *_each(Purpose.SAFETY, _DUTY, _FULL, RecordClass.SAFETY_EVENTS),
        *_each(Purpose.CARE, _INTERESTS, _CATEGORY, RecordClass.PLAN),
    ),
    "third_sector": (
        *_each(Purpose.CARE, _INTERESTS, _FULL, RecordClass.CONTACT),
        *_each(
            Purpose.CARE,
            _INTERESTS,
            _CATEGORY,
            RecordClass.PLAN,
            RecordClass.SAFETY_EVENTS,
            RecordClass.HOME_ENVIRONMENT,
        ),
    ),
    "private": (
        *_each(
            Purpose.SAFETY,
            _INTERESTS,
            _FULL,
            RecordClass.CONTACT,
            RecordClass.SAFETY_EVENTS,
            RecordClass.NOTES,
        ),
        *_each(
            Purpose.SAFETY,
            _INTERESTS,
            _CATEGORY,
            RecordClass.PLAN,
            RecordClass.VITALS,
            RecordClass.ACTIVITY,
            RecordClass.HOME_ENVIRONMENT,
        ),
    ),
}
"""By sector: (purpose, class, how much, lawful basis)."""
