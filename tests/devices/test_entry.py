"""Readings typed in."""

import math
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from devices import entry, subjects
from devices.measurement import Flags, Source
from devices.models import ReadingConflict
from devices.rows import Row
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY, MINUTE


def enter(session: Session, cast: Cast, **given: Any) -> Row:
    reading = {"kind": "weight", "value": 70.0, "at": NOW - MINUTE, "source": Source.STAFF, **given}
    return entry.enter(session, person_id=cast.ada.id, now=NOW, actor=CORA, **reading)


def test_it_is_stored_says_who_measured_and_wakes_the_person(session: Session, cast: Cast) -> None:
    enter(session, cast)
    enter(session, cast, at=NOW, source=Source.SELF_REPORTED)
    assert [row[2:] for row in kit.stored(session)] == [(70, Flags.STAFF), (70, Flags.SELF_REPORTED)]
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    session.flush()
    entries = session.scalars(select(JournalEntry)).all()
    assert {(each.what, each.person_id, str(each.details)) for each in entries} == {
        ("entered", cast.ada.id, "{'kind': 'weight'}")
    }


def test_it_is_converted_to_the_kinds_own_unit(session: Session, cast: Cast) -> None:
    assert enter(session, cast, value=154.0, unit="lb").value == pytest.approx(69.853, abs=0.001)


def test_beyond_absolute_limits_it_is_stored_and_flagged(session: Session, cast: Cast) -> None:
    assert enter(session, cast, value=5000.0).flags & Flags.BEYOND_ABSOLUTE


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "aura"}, "kind"),
        ({"value": math.nan}, "value"),
        ({"value": math.inf}, "value"),
        ({"kind": "fall", "value": 3.0}, "value"),
        ({"unit": "furlong"}, "unit"),
        ({"at": NOW + timedelta(hours=1)}, "at"),
        ({"at": NOW - 500 * DAY}, "at"),
    ],
)
def test_what_cannot_be_is_said_by_field(
    session: Session, cast: Cast, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        enter(session, cast, **given)
    assert set(refused.value.fields) == {field}
    assert kit.stored(session) == []


def test_the_same_twice_is_one_and_another_value_at_that_time_is_a_conflict(
    session: Session, cast: Cast
) -> None:
    enter(session, cast)
    enter(session, cast)
    assert len(kit.stored(session)) == 1
    with pytest.raises(Conflict):
        enter(session, cast, value=71.0)


def test_what_was_wrong_is_taken_back_and_stays_visible(session: Session, cast: Cast) -> None:
    enter(session, cast)
    kit.woken(session)
    which = {"person_id": cast.ada.id, "kind": "weight", "now": NOW, "actor": CORA}
    entry.take_back(session, at=NOW - MINUTE, **which)
    assert [row[3] for row in kit.stored(session)] == [Flags.STAFF | Flags.ENTERED_IN_ERROR]
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    with pytest.raises(NotFound):
        entry.take_back(session, at=NOW, **which)


@pytest.mark.parametrize("value", [70.0, 71.0], ids=["the same again", "put right"])
def test_what_is_typed_again_for_the_moment_of_what_was_taken_back_counts(
    session: Session, cast: Cast, value: float
) -> None:
    enter(session, cast, source=Source.SELF_REPORTED)
    entry.take_back(session, person_id=cast.ada.id, kind="weight", at=NOW - MINUTE, now=NOW, actor=CORA)
    kit.woken(session)
    enter(session, cast, value=value)
    assert [row[2:] for row in kit.stored(session)] == [(value, Flags.STAFF)]
    [before] = session.scalars(select(ReadingConflict)).all()
    assert (before.value, before.flags) == (70, Flags.SELF_REPORTED | Flags.ENTERED_IN_ERROR)
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}


def together(session: Session, cast: Cast, values: dict[str, float], **given: Any) -> list[Row]:
    told = {"at": NOW - MINUTE, "source": Source.STAFF, "now": NOW, "actor": CORA} | given
    return entry.enter_together(session, person_id=cast.ada.id, values=values, **told)


def test_what_was_measured_together_is_stored_at_one_time_and_woken_once(
    session: Session, cast: Cast
) -> None:
    stored = together(session, cast, {"pulse": 88.0, "spo2": 20.0, "on_oxygen": 0.0})
    assert {row.at for row in stored} == {NOW - MINUTE}
    assert [bool(row.flags & Flags.BEYOND_ABSOLUTE) for row in stored] == [False, True, False]
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    told = session.scalars(select(JournalEntry.details).where(JournalEntry.what == "entered")).all()
    assert sorted(each["kind"] for each in told) == ["on_oxygen", "pulse", "spo2"]


def test_of_what_was_measured_together_all_that_is_wrong_is_said_and_nothing_stored(
    session: Session, cast: Cast
) -> None:
    with pytest.raises(Invalid) as refused:
        together(session, cast, {"pulse": 88.0, "on_oxygen": 2.0, "news2": 3.0}, at=NOW + timedelta(hours=1))
    assert refused.value.fields.keys() == {"on_oxygen", "news2", "at"}
    with pytest.raises(Invalid) as refused:
        together(session, cast, {})
    assert refused.value.fields.keys() == {""}
    assert kit.stored(session) == []


def test_of_what_was_measured_together_one_contradiction_is_said(session: Session, cast: Cast) -> None:
    together(session, cast, {"pulse": 88.0})
    with pytest.raises(Conflict):
        together(session, cast, {"pulse": 90.0, "spo2": 95.0})


def test_a_score_is_made_here_and_typed_in_by_nobody(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        enter(session, cast, kind="news2", value=3.0)
