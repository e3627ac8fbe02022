from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from people import overrides, visible
from people.access import MAY, Need, Viewer
from people.models.agencies import Staff
from tests.cast import Cast

WHY = {"reason": "Found on the floor by a neighbour, cannot speak, is taken to us now"}
BEN = {
    **WHY,
    "given_name": "ben",
    "family_name": "Okafor",
    "date_of_birth": "1942-02-11",
    "postcode": "wm11aa",
}


def viewer(staff: Staff, *teams: int) -> Viewer:
    return Viewer(staff.id, staff.uuid, staff.name, staff.agency_id, staff.role.value, frozenset(teams))


def test_it_opens_the_record_for_an_hour_and_no_longer(session: Session, cast: Cast, now: datetime) -> None:
    mallory = viewer(cast.mallory, cast.strangers.id)
    assert visible.find_person(session, mallory, cast.ben.uuid, now) is None
    row = overrides.open_(session, mallory, BEN, now=now)
    assert visible.find_person(session, mallory, cast.ben.uuid, now) is cast.ben
    assert visible.find_person(session, mallory, cast.ada.uuid, now) is None
    assert row.until == now + timedelta(hours=1)
    assert visible.find_person(session, mallory, cast.ben.uuid, row.until) is None


def test_an_nhs_number_says_exactly_whom(session: Session, cast: Cast, now: datetime) -> None:
    cast.ben.nhs_number_blind = vault_of(session).blind("9990000018")
    session.flush()
    row = overrides.open_(session, viewer(cast.mallory), {**WHY, "nhs_number": "999 000 0018"}, now=now)
    assert row.person_id == cast.ben.id


@pytest.mark.parametrize("left_out", ["given_name", "family_name", "date_of_birth", "postcode"])
def test_it_is_no_way_to_look_for_somebody(
    session: Session, cast: Cast, now: datetime, left_out: str
) -> None:
    with pytest.raises(Invalid) as refused:
        overrides.open_(session, viewer(cast.mallory), {**BEN, left_out: ""}, now=now)
    assert set(refused.value.fields) == {"nhs_number"}


def test_a_try_that_finds_nobody_is_written_down(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        overrides.open_(session, viewer(cast.mallory), {**BEN, "family_name": "Okofor"}, now=now)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.what == "tried to override")).one()
    assert (entry.staff_id, entry.person_id) == (cast.mallory.id, None)


def test_it_needs_a_reason_that_somebody_can_judge(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        overrides.open_(session, viewer(cast.mallory), {**BEN, "reason": "urgent"}, now=now)
    assert set(refused.value.fields) == {"reason"}


def test_whom_somebody_sees_already_they_need_not_override(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Conflict):
        overrides.open_(session, viewer(cast.dev, cast.nurses.id), BEN, now=now)


def test_nobody_looks_into_what_they_opened_themselves(session: Session, cast: Cast, now: datetime) -> None:
    row = overrides.open_(session, viewer(cast.mallory), BEN, now=now)
    with pytest.raises(Invalid):
        overrides.review(session, row, "All in order", by=viewer(cast.mallory), now=now)
    with pytest.raises(Invalid):
        overrides.review(session, row, " ", by=viewer(cast.sol), now=now)
    overrides.review(session, row, "All in order", by=viewer(cast.sol), now=now)
    with pytest.raises(Conflict):
        overrides.review(session, row, "Again", by=viewer(cast.sol), now=now)


def test_volunteers_never_override() -> None:
    assert Need.PEOPLE_OVERRIDE not in MAY["volunteer"]


def test_those_to_look_into_come_by_deadline(session: Session, cast: Cast, now: datetime) -> None:
    later = overrides.open_(session, viewer(cast.mallory), BEN, now=now + timedelta(hours=3))
    first = overrides.open_(session, viewer(cast.vi), BEN, now=now)
    assert [each.override for each in overrides.list_used(session)] == [first, later]
    assert overrides.get(session, first.uuid).staff == "Vi"
