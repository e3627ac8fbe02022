"""What a plan expects to hear, and by when."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from care_plans.models.rules import Monitoring
from care_plans.plan import drafts, enrol, expecting, publish
from devices import subjects
from devices.models import Expectation, Unread
from people.models.homes import Residency
from tests.cast import Cast


def test_it_expects_what_the_plan_monitors(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    expected = session.scalars(select(Expectation).where(Expectation.person_id == cast.ada.id)).all()
    assert {each.kind for each in expected} >= {"spo2"}
    assert all(each.expected_by > now for each in expected)


def test_what_a_later_version_no_longer_monitors_is_expected_no_more(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    session.query(Monitoring).filter_by(version_id=draft.id).delete()
    publish.publish(session, cast.ada, by=cast.dev, now=now, reason="Well again")
    running = session.scalars(
        select(Expectation).where(Expectation.person_id == cast.ada.id, Expectation.ended_at.is_(None))
    )
    assert running.all() == []


@pytest.mark.parametrize("order", [("heart_failure", "hypertension"), ("hypertension", "heart_failure")])
def test_of_two_pathways_that_ask_for_the_same_the_one_that_asks_more_often_is_expected(
    session: Session, cast: Cast, now: datetime, order: tuple[str, str]
) -> None:
    for pathway in order:
        enrol.enrol(session, cast.ada, pathway, by=cast.dev, now=now)
    pressure = session.scalars(
        select(Expectation).where(Expectation.kind == "systolic", Expectation.ended_at.is_(None))
    ).one()
    assert pressure.calendar is not None
    assert pressure.calendar["times"] == ["11:00", "21:00"]


def test_what_is_expected_of_a_home_follows_a_person_who_moves(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now)
    session.query(Unread).delete()
    session.execute(
        update(Residency).where(Residency.person_id == cast.ada.id).values(home_id=cast.ben_home.id)
    )
    expecting.follow(session, cast.ada, now)
    running = select(Expectation.home_id).where(Expectation.ended_at.is_(None))
    assert session.scalars(running).all() == [cast.ben_home.id], "silence there would look like all is well"
    concerned = [
        subjects.home(cast.ada_home.id),
        subjects.home(cast.ben_home.id),
        subjects.person(cast.ada.id),
    ]
    assert {subject.number for subject in concerned} == set(session.scalars(select(Unread.subject)))


def test_nobody_without_a_plan_is_expected_anywhere(session: Session, cast: Cast, now: datetime) -> None:
    expecting.follow(session, cast.ada, now)
    assert session.scalars(select(Expectation)).all() == []


DAILY = {"times": ["10:00"], "zone": "Europe/London"}
TWICE = {"times": ["10:00", "20:00"], "zone": "Europe/London"}


@pytest.mark.parametrize(
    ("calendar", "after", "opens", "due"),
    [
        (DAILY, "2026-11-22 07:00", "2026-11-21 10:00", "2026-11-22 10:00"),
        (TWICE, "2026-11-22 07:00", "2026-11-21 20:00", "2026-11-22 10:00"),
        (TWICE, "2026-11-22 12:00", "2026-11-22 10:00", "2026-11-22 20:00"),
        (DAILY, "2026-03-28 12:00", "2026-03-28 10:00", "2026-03-29 09:00"),
    ],
)
def test_a_window_opens_when_the_one_before_was_due(
    calendar: dict[str, object], after: str, opens: str, due: str
) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert expecting.next_window(calendar, utc(after)) == (utc(opens), utc(due))
