"""A death: recorded, and taken back whole (H16)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans import deaths
from care_plans.channel import Channel
from care_plans.messages import outbox
from care_plans.models.messages import Message
from care_plans.models.plans import Plan
from care_plans.models.work import FollowUp, FollowUpKind
from core.errors import Conflict, Invalid, NotFound
from devices.models import Assignment, Device, Expectation
from people.models.identity import Death
from people.models.people import Contact
from tests import owning
from tests.care_plans import alerting
from tests.care_plans.merging import twice
from tests.care_plans.merging.test_carrying_out import dump
from tests.cast import Cast

TOLD = {"died_on": "2026-11-21", "known_from": "Her daughter Beth rang this morning."}


def record(session: Session, cast: Cast, now: datetime) -> Death:
    return deaths.record(session, cast.ada, TOLD, by=alerting.dev(cast), now=now)


def test_a_death_that_is_taken_back_leaves_every_row_as_it_was(
    session: Session, cast: Cast, now: datetime
) -> None:
    twice.busy(session, cast, cast.ada, now)
    before = dump(session)
    record(session, cast, now)
    assert dump(session)["follow_ups"] != before["follow_ups"]
    death = deaths.take_back(session, cast.ada, why="It was her sister.", by=alerting.dev(cast), now=now)
    assert death.left == []
    after = dump(session)
    for table, rows in before.items():
        if table != "deaths":
            assert after[table] == rows, table
    assert deaths.find(session, cast.ada) is None


def test_nothing_more_is_expected_and_the_plan_asks_for_nothing_new(
    session: Session, cast: Cast, now: datetime
) -> None:
    twice.busy(session, cast, cast.ada, now)
    record(session, cast, now)
    running = select(Expectation).where(Expectation.ended_at.is_(None), Expectation.person_id == cast.ada.id)
    assert session.scalars(running).all() == []
    assert session.scalars(select(Plan.reckon_at).where(Plan.person_id == cast.ada.id)).all() == [None]
    assert cast.ada.died_on is not None


def test_open_work_becomes_a_review_of_today_and_nothing_is_closed_silently(
    session: Session, cast: Cast, now: datetime
) -> None:
    twice.busy(session, cast, cast.ada, now)
    alert = twice.raise_(session, cast, cast.ada, now)
    record(session, cast, now)
    rows = session.scalars(
        select(FollowUp).where(FollowUp.person_id == cast.ada.id).order_by(FollowUp.id)
    ).all()
    assert [row.text for row in rows] == [f"{deaths.STILL}Ring", deaths.LEFT]
    assert {row.kind for row in rows} == {FollowUpKind.REVIEW}
    assert {row.due_at.date() for row in rows} == {now.date()}
    assert all(row.done_at is None for row in rows)
    assert rows[-1].team_id == cast.coordinators.id
    session.refresh(alert)
    assert alert.closed_at is None


def test_no_message_goes_to_the_family_unless_it_is_taken_back(
    session: Session, cast: Cast, now: datetime
) -> None:
    contact = session.scalars(select(Contact)).one()
    session.add(
        Message(channel=Channel.PAGE, contact_id=contact.id, person_id=cast.ada.id, subject="Look",
                body="Look", queued_at=now, send_after=now)
    )  # fmt: skip
    session.flush()
    assert outbox.oldest_waiting(session, now) == 0.0
    record(session, cast, now)
    session.flush()
    assert outbox.oldest_waiting(session, now) is None
    deaths.take_back(session, cast.ada, why="A mistake", by=alerting.dev(cast), now=now)
    assert outbox.oldest_waiting(session, now) == 0.0


def test_the_kit_is_asked_for_after_fourteen_days_and_not_before(
    session: Session, cast: Cast, now: datetime
) -> None:
    device = Device(key="scale", name="Scale", model="test")
    session.add(device)
    session.flush()
    session.add(Assignment(device_id=device.id, home_id=cast.ada_home.id, period=Range(now, None)))
    record(session, cast, now)
    assert not deaths.ask_for_kit(session, now + timedelta(days=13))
    assert deaths.ask_for_kit(session, now + timedelta(days=14))
    assert not deaths.ask_for_kit(session, now + timedelta(days=15))
    asked = session.scalars(select(FollowUp).where(FollowUp.text == deaths.KIT.format(number=1))).one()
    assert asked.team_id == cast.coordinators.id


def test_nobody_asks_for_kit_that_was_their_own(session: Session, cast: Cast, now: datetime) -> None:
    owning.lay(session, cast, now)
    record(session, cast, now)
    deaths.ask_for_kit(session, now + timedelta(days=14))
    asked = select(FollowUp.text).where(FollowUp.text.startswith("Ask gently"))
    assert session.scalars(asked).all() == []


def test_nobody_asks_for_kit_of_somebody_who_is_alive_after_all(
    session: Session, cast: Cast, now: datetime
) -> None:
    record(session, cast, now)
    deaths.take_back(session, cast.ada, why="A mistake", by=alerting.dev(cast), now=now)
    assert not deaths.ask_for_kit(session, now + timedelta(days=20))


def test_what_is_wrong_is_said_and_the_second_is_told(session: Session, cast: Cast, now: datetime) -> None:
    by = alerting.dev(cast)
    for given, field in (
        ({"died_on": "2026-11-23", "known_from": "x"}, "died_on"),
        ({"died_on": "1940-01-01", "known_from": "x"}, "died_on"),
        ({"died_on": "2026-11-20", "known_from": ""}, "known_from"),
    ):
        with pytest.raises(Invalid) as fault:
            deaths.record(session, cast.ada, given, by=by, now=now)
        assert set(fault.value.fields) == {field}
    record(session, cast, now)
    with pytest.raises(Conflict):
        record(session, cast, now)
    with pytest.raises(Invalid):
        deaths.take_back(session, cast.ada, why=" ", by=by, now=now)
    with pytest.raises(NotFound):
        deaths.take_back(session, cast.ben, why="A mistake", by=by, now=now)


def test_today_is_four_hours_on_or_the_end_of_the_day(now: datetime) -> None:
    assert deaths.today_by(now, "Europe/London") == now + timedelta(hours=4)
    late = now.replace(hour=22, minute=30)
    assert deaths.today_by(late, "Europe/London") == late.replace(hour=23, minute=59)
