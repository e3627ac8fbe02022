"""Secret addresses of calendars: one of each kind, known again, ended, and no key to anything else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import NotFound
from people import calendar_keys, staff, tokens
from people.access import Need, may
from people.calendar_keys import Kind
from tests.cast import Cast
from tests.people.looking import BY, details, journal


def made(session: Session, cast: Cast, now: datetime, kind: Kind = Kind.OWN) -> str:
    return calendar_keys.renew(session, cast.dev, kind, actor=BY, real_now=now)


@pytest.mark.parametrize("kind", list(Kind))
def test_it_is_known_again_and_its_owner_may_do_nothing_with_it(
    session: Session, cast: Cast, now: datetime, kind: Kind
) -> None:
    text = made(session, cast, now, kind)
    found = calendar_keys.find_owner(session, text, now, now)
    assert found is not None
    viewer, opens = found
    assert (viewer.staff_id, viewer.team_ids, opens) == (cast.dev.id, {cast.nurses.id}, kind)
    assert not any(may(viewer, need) for need in Need)
    assert journal(session) == [("made", "token")]
    assert text not in str(details(session))


def test_it_opens_nothing_of_the_api_and_a_key_of_the_api_opens_no_calendar(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert tokens.find_viewer(session, made(session, cast, now), now, now) is None
    _, text = tokens.add(session, cast.dev, "API", [need.value for need in Need], actor=BY)
    assert calendar_keys.find_owner(session, text, now, now) is None
    _, both = tokens.make(session, cast.dev, "Both", ["calendar", "people:read"], actor=BY)
    assert calendar_keys.find_owner(session, both, now, now) is None


def test_a_new_one_ends_the_one_before_of_its_kind_alone(session: Session, cast: Cast, now: datetime) -> None:
    first, teams = made(session, cast, now), made(session, cast, now, Kind.TEAMS)
    second = made(session, cast, now)
    assert calendar_keys.find_owner(session, first, now, now) is None
    assert calendar_keys.find_owner(session, second, now, now) is not None
    assert calendar_keys.find_owner(session, teams, now, now) is not None


def test_it_is_ended_once_and_nobody_elses_is(session: Session, cast: Cast, now: datetime) -> None:
    text = made(session, cast, now)
    with pytest.raises(NotFound):
        calendar_keys.end(session, cast.cora, Kind.OWN, actor=BY, real_now=now)
    calendar_keys.end(session, cast.dev, Kind.OWN, actor=BY, real_now=now)
    assert calendar_keys.find(session, cast.dev, Kind.OWN) is None
    assert calendar_keys.find_owner(session, text, now, now) is None
    with pytest.raises(NotFound):
        calendar_keys.end(session, cast.dev, Kind.OWN, actor=BY, real_now=now)


def test_it_ends_when_its_owner_leaves(session: Session, cast: Cast, now: datetime) -> None:
    text = made(session, cast, now)
    staff.leave(session, cast.dev, now, actor=BY)
    session.flush()
    assert calendar_keys.find_owner(session, text, now, now) is None
    assert calendar_keys.find(session, cast.dev, Kind.OWN) is None


def test_its_use_is_noted_once_an_hour(session: Session, cast: Cast, now: datetime) -> None:
    text = made(session, cast, now)
    token = calendar_keys.find(session, cast.dev, Kind.OWN)
    assert token is not None
    for minutes in (0, 30, 60, 61):
        calendar_keys.find_owner(session, text, now, now + timedelta(minutes=minutes))
        session.refresh(token)
    assert token.last_used_at == now + timedelta(minutes=61)
    assert token.version == 1
