"""What is amiss in the register of protection calls somebody by itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.protecting import LineWork
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.protecting import deadlines, lines
from care_plans.work import follow_ups
from devices import alarm_lines
from devices.models import Device
from devices.protecting import Amiss
from people.signing_in import viewer_of
from tests.care_plans.protecting import unprotected
from tests.cast import Cast
from tests.devices import kit
from tests.devices.kit import CORA

DAY = timedelta(days=1)


@pytest.fixture
def pendant(session: Session, cast: Cast) -> Device:
    return unprotected.pendant(session, cast)


def works(session: Session) -> dict[Amiss, FollowUp]:
    rows = session.execute(
        select(LineWork.amiss, FollowUp).join(FollowUp, FollowUp.id == LineWork.follow_up_id)
    )
    return {row[0]: row[1] for row in rows}


def set_line(session: Session, cast: Cast, now: datetime, **given: object) -> None:
    today = now.date()
    told = {"line": "digital", "tested_on": today, "migrates_on": today - 99 * DAY, "battery_hours": 4}
    alarm_lines.set_line(session, cast.ada_home, told | given, now=now, actor=CORA)


@pytest.mark.usefixtures("pendant")
def test_each_thing_amiss_becomes_a_follow_up_of_a_team_with_a_deadline(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert lines.step(session, now)
    found = works(session)
    assert set(found) == {Amiss.UNKNOWN_LINE, Amiss.NEVER_TRIED, Amiss.NOT_PRESSED, Amiss.NO_BATTERY}
    assert {(each.team_id, each.home_id) for each in found.values()} == {
        (cast.coordinators.id, cast.ada_home.id)
    }
    assert all(each.due_at > now for each in found.values())


@pytest.mark.usefixtures("pendant")
def test_nothing_is_asked_twice(session: Session, now: datetime) -> None:
    lines.step(session, now)
    assert not lines.step(session, now + DAY)


def test_it_ends_by_itself_when_it_is_mended(
    session: Session, cast: Cast, now: datetime, pendant: Device
) -> None:
    lines.step(session, now)
    set_line(session, cast, now)
    alarm_lines.note_test_press(session, pendant, now=now, actor=CORA)
    assert lines.step(session, now + DAY)
    assert {(each.outcome, each.remarks) for each in works(session).values()} == {
        (FollowUpOutcome.NOT_NEEDED, lines.MENDED)
    }


def test_it_ends_when_nobody_there_has_such_kit_any_more(
    session: Session, now: datetime, pendant: Device
) -> None:
    lines.step(session, now)
    pendant.life_safety = False
    session.flush()
    lines.step(session, now + DAY)
    assert {each.remarks for each in works(session).values()} == {lines.NOBODY}


@pytest.mark.usefixtures("pendant")
def test_a_line_that_moved_and_was_not_tried_since_is_asked_first(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_line(session, cast, now, tested_on=(now - 200 * DAY).date())
    lines.step(session, now, limit=1)
    assert set(works(session)) == {Amiss.UNTRIED_SINCE}


@pytest.mark.usefixtures("pendant")
def test_what_was_said_to_be_done_and_is_still_amiss_is_asked_again_after_a_week(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_line(session, cast, now)
    lines.step(session, now)
    [pressed] = works(session).values()
    cora = viewer_of(session, cast.cora, now)
    follow_ups.complete(session, pressed, outcome=FollowUpOutcome.DONE, remarks="", by=cora, now=now)
    assert not lines.step(session, now + 6 * DAY)
    assert lines.step(session, now + 7 * DAY)
    assert works(session)[Amiss.NOT_PRESSED].done_at is None


@pytest.mark.usefixtures("pendant")
def test_a_team_is_not_given_more_than_it_can_do_in_a_day(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "MOST_A_DAY", 3)
    lines.step(session, now)
    assert len(works(session)) == 3
    lines.step(session, now + DAY)
    assert len(works(session)) == 4


@pytest.mark.usefixtures("pendant")
def test_what_may_reach_nobody_is_asked_however_much_a_team_has(
    session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "MOST_A_DAY", 0)
    set_line(session, cast, now, tested_on=(now - 200 * DAY).date())
    lines.step(session, now)
    assert set(works(session)) == {Amiss.UNTRIED_SINCE}


@pytest.mark.usefixtures("pendant")
def test_the_register_says_what_was_asked(session: Session, cast: Cast, now: datetime) -> None:
    lines.step(session, now)
    found = lines.list_open(session, [cast.ada_home.id])
    assert {each.team for each in found} == {cast.coordinators.name}
    assert len(found) == 4


def test_kit_of_the_home_itself_counts(session: Session, cast: Cast, now: datetime) -> None:
    smoke = kit.device(session, "smoke", name="Smoke alarm", life_safety=True)
    kit.give(session, smoke, home_id=cast.ada_home.id)
    assert lines.step(session, now)
