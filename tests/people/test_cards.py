"""The responder card says what whoever goes must know."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid
from people import cards
from people.models.people import Person
from tests.cast import Cast
from tests.people.looking import BY, details, journal


def test_a_card_is_made_with_the_first_word(session: Session, cast: Cast) -> None:
    eve = Person(given_name="Eve", family_name="Low", date_of_birth=date(1950, 1, 1))
    session.add(eve)
    session.flush()
    assert cards.find(session, eve) is None
    card = cards.write(session, eve, {"dog": "A terrier, friendly"}, actor=BY)
    assert cards.find(session, eve) is card
    assert (card.home_oxygen, card.end_of_life, card.dog) == (False, False, "A terrier, friendly")
    assert journal(session) == [("changed", "responder card")]


def test_what_is_given_changes_and_the_rest_stays(session: Session, cast: Cast) -> None:
    given = {
        "decision_form": "ReSPECT",
        "decision_form_date": "2026-03-01",
        "decision_form_place": "Hall drawer",
    }
    card = cards.write(session, cast.ada, given, actor=BY)
    assert card.home_oxygen
    assert card.mobility == "Walks with a frame"
    assert card.decision_form_date == date(2026, 3, 1)
    assert details(session)["decision_form"] == [None, "ReSPECT"]


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        cards.write(session, cast.ada, {"decision_form_date": "soon", "end_of_life": "perhaps"}, actor=BY)
    assert set(refused.value.fields) == {"decision_form_date", "end_of_life"}
