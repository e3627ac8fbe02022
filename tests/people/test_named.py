"""Outer ids and names by inner key."""

from sqlalchemy.orm import Session

from people import named
from people.named import Named
from tests.cast import Cast


def test_rows_are_named_by_their_inner_keys_and_nothing_is_made_up(session: Session, cast: Cast) -> None:
    ids = [cast.cora.id, None, cast.dev.id, cast.cora.id, 0]
    assert named.staff(session, ids) == {
        cast.cora.id: Named(cast.cora.uuid, "Cora"),
        cast.dev.id: Named(cast.dev.uuid, "Dev"),
    }
    assert named.teams(session, [cast.nurses.id]) == {
        cast.nurses.id: Named(cast.nurses.uuid, "Community nurses")
    }
    assert named.people(session, [cast.ada.id]) == {cast.ada.id: cast.ada.uuid}
    assert named.homes(session, [cast.ada_home.id, None]) == {cast.ada_home.id: cast.ada_home.uuid}


def test_asking_for_nobody_asks_nothing(session: Session) -> None:
    assert named.staff(session, [None]) == {}
    assert named.homes(session, []) == {}
