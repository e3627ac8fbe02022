"""Numbers that stand for a person, by whose they are."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people import identifiers, identity
from people.models.identity import IdentifierKind, Verification
from tests.cast import Cast

BY = Actor("a test")


def check_digit(nine: str) -> str | None:
    """The tenth digit after these nine; None where there is none."""
    check = -sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else str(check)


def test_a_chi_number_begins_with_the_birthday() -> None:
    number = "040548123" + (check_digit("040548123") or "")
    assert len(number) == 10
    assert identity.chi_number(f"{number[:6]} {number[6:]}", date(1948, 5, 4)) == number
    with pytest.raises(Invalid, match="another date of birth"):
        identity.chi_number(number, date(1948, 5, 5))


@pytest.mark.parametrize("text", ["", "123", "0405481230", "9990000018", "1111111111"])
def test_what_is_no_chi_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        identity.chi_number(text)


@given(st.integers(320_000_000, 399_999_999))
def test_a_health_and_care_number_has_its_range_and_its_check_digit(nine: int) -> None:
    digit = check_digit(str(nine))
    if digit is not None and len(set(f"{nine}{digit}")) > 1:
        assert identity.health_and_care_number(f"{nine}{digit}") == f"{nine}{digit}"
        with pytest.raises(Invalid):
            identity.health_and_care_number(f"{nine}{(int(digit) + 1) % 10}")


@given(st.text(max_size=60))
def test_a_reference_is_one_form_or_a_sentence(text: str) -> None:
    bare = "".join(text.split()).upper()
    if re.fullmatch(r"[A-Z0-9][A-Z0-9/-]{0,38}[A-Z0-9]", bare):
        assert identity.reference(identity.reference(text)) == bare
    else:
        with pytest.raises(Invalid, match="letters and digits"):
            identity.reference(text)


def test_a_number_is_kept_sealed_and_finds_the_person(session: Session, cast: Cast) -> None:
    given_ = {"kind": "tenancy", "value": "wh/ 1234-a", "issuer_id": cast.housing.id}
    row = identifiers.add(session, cast.ada, given_, actor=BY)
    assert b"1234" not in row.value_sealed
    (known,) = identifiers.list_of(session, cast.ada)
    assert (known.value, known.issuer, row.verification) == (
        "WH/1234-A",
        cast.housing,
        Verification.NOT_TRACED,
    )
    assert session.scalars(identifiers.with_number(session, "wh/1234-A")).all() == [cast.ada.id]
    assert session.scalars(identifiers.with_number(session, "WH/9")).all() == []


def test_the_same_number_of_two_agencies_is_two_numbers_and_of_one_is_taken(
    session: Session, cast: Cast
) -> None:
    for_ada = {"kind": "hospital", "value": "H1", "issuer_id": cast.health.id}
    identifiers.add(session, cast.ada, for_ada, actor=BY)
    identifiers.add(session, cast.ben, for_ada | {"issuer_id": cast.hub.id}, actor=BY)
    with pytest.raises(Conflict, match="bring the records together"):
        identifiers.add(session, cast.ben, for_ada, actor=BY)


def test_every_fault_is_said_at_its_field(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        identifiers.add(session, cast.ada, {"kind": "social_care", "value": "?"}, actor=BY)
    assert set(refused.value.fields) == {"value", "issuer_id"}
    with pytest.raises(Invalid) as refused:
        identifiers.add(
            session, cast.ada,
            {"kind": "nhs", "value": "9990000018", "issuer_id": cast.hub.id,
             "began_on": "2020-01-02", "ended_on": "2020-01-01"},
            actor=BY,
        )  # fmt: skip
    assert set(refused.value.fields) == {"issuer_id", "ended_on"}


def test_a_number_that_ended_still_finds_and_one_that_was_never_theirs_does_not(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = identifiers.add(session, cast.ada, {"kind": "nhs", "value": "9990000018"}, actor=BY)
    identifiers.end(session, row, date(2026, 1, 1), actor=BY)
    assert session.scalars(identifiers.with_number(session, "999 000 0018")).all() == [cast.ada.id]
    identifiers.remove(session, row, actor=BY, now=now)
    assert session.scalars(identifiers.with_number(session, "999 000 0018")).all() == []
    with pytest.raises(NotFound):
        identifiers.get(session, cast.ada, row.uuid)
    assert identifiers.spaced(IdentifierKind.NHS, "9990000018") == "999 000 0018"
