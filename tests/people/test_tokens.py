"""Keys for programs: shown once, known again, ended."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid
from people import tokens
from people.access import EVERYONE
from people.models.agencies import Token
from tests.cast import Cast
from tests.people.looking import BY, details, journal


def made(session: Session, cast: Cast, *scopes: str, until: datetime | None = None) -> tuple[Token, str]:
    given = scopes or ("people:read",)
    return tokens.add(session, cast.cora, "A test", given, actor=BY, expires_at=until)


def test_a_key_is_known_again_and_kept_only_as_a_hash(session: Session, cast: Cast, now: datetime) -> None:
    token, text = made(session, cast)
    viewer = tokens.find_viewer(session, text, now, now)
    assert viewer is not None
    assert (viewer.name, viewer.scopes, viewer.everyone) == ("Cora", {"people:read"}, False)
    assert viewer.team_ids == {cast.coordinators.id}
    assert len(text) > 43
    assert text.encode() not in token.token_hash
    assert journal(session) == [("made", "token")]
    assert text not in str(details(session))


def test_two_keys_are_never_the_same(session: Session, cast: Cast) -> None:
    assert made(session, cast)[1] != made(session, cast)[1]


def test_a_key_with_sight_of_everybody_says_so(session: Session, cast: Cast, now: datetime) -> None:
    viewer = tokens.find_viewer(session, made(session, cast, EVERYONE)[1], now, now)
    assert viewer is not None
    assert viewer.everyone


@pytest.mark.parametrize("scopes", [[], ["people:delete"], ["people:read", "all"]])
def test_it_refuses_scopes_that_nobody_knows(session: Session, cast: Cast, scopes: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        tokens.add(session, cast.cora, "A test", scopes, actor=BY)
    assert list(refused.value.fields) == ["scopes"]


def test_a_wrong_key_is_nobodys(session: Session, cast: Cast, now: datetime) -> None:
    _, text = made(session, cast)
    assert tokens.find_viewer(session, text[:-1], now, now) is None
    assert tokens.find_viewer(session, "", now, now) is None


def test_a_key_ends_at_its_time_and_when_revoked(session: Session, cast: Cast, now: datetime) -> None:
    _, passing = made(session, cast, until=now + timedelta(hours=1))
    assert tokens.find_viewer(session, passing, now, now) is not None
    assert tokens.find_viewer(session, passing, now, now + timedelta(hours=1)) is None
    token, text = made(session, cast)
    tokens.revoke(session, token, actor=BY, now=now)
    session.flush()
    assert tokens.find_viewer(session, text, now, now) is None


def test_a_key_ends_with_its_owners_time(session: Session, cast: Cast, now: datetime) -> None:
    _, text = made(session, cast)
    cast.cora.left_at = now
    session.flush()
    assert tokens.find_viewer(session, text, now, now) is None


def test_its_last_use_is_noted_once_a_minute_without_counting_as_a_change(
    session: Session, cast: Cast, now: datetime
) -> None:
    token, text = made(session, cast)
    for seconds in (0, 30, 59, 61):
        tokens.find_viewer(session, text, now, now + timedelta(seconds=seconds))
    session.refresh(token)
    assert token.last_used_at == now + timedelta(seconds=61)
    assert token.version == 1


def test_the_keys_of_somebody_are_listed_newest_first(session: Session, cast: Cast) -> None:
    first, second = made(session, cast)[0], made(session, cast)[0]
    assert tokens.list_tokens(session, cast.cora) == [second, first]
    assert tokens.list_tokens(session, cast.dev) == []


def test_a_key_without_any_scope_of_the_api_opens_nothing_of_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    _, text = tokens.make(session, cast.cora, "Something else", ["calendar"], actor=BY)
    assert tokens.find_viewer(session, text, now, now) is None
    assert tokens.find(session, text, now) is not None
