"""Family, friends and neighbours around a person."""

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from people import contacts
from tests.cast import Cast
from tests.people.looking import BY, details, journal

TOM = {"name": "Tom Reed", "relation": "neighbour", "telephone": "01632 960 119", "minutes_away": 2}


def test_somebody_is_written_down_with_a_sealed_number(session: Session, cast: Cast) -> None:
    tom = contacts.add(session, cast.ada, TOM, actor=BY)
    assert not tom.key_holder
    assert contacts.telephone(session, tom) == "+441632960119"
    assert tom.telephone_sealed is not None
    assert b"960119" not in tom.telephone_sealed
    assert contacts.get(session, cast.ada, tom.uuid) is tom


def test_key_holders_come_first(session: Session, cast: Cast) -> None:
    contacts.add(session, cast.ada, {"name": "Adam"}, actor=BY)
    assert [one.name for one in contacts.list_contacts(session, cast.ada)] == ["Beth Marsh", "Adam"]


def test_a_change_is_told_without_the_number(session: Session, cast: Cast) -> None:
    tom = contacts.add(session, cast.ada, TOM, actor=BY)
    contacts.change(session, tom, {"telephone": "01632 960 120", "key_holder": True}, actor=BY)
    assert contacts.telephone(session, tom) == "+441632960120"
    assert details(session) == {"telephone_sealed": "changed", "key_holder": [False, True]}


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        contacts.add(session, cast.ada, {"telephone": "1", "minutes_away": 1441}, actor=BY)
    assert set(refused.value.fields) == {"name", "telephone", "minutes_away"}


def test_somebody_taken_off_is_no_longer_there(session: Session, cast: Cast, now: datetime) -> None:
    tom = contacts.add(session, cast.ada, TOM, actor=BY)
    contacts.remove(session, tom, actor=BY, now=now)
    assert tom not in contacts.list_contacts(session, cast.ada)
    with pytest.raises(NotFound):
        contacts.get(session, cast.ada, tom.uuid)
    assert journal(session)[-1] == ("removed", "contact")


def test_somebody_elses_contact_is_not_found(session: Session, cast: Cast) -> None:
    tom = contacts.add(session, cast.ada, TOM, actor=BY)
    for uuid in (tom.uuid, uuid4()):
        with pytest.raises(NotFound):
            contacts.get(session, cast.ben, uuid)
