"""Numbers that stand for a person or a place, checked and written one way.

Each function takes what somebody typed and answers the one form to store and compare, or raises Invalid with
one sentence for its field. None of them proves that the number is this person's.
"""

import re
from datetime import date

from core.errors import Invalid

_EMAIL = re.compile(
    r"[^@\s\x00-\x20\x7f<>\",;:\\]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}"
)
_PRACTICE = re.compile(r"[A-Z]?[0-9]{5}")
_REFERENCE = re.compile(r"[A-Z0-9](?:[A-Z0-9/\-]{0,38})[A-Z0-9]")
_SPACING = re.compile(r"[\s\-‐-―.]+")
_OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"(?:({_OUTWARD})({_INWARD})|(GIR)(0AA))")


def nhs_number(text: str) -> str:
    """Ten digits with a right check digit: 11 − (weights 10 to 2 · digits) mod 11 (NHS Data Dictionary).

    All-same digits pass that sum and are refused all the same: nobody has been given one.
    """
    digits = _SPACING.sub("", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise Invalid({"nhs_number": "An NHS number has 10 digits, like 999 000 0018."})
    if not _checks(digits):
        raise Invalid({"nhs_number": "This is not an NHS number: check each digit against a letter or card."})
    return digits


def spaced_nhs_number(digits: str) -> str:
    """The number as it is printed and read out: 999 000 0018."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def uprn(text: str) -> str:
    """A Unique Property Reference Number: at most 12 digits, without the zeros some systems pad it with."""
    digits = _SPACING.sub("", text)
    bare = digits.lstrip("0")
    if not re.fullmatch(r"[0-9]+", digits) or not 1 <= len(bare) <= 12:
        raise Invalid({"uprn": "A UPRN has up to 12 digits and nothing else."})
    return bare


def postcode(text: str) -> str:
    """A UK postcode in capitals with its one space, before the last three characters: SW1A 1AA."""
    match = _POSTCODE.fullmatch(_SPACING.sub("", text).upper())
    if match is None:
        raise Invalid({"postcode": "Give a full UK postcode, like SW1A 1AA."})
    return " ".join(part for part in match.groups() if part)


def telephone(text: str) -> str:
    """A telephone number in E.164, the form to store and to look up by: +441632960114.

    A number without a country is taken for a UK one; one with a country is kept (relatives live abroad).
    """
    bare = re.sub(r"[()/]", "", _SPACING.sub("", text.replace("(0)", "")))
    bare = re.sub(r"^00", "+", bare)
    if bare.startswith("0"):
        bare = f"+44{bare[1:]}"
    bare = re.sub(r"^\+440", "+44", bare)
    uk = bare.startswith("+44")
    if not re.fullmatch(r"\+44[1-35789][0-9]{8,9}" if uk else r"\+[1-9][0-9]{7,14}", bare):
        raise Invalid({"telephone": "Give a full telephone number, like 01632 960 114."})
    return bare


def email(text: str) -> str:
    """An e-mail address as typed, if it has the form of one; whose it is only a message can prove."""
    bare = text.strip()
    if len(bare) > 254 or not _EMAIL.fullmatch(bare):
        raise Invalid({"email": "Give an e-mail address, like name@example.org."})
    return bare


def practice_code(text: str) -> str:
    """A GP practice's ODS code: a letter (none in Scotland) and five digits, like A81001."""
    code = _SPACING.sub("", text).upper()
    if not _PRACTICE.fullmatch(code):
        raise Invalid({"gp_practice_code": "Give the practice's code, like A81001."})
    return code


def spaced_telephone(e164: str) -> str:
    """The number as people in the UK write it: 01632 960 114, 020 7946 0018; others as stored."""
    if not e164.startswith("+44"):
        return e164
    local = f"0{e164[3:]}"
    if local.startswith("02"):
        cuts = (3, 7)
    elif local.startswith(("03", "08", "09", "011")) or re.match(r"01[0-9]1", local):
        cuts = (4, 7)
    else:
        cuts = (5, 8)
    return " ".join(part for part in (local[: cuts[0]], local[cuts[0] : cuts[1]], local[cuts[1] :]) if part)


def chi_number(text: str, born: date | None = None) -> str:
    """Scotland's Community Health Index number: the birthday as DDMMYY, a number, and a check digit.

    Ten digits with the check digit of an NHS number (NHS National Services Scotland, CHI: the first six are
    the date of birth); with `born`, they must be this person's.
    """
    digits = _ten_digits(text, "A CHI number has 10 digits, of which the first six are the date of birth.")
    day, month = int(digits[:2]), int(digits[2:4])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        raise Invalid({"value": "A CHI number begins with the date of birth: day, month, year."})
    if born is not None and digits[:6] != f"{born:%d%m%y}":
        raise Invalid({"value": "This CHI number begins with another date of birth. Check both."})
    return digits


def health_and_care_number(text: str) -> str:
    """Northern Ireland's Health and Care Number: ten digits from 320 000 0000 on, checked alike.

    The ranges keep the three countries' numbers apart (NHS Data Dictionary, NHS number).
    """
    digits = _ten_digits(text, "A Health and Care Number has 10 digits, like 320 000 0016.")
    if not "320" <= digits[:3] <= "399":
        raise Invalid({"value": "A Health and Care Number begins with 320 to 399."})
    return digits


def reference(text: str) -> str:
    """A number that an agency gives out: letters, digits, dashes, strokes; in capitals, without spaces."""
    bare = "".join(text.split()).upper()
    if not _REFERENCE.fullmatch(bare):
        raise Invalid({"value": "Give 2 to 40 letters and digits; dashes and strokes may stand between."})
    return bare


def _ten_digits(text: str, words: str) -> str:
    digits = _SPACING.sub("", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise Invalid({"value": words})
    if not _checks(digits):
        raise Invalid({"value": "Its check digit is not right: check each digit against a letter or card."})
    return digits


def _checks(digits: str) -> bool:
    """Whether the last of ten digits is 11 − (weights 10 to 2 · digits) mod 11."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return -total % 11 == int(digits[9]) and len(set(digits)) > 1
