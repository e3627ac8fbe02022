"""What the event rows of an alert say is believed, whatever the alert says now."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.models.alerts import Cause
from care_plans.severity import Severity
from outcomes import ties
from outcomes.alerts_raised import OPEN, AlertRaised, list_raised
from outcomes.asks import Ask
from outcomes.sight import Sight
from tests.cast import Cast
from tests.outcomes.counting import alerted, happened, viewer

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def listed(session: Session, cast: Cast, now: datetime) -> list[AlertRaised]:
    return list_raised(session, Sight(viewer(cast), now), ties.read(session), now - 24 * HOUR, now)


def test_each_time_it_asked_is_listed_with_the_first_contact_after_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerted(session, now - 5 * HOUR, person=cast.ada)
    for what, after in (("contact", 30), ("reopened", 60), ("contact", 90), ("contact", 95)):
        happened(session, alert, what, after * MINUTE)
    (found,) = listed(session, cast, now)
    assert found.asks == (
        Ask(alert.raised_at, Severity.RED, alert.raised_at + 30 * MINUTE),
        Ask(alert.raised_at + 60 * MINUTE, Severity.RED, alert.raised_at + 90 * MINUTE),
    )
    assert found.cause == OPEN


def test_steps_past_the_first_are_counted_but_not_their_repetition(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerted(session, now - 5 * HOUR, person=cast.ada)
    for step in (1, 2, 3):
        happened(session, alert, "step", step * MINUTE, step=step)
    happened(session, alert, "step", 9 * MINUTE, step=3, repeats=True)
    happened(session, alert, "commented", 10 * MINUTE, step=3)
    (found,) = listed(session, cast, now)
    assert found.steps == 2


def test_an_alert_counts_with_the_worst_severity_it_ever_had(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerted(session, now - 5 * HOUR, person=cast.ada, severity=Severity.WATCH)
    happened(session, alert, "worse", MINUTE, severity=Severity.RED)
    happened(session, alert, "reopened", 2 * MINUTE, severity=Severity.AMBER)
    (found,) = listed(session, cast, now)
    assert found.severity is Severity.RED


def test_the_response_is_of_the_owning_teams_agency_else_of_who_leads(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerted(session, now - 3 * HOUR, person=cast.ada, owner=cast.nurses, closed_at=now, cause=Cause.TEST)
    alerted(session, now - 2 * HOUR, home_id=cast.ben_home.id)
    owned, unowned = listed(session, cast, now)
    assert (owned.agency_id, owned.led_by, owned.cause) == (cast.health.id, cast.hub.id, "test")
    assert (unowned.agency_id, unowned.people) == (cast.hub.id, (cast.ben.id,))


def test_only_alerts_of_that_time_and_in_sight_are_listed(
    session: Session, cast: Cast, now: datetime
) -> None:
    alerted(session, now - 25 * HOUR, person=cast.ada)
    alerted(session, now, person=cast.ada)
    kept = alerted(session, now - 24 * HOUR, person=cast.ada)
    gone = alerted(session, now - 3 * HOUR, person=cast.ada)
    gone.deleted_at = now
    session.flush()
    assert [one.uuid for one in listed(session, cast, now)] == [kept.uuid]
    stranger = Sight(viewer(cast, team_ids=frozenset({cast.strangers.id})), now)
    assert list_raised(session, stranger, ties.read(session), now - 24 * HOUR, now) == []
