"""Who has looked at a person's record."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import journal
from core.journal import Actor
from people import looks, signing_in, visible
from tests.cast import Cast


def test_every_look_is_listed_with_who_it_was_and_at_what(
    session: Session, cast: Cast, now: datetime
) -> None:
    dev = signing_in.viewer_of(session, cast.dev, now)
    visible.record_look(session, dev, cast.ada)
    session.flush()
    actor = Actor("Hana", cast.hana.id)
    journal.write(session, "looked at the key safe", actor=actor, subject="home", person_id=cast.ada.id)
    journal.write(session, "changed", actor=actor, subject="person", person_id=cast.ada.id)
    session.flush()
    assert [(look.by, look.agency, look.at_what) for look in looks.list_looks(session, cast.ada)] == [
        ("Hana", "Westmere Homes", "key safe"),
        ("Dev", "Westmere Health", "record"),
    ]
    assert looks.list_looks(session, cast.ben) == []


def test_somebody_who_looked_twice_is_one_looker(session: Session, cast: Cast, now: datetime) -> None:
    dev = signing_in.viewer_of(session, cast.dev, now)
    for _ in range(2):
        visible.record_look(session, dev, cast.ada)
    session.flush()
    assert looks.count_lookers(session, cast.ada, now - timedelta(days=30)) == 1
    assert looks.count_lookers(session, cast.ada, now + timedelta(seconds=1)) == 0
