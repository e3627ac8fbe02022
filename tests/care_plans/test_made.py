"""What is made of other readings is judged like any other, live and on the past, and told by those."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.evaluating import past
from care_plans.models.rules import Judgement
from care_plans.pathways import reading, switches
from care_plans.plan import enrol
from care_plans.severity import Severity
from devices import subjects
from tests.care_plans.judged_home import Home, close
from tests.cast import Cast

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def on(session: Session, cast: Cast, now: datetime, pathway: str) -> Home:
    enrol.enrol(session, cast.ada, pathway, by=cast.dev, now=now - 14 * DAY)
    switches.switch_on(session, pathway, by=cast.dev, reason="Trial", now=now - 14 * DAY)
    return Home(session, cast, now)


def press(home: Home, day: datetime, systolic: float, diastolic: float) -> None:
    for at in (day, day + timedelta(minutes=2), day + 9 * HOUR):
        home.say("systolic", systolic, at, name="cuff")
        home.say("diastolic", diastolic, at, name="cuff")


def air(home: Home, start: datetime, end: datetime, outside: float | None) -> None:
    """A room of 18 °C and 65 %."""
    at = start
    while at <= end:
        home.say("room_temperature", 18, at, home=True, name="climate")
        home.say("room_humidity", 65, at, home=True, name="climate")
        if outside is not None:
            home.say("outdoor_temperature", outside, at, home=True, name="weather")
        at += HOUR


def stands(session: Session, number: int, key: str) -> tuple[str, str]:
    row = session.get_one(Judgement, (number, key), populate_existing=True)
    return row.verdict, row.words


def of_rule(home: Home, key: str) -> list[tuple[Severity, str]]:
    return [(each.severity, each.words) for each in home.alerts() if each.rule_key == key]


def test_a_mean_above_the_target_is_found_once_there_are_days_enough_without_the_first(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = on(session, cast, now, "hypertension")
    first = now - 4 * DAY
    press(home, first, 165, 99)
    for day in (1, 2):
        press(home, first + day * DAY, 140, 80)
    home.judge(first + 2 * DAY + 10 * HOUR)
    verdict, words = stands(session, subjects.person(cast.ada.id).number, "hypertension.mean_high")
    assert (verdict, of_rule(home, "hypertension.mean_high")) == ("unknown", []), words
    press(home, first + 3 * DAY, 140, 80)
    home.judge(first + 3 * DAY + 10 * HOUR)
    (found,) = of_rule(home, "hypertension.mean_high")
    assert found[0] is Severity.WATCH
    assert "140 mmHg" in found[1]
    assert "of the last 7 days, without the first measured" in found[1]
    (alert,) = [each for each in home.alerts() if each.rule_key == "hypertension.mean_high"]
    assert {kind for kind, _at, _value in alert.evidence} == {"systolic"}
    assert len(alert.evidence) == 6


def test_a_mean_that_stays_beside_the_limit_is_found_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = on(session, cast, now, "hypertension")
    first = now - 10 * DAY
    for day in range(10):
        press(home, first + day * DAY, 137 if day % 2 else 133, 80)
        home.judge(first + day * DAY + 10 * HOUR)
        for alert in home.alerts():
            if alert.rule_key == "hypertension.mean_high" and alert.closed_at is None:
                close(session, alert, first + day * DAY + 11 * HOUR)
    assert len(of_rule(home, "hypertension.mean_high")) <= 1


def test_a_cold_wall_is_damp_although_the_room_is_not(session: Session, cast: Cast, now: datetime) -> None:
    home = on(session, cast, now, "warm_dry_home")
    air(home, now - 4 * DAY, now, 0)
    home.judge()
    (found,) = of_rule(home, "warm_dry_home.damp_wall")
    assert found[0] is Severity.AMBER
    assert "87 %" in found[1]
    assert of_rule(home, "warm_dry_home.damp") == []
    (alert,) = [each for each in home.alerts() if each.rule_key == "warm_dry_home.damp_wall"]
    assert {kind: value for kind, _at, value in alert.evidence} == {
        "room_temperature": 18, "room_humidity": 65, "outdoor_temperature": 0,
    }  # fmt: skip


def test_without_the_weather_the_wall_is_not_known_and_is_not_called_dry(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = on(session, cast, now, "warm_dry_home")
    air(home, now - 4 * DAY, now, None)
    home.judge()
    verdict, _ = stands(session, subjects.home(cast.ada_home.id).number, "warm_dry_home.damp_wall")
    assert verdict == "unknown"


def test_the_past_is_given_what_is_made_too(session: Session, cast: Cast, now: datetime) -> None:
    home = on(session, cast, now, "hypertension")
    for day in range(6):
        press(home, now - (6 - day) * DAY, 140, 80)
    subject = subjects.person(cast.ada.id)
    rules = [
        trigger.rule
        for contingency in reading.get("hypertension").contingencies
        for trigger in contingency.triggers
        if trigger.rule.key == "hypertension.mean_high"
    ]
    ((_, tracks),) = past.tracks(session, rules, [subject], now - 2 * DAY, now)
    made = tracks["systolic_home_mean"]
    assert set(made.values) == {140}
    assert made.times[0] <= (now - 2 * DAY).timestamp()
