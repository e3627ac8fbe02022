"""How likely two descriptions are of one person: a sum of weights after Fellegi and Sunter, with its reasons.

Each thing that is compared comes out at a level ("same", "one digit differs", …). For each level M says how
often it is seen in two records of one person, and U in records of two people taken from the same block; its
weight is log2(M/U). (I. P. Fellegi, A. B. Sunter, "A Theory for Record Linkage", JASA 64, 1969.) M comes from
what is known of errors in typed-in records (a tenth of names, a tenth of birthdays, one in four moved or
changed their number); U from how common names, birthdays and streets are. `bench.matching` measures what
comes of it.

Names of a household, its address and its telephone are shared by twins, couples, fathers and sons: together
they never weigh more than HOUSEHOLD, so that they alone never make two records one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import log2
from unicodedata import combining, normalize

from jellyfish import metaphone
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from people.nicknames import are_forms_of_one, forms

CLOSE = 0.88
"""Jaro-Winkler likeness from which two names count as one misspelt; below it, short names meet by chance."""
SAME_STREET = 80
"""Likeness of two address lines (of 100) from which they count as one home."""
LIKELY = 20.0
"""From here on a pair is proposed to a human. `bench.matching` prints precision and recall around it."""
HOUSEHOLD = 12.0
"""The most that family name, address and telephone weigh together."""


class Level(StrEnum):
    """How one thing compares; the word is also what is kept as the reason."""

    GIVEN_SAME = "given_same"
    GIVEN_FORM = "given_form"
    GIVEN_CLOSE = "given_close"
    GIVEN_INITIAL = "given_initial"
    GIVEN_OTHER = "given_other"
    FAMILY_SAME = "family_same"
    FAMILY_CLOSE = "family_close"
    FAMILY_OTHER = "family_other"
    NAMES_SWAPPED = "names_swapped"
    BORN_SAME = "born_same"
    BORN_SWAPPED = "born_swapped"
    BORN_DIGIT = "born_digit"
    BORN_YEAR = "born_year"
    BORN_OTHER = "born_other"
    SEX_SAME = "sex_same"
    SEX_OTHER = "sex_other"
    HOME_SAME = "home_same"
    POSTCODE_SAME = "postcode_same"
    SECTOR_SAME = "sector_same"
    HOME_OTHER = "home_other"
    TELEPHONE_SAME = "telephone_same"
    TELEPHONE_OTHER = "telephone_other"
    NHS_SAME = "nhs_same"
    NHS_OTHER = "nhs_other"
    NUMBER_SAME = "number_same"


M_AND_U: Mapping[Level, tuple[float, float]] = {
    Level.GIVEN_SAME: (0.72, 0.012),
    Level.GIVEN_FORM: (0.10, 0.0025),
    Level.GIVEN_CLOSE: (0.10, 0.006),
    Level.GIVEN_INITIAL: (0.03, 0.02),
    Level.GIVEN_OTHER: (0.008, 0.96),
    Level.FAMILY_SAME: (0.80, 0.008),
    Level.FAMILY_CLOSE: (0.10, 0.006),
    Level.FAMILY_OTHER: (0.10, 0.98),
    Level.NAMES_SWAPPED: (0.01, 0.00002),
    Level.BORN_SAME: (0.86, 0.00006),
    Level.BORN_SWAPPED: (0.03, 0.00005),
    Level.BORN_DIGIT: (0.08, 0.0012),
    Level.BORN_YEAR: (0.01, 0.02),
    Level.BORN_OTHER: (0.004, 0.97),
    Level.SEX_SAME: (0.98, 0.5),
    Level.SEX_OTHER: (0.02, 0.5),
    Level.HOME_SAME: (0.60, 0.0005),
    Level.POSTCODE_SAME: (0.06, 0.0008),
    Level.SECTOR_SAME: (0.08, 0.01),
    Level.HOME_OTHER: (0.26, 0.985),
    Level.TELEPHONE_SAME: (0.65, 0.0003),
    Level.TELEPHONE_OTHER: (0.35, 0.9997),
    Level.NHS_SAME: (0.98, 0.0000001),
    Level.NHS_OTHER: (0.005, 1.0),
    Level.NUMBER_SAME: (0.95, 0.00005),
}
WEIGHTS: Mapping[Level, float] = {level: log2(m / u) for level, (m, u) in M_AND_U.items()}
SHARED = frozenset(
    {
        *(Level.FAMILY_SAME, Level.FAMILY_CLOSE, Level.FAMILY_OTHER),
        *(Level.HOME_SAME, Level.POSTCODE_SAME, Level.SECTOR_SAME, Level.HOME_OTHER),
        *(Level.TELEPHONE_SAME, Level.TELEPHONE_OTHER),
    }
)
"""What a household has in common."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of somebody; numbers are blind indexes, which can be compared and not read."""

    given: str
    family: str
    born: date
    sex: str | None = None
    preferred: str | None = None
    postcode: str | None = None
    address_line: str | None = None
    telephone: bytes | None = None
    nhs_number: bytes | None = None
    numbers: frozenset[bytes] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How alike two descriptions are: the sum of weights, why, and whether nearly nothing is left open.

    `sure` is a word for a human who decides, never a licence to merge without one.
    """

    score: float
    reasons: tuple[Level, ...]
    sure: bool

    @property
    def likely(self) -> bool:
        """Whether a human should look."""
        return self.score >= LIKELY


def compare(one: Described, other: Described) -> Likelihood:
    """How likely both are one person."""
    levels = [*_names(one, other), _born(one.born, other.born)]
    found = (_sex(one, other), _place(one, other), _telephone(one, other), *_numbers(one, other))
    levels += [level for level in found if level is not None]
    own = sum(WEIGHTS[level] for level in levels if level not in SHARED)
    shared = sum(WEIGHTS[level] for level in levels if level in SHARED)
    return Likelihood(round(own + min(shared, HOUSEHOLD), 2), tuple(levels), _sure(frozenset(levels)))


def keys(of: Described) -> frozenset[str]:
    """What two records of one person are likely to share at least one of: only those are compared."""
    given, family = plain(of.given), plain(of.family)
    sounds = sound(family)
    born = of.born
    turned = f"{born.year}-{min(born.month, born.day):02}-{max(born.month, born.day):02}"
    called = {_called(name) for name in (given, plain(of.preferred or "")) if name}
    found = {f"family+year {sounds} {born.year}", f"born {turned}"}
    found |= {f"names {sounds} {name}" for name in called}
    found |= {f"given+day {name} {born:%m-%d}" for name in called}
    if of.postcode:
        found |= {f"given+postcode {name} {of.postcode}" for name in called}
    for kind, blind in (("telephone", of.telephone), ("nhs", of.nhs_number)):
        if blind:
            found.add(f"{kind} {blind.hex()}")
    return frozenset(found | {f"number {blind.hex()}" for blind in of.numbers})


def plain(name: str) -> str:
    """A name in small letters without accents, hyphens and apostrophes."""
    bare = "".join(letter for letter in normalize("NFKD", name.lower()) if not combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare.replace("'", "")).split())


def sound(name: str) -> str:
    """How a plain name sounds, roughly; the name itself where that says nothing."""
    return metaphone(name.replace(" ", "")) or name


def _called(name: str) -> str:
    """One word for all forms of a first name, else how it sounds."""
    first = name.split(" ")[0] if name else ""
    groups = forms(first)
    return f"#{min(groups)}" if groups else sound(first)


def _names(one: Described, other: Described) -> tuple[Level, ...]:
    given, theirs = plain(one.given), plain(other.given)
    family, their_family = plain(one.family), plain(other.family)
    if given != theirs and (given, family) == (their_family, theirs):
        return (Level.NAMES_SWAPPED,)
    mine = [name for name in (given, plain(one.preferred or "")) if name]
    others = [name for name in (theirs, plain(other.preferred or "")) if name]
    levels = [_given(a, b) for a in mine for b in others]  # none where a name has no letters
    best = sorted(levels, key=lambda level: -WEIGHTS[level])[:1]
    return (*best, _family(family, their_family))


def _given(one: str, other: str) -> Level:
    if one == other:
        return Level.GIVEN_SAME
    first, theirs = one.split(" ")[0], other.split(" ")[0]
    if first == theirs and len(first) > 1:
        return Level.GIVEN_SAME
    if are_forms_of_one(first, theirs):
        return Level.GIVEN_FORM
    if 1 in (len(first), len(theirs)):
        return Level.GIVEN_INITIAL if first[:1] == theirs[:1] else Level.GIVEN_OTHER
    return Level.GIVEN_CLOSE if _misspelt(first, theirs) else Level.GIVEN_OTHER


def _misspelt(one: str, other: str) -> bool:
    """Whether a slip of the keys could make one of the other.

    Joan and Jean are two names. A short name counts as misspelt only when it is one and the other is none.
    """
    known = bool(forms(one)) + bool(forms(other))
    shortest = min(len(one), len(other))
    if known == 2 or shortest < 3:
        return False
    if shortest <= 4:
        return known == 1 and OSA.distance(one, other) == 1
    return OSA.distance(one, other) <= (1 if shortest < 7 else 2) and _close(one, other)


def _close(one: str, other: str) -> bool:
    return JaroWinkler.similarity(one, other) >= CLOSE


def _family(one: str, other: str) -> Level:
    if one == other:
        return Level.FAMILY_SAME
    parts, theirs = set(one.split()), set(other.split())
    part_of = len(parts | theirs) > 2 and bool(parts & theirs)  # Marsh and Marsh-Dale
    if part_of or _close(one, other) or (len(one) > 4 and sound(one) == sound(other)):
        return Level.FAMILY_CLOSE
    return Level.FAMILY_OTHER


def _born(one: date, other: date) -> Level:
    if one == other:
        return Level.BORN_SAME
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return Level.BORN_SWAPPED
    if OSA.distance(one.isoformat(), other.isoformat()) == 1:
        return Level.BORN_DIGIT
    same_year = one.year == other.year and (one.month == other.month or one.day == other.day)
    return Level.BORN_YEAR if same_year else Level.BORN_OTHER


def _sex(one: Described, other: Described) -> Level | None:
    if not one.sex or not other.sex:
        return None
    return Level.SEX_SAME if one.sex == other.sex else Level.SEX_OTHER


def _place(one: Described, other: Described) -> Level | None:
    if not one.postcode or not other.postcode:
        return None
    if one.postcode == other.postcode:
        lines = plain(one.address_line or ""), plain(other.address_line or "")
        doors = [{word for word in line.split() if word[0].isdigit()} for line in lines]
        same = all(lines) and doors[0] == doors[1] and fuzz.token_sort_ratio(*lines) >= SAME_STREET
        return Level.HOME_SAME if same else Level.POSTCODE_SAME
    return Level.SECTOR_SAME if one.postcode[:-2] == other.postcode[:-2] else Level.HOME_OTHER


def _telephone(one: Described, other: Described) -> Level | None:
    if not one.telephone or not other.telephone:
        return None
    return Level.TELEPHONE_SAME if one.telephone == other.telephone else Level.TELEPHONE_OTHER


def _numbers(one: Described, other: Described) -> tuple[Level | None, Level | None]:
    nhs = None
    if one.nhs_number and other.nhs_number:
        nhs = Level.NHS_SAME if one.nhs_number == other.nhs_number else Level.NHS_OTHER
    return nhs, Level.NUMBER_SAME if one.numbers & other.numbers else None


def _sure(levels: frozenset[Level]) -> bool:
    """Twins differ in the first name, fathers and sons in the birthday: without both nobody is sure."""
    return (
        bool(levels & {Level.GIVEN_SAME, Level.GIVEN_FORM})
        and bool(levels & {Level.FAMILY_SAME, Level.FAMILY_CLOSE})
        and Level.BORN_SAME in levels
        and not levels & {Level.SEX_OTHER, Level.NHS_OTHER}
        and bool(
            levels
            & {Level.HOME_SAME, Level.POSTCODE_SAME, Level.TELEPHONE_SAME, Level.NHS_SAME, Level.NUMBER_SAME}
        )
    )
