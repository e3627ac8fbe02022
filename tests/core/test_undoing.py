"""Rows as they were: found through the database's own foreign keys, compared, put back."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import undoing
from core.undoing import Around, Left
from people.models.people import Contact, Person
from tests.cast import Cast


def around(cast: Cast) -> Around:
    return Around("people", (cast.ada.id, cast.ben.id), frozenset({"row_changes"}))


def test_every_foreign_key_of_the_database_is_a_link(session: Session) -> None:
    found = {(each.table, each.column, each.to) for each in undoing.links(session)}
    assert ("contacts", "person_id", "people") in found
    assert ("people", "merged_into_id", "people") in found
    assert ("alert_events", "alert_id", "alerts") in found


def test_a_look_sees_the_rows_and_all_that_hangs_on_them(session: Session, cast: Cast) -> None:
    tables = {place[0] for place in undoing.look(session, around(cast))}
    assert {"people", "contacts", "care_teams", "residencies", "responder_cards", "about_me"} <= tables
    assert "agencies" not in tables


def test_what_was_made_changed_and_taken_away_is_put_back(session: Session, cast: Cast) -> None:
    before = undoing.look(session, around(cast))
    cast.ada.given_name = "Adele"
    session.add(Contact(person_id=cast.ben.id, name="Rose"))
    session.flush()
    session.execute(text("DELETE FROM responder_cards WHERE person_id = :id"), {"id": cast.ada.id})
    changes = undoing.difference(before, undoing.look(session, around(cast)))
    assert {each.table for each in changes} == {"people", "contacts", "responder_cards"}
    assert undoing.put_back(session, changes) == []
    assert undoing.look(session, around(cast)) == before


def test_what_somebody_changed_since_is_left_and_told(session: Session, cast: Cast) -> None:
    before = undoing.look(session, around(cast))
    cast.ada.given_name = "Adele"
    cast.ada.title = "Mrs"
    changes = undoing.difference(before, undoing.look(session, around(cast)))
    cast.ada.given_name = "Adeline"
    left = undoing.put_back(session, changes)
    assert left == [Left("people", {"id": cast.ada.id}, ("given_name",))]
    session.refresh(cast.ada)
    assert (cast.ada.given_name, cast.ada.title) == ("Adeline", None)


def test_two_who_swap_what_only_one_may_have_are_put_back(session: Session, cast: Cast) -> None:
    cast.ada.nhs_number_blind = b"one"
    before = undoing.look(session, around(cast))
    cast.ada.nhs_number_blind = None
    session.flush()
    cast.ben.nhs_number_blind = b"one"
    changes = undoing.difference(before, undoing.look(session, around(cast)))
    assert undoing.put_back(session, changes) == []
    assert undoing.look(session, around(cast)) == before


def test_whatever_refers_to_one_row_refers_to_another_and_what_would_clash_is_told(
    session: Session, cast: Cast
) -> None:
    left = undoing.repoint(session, "people", cast.ada.id, cast.ben.id, leave_out=(), stay=())
    clashing = {each.table for each in left}
    assert {"responder_cards", "residencies", "care_teams"} <= clashing
    assert session.scalars(select(Contact.person_id)).all() == [cast.ben.id]
    assert session.get(Person, cast.ada.id) is not None


def test_a_row_that_is_to_stay_stays(session: Session, cast: Cast) -> None:
    contact = session.scalars(select(Contact.id)).one()
    stay = {undoing.place_of("contacts", id=contact)}
    undoing.repoint(session, "people", cast.ada.id, cast.ben.id, leave_out=(), stay=stay)
    assert session.scalars(select(Contact.person_id)).all() == [cast.ada.id]
