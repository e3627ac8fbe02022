"""Advance decisions and wishes, kept true on the responder card."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people import cards, wishes
from people.models.people import ResponderCard
from tests.cast import Cast

RESPECT = {"kind": "respect", "made_on": "2026-05-01", "original_place": "Yellow folder on the fridge"}


def actor(cast: Cast) -> Actor:
    return Actor("Dev", cast.dev.id)


def card(session: Session, cast: Cast) -> ResponderCard:
    found = cards.find(session, cast.ada)
    assert found is not None
    return found


def test_a_form_is_on_the_responder_card_until_it_ends(session: Session, cast: Cast, now: datetime) -> None:
    row = wishes.record(session, cast.ada, RESPECT, actor=actor(cast), now=now)
    wishes.record(
        session, cast.ada, {**RESPECT, "kind": "adrt", "original_place": "Her solicitor"},
        actor=actor(cast), now=now,
    )  # fmt: skip
    found = card(session, cast)
    assert found.decision_form == "ReSPECT, ADRT"
    assert found.decision_form_place == "Yellow folder on the fridge; Her solicitor"
    assert found.home_oxygen, "the rest of the card stays"
    wishes.end(session, cast.ada, row, "She withdrew it", actor=actor(cast), now=now)
    assert card(session, cast).decision_form == "ADRT"
    assert [each.kind for each in wishes.list_wishes(session, cast.ada)] == ["adrt"]
    assert [each.uuid for each in wishes.list_wishes(session, cast.ada, ended=True)] == [row.uuid]
    with pytest.raises(Conflict):
        wishes.end(session, cast.ada, row, "Again", actor=actor(cast), now=now)


def test_a_wish_that_is_no_form_is_not_on_the_card(session: Session, cast: Cast, now: datetime) -> None:
    given = {**RESPECT, "kind": "preferred_place", "words": "At home"}
    wishes.record(session, cast.ada, given, actor=actor(cast), now=now)
    assert card(session, cast).decision_form is None


def test_where_the_original_is_and_when_it_was_made_is_needed(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        wishes.record(session, cast.ada, {"kind": "respect"}, actor=actor(cast), now=now)
    assert set(refused.value.fields) == {"made_on", "original_place"}
    with pytest.raises(Invalid, match="has been"):
        wishes.record(session, cast.ada, {**RESPECT, "made_on": "2031-01-01"}, actor=actor(cast), now=now)
    row = wishes.record(session, cast.ada, RESPECT, actor=actor(cast), now=now)
    with pytest.raises(Invalid, match="why"):
        wishes.end(session, cast.ada, row, " ", actor=actor(cast), now=now)
    assert wishes.get(session, cast.ada, row.uuid) is row
    with pytest.raises(NotFound):
        wishes.get(session, cast.ben, row.uuid)
