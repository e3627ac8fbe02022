"""What is known of one person in two records, settled."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from people import joining
from people.joining import _without
from people.models.accounts import Account, Proxy
from people.models.authority import AgreedBy, Agreement
from people.models.caring import CareTeam
from people.models.people import Person
from people.watching import Watched
from tests.care_plans.merging import twice
from tests.cast import Cast


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    return twice.lay(session, cast, now)


def test_what_only_the_other_says_comes_along_and_what_differs_is_chosen(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    assert joining.fills(cast.ada, again, "ethnicity")
    assert joining.fills(cast.ada, again, "nhs_number")
    assert joining.differs(cast.ada, again, "given_name")
    assert not joining.differs(cast.ada, again, "telephone")
    joining.join(session, cast.ada, again, {"fields": {"given_name": "kept", "date_of_birth": "gone"}}, now)
    assert (cast.ada.given_name, cast.ada.ethnicity) == ("Ada", "White British")
    assert cast.ada.date_of_birth == again.date_of_birth
    assert cast.ada.nhs_number_blind is not None
    assert (again.nhs_number_blind, again.merged_into_id, again.deleted_at) == (None, cast.ada.id, now)


def test_two_nhs_numbers_change_places_where_the_other_is_chosen(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    cast.ada.nhs_number_blind = b"adas"
    theirs = again.nhs_number_blind
    session.flush()
    joining.join(session, cast.ada, again, {"fields": {"nhs_number": "gone"}}, now)
    assert (cast.ada.nhs_number_blind, again.nhs_number_blind) == (theirs, b"adas")


def test_a_team_that_cares_by_both_records_cares_once_and_there_is_one_lead(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    stay = joining.join(session, cast.ada, again, {}, now)
    rows = session.scalars(select(CareTeam).where(CareTeam.person_id == again.id)).all()
    moving = [row.team_id for row in rows if ("care_teams", f'{{"id": {row.id}}}') not in stay]
    assert moving == [cast.befrienders.id]


def test_of_agreements_proxies_and_sign_ins_that_both_have_the_first_stays(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    beth = Account(name="Beth", email="beth@example.org")
    accounts = [
        Account(person_id=each.id, name="Ada", email=f"ada{each.id}@example.org")
        for each in (cast.ada, again)
    ]
    session.add_all([beth, *accounts])
    session.flush()
    agreements = [
        Agreement(
            person_id=each.id, watched=Watched.MOVEMENT, agreed_by=AgreedBy.PERSON, why="w", said="s",
            less_intrusive="l", objections="o", began_at=now, review_on=now.date(),
            recorded_by_id=cast.sol.id,
        )
        for each in (cast.ada, again)
    ]  # fmt: skip
    proxies = [
        Proxy(
            person_id=each.id, account_id=beth.id, relation="daughter", classes=["plan"],
            seen_alone_on=now.date(), seen_alone_by="Sol", seen_alone_where="at home", said="yes",
            began_at=now, expires_on=now.date(), granted_by_id=cast.sol.id,
        )
        for each in (cast.ada, again)
    ]  # fmt: skip
    session.add_all([*agreements, *proxies])
    session.flush()
    stay = joining.join(session, cast.ada, again, {}, now)
    for first, second in (agreements, proxies):
        assert (first.ended_at, second.ended_at) == (None, now)
        assert (first.__tablename__, f'{{"id": {second.id}}}') in stay
    assert [each.closed_at for each in accounts] == [None, now]


def test_a_period_without_others_is_what_is_left_of_it(now: datetime) -> None:
    def days(first: int | None, last: int | None) -> Range[datetime]:
        at = [now + timedelta(days=day) if day is not None else None for day in (first, last)]
        return Range(at[0], at[1])

    assert _without(days(0, 10), []) == [days(0, 10)]
    assert _without(days(0, 10), [days(-5, 20)]) == []
    assert _without(days(0, None), [days(2, 4), days(6, None)]) == [days(4, 6), days(0, 2)]
    assert _without(days(None, None), [days(2, 4)]) == [days(4, None), days(None, 2)]
