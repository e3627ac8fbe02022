"""Nobody lives at two places at once, and where they lived stays known."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people import residencies
from tests.cast import Cast
from tests.people.looking import BY, journal

DAY = timedelta(days=1)


def test_somebody_moves_from_one_home_to_another(session: Session, cast: Cast, now: datetime) -> None:
    residencies.move_out(session, cast.ada, now, actor=BY)
    residencies.move_in(session, cast.ada, cast.ben_home, now, actor=BY)
    assert residencies.find_home(session, cast.ada, now) is cast.ben_home
    assert residencies.find_home(session, cast.ada, now - DAY) is cast.ada_home
    stays = residencies.stays(session, cast.ada)
    assert [(stay.home, stay.until) for stay in stays] == [(cast.ben_home, None), (cast.ada_home, now)]
    assert journal(session) == [("moved out", "home"), ("moved in", "home")]


def test_somebody_who_lives_somewhere_does_not_move_in_elsewhere(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Conflict):
        residencies.move_in(session, cast.ada, cast.ben_home, now, actor=BY)
    assert residencies.find_home(session, cast.ada, now) is cast.ada_home


def test_somebody_who_lives_nowhere_does_not_move_out(session: Session, cast: Cast, now: datetime) -> None:
    residencies.move_out(session, cast.ada, now, actor=BY)
    with pytest.raises(NotFound):
        residencies.move_out(session, cast.ada, now, actor=BY)
    assert residencies.find_home(session, cast.ada, now) is None


def test_nobody_moves_out_at_the_moment_they_move_in(session: Session, cast: Cast, now: datetime) -> None:
    residencies.move_out(session, cast.ada, now - DAY, actor=BY)
    residencies.move_in(session, cast.ada, cast.ben_home, now, actor=BY)
    with pytest.raises(Invalid):
        residencies.move_out(session, cast.ada, now, actor=BY)


def test_somebody_lives_at_one_home_from_when_they_moved_in(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert residencies.lives_at(session, cast.ada.id, cast.ada_home.id, now)
    assert not residencies.lives_at(session, cast.ada.id, cast.ben_home.id, now)
    residencies.move_out(session, cast.ada, now, actor=BY)
    assert not residencies.lives_at(session, cast.ada.id, cast.ada_home.id, now)
