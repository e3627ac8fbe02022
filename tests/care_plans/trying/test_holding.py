"""Two forms of a rule held against the past."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.judging.rules import Rule, from_document
from care_plans.models.alerts import Cause
from care_plans.trying import holding
from care_plans.trying.comparing import Change
from devices import subjects
from tests.care_plans.judged_home import Home, close, on_copd
from tests.cast import Cast

HOUR = timedelta(hours=1)


def below(limit: float) -> Rule:
    return from_document(
        {
            "key": "copd.oxygen_low", "name": "Oxygen low", "class": "clinical", "about": "person",
            "steps": [{"severity": "amber", "when": {"kind": "spo2", "below": limit}}],
            "clear": {"kind": "spo2", "at_or_above": 90}, "source": "A test.",
        }
    )  # fmt: skip


def test_it_tells_what_would_be_missed_and_which_alert_there_was(
    session: Session, cast: Cast, now: datetime
) -> None:
    on_copd(session, cast, now)
    home = Home(session, cast, now)
    for hours, value in ((200, 84), (199, 93), (100, 84), (99, 93), (4, 87), (3, 95)):
        home.say("spo2", value, now - hours * HOUR)
    home.say("spo2", 87, now - 2 * HOUR)
    home.judge(now - 2 * HOUR)
    [alert] = home.alerts()
    close(session, alert, now - HOUR)
    ada = subjects.person(cast.ada.id)
    tried = holding.try_out(session, {ada: below(88)}, below(86), now)[ada]
    assert [pair.change for pair, _ in tried.pairs] == [
        Change.SAME, Change.SAME, Change.MISSED, Change.MISSED,
    ]  # fmt: skip
    raised = [each.cause if each else None for _, each in tried.pairs]
    assert raised == [None, None, None, Cause.TRUE_ACTED]
    assert (tried.readings, tried.since) == (7, now - 200 * HOUR)


def test_of_somebody_without_readings_there_is_nothing_to_tell(
    session: Session, cast: Cast, now: datetime
) -> None:
    ben = subjects.person(cast.ben.id)
    tried = holding.try_out(session, {ben: below(88)}, below(86), now)[ben]
    assert (tried.readings, tried.since, tried.pairs) == (0, None, ())
