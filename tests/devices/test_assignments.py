"""Whose a device is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Db
from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from devices import assignments, subjects
from devices.models import Assignment, Device, DeviceState, Expectation
from tests.cast import Cast, make
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, HOUR, says, spo2


def assign(session: Session, device: Device, **how: object) -> Assignment:
    return assignments.assign(session, device, **{"start": NOW - DAY, "now": NOW, "actor": kit.CORA, **how})  # type: ignore[arg-type]


def test_it_holds_from_its_start_and_the_kit_counts_as_installed(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    made = assign(session, device, person_id=cast.ada.id)
    assert assignments.find(session, device.id, NOW) is made
    assert assignments.find(session, device.id, NOW - 2 * DAY) is None
    assert assignments.get(session, made.uuid) is made
    assert device.state is DeviceState.INSTALLED


def test_readings_that_are_there_already_become_theirs_and_are_judged(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    kit.take_in(session, says("oximeter-1", spo2(84)))
    assert kit.woken(session) == set()
    assign(session, device, person_id=cast.ada.id)
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}


def test_a_homes_kit_wakes_the_home_and_who_lives_there(session: Session, cast: Cast) -> None:
    assign(session, kit.device(session), home_id=cast.ada_home.id)
    assert kit.woken(session) == {
        subjects.home(cast.ada_home.id).number,
        subjects.person(cast.ada.id).number,
    }


def test_it_is_written_in_the_journal(session: Session, cast: Cast) -> None:
    made = assign(session, kit.device(session), person_id=cast.ada.id)
    session.flush()
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.what, entry.subject_uuid, entry.person_id, entry.by) == (
        "assigned", made.uuid, cast.ada.id, "Cora",
    )  # fmt: skip


@pytest.mark.parametrize("whose", [{}, {"person_id": 1, "home_id": 1}])
def test_it_is_either_a_persons_or_a_homes(session: Session, whose: dict[str, int]) -> None:
    with pytest.raises(Invalid) as refused:
        assign(session, kit.device(session), **whose)
    assert set(refused.value.fields) == {"person_id"}


def test_kit_is_not_booked_ahead(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        assign(session, kit.device(session), person_id=cast.ada.id, start=NOW + 3 * DAY)
    assert set(refused.value.fields) == {"from"}


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"start": NOW - 9 * DAY}, "This kit is assigned since 13 November 2026 07:46 (UTC)."),
        (
            {"start": NOW - HOUR, "end": NOW},
            "This kit is assigned from 22 November 2026 06:46 to 22 November 2026 07:46 (UTC).",
        ),
    ],
)
def test_kit_that_is_somebodys_is_not_given_to_another(
    session: Session, cast: Cast, held: dict[str, object], said: str
) -> None:
    device = kit.device(session)
    kit.give(session, device, person_id=cast.ben.id, **held)  # type: ignore[arg-type]
    with pytest.raises(Conflict) as refused:
        assign(session, device, person_id=cast.ada.id)
    assert str(refused.value) == f"{said} End that first, or begin later."


def test_two_who_assign_at_once_make_one_assignment_and_one_conflict(real_db: Db) -> None:
    """They wait for each other in turn, never in a ring, however often they meet."""
    with real_db.transaction() as session:
        cast = make(session)
        ids = [kit.device(session, f"oximeter-{number}").id for number in range(10)]
    barrier = Barrier(2)

    def try_to(device_id: int, person_id: int) -> str:
        with real_db.session() as session:
            kit_row = session.get_one(Device, device_id)
            barrier.wait()
            try:
                assign(session, kit_row, person_id=person_id)
                session.commit()
            except Conflict:
                return "conflict"
            return "assigned"

    with ThreadPoolExecutor(2) as pool:
        for device_id in ids:
            tried = pool.map(try_to, (device_id, device_id), (cast.ada.id, cast.ben.id))
            assert sorted(tried) == ["assigned", "conflict"]


def test_an_end_takes_what_comes_after_away_and_wakes_them(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    made = assign(session, device, person_id=cast.ada.id)
    kit.woken(session)
    assignments.end(session, made, at=NOW, now=NOW, actor=kit.CORA)
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    assert assignments.find(session, device.id, NOW) is None
    assert assignments.find(session, device.id, NOW - HOUR) is made
    with pytest.raises(Conflict):
        assignments.end(session, made, at=NOW, now=NOW, actor=kit.CORA)


def test_it_ends_after_it_began(session: Session, cast: Cast) -> None:
    made = assign(session, kit.device(session), person_id=cast.ada.id)
    with pytest.raises(Invalid):
        assignments.end(session, made, at=NOW - 2 * DAY, now=NOW, actor=kit.CORA)


def test_kit_that_is_still_with_somebody_is_still_expected_so_no_end_lies_ahead(
    session: Session, cast: Cast
) -> None:
    pendant = kit.device(session, "pendant-1", life_safety=True)
    made = assign(session, pendant, person_id=cast.ada.id)
    with pytest.raises(Invalid) as refused:
        assignments.end(session, made, at=NOW + DAY, now=NOW, actor=kit.CORA)
    assert list(refused.value.fields) == ["at"]
    expected = select(Expectation).where(Expectation.device_id == pendant.id, Expectation.ended_at.is_(None))
    assert session.scalars(expected).one()
    assignments.end(session, made, at=NOW + timedelta(seconds=5), now=NOW, actor=kit.CORA)


def test_a_move_ends_the_one_and_begins_the_other(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    assign(session, device, person_id=cast.ada.id)
    assignments.move(session, device, at=NOW - HOUR, now=NOW, actor=kit.CORA, home_id=cast.ben_home.id)
    newest, oldest = assignments.list_of_device(session, device.id)
    assert (newest.home_id, newest.period.lower) == (cast.ben_home.id, NOW - HOUR)
    assert (oldest.person_id, oldest.period.upper) == (cast.ada.id, NOW - HOUR)


def test_kit_with_a_figure_for_its_silence_is_expected_while_it_is_somebodys(
    session: Session, cast: Cast
) -> None:
    device = kit.device(session, silent_after_seconds=3600)
    made = assign(session, device, person_id=cast.ada.id)
    expected = session.scalars(select(Expectation)).one()
    assert (expected.device_id, expected.every_seconds, expected.ended_at) == (device.id, 3600, None)
    assignments.end(session, made, at=NOW, now=NOW, actor=kit.CORA)
    session.refresh(expected)
    assert expected.ended_at == NOW


def test_what_changed_lately_is_woken_once_more(session: Session, cast: Cast) -> None:
    """For readings that were being stored while the device was being assigned."""
    assign(session, kit.device(session), person_id=cast.ada.id)
    kit.woken(session)
    assert assignments.wake_changed(session, NOW - timedelta(seconds=60), NOW) == 1
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    assert assignments.wake_changed(session, NOW + HOUR, NOW) == 0


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        assignments.get(session, uuid4())
