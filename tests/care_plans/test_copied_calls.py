"""A press that a unit told its centre, and of which we have a copy: from the reading to the ladder (H9)."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, ContactKind
from care_plans.models.messages import Message
from devices import alarm_lines
from devices.measurement import Flags
from people.visible import actor
from tests.care_plans.alerting import cora, times
from tests.care_plans.judged_home import MINUTE, Home
from tests.cast import Cast

COPY = int(Flags.COPY | Flags.NO_CLOCK)
CENTRE = "Westmere Careline"


@pytest.fixture
def home(session: Session, cast: Cast, now: datetime) -> Home:
    return Home(session, cast, now)


def on_record(session: Session, cast: Cast, now: datetime) -> None:
    alarm_lines.set_line(session, cast.ada_home, {"centre": CENTRE}, now=now, actor=actor(cora(cast)))


def pressed(home: Home, at: datetime, flags: int = COPY) -> Alert:
    home.say("pendant", 1.0, at, flags=flags)
    home.judge(at)
    (alert,) = home.alerts()
    return alert


def sent(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).order_by(Message.id)))


def test_its_alert_says_whom_the_unit_called_and_asks_them_first(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_record(session, cast, now)
    alert = pressed(home, now)
    assert (alert.copied, alert.centre, alert.severity.value) == (True, CENTRE, "red")
    assert alert.ladder["steps"][0]["words"] == f"Ask {CENTRE} what came of it"
    assert alert.escalate_after == now + 3 * MINUTE
    assert all(f"A copy: {CENTRE} was called by the unit" in each.body for each in sent(session))
    assert sent(session)


def test_unless_contact_is_recorded_everybody_is_called_as_ever(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_record(session, cast, now)
    alert = pressed(home, now)
    alerts.acknowledge(session, alert, by=cora(cast), now=now + MINUTE)
    escalation.step(session, now + 3 * MINUTE)
    assert (alert.step, alert.ladder["steps"][1]["way"]) == (2, "call")


def test_a_contact_of_the_centres_on_record_stops_it(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_record(session, cast, now)
    alert = pressed(home, now)
    words = f"{CENTRE}, Jo: spoke to her at 10:01, pressed by mistake"
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words=words, by=cora(cast), now=now + MINUTE)
    escalation.step(session, now + 10 * MINUTE)
    assert alert.step == 1


def test_where_no_centre_is_on_record_it_calls_in_full(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    alert = pressed(home, now)
    assert (alert.copied, alert.centre) == (True, None)
    assert alert.ladder["steps"][0]["way"] == "call"
    assert "Which one is not on record" in sent(session)[0].body


def test_a_press_that_reaches_us_itself_as_well_is_ours_to_answer(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_record(session, cast, now)
    pressed(home, now)
    alert = pressed(home, now + MINUTE, flags=0)
    assert (alert.copied, alert.centre, alert.step) == (False, None, 1)
    assert alert.ladder["steps"][0]["way"] == "call"
    assert times(session, alert, What.CONFIRMED) == 1


def test_a_copy_of_what_is_being_answered_here_makes_it_no_calmer(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    on_record(session, cast, now)
    alert = pressed(home, now, flags=0)
    ladder = alert.ladder
    assert pressed(home, now + MINUTE).ladder == ladder
    assert not alert.copied


def test_a_press_of_our_own_is_no_copy(session: Session, cast: Cast, home: Home, now: datetime) -> None:
    on_record(session, cast, now)
    alert = pressed(home, now, flags=0)
    assert (alert.copied, alert.centre) == (False, None)
    assert not any("A copy" in each.body for each in sent(session))
