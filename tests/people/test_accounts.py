from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from people import accounts
from people.models.accounts import Account
from tests.agreeing import BY
from tests.cast import Cast

EMAIL, PASSWORD = "beth@example.org", "three random words"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def beth(session: Session, cast: Cast, now: datetime) -> Account:
    row = accounts.open_(session, "Beth Marsh", EMAIL, actor=BY)
    code = accounts.give_code(session, row, actor=BY, real_now=now)
    assert accounts.use_code(session, EMAIL, code, PASSWORD, real_now=now) is row
    return row


def test_somebody_chooses_a_password_by_a_code_and_signs_in(
    session: Session, beth: Account, now: datetime
) -> None:
    assert accounts.sign_in(session, " BETH@example.org", PASSWORD, now) is beth
    assert accounts.sign_in(session, EMAIL, "not the password", now) is None
    assert accounts.sign_in(session, "nobody@example.org", PASSWORD, now) is None


def test_a_code_is_good_once_and_for_a_week(session: Session, beth: Account, now: datetime) -> None:
    code = accounts.give_code(session, beth, actor=BY, real_now=now)
    assert code.encode() != beth.code_hash
    late = now + timedelta(days=8)
    assert accounts.use_code(session, EMAIL, code, PASSWORD, real_now=late) is None
    assert accounts.use_code(session, EMAIL, code.upper(), PASSWORD, real_now=now) is beth
    assert accounts.use_code(session, EMAIL, code, PASSWORD, real_now=now) is None


def test_a_new_code_ends_every_session(session: Session, beth: Account, now: datetime) -> None:
    epoch = beth.session_epoch
    assert accounts.find_session(session, beth.uuid, epoch) is beth
    accounts.give_code(session, beth, actor=BY, real_now=now)
    assert accounts.find_session(session, beth.uuid, epoch) is None


def test_a_password_that_is_easy_to_guess_is_refused_and_the_code_stays(
    session: Session, beth: Account, now: datetime
) -> None:
    code = accounts.give_code(session, beth, actor=BY, real_now=now)
    with pytest.raises(Invalid):
        accounts.use_code(session, EMAIL, code, "short", real_now=now)
    assert accounts.use_code(session, EMAIL, code, PASSWORD, real_now=now) is beth


def test_after_five_wrong_tries_nobody_gets_in_for_a_while(
    session: Session, beth: Account, now: datetime
) -> None:
    for _ in range(5):
        assert accounts.sign_in(session, EMAIL, "not the password", now) is None
    assert accounts.sign_in(session, EMAIL, PASSWORD, now + MINUTE) is None
    assert accounts.sign_in(session, EMAIL, PASSWORD, now + 16 * MINUTE) is beth


def test_codes_that_are_guessed_count_as_wrong_tries(session: Session, beth: Account, now: datetime) -> None:
    code = accounts.give_code(session, beth, actor=BY, real_now=now)
    for _ in range(5):
        assert accounts.use_code(session, EMAIL, "aaaa-aaaa-aaaa", PASSWORD, real_now=now) is None
    assert accounts.use_code(session, EMAIL, code, PASSWORD, real_now=now) is None


def test_one_address_is_one_sign_in_and_one_person_has_one(
    session: Session, beth: Account, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Conflict):
        accounts.open_(session, "Another", EMAIL.upper(), actor=BY)
    own = accounts.open_(session, "Ada Marsh", "ada@example.org", actor=BY, person=cast.ada)
    assert accounts.find_own(session, cast.ada.id) is own
    with pytest.raises(Conflict, match="already"):
        accounts.open_(session, "Ada Marsh", "ada2@example.org", actor=BY, person=cast.ada)


def test_one_that_was_closed_or_signed_out_opens_nothing(
    session: Session, beth: Account, now: datetime
) -> None:
    epoch = beth.session_epoch
    accounts.sign_out(session, beth)
    assert accounts.find_session(session, beth.uuid, epoch) is None
    accounts.close(session, beth, now, actor=BY)
    assert accounts.sign_in(session, EMAIL, PASSWORD, now) is None


def test_another_password_needs_the_one_in_force_and_ends_every_session(
    session: Session, beth: Account, now: datetime
) -> None:
    epoch, other = beth.session_epoch, "four other random words"
    assert not accounts.choose_password(session, beth, "a guess at random", other, now)
    assert accounts.choose_password(session, beth, PASSWORD, other, now)
    assert accounts.find_session(session, beth.uuid, epoch) is None
    assert accounts.sign_in(session, EMAIL, other, now) is beth
