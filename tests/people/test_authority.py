from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from people import authority
from people.models.authority import AgreedBy
from tests.agreeing import BY, attorney, decided
from tests.cast import Cast


def test_what_nobody_verified_is_on_record_and_does_not_count(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = attorney(session, cast.ada, by=cast.sol, now=now, verified_on=None, verified_how=None)
    assert [each.basis for each in authority.who_may_agree(session, cast.ada, now)] == [AgreedBy.PERSON]
    authority.verify(session, row, "Rang the register", by=cast.sol, actor=BY, now=now)
    assert row.verified_by_id == cast.sol.id
    assert "Beth Marsh" in [each.name for each in authority.who_may_agree(session, cast.ada, now)]


def test_when_and_how_it_was_verified_are_said_together(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        attorney(session, cast.ada, by=cast.sol, now=now, verified_how=None)
    assert set(refused.value.fields) == {"verified_how"}
    with pytest.raises(Invalid) as refused:
        attorney(session, cast.ada, by=cast.sol, now=now, begins_on="2026-01-02", ends_on="2026-01-01")
    assert set(refused.value.fields) == {"ends_on"}


def test_who_may_agree_a_plan_is_always_the_person_first(session: Session, cast: Cast, now: datetime) -> None:
    attorney(session, cast.ada, by=cast.sol, now=now)
    attorney(session, cast.ada, by=cast.sol, now=now, kind="attorney_property", name="Cousin Ted")
    decision = decided(session, cast.ada, by=cast.sol, now=now)
    found = authority.who_may_agree(session, cast.ada, now)
    assert [(each.name, each.basis) for each in found] == [
        ("Ada", AgreedBy.PERSON),
        ("Beth Marsh", AgreedBy.REPRESENTATIVE),
        ("Sol, social worker", AgreedBy.BEST_INTERESTS),
    ]
    assert found[2].uuid == decision.uuid


def test_one_that_was_withdrawn_or_ran_out_may_agree_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = attorney(session, cast.ada, by=cast.sol, now=now)
    attorney(session, cast.ada, by=cast.sol, now=now, name="Old", ends_on=now.date() - timedelta(days=1))
    authority.withdraw(session, row, "Revoked by Ada", actor=BY, now=now)
    assert len(authority.who_may_agree(session, cast.ada, now)) == 1


def test_it_is_found_for_its_own_person_alone_and_its_number_is_sealed(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = attorney(session, cast.ada, by=cast.sol, now=now, telephone="01632 960 777")
    assert authority.telephone(session, row) == "+441632960777"
    assert authority.get(session, cast.ada, row.uuid) is row
    with pytest.raises(NotFound):
        authority.get(session, cast.ben, row.uuid)
