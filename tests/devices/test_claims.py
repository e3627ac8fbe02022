from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.models import JournalEntry
from devices import assignments, claims
from devices.claims import TRIES, TRIES_WITHIN, VALID, Claimant
from devices.joining_models import ClaimCode
from devices.models import Assignment, Device, DeviceState
from people.watching import Watched
from tests.agreeing import agree
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY, HOUR

ADA = "account 1"


def made(session: Session, device: Device, *, for_home: bool = False) -> str:
    return claims.make(session, device, for_home=for_home, now=NOW, actor=CORA).code


def claim(
    session: Session, cast: Cast, code: str, *, after: timedelta = HOUR, key: str = ADA, home: bool = True
) -> Assignment | None:
    claimant = Claimant(key, cast.ada.id, cast.ada_home.id if home else None)
    at = NOW + after
    return claims.claim(session, code, claimant, now=at, real_now=at, actor=CORA)


def test_a_code_is_nine_letters_that_are_not_taken_for_each_other_and_only_its_hash_is_kept(
    session: Session,
) -> None:
    code = made(session, kit.device(session))
    plain = code.replace("-", "")
    assert len(plain) == 9
    assert set(plain) <= set(claims.LETTERS)
    assert plain.encode() not in session.scalars(select(ClaimCode.code_hash)).one()


def test_whoever_holds_the_code_has_the_kit_from_now_on_and_it_is_written_down(
    session: Session, cast: Cast
) -> None:
    device = kit.device(session)
    held = claim(session, cast, made(session, device).upper())
    assert held is not None
    assert held.person_id == cast.ada.id
    assert device.state is DeviceState.INSTALLED
    written = select(JournalEntry.person_id).where(JournalEntry.what == "claimed")
    assert session.scalars(written).one() == cast.ada.id


def test_kit_of_a_home_becomes_the_homes(session: Session, cast: Cast) -> None:
    held = claim(session, cast, made(session, kit.device(session), for_home=True))
    assert held is not None
    assert (held.person_id, held.home_id) == (None, cast.ada_home.id)


def test_kit_of_a_home_needs_one(session: Session, cast: Cast) -> None:
    code = made(session, kit.device(session), for_home=True)
    with pytest.raises(Conflict, match="no home is on record"):
        claim(session, cast, code, home=False)


def test_a_code_can_be_used_once(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    code = made(session, device)
    held = claim(session, cast, code)
    assert held is not None
    assignments.end(session, held, at=NOW + 2 * HOUR, now=NOW + 2 * HOUR, actor=CORA)
    device.state = DeviceState.IN_STOCK
    assert claim(session, cast, code, after=3 * HOUR) is None


def test_a_code_runs_out_after_a_day(session: Session, cast: Cast) -> None:
    code = made(session, kit.device(session))
    assert claim(session, cast, code, after=VALID) is None
    assert claim(session, cast, code, after=VALID - kit.SECOND) is not None


def test_a_code_that_was_withdrawn_or_followed_by_another_opens_nothing(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    first, second = made(session, device), made(session, device)
    claims.withdraw(session, device, now=NOW, actor=CORA)
    assert claim(session, cast, first) is None
    assert claim(session, cast, second) is None
    with pytest.raises(Conflict):
        claims.withdraw(session, device, now=NOW, actor=CORA)


def test_kit_that_was_given_away_meanwhile_is_not_taken_over(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    code = made(session, device)
    assignments.assign(session, device, start=NOW, now=NOW, actor=CORA, person_id=cast.ben.id)
    assert claim(session, cast, code) is None


@pytest.mark.parametrize("state", [DeviceState.RECOVERED, DeviceState.IN_REPAIR, DeviceState.LOST])
def test_no_code_is_made_for_kit_that_is_not_in_stock(session: Session, state: DeviceState) -> None:
    with pytest.raises(Conflict):
        made(session, kit.device(session, state=state))


def test_no_code_is_made_for_kit_that_is_somebodys(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    kit.give(session, device, person_id=cast.ada.id)
    with pytest.raises(Conflict):
        made(session, device)


def test_after_five_codes_that_open_nothing_even_a_good_one_has_to_wait(session: Session, cast: Cast) -> None:
    code = made(session, kit.device(session))
    for _ in range(TRIES):
        assert claim(session, cast, "xxx-xxx-xxx") is None
    with pytest.raises(Conflict, match="Wait 15 minutes"):
        claim(session, cast, code)
    assert claim(session, cast, code, key="account 2") is not None


def test_after_a_quarter_of_an_hour_they_may_try_again(session: Session, cast: Cast) -> None:
    code = made(session, kit.device(session))
    for _ in range(TRIES):
        claim(session, cast, "xxx-xxx-xxx")
    assert claim(session, cast, code, after=HOUR + TRIES_WITHIN) is not None


def test_kit_that_watches_is_refused_without_an_agreement_and_the_code_stays_good(
    session: Session, cast: Cast
) -> None:
    code = made(session, kit.device(session, name="Motion, hall", model="SNZB-03"))
    ada = Claimant(ADA, cast.ada.id, None)
    with pytest.raises(Conflict):
        claim(session, cast, code)
    assert claims.lacking(session, code, ada, NOW + HOUR) == {Watched.MOVEMENT}
    assert claims.lacking(session, "xxx-xxx-xxx", ada, NOW + HOUR) == frozenset()
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=NOW)
    assert claim(session, cast, code) is not None


def test_tries_are_forgotten_after_a_day(session: Session, cast: Cast) -> None:
    for _ in range(TRIES - 1):
        claim(session, cast, "xxx-xxx-xxx")
    claim(session, cast, "xxx-xxx-xxx", after=2 * DAY)
    assert claims.count_tries(session, ADA, NOW) == 1
