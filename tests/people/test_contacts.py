"""Family, friends and neighbours around a person."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from core.db import clock_of
from core.errors import Invalid, NotAllowed, NotFound
from people import contacts
from people.access import RecordClass
from people.models.people import Contact
from tests.cast import Cast
from tests.people.looking import BY, as_viewer, details, journal, unshare

TOM = {"name": "Tom Reed", "relation": "neighbour", "telephone": "01632 960 119", "minutes_away": 2}


def add(session: Session, cast: Cast, given: dict[str, Any]) -> Contact:
    now = clock_of(session).now()
    return contacts.add(session, cast.ada, given, by=as_viewer(session, cast.cora, now), now=now)


def test_somebody_is_written_down_with_a_sealed_number(session: Session, cast: Cast) -> None:
    tom = add(session, cast, TOM)
    assert not tom.key_holder
    assert contacts.telephone(session, tom) == "+441632960119"
    assert tom.telephone_sealed is not None
    assert b"960119" not in tom.telephone_sealed
    assert contacts.get(session, cast.ada, tom.uuid) is tom


def test_key_holders_come_first(session: Session, cast: Cast) -> None:
    add(session, cast, {"name": "Adam"})
    assert [one.name for one in contacts.list_contacts(session, cast.ada)] == ["Beth Marsh", "Adam"]


def test_a_change_is_told_without_the_number(session: Session, cast: Cast) -> None:
    tom = add(session, cast, TOM)
    contacts.change(session, tom, {"telephone": "01632 960 120", "key_holder": True}, actor=BY)
    assert contacts.telephone(session, tom) == "+441632960120"
    assert details(session) == {"telephone_sealed": "changed", "key_holder": [False, True]}


def test_every_wrong_field_is_told_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, cast, {"telephone": "1", "minutes_away": 1441})
    assert set(refused.value.fields) == {"name", "telephone", "minutes_away"}


def test_somebody_taken_off_is_no_longer_there(session: Session, cast: Cast, now: datetime) -> None:
    tom = add(session, cast, TOM)
    contacts.remove(session, tom, actor=BY, now=now)
    assert tom not in contacts.list_contacts(session, cast.ada)
    with pytest.raises(NotFound):
        contacts.get(session, cast.ada, tom.uuid)
    assert journal(session)[-1] == ("removed", "contact")


def test_somebody_elses_contact_is_not_found(session: Session, cast: Cast) -> None:
    tom = add(session, cast, TOM)
    for uuid in (tom.uuid, uuid4()):
        with pytest.raises(NotFound):
            contacts.get(session, cast.ben, uuid)


def test_nobody_adds_to_those_around_somebody_without_seeing_them(
    session: Session, cast: Cast, now: datetime
) -> None:
    unshare(session, cast.hub.id, RecordClass.CONTACT)
    with pytest.raises(NotAllowed, match="Contact details: not shared with Westmere Hub"):
        add(session, cast, TOM)
    assert [one.name for one in contacts.list_contacts(session, cast.ada)] == ["Beth Marsh"]
