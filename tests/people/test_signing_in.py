"""Who may sign in, and how a guesser is slowed down."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from people import passwords, signing_in, staff
from people.signing_in import ATTEMPTS, FIRST_LOCK, find_viewer, sign_in, sign_out
from tests.cast import Cast
from tests.people.looking import BY, journal

PASSWORD = "three random words"
EMAIL = "cora@westmere.example"


@pytest.fixture
def cora(session: Session, cast: Cast) -> Cast:
    staff.set_password(session, cast.cora, PASSWORD, actor=BY)
    return cast


def fail(session: Session, times: int, now: datetime) -> None:
    for _ in range(times):
        assert sign_in(session, EMAIL, "a guess at random", now) is None


def test_the_right_password_signs_in_whatever_the_capitals_of_the_address(
    session: Session, cora: Cast, now: datetime
) -> None:
    assert sign_in(session, " CORA@westmere.Example ", PASSWORD, now) is cora.cora
    assert journal(session, "staff")[-1] == ("signed in", "staff")


def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    session: Session, cora: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str | None] = []
    real = passwords.matches

    def watched(kept: str | None, password: str) -> bool:
        compared.append(kept)
        return real(kept, password)

    monkeypatch.setattr(passwords, "matches", watched)
    assert sign_in(session, "nobody@westmere.example", PASSWORD, now) is None
    assert sign_in(session, EMAIL, "a guess at random", now) is None
    assert [kept is None for kept in compared] == [True, False]


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour(
    session: Session, cora: Cast, now: datetime
) -> None:
    fail(session, ATTEMPTS - 1, now)
    assert cora.cora.locked_until is None
    fail(session, 1, now)
    assert sign_in(session, EMAIL, PASSWORD, now + FIRST_LOCK - timedelta(seconds=1)) is None
    assert sign_in(session, EMAIL, PASSWORD, now + FIRST_LOCK) is cora.cora
    assert cora.cora.failed_attempts == 0


def test_each_further_failure_doubles_the_lock(session: Session, cora: Cast, now: datetime) -> None:
    fail(session, ATTEMPTS, now)
    later = now + FIRST_LOCK
    fail(session, 1, later)
    assert cora.cora.locked_until == later + 2 * FIRST_LOCK
    fail(session, 1, cora.cora.locked_until)
    assert cora.cora.locked_until == later + 6 * FIRST_LOCK


def test_no_lock_lasts_longer_than_a_day(session: Session, cora: Cast, now: datetime) -> None:
    cora.cora.failed_attempts = 40
    fail(session, 1, now)
    assert cora.cora.locked_until == now + timedelta(days=1)


def test_a_guess_while_locked_lengthens_nothing(session: Session, cora: Cast, now: datetime) -> None:
    fail(session, ATTEMPTS + 7, now)
    assert cora.cora.locked_until == now + FIRST_LOCK
    assert cora.cora.failed_attempts == ATTEMPTS


def test_a_password_kept_in_an_older_way_is_kept_anew(session: Session, cora: Cast, now: datetime) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    cora.cora.password_hash = old
    assert sign_in(session, EMAIL, PASSWORD, now) is cora.cora
    assert cora.cora.password_hash != old
    assert sign_in(session, EMAIL, PASSWORD, now) is cora.cora


def test_whoever_has_no_password_or_left_stays_out(session: Session, cora: Cast, now: datetime) -> None:
    assert sign_in(session, "dev@westmere.example", PASSWORD, now) is None
    staff.leave(session, cora.cora, now, actor=BY)
    assert sign_in(session, EMAIL, PASSWORD, now) is None


def test_a_viewer_has_the_teams_of_now(session: Session, cora: Cast, now: datetime) -> None:
    viewer = find_viewer(session, cora.cora.uuid, cora.cora.session_epoch, now)
    assert viewer is not None
    assert viewer.team_ids == {cora.coordinators.id}
    assert (viewer.name, viewer.agency, viewer.role) == ("Cora", "Westmere Hub", "coordinator")
    assert viewer.scopes is None
    assert not viewer.everyone
    before = signing_in.viewer_of(session, cora.cora, now - timedelta(days=500))
    assert before.team_ids == set()


def test_signing_out_ends_every_session(session: Session, cora: Cast, now: datetime) -> None:
    epoch = cora.cora.session_epoch
    sign_out(session, cora.cora)
    session.flush()
    assert find_viewer(session, cora.cora.uuid, epoch, now) is None


def test_another_password_needs_the_one_in_force_and_ends_every_session(
    session: Session, cora: Cast, now: datetime
) -> None:
    epoch, other = cora.cora.session_epoch, "four other random words"
    assert not signing_in.choose_password(session, cora.cora, "a guess at random", other, now)
    assert (cora.cora.failed_attempts, cora.cora.session_epoch) == (1, epoch)
    assert signing_in.choose_password(session, cora.cora, PASSWORD, other, now)
    assert (cora.cora.failed_attempts, cora.cora.session_epoch) == (0, epoch + 1)
    assert journal(session, "staff")[-1] == ("chose a password", "staff")
    assert sign_in(session, EMAIL, other, now) is cora.cora
