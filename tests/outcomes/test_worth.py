"""Which rules, kit and people alerts come from, for whoever looks."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.models.alerts import Cause
from devices.models import Device
from outcomes import worth
from outcomes.worth import By
from people.access import RecordClass
from people.models.agencies import Role
from tests.cast import Cast
from tests.outcomes.counting import alerted, laid
from tests.people.looking import unshare

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def closed(session: Session, cast: Cast, cause: Cause, hours: int, key: str = "copd.oxygen_low") -> None:
    at = MONDAY + hours * HOUR
    alert = alerted(session, at, person=cast.ada, closed_at=at + HOUR, cause=cause)
    alert.rule_key, alert.closed_by_id = key, cast.cora.id
    session.flush()


def test_rules_are_told_with_what_their_alerts_were_closed_as(session: Session, cast: Cast) -> None:
    closed(session, cast, Cause.TRUE_ACTED, 1)
    closed(session, cast, Cause.FALSE_KIT, 3)
    closed(session, cast, Cause.TRUE_ACTED, 5, "copd.fever")
    found = worth.of(laid(session, cast, since=MONDAY.date()), By.RULE)
    assert [(one.key, one.right, one.wrong) for one in found.tallies] == [
        ("copd.oxygen_low", 1, 1),
        ("copd.fever", 1, 0),
    ]
    assert worth.of(laid(session, cast, since=MONDAY.date()), By.RULE, "dementia").tallies == ()


def test_people_are_told_by_name_with_the_way_to_their_page(session: Session, cast: Cast) -> None:
    closed(session, cast, Cause.FALSE_USER, 1)
    alerted(session, MONDAY + HOUR, home_id=cast.ada_home.id)
    found = worth.of(laid(session, cast, since=MONDAY.date()), By.SUBJECT)
    told = [(one.name, found.hrefs.get(one.key)) for one in found.tallies]
    assert told == [("Ada Marsh", f"/people/{cast.ada.uuid}"), (cast.ada_home.address_line, None)]


def test_kit_is_told_by_its_model(session: Session, cast: Cast) -> None:
    device = Device(key="one", name="Pendant", model="SP-1")
    session.add(device)
    session.flush()
    alerted(session, MONDAY + HOUR, person=cast.ada).device_id = device.id
    closed(session, cast, Cause.TRUE_ACTED, 3)
    found = worth.of(laid(session, cast, since=MONDAY.date()), By.MODEL)
    assert [(one.name, one.raised) for one in found.tallies] == [("SP-1", 1)]


def test_what_is_not_shared_in_full_is_counted_as_that_and_not_named(session: Session, cast: Cast) -> None:
    closed(session, cast, Cause.FALSE_KIT, 1)
    unshare(session, cast.hub.id, RecordClass.VITALS)
    found = worth.of(laid(session, cast, since=MONDAY.date()), By.RULE)
    assert (found.tallies, found.withheld) == ((), 1)


def test_a_commissioner_gets_no_people_and_no_line_about_few(session: Session, cast: Cast) -> None:
    closed(session, cast, Cause.FALSE_KIT, 1)
    ground = laid(session, cast, since=MONDAY.date(), role=Role.COMMISSIONER.value, team_ids=frozenset())
    assert (worth.of(ground, By.RULE).tallies, worth.of(ground, By.RULE).few) == ((), 1)
    assert worth.of(ground, By.SUBJECT).tallies == ()
