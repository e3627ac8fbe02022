"""How much somebody sees of many people, and of the homes they share."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from people import choices, reach, residencies
from people.access import SEES_ALL, Extent, RecordClass
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.people.looking import BY

NO = {"decision": "dissent", "said_by": "Ben", "evidence": "On the telephone"}


def test_of_a_home_nobody_sees_more_than_each_who_lives_there_leaves_open(
    session: Session, cast: Cast, now: datetime
) -> None:
    residencies.move_out(session, cast.ben, now - timedelta(hours=2), actor=BY)
    residencies.move_in(session, cast.ben, cast.ada_home, now - timedelta(hours=1), actor=BY)
    said = {**NO, "record_class": "home_environment"}
    choices.choose(session, cast.ben, cast.housing, said, by=cast.sol, actor=BY, now=now)
    hana = viewer_of(session, cast.hana, now)
    warmth = RecordClass.HOME_ENVIRONMENT
    seen = reach.read(session, hana, [cast.ada.id, cast.ben.id], [cast.ada_home.id], now)
    assert seen.of(cast.ada.id, None, warmth) is Extent.FULL
    assert seen.of(cast.ben.id, None, warmth) is Extent.CHECK
    assert seen.of(None, cast.ada_home.id, warmth) is Extent.CHECK
    assert seen.of(None, cast.ada_home.id, RecordClass.SAFETY_EVENTS) is Extent.FULL


def test_of_an_empty_home_the_agencys_own_basis_counts(session: Session, cast: Cast, now: datetime) -> None:
    hana = viewer_of(session, cast.hana, now)
    seen = reach.read(session, hana, [], [999_999], now)
    assert seen.of(None, 999_999, RecordClass.HOME_ENVIRONMENT) is Extent.FULL
    assert seen.of(None, 999_999, RecordClass.VITALS) is Extent.CHECK


def test_the_least_of_several_is_the_least_class_by_class() -> None:
    check = SEES_ALL | {RecordClass.VITALS: Extent.CHECK}
    plan = SEES_ALL | {RecordClass.PLAN: Extent.CATEGORY}
    found = reach.least([check, plan])
    assert (found[RecordClass.VITALS], found[RecordClass.PLAN]) == (Extent.CHECK, Extent.CATEGORY)
    assert found[RecordClass.NOTES] is Extent.FULL
