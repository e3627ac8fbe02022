"""The register: homes with life-safety kit, by which line it calls, and the most amiss first."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.models import JournalEntry
from devices import alarm_lines, subjects
from devices.models import Device
from devices.protecting import Amiss, LineType
from people.models.homes import Home
from people.models.people import Person
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY

GOOD = {
    "line": "digital",
    "provider": "Westmere Fibre",
    "tested_on": NOW.date().isoformat(),
    "battery_hours": "24",
}


def pendant(session: Session, person: Person, key: str, **given: object) -> Device:
    made = kit.device(session, key, name="Pendant", model="P1", life_safety=True, **given)
    kit.give(session, made, person_id=person.id)
    return made


def set_line(session: Session, home: Home, **given: str) -> None:
    alarm_lines.set_line(session, home, given, now=NOW, actor=CORA)


def listed(session: Session, cast: Cast, who: str = "cora") -> list[tuple[Home, tuple[Amiss, ...]]]:
    viewer = viewer_of(session, getattr(cast, who), NOW)
    return [(each.home, each.amiss) for each in alarm_lines.list_protected(session, viewer, NOW, NOW.date())]


def test_a_home_stands_in_it_once_somebody_there_has_life_safety_kit(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session, "adas-scale"), person_id=cast.ada.id)
    assert listed(session, cast) == []

    pendant(session, cast.ada, "adas-pendant")

    [(home, amiss)] = listed(session, cast)
    assert home is cast.ada_home
    assert amiss[0] is Amiss.UNKNOWN_LINE


def test_what_is_set_down_and_pressed_takes_away_what_was_amiss(session: Session, cast: Cast) -> None:
    device = pendant(session, cast.ada, "adas-pendant")
    set_line(session, cast.ada_home, **GOOD)
    assert listed(session, cast) == [(cast.ada_home, (Amiss.NOT_PRESSED,))]

    alarm_lines.note_test_press(session, device, now=NOW, actor=CORA)

    assert listed(session, cast) == [(cast.ada_home, ())]
    told = session.scalars(select(JournalEntry.what).where(JournalEntry.subject_uuid == device.uuid)).all()
    assert told == ["test press"]


def test_one_piece_that_was_never_pressed_counts_for_the_home(session: Session, cast: Cast) -> None:
    pendant(session, cast.ada, "adas-pendant", last_test_press_at=NOW)
    pendant(session, cast.ada, "adas-detector")
    set_line(session, cast.ada_home, **GOOD)

    assert listed(session, cast) == [(cast.ada_home, (Amiss.NOT_PRESSED,))]


def test_the_gravest_comes_first(session: Session, cast: Cast) -> None:
    pendant(session, cast.ada, "adas-pendant", last_test_press_at=NOW)
    pendant(session, cast.ben, "bens-pendant")
    set_line(session, cast.ben_home, **GOOD)
    moved = (NOW.date() - timedelta(days=3)).isoformat()
    set_line(session, cast.ada_home, line="analogue", migrates_on=moved)

    assert [home for home, _ in listed(session, cast)] == [cast.ada_home, cast.ben_home]
    assert listed(session, cast)[0][1][0] is Amiss.NO_ANALOGUE


def test_a_line_is_changed_in_place_and_kept_where_nothing_is_said(session: Session, cast: Cast) -> None:
    set_line(session, cast.ada_home, **GOOD)
    set_line(session, cast.ada_home, line="mobile")

    line = alarm_lines.get_line(session, cast.ada_home)
    assert line is not None
    assert (line.line, line.provider) == (LineType.MOBILE, "Westmere Fibre")


def test_what_is_wrong_is_refused(session: Session, cast: Cast) -> None:
    for name, value in (("line", "tin cans"), ("battery_hours", "-1"), ("tested_on", (NOW + 2 * DAY).date())):
        with pytest.raises(Invalid) as fault:
            set_line(session, cast.ada_home, **{name: str(value)})
        assert name in fault.value.fields
    with pytest.raises(Invalid):
        alarm_lines.note_test_press(session, kit.device(session), now=NOW, actor=CORA)


def test_whoever_sees_nobody_sees_no_home_in_it(session: Session, cast: Cast) -> None:
    pendant(session, cast.ada, "adas-pendant")

    assert listed(session, cast, "mallory") == []


def test_the_centre_is_that_of_the_home_somebody_lives_in(session: Session, cast: Cast) -> None:
    set_line(session, cast.ada_home, centre="Westmere Careline")
    asked = (subjects.person(cast.ada.id), subjects.home(cast.ada_home.id), subjects.person(cast.ben.id))
    found = [alarm_lines.find_centre(session, each, NOW) for each in asked]
    assert found == ["Westmere Careline", "Westmere Careline", None]
