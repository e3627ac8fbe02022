"""Whether a clinical code carries the check digit it must: SNOMED CT (Verhoeff) and LOINC (mod 10)."""

import re

_LOINC = re.compile(r"[1-9][0-9]{0,6}-[0-9]")
_SNOMED = re.compile(r"[1-9][0-9]{5,17}")

# The dihedral group of order ten (d) and the permutation (p) of Verhoeff's scheme.
_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_P = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def is_snomed(code: str) -> bool:
    """Tell whether `code` has the form and the Verhoeff check digit of a SNOMED CT identifier."""
    if not _SNOMED.fullmatch(code):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = _D[check][_P[place % 8][int(digit)]]
    return check == 0


def is_loinc(code: str) -> bool:
    """Tell whether `code` has the form and the mod 10 check digit of a LOINC code."""
    if not _LOINC.fullmatch(code):
        return False
    digits, check = code.split("-")
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return (10 - total % 10) % 10 == int(check)
