"""Taking people on, correcting what we know of them, finding them again."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from people import people
from people.models.people import Person, Sex
from tests.cast import Cast
from tests.people.looking import BY, as_viewer, details, journal

EVE: dict[str, Any] = {"given_name": "Eve", "family_name": "Marsh", "date_of_birth": date(1951, 3, 2)}
NUMBER = "943 476 5919"


def add(session: Session, cast: Cast, now: datetime, **more: Any) -> Person:
    return people.add(session, EVE | more, actor=BY, now=now, team=cast.coordinators)


def names(session: Session, query: Any) -> list[str]:
    return sorted(person.given_name for person in session.scalars(query))


def test_it_takes_somebody_on_in_the_care_of_a_team(session: Session, cast: Cast, now: datetime) -> None:
    eve = add(session, cast, now, telephone="01632 960 118", nhs_number=NUMBER)
    assert eve.sex is Sex.NOT_KNOWN
    assert not eve.interpreter_needed
    assert people.numbers(session, eve) == people.Numbers("9434765919", "+441632960118")
    assert journal(session) == [("added", "person"), ("added to the care team", "team")]
    assert "Eve" in names(session, people.listing(as_viewer(session, cast.cora, now), now))
    assert "Eve" not in names(session, people.listing(as_viewer(session, cast.dev, now), now))


def test_the_numbers_are_unreadable_where_they_are_kept(session: Session, cast: Cast, now: datetime) -> None:
    eve = add(session, cast, now, nhs_number=NUMBER)
    assert eve.nhs_number_sealed is not None
    assert b"9434765919" not in eve.nhs_number_sealed
    assert eve.nhs_number_blind is not None
    assert len(eve.nhs_number_blind) == 32


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        people.add(
            session,
            {
                "given_name": " ",
                "date_of_birth": now.date() + timedelta(days=1),
                "nhs_number": "1111111111",
                "telephone": "12",
                "gp_practice_code": "?",
                "sex": "unsaid",
            },
            actor=BY,
            now=now,
        )
    assert set(refused.value.fields) == {
        "given_name",
        "family_name",
        "date_of_birth",
        "nhs_number",
        "telephone",
        "gp_practice_code",
        "sex",
    }


@pytest.mark.parametrize(("born", "fits"), [("2026-11-22", True), ("2026-11-23", False), ("1896-01-01", True),
                                            ("1895-12-31", False)])  # fmt: skip
def test_nobody_is_born_tomorrow_or_over_130(
    session: Session, cast: Cast, now: datetime, born: str, fits: bool
) -> None:
    if fits:
        assert add(session, cast, now, date_of_birth=born).date_of_birth == date.fromisoformat(born)
    else:
        with pytest.raises(Invalid) as refused:
            add(session, cast, now, date_of_birth=born)
        assert list(refused.value.fields) == ["date_of_birth"]


def test_two_people_never_share_an_nhs_number(session: Session, cast: Cast, now: datetime) -> None:
    add(session, cast, now, nhs_number=NUMBER)
    with pytest.raises(Conflict) as refused:
        add(session, cast, now, nhs_number="9434765919")
    assert list(refused.value.fields) == ["nhs_number"]
    with pytest.raises(Conflict):
        people.change(session, cast.ben, {"nhs_number": NUMBER}, actor=BY, now=now)
    assert "943" not in str(refused.value)


def test_a_change_is_told_with_what_was_and_without_numbers(
    session: Session, cast: Cast, now: datetime
) -> None:
    given = {"preferred_name": "Addy", "nhs_number": NUMBER, "language": ""}
    people.change(session, cast.ada, given, actor=BY, now=now)
    assert cast.ada.version == 2
    assert details(session) == {"preferred_name": [None, "Addy"], "nhs_number_sealed": "changed"}


def test_a_number_can_be_taken_away(session: Session, cast: Cast, now: datetime) -> None:
    people.change(session, cast.ada, {"telephone": None}, actor=BY, now=now)
    assert people.numbers(session, cast.ada).telephone is None
    assert cast.ada.telephone_blind is None


def test_nothing_changed_is_nothing_told(session: Session, cast: Cast, now: datetime) -> None:
    people.change(session, cast.ada, {"given_name": "Ada"}, actor=BY, now=now)
    assert journal(session) == []
    assert cast.ada.version == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Ada", "Ben", "Eve"]),
        ("mar", ["Ada", "Eve"]),
        ("ADA mar", ["Ada"]),
        ("marsh eve", ["Eve"]),
        ("arsh", []),
        ("bee", ["Eve"]),
        ("%", []),
        ("_da", []),
        ("\\", []),
    ],
)
def test_people_are_found_by_how_their_names_begin(
    session: Session, cast: Cast, now: datetime, typed: str, found: list[str]
) -> None:
    add(session, cast, now, preferred_name="Bee")
    assert names(session, people.listing(as_viewer(session, cast.cora, now), now, typed)) == found
    assert names(session, people.listing(as_viewer(session, cast.mallory, now), now, typed)) == []


def test_people_are_found_by_their_numbers_however_typed(session: Session, cast: Cast, now: datetime) -> None:
    add(session, cast, now, nhs_number=NUMBER)
    cora, mallory = as_viewer(session, cast.cora, now), as_viewer(session, cast.mallory, now)
    assert names(session, people.by_nhs_number(session, cora, "943-476-5919", now)) == ["Eve"]
    assert names(session, people.by_nhs_number(session, mallory, NUMBER, now)) == []
    assert names(session, people.by_telephone(session, cora, "+44 1632 960114", now)) == ["Ada"]
    with pytest.raises(Invalid):
        people.by_nhs_number(session, cora, "943", now)
