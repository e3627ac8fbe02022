"""Batches stored with all that follows, and what each kind of bad input gets."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.db import Db
from devices import subjects
from devices.measurement import Flags
from devices.models import MessageSeen, ReadingConflict
from people.models.homes import Residency
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import DAY, HOUR, MINUTE, message, says, spo2


def test_it_wakes_whoever_had_the_device_when_it_was_measured(session: Session, cast: Cast) -> None:
    oximeter = kit.device(session)
    kit.give(session, oximeter, person_id=cast.ada.id, end=NOW - HOUR)
    kit.give(session, oximeter, person_id=cast.ben.id, start=NOW - HOUR)
    kit.take_in(session, says("oximeter-1", spo2(at=NOW - 2 * HOUR)))
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    kit.take_in(session, says("oximeter-1", spo2(at=NOW)))
    assert kit.woken(session) == {subjects.person(cast.ben.id).number}


def test_a_homes_reading_wakes_the_home_and_who_lived_there_then(session: Session, cast: Cast) -> None:
    smoke = kit.device(session, "smoke-1")
    kit.give(session, smoke, home_id=cast.ada_home.id)
    moved = session.scalars(select(Residency).where(Residency.person_id == cast.ada.id)).one()
    moved.period = Range(moved.period.lower, NOW - DAY)
    session.flush()
    before, after = NOW - 2 * DAY, NOW
    kit.take_in(session, says("smoke-1", {"kind": "smoke", "value": 1, "at": before.isoformat()}))
    home = subjects.home(cast.ada_home.id).number
    assert kit.woken(session) == {home, subjects.person(cast.ada.id).number}
    kit.take_in(session, says("smoke-1", {"kind": "smoke", "value": 1, "at": after.isoformat()}))
    assert kit.woken(session) == {home}


def test_an_unassigned_device_is_stored_and_wakes_nobody(session: Session) -> None:
    kit.device(session)
    stored, _ = kit.take_in(session, says("oximeter-1", spo2()))
    assert stored.stored == 1
    assert kit.woken(session) == set()


def test_the_same_message_twice_is_stored_once_and_wakes_once(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", spo2()))
    kit.woken(session)
    stored, _ = kit.take_in(session, says("oximeter-1", spo2()))
    assert (stored.stored, stored.duplicates) == (0, 1)
    assert kit.woken(session) == set()


def test_another_value_for_the_same_time_is_kept_as_a_conflict(session: Session) -> None:
    kit.device(session)
    kit.take_in(session, says("oximeter-1", spo2(93)))
    stored, _ = kit.take_in(session, says("oximeter-1", spo2(84)))
    assert stored.conflicts == 1
    assert session.scalars(select(ReadingConflict.value)).all() == [84]


def test_a_message_without_times_is_known_again_by_its_id(session: Session) -> None:
    kit.device(session)
    press = says("oximeter-1", {"kind": "pendant", "value": 1}, message_id="17")
    kit.take_in(session, press)
    stored, _ = kit.take_in(session, press._replace(received_at=NOW + MINUTE))
    assert (stored.stored, stored.duplicates) == (0, 1)
    restarted = says("oximeter-1", spo2(90, None), message_id="17")
    assert kit.take_in(session, restarted)[0].stored == 1, "the same id, but not the same message"
    assert len(session.scalars(select(MessageSeen)).all()) == 2


def test_a_press_with_the_id_of_one_long_ago_is_another_press(session: Session) -> None:
    """A button that counts from one at each waking says the same at every press."""
    kit.device(session)
    press = says("oximeter-1", {"kind": "pendant"}, message_id="1", urgent=True)
    kit.take_in(session, press)
    later = press._replace(received_at=NOW + 10 * MINUTE)
    assert kit.take_in(session, later)[0].stored == 1
    again = press._replace(received_at=NOW + 11 * MINUTE)
    assert kit.take_in(session, again)[0].stored == 0, "the later one, sent again"
    assert [at for _, at, *_ in kit.stored(session)] == [NOW, NOW + 10 * MINUTE]


def test_smoke_in_the_very_moment_of_an_all_clear_is_stored_and_wakes(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session, "smoke-1"), home_id=cast.ada_home.id)
    clear, smoke = ({"kind": "smoke", "value": value, "at": NOW.isoformat()} for value in (False, True))
    kit.take_in(session, says("smoke-1", clear))
    kit.woken(session)
    kit.take_in(session, says("smoke-1", smoke))
    assert [(kind, value) for kind, _, value, _ in kit.stored(session)] == [("smoke", 1)]
    assert subjects.home(cast.ada_home.id).number in kit.woken(session)


def test_a_message_whose_storing_failed_is_not_remembered_as_seen(real_db: Db) -> None:
    press = says("oximeter-1", {"kind": "pendant", "value": 1}, message_id="17")
    with real_db.transaction() as session:
        kit.device(session)
    session = real_db.session()
    kit.take_in(session, press)
    session.rollback()
    session.close()
    with real_db.transaction() as session:
        assert kit.take_in(session, press)[0].stored == 1


AT = (NOW - MINUTE).isoformat()
GOOD = {"kind": "spo2", "value": 93, "at": AT}
BAD: dict[str, tuple[bytes | dict[str, Any], str]] = {
    "not JSON": (b"{readings", "not_json"),
    "not an object": (b"[1, 2]", "not_an_object"),
    "wrong types": ({"readings": [{"kind": "spo2", "value": "high", "at": AT}]}, "wrong_type"),
    "unknown kind": ({"readings": [{"kind": "aura", "value": 3, "at": AT}]}, "unknown_kind"),
    "unknown unit": ({"readings": [{**GOOD, "unit": "furlong"}]}, "unknown_unit"),
    "NaN": (b'{"readings": [{"kind": "spo2", "value": NaN}]}', "not_json"),
    "null": ({"readings": [{"kind": "spo2", "value": None, "at": AT}]}, "no_value"),
    "1e400": (b'{"readings": [{"kind": "spo2", "value": 1e400}]}', "number_too_large"),
    "500 KB": (b'{"readings": ["' + b"x" * 500_000 + b'"]}', "too_large"),
    "deep nesting": (b"[" * 20_000 + b"]" * 20_000, "too_deep"),
    "not UTF-8": (b'{"readings": "\xff\xfe"}', "not_utf8"),
}


@pytest.mark.parametrize(("body", "code"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_refused_with_its_reason_and_its_neighbours_are_stored(
    session: Session, body: bytes | dict[str, Any], code: str
) -> None:
    kit.device(session)
    topic = "hearth/v1/oximeter-1/readings"
    stored, batch = kit.take_in(
        session, says("oximeter-1", spo2(at=NOW)), message(topic, body), says("oximeter-1", spo2())
    )
    assert stored.stored == 2
    (refusal,) = batch.refusals
    assert refusal.code == code
    assert refusal.reason.endswith(".")


@pytest.mark.parametrize(
    ("reading", "at", "flags"),
    [
        ({"at": "2026-11-22T07:45:00"}, NOW - MINUTE, Flags.CLOCK_CORRECTED),
        ({"at": "1970-01-01T00:00:00Z"}, NOW, Flags.CLOCK_CORRECTED),
        ({"at": "2099-01-01T00:00:00Z"}, NOW, Flags.CLOCK_CORRECTED),
        ({}, NOW, Flags.NO_CLOCK),
        ({"at": AT, "value": 140}, NOW - MINUTE, Flags.IMPLAUSIBLE | Flags.BEYOND_ABSOLUTE),
    ],
    ids=["no zone", "1970", "2099", "no time", "beyond an absolute limit"],
)
def test_what_is_only_odd_is_stored_and_flagged(
    session: Session, reading: dict[str, Any], at: datetime, flags: Flags
) -> None:
    kit.device(session)
    kit.take_in(session, says("oximeter-1", {"kind": "spo2", "value": 93, **reading}))
    ((kind, measured_at, _, said),) = kit.stored(session)
    assert (kind, measured_at, Flags(said)) == ("spo2", at, flags)


def test_a_retained_reading_is_stored_as_replayed(session: Session) -> None:
    kit.device(session)
    body = {"readings": [spo2()]}
    kit.take_in(session, message("hearth/v1/oximeter-1/readings", body, retained=True))
    assert [flags for *_, flags in kit.stored(session)] == [Flags.REPLAYED]


def test_the_time_zone_of_the_home_tells_a_time_without_one(session: Session, cast: Cast) -> None:
    cast.ada_home.time_zone = "Europe/Athens"
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", {"kind": "spo2", "value": 93, "at": "2026-11-22T09:40:00"}))
    assert [row[1] for row in kit.stored(session)] == [datetime(2026, 11, 22, 7, 40, tzinfo=UTC)]
