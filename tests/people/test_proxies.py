from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from people import accounts, looks, proxies, residencies
from people.access import RecordClass
from people.proxies import Granted
from people.visitors import Visitor
from tests.agreeing import BY
from tests.cast import Cast

DAY = timedelta(days=1)


def said(now: datetime, **more: Any) -> dict[str, Any]:
    return {
        "name": "Beth Marsh",
        "email": "beth@example.org",
        "relation": "daughter",
        "classes": ["plan", "vitals"],
        "seen_alone_on": now.date().isoformat(),
        "seen_alone_by": "Sol",
        "seen_alone_where": "At home, Beth was out",
        "said": "Beth may see how I am. Not when I go out.",
        "expires_on": (now + 90 * DAY).date().isoformat(),
    } | more


def let_in(session: Session, cast: Cast, now: datetime, **more: Any) -> Granted:
    return proxies.grant(session, cast.ada, said(now, **more), by=cast.sol, actor=BY, now=now)


def page(session: Session, granted: Granted, now: datetime) -> Visitor | None:
    account = granted.account
    return proxies.find_visitor(session, account.uuid, account.session_epoch, None, now)


def test_nobody_is_let_in_before_staff_have_seen_the_person_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        proxies.grant(session, cast.ada, {}, by=cast.sol, actor=BY, now=now)
    assert {"seen_alone_on", "seen_alone_by", "seen_alone_where", "said", "classes", "expires_on"} <= set(
        refused.value.fields
    )
    with pytest.raises(Invalid) as refused:
        let_in(session, cast, now, seen_alone_on=(now + DAY).date())
    assert set(refused.value.fields) == {"seen_alone_on"}


@pytest.mark.parametrize("days", [0, 400])
def test_access_has_an_end_within_a_year(days: int, session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        let_in(session, cast, now, expires_on=(now + days * DAY).date())
    assert set(refused.value.fields) == {"expires_on"}


def test_access_is_by_class_and_never_to_what_is_restricted(
    session: Session, cast: Cast, now: datetime
) -> None:
    found = page(session, let_in(session, cast, now), now)
    assert found is not None
    assert found.shows == {RecordClass.PLAN, RecordClass.VITALS}
    assert not found.own
    for wrong in (["restricted"], ["notes"], [], ["everything"]):
        with pytest.raises(Invalid):
            let_in(session, cast, now, email="x@example.org", classes=wrong)


def test_staff_can_restrict_it_and_the_page_keeps_its_shape(
    session: Session, cast: Cast, now: datetime
) -> None:
    granted = let_in(session, cast, now)
    before = page(session, granted, now)
    proxies.restrict(session, granted.proxy, "Ada is afraid", by=cast.sol, actor=BY, now=now)
    after = page(session, granted, now)
    assert before is not None
    assert after is not None
    assert (after.named, after.shows) == (before.named, frozenset())
    session.flush()
    entry = session.scalars(select(JournalEntry).where(JournalEntry.what == "restricted")).one()
    assert "afraid" not in str(entry.details)
    with pytest.raises(Conflict):
        proxies.restrict(session, granted.proxy, "again", by=cast.sol, actor=BY, now=now)
    proxies.unrestrict(session, granted.proxy, actor=BY, now=now)
    assert page(session, granted, now) == before


def test_it_ends_by_the_persons_word_its_date_and_a_death(
    session: Session, cast: Cast, now: datetime
) -> None:
    granted = let_in(session, cast, now)
    assert page(session, granted, now + 91 * DAY) is None
    cast.ada.died_on = now.date()
    session.flush()
    assert page(session, granted, now) is None
    cast.ada.died_on = None
    proxies.end(session, granted.proxy, said_by="Ada", why="We fell out", actor=BY, now=now)
    assert page(session, granted, now) is None
    with pytest.raises(Conflict):
        proxies.end(session, granted.proxy, said_by="Ada", why="again", actor=BY, now=now)


def test_moving_out_of_a_shared_home_shows_nothing_more_to_who_stays(
    session: Session, cast: Cast, now: datetime
) -> None:
    granted = let_in(session, cast, now, shares_home="yes")
    assert granted.proxy.shares_home_id == cast.ada_home.id
    residencies.move_out(session, cast.ada, now, actor=BY)
    moved = page(session, granted, now + timedelta(minutes=1))
    assert moved is not None
    assert moved.shows == frozenset()
    assert [each.moved for each in proxies.listing(session, cast.ada, now + timedelta(minutes=1))] == [True]


def test_one_sign_in_can_open_several_pages_and_no_others(
    session: Session, cast: Cast, now: datetime
) -> None:
    granted = let_in(session, cast, now)
    account = granted.account
    found = proxies.find_visitor(session, account.uuid, account.session_epoch, cast.ben.uuid, now)
    assert found is not None
    assert (found.person_id, found.others) == (cast.ada.id, 0)
    proxies.grant(session, cast.ben, said(now), by=cast.sol, actor=BY, now=now)
    found = proxies.find_visitor(session, account.uuid, account.session_epoch, cast.ben.uuid, now)
    assert found is not None
    assert (found.person_id, found.others) == (cast.ben.id, 1)


def test_the_person_sees_their_own_page_and_is_no_proxy_of_themself(
    session: Session, cast: Cast, now: datetime
) -> None:
    own = accounts.open_(session, "Ada Marsh", "ada@example.org", actor=BY, person=cast.ada)
    found = proxies.find_visitor(session, own.uuid, own.session_epoch, None, now)
    assert found is not None
    assert found.own
    assert RecordClass.ACTIVITY in found.shows
    assert RecordClass.RESTRICTED not in found.shows
    with pytest.raises(Invalid):
        let_in(session, cast, now, email="ada@example.org")


def test_what_they_look_at_is_in_the_list_of_who_has_looked(
    session: Session, cast: Cast, now: datetime
) -> None:
    visitor = page(session, let_in(session, cast, now), now)
    assert visitor is not None
    proxies.record_look(session, visitor, "readings")
    session.flush()
    look = looks.list_looks(session, cast.ada)[0]
    assert (look.by, look.agency, look.at_what) == ("Beth Marsh (daughter)", None, "readings")


def test_a_second_access_for_the_same_is_refused_and_classes_can_be_changed(
    session: Session, cast: Cast, now: datetime
) -> None:
    granted = let_in(session, cast, now)
    with pytest.raises(Conflict):
        let_in(session, cast, now)
    proxies.change_classes(session, granted.proxy, "plan,activity", actor=BY, now=now)
    found = page(session, granted, now)
    assert found is not None
    assert found.shows == {RecordClass.PLAN, RecordClass.ACTIVITY}
    assert proxies.get(session, cast.ada, granted.proxy.uuid) is granted.proxy
    assert proxies.account_of(session, granted.proxy) is granted.account
    with pytest.raises(NotFound):
        proxies.get(session, cast.ben, granted.proxy.uuid)
