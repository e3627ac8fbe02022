"""Why two records might be one person, in words that hold no value."""

from collections.abc import Iterable, Mapping

from people.matching import Level, Likelihood

WORDS: Mapping[Level, str] = {
    Level.GIVEN_SAME: "same first name",
    Level.GIVEN_FORM: "first names that are forms of one",
    Level.GIVEN_CLOSE: "first names a slip of the keys apart",
    Level.GIVEN_INITIAL: "an initial that fits",
    Level.GIVEN_OTHER: "another first name",
    Level.FAMILY_SAME: "same last name",
    Level.FAMILY_CLOSE: "last names that sound or look alike",
    Level.FAMILY_OTHER: "another last name",
    Level.NAMES_SWAPPED: "first and last name the other way round",
    Level.BORN_SAME: "same date of birth",
    Level.BORN_SWAPPED: "day and month of birth the other way round",
    Level.BORN_DIGIT: "one digit of the date of birth differs",
    Level.BORN_YEAR: "born in the same year",
    Level.BORN_OTHER: "another date of birth",
    Level.SEX_SAME: "same sex",
    Level.SEX_OTHER: "another sex",
    Level.HOME_SAME: "same address",
    Level.POSTCODE_SAME: "same postcode",
    Level.SECTOR_SAME: "addresses near each other",
    Level.HOME_OTHER: "another address",
    Level.TELEPHONE_SAME: "same telephone number",
    Level.TELEPHONE_OTHER: "another telephone number",
    Level.NHS_SAME: "same NHS number",
    Level.NHS_OTHER: "two different NHS numbers",
    Level.NUMBER_SAME: "another number in common",
}
AGAINST = frozenset(
    {
        *(Level.GIVEN_OTHER, Level.FAMILY_OTHER, Level.BORN_OTHER, Level.BORN_YEAR, Level.SEX_OTHER),
        *(Level.HOME_OTHER, Level.TELEPHONE_OTHER, Level.NHS_OTHER),
    }
)


def speaks_for(levels: Iterable[Level]) -> tuple[str, ...]:
    """What makes them likely to be one."""
    return tuple(WORDS[level] for level in levels if level not in AGAINST)


def speaks_against(levels: Iterable[Level]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(WORDS[level] for level in levels if level in AGAINST)


def how_likely(likelihood: Likelihood) -> str:
    """In a word or two, for a human who decides."""
    if likelihood.sure:
        return "Almost certainly"
    return "Likely" if likelihood.likely else "Not likely"
