"""What alerts add to figures."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.severity import Severity
from outcomes.alert_parts import UnderPlan, alerts_per_person_month, escalations, time_to_contact
from tests.cast import Cast
from tests.outcomes.counting import alerted, happened, laid, planned

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("severity", "minutes", "met"),
    [
        (Severity.RED, 60, 1),
        (Severity.RED, 61, 0),
        (Severity.AMBER, 240, 1),
        (Severity.AMBER, 241, 0),
    ],
)
def test_a_contact_within_the_target_is_in_time(
    session: Session, cast: Cast, now: datetime, severity: Severity, minutes: int, met: int
) -> None:
    alert = alerted(session, now - 9 * HOUR, person=cast.ada, severity=severity)
    happened(session, alert, "contact", minutes * MINUTE)
    (part,) = time_to_contact(laid(session, cast))
    assert (part.met, part.of, part.extra, part.without) == (met, 1, minutes, False)


def test_one_without_a_contact_is_not_in_time_once_its_target_has_run_out(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerted(session, now - 60 * MINUTE, person=cast.ada)
    assert time_to_contact(laid(session, cast)) == []
    alerted(session, now - 61 * MINUTE, person=cast.ada)
    (part,) = time_to_contact(laid(session, cast))
    assert (part.met, part.of, part.extra, part.without) == (0, 1, float("inf"), True)


def test_one_that_was_closed_without_a_contact_counts_at_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerted(session, now - 5 * MINUTE, person=cast.ada, closed_at=now)
    happened(session, alert, "emergency", MINUTE)
    happened(session, alert, "acknowledged", MINUTE)
    (part,) = time_to_contact(laid(session, cast))
    assert (part.met, part.without) == (0, True)


def test_what_came_back_after_somebody_was_reached_asks_for_contact_anew(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerted(session, now - 9 * HOUR, person=cast.ada)
    happened(session, alert, "contact", 5 * MINUTE)
    happened(session, alert, "reopened", 4 * HOUR)
    (part,) = time_to_contact(laid(session, cast))
    assert (part.met, part.of, part.extra, part.without) == (0, 1, float("inf"), True)
    happened(session, alert, "contact", 4 * HOUR + 90 * MINUTE)
    (part,) = time_to_contact(laid(session, cast))
    assert (part.met, part.of, part.extra, part.without) == (0, 1, 90, False)


def test_what_got_worse_has_the_target_of_what_it_became_from_then_on(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerted(session, now - 9 * HOUR, person=cast.ada, severity=Severity.WATCH)
    happened(session, alert, "worse", 5 * HOUR, severity=Severity.RED)
    happened(session, alert, "contact", 5 * HOUR + 20 * MINUTE)
    (part,) = time_to_contact(laid(session, cast))
    assert (part.met, part.of, part.extra) == (1, 1, 20)


def test_a_contact_that_is_still_awaited_leaves_it_undecided_unless_one_was_late_before(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerted(session, now - 9 * HOUR, person=cast.ada)
    happened(session, alert, "contact", 5 * MINUTE)
    happened(session, alert, "reopened", 9 * HOUR - 10 * MINUTE)
    assert time_to_contact(laid(session, cast)) == []
    late = alerted(session, now - 8 * HOUR, person=cast.ada)
    happened(session, late, "contact", 100 * MINUTE)
    happened(session, late, "reopened", 8 * HOUR - 10 * MINUTE)
    (part,) = time_to_contact(laid(session, cast))
    assert (part.met, part.extra, part.without) == (0, 100, False)


def test_a_watch_asks_for_no_contact_and_still_escalates(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerted(session, now - 9 * HOUR, person=cast.ada, severity=Severity.WATCH)
    happened(session, alert, "step", HOUR, step=2)
    ground = laid(session, cast)
    assert time_to_contact(ground) == []
    (part,) = escalations(ground)
    assert (part.met, part.of, part.extra) == (1, 1, 1.0)


def test_alerts_are_held_against_time_under_a_plan_to_the_microsecond(
    session: Session, cast: Cast, now: datetime
) -> None:
    planned(session, cast, cast.ada, now - 36 * HOUR, now - 12 * HOUR)
    planned(session, cast, cast.ada, now - 12 * HOUR, number=2, pathway="heart_failure")
    alerted(session, now - HOUR, person=cast.ada)
    alerted(session, now - 2 * HOUR, home_id=cast.ada_home.id)
    alerted(session, now - 40 * HOUR, person=cast.ada)
    alerted(session, now - 3 * HOUR, person=cast.ben)
    parts = alerts_per_person_month(laid(session, cast))
    assert sum(part.met for part in parts) == 2
    assert sum(part.of for part in parts) == 36 * HOUR // timedelta(microseconds=1)
    time = [part for part in parts if isinstance(part.source, UnderPlan)]
    assert {part.pathways for part in time} == {("copd",), ("heart_failure",)}
    assert {part.agency_id for part in time} == {cast.hub.id}
