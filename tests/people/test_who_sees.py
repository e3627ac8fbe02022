"""Which agency sees how much of somebody, why, and what a choice would change."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.errors import Invalid
from people import access, choices, grants, sharing, who_sees
from people.access import Extent, RecordClass
from people.models.sharing import SharingChoice
from people.who_sees import Because, Cell
from tests.cast import Cast
from tests.people.looking import BY

NO = {"decision": "dissent", "said_by": "Ada herself", "evidence": "Told Sol at the kitchen table"}


def cell(session: Session, cast: Cast, agency_id: int, of: RecordClass, now: datetime) -> Cell:
    row = next(each for each in who_sees.table(session, cast.ada, now) if each.agency.id == agency_id)
    return next(each for each in row.cells if each.record_class is of)


def say(session: Session, cast: Cast, now: datetime, **given: Any) -> SharingChoice:
    agency = given.pop("agency", None)
    return choices.choose(session, cast.ada, agency, {**NO, **given}, by=cast.sol, actor=BY, now=now)


def test_each_extent_says_what_decides_it(session: Session, cast: Cast, now: datetime) -> None:
    nurse = cell(session, cast, cast.health.id, RecordClass.VITALS, now)
    assert (nurse.extent, nurse.because) == (Extent.FULL, Because.BASIS)
    assert nurse.basis is not None
    landlord = cell(session, cast, cast.housing.id, RecordClass.VITALS, now)
    assert (landlord.extent, landlord.because) == (Extent.CHECK, Because.NO_BASIS)
    no = say(session, cast, now, agency=cast.health, record_class="vitals")
    refused = cell(session, cast, cast.health.id, RecordClass.VITALS, now)
    assert (refused.extent, refused.because, refused.choice) == (Extent.CHECK, Because.DISSENT, no)


def test_what_rests_on_consent_says_that_it_waits_for_it(session: Session, cast: Cast, now: datetime) -> None:
    basis = {
        "purpose": "care", "record_class": "vitals", "extent": "full", "lawful_basis": "consent",
        "agreement": "A form of their own",
    }  # fmt: skip
    grants.set_(session, cast.housing, basis, by=cast.hana, actor=BY, now=now)
    assert cell(session, cast, cast.housing.id, RecordClass.VITALS, now).because is Because.NO_CONSENT
    say(session, cast, now, agency=cast.housing, record_class="vitals", decision="permit")
    given = cell(session, cast, cast.housing.id, RecordClass.VITALS, now)
    assert (given.extent, given.because) == (Extent.FULL, Because.BASIS)


def test_the_table_says_what_viewers_are_shown(session: Session, cast: Cast, now: datetime) -> None:
    say(session, cast, now, record_class="activity")
    say(session, cast, now, agency=cast.health, record_class="activity", decision="permit")
    say(session, cast, now, agency=cast.housing, purpose="safety")
    rows = who_sees.table(session, cast.ada, now)
    seen = sharing.agencies_see(session, [row.agency.id for row in rows], cast.ada.id, now)
    for row in rows:
        told = {each.record_class: each.extent for each in row.cells}
        assert told == {each: seen[row.agency.id][each] for each in who_sees.CLASSES}, row.agency.name


def test_a_choice_tells_what_it_would_change_and_changes_nothing_yet(
    session: Session, cast: Cast, now: datetime
) -> None:
    given = {**NO, "record_class": "vitals"}
    drafted = choices.drafted(cast.ada, None, given, by=cast.sol, now=now)
    changes = who_sees.changes(session, cast.ada, drafted, now)
    assert {(each.agency.name, each.before, each.after) for each in changes} == {
        ("Westmere Health", Extent.FULL, Extent.CHECK),
        ("Westmere Hub", Extent.FULL, Extent.CHECK),
        ("Westmere Council", Extent.FULL, Extent.CHECK),
        ("Allhours Care Line", Extent.CATEGORY, Extent.CHECK),
    }
    assert {each.record_class for each in changes} == {RecordClass.VITALS}
    assert choices.in_force(session, [cast.ada.id], now) == []


def test_restricted_entries_are_nothing_to_choose(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        choices.drafted(cast.ada, None, {**NO, "record_class": "restricted"}, by=cast.sol, now=now)
    assert set(refused.value.fields) == {"record_class"}


def test_being_counted_is_a_choice_of_its_own(session: Session, cast: Cast, now: datetime) -> None:
    def counted() -> bool:
        return who_sees.counted(choices.in_force(session, [cast.ada.id], now), cast.health.id)

    assert counted()
    no = say(session, cast, now, purpose="planning")
    assert not counted()
    assert cell(session, cast, cast.health.id, RecordClass.VITALS, now).extent is Extent.FULL
    choices.end(session, no, actor=BY, now=now)
    say(session, cast, now, record_class="vitals")
    assert counted()


@given(st.sampled_from(sorted(access.RecordClass)), st.sampled_from(sorted(access.Extent)))
def test_consent_never_makes_a_view_smaller_than_a_check(of: RecordClass, extent: Extent) -> None:
    basis = access.Basis(access.Purpose.CARE, of, extent, by_consent=False)
    no = access.Choice(False, None, None, None, datetime.min)  # noqa: DTZ901 - any moment
    assert access.sees(1, None, [basis], [no])[of] is Extent.CHECK
