"""NEWS2 judged for somebody: off until switched on, in its parts, never cleared by a guess (H13)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans import scoring
from care_plans.evaluating import scores
from care_plans.judging.news2 import Scale
from care_plans.models.rules import Judgement
from care_plans.pathways import switches
from care_plans.plan import enrol
from care_plans.severity import Severity
from devices import subjects
from devices.measurement import Flags
from people.models.people import ResponderCard
from tests.care_plans.alerting import dev
from tests.care_plans.judged_home import MINUTE, Home
from tests.care_plans.test_scoring import use
from tests.cast import Cast

KEY = "virtual_ward.news2"
WELL = {
    "respiratory_rate": 16.0, "spo2": 97.0, "on_oxygen": 0.0, "systolic": 124.0, "pulse": 76.0,
    "consciousness_alert": 1.0, "body_temperature": 37.1,
}  # fmt: skip
SEVEN = WELL | {"respiratory_rate": 25.0, "spo2": 93.0, "pulse": 112.0}


@pytest.fixture
def home(session: Session, cast: Cast, now: datetime) -> Home:
    enrol.enrol(session, cast.ada, "virtual_ward", by=cast.dev, now=now - timedelta(days=2))
    switches.switch_on(session, "virtual_ward", by=cast.dev, reason="Trial", now=now - timedelta(days=2))
    return Home(session, cast, now)


def measure(home: Home, values: dict[str, float], at: datetime, flags: int = 0) -> None:
    for kind, value in values.items():
        home.say(kind, value, at, flags=flags)
    home.judge(at)


def stands(session: Session, cast: Cast) -> tuple[str, str]:
    row = session.get_one(Judgement, (subjects.person(cast.ada.id).number, KEY), populate_existing=True)
    return row.verdict, row.words


def warnings(home: Home) -> list[tuple[Severity, str, bool]]:
    return [
        (each.severity, each.words, each.cleared_at is not None)
        for each in home.alerts()
        if each.rule_key == KEY
    ]


def test_without_a_clinicians_word_nobody_is_watching_and_the_page_can_say_so(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    measure(home, SEVEN, now)
    assert stands(session, cast) == ("off", scores.NOT_ON)
    assert warnings(home) == []


def test_seven_is_red_in_its_parts_beside_what_is_usual_for_them(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    use(session, cast, now - timedelta(days=1), usual=2, usual_on=(now - timedelta(days=30)).date())
    measure(home, WELL, now - timedelta(hours=6))
    assert warnings(home) == []
    measure(home, SEVEN, now)
    day = now - timedelta(days=30)
    (found,) = warnings(home)
    assert found == (
        Severity.RED,
        "NEWS2 7: breathing rate 25 breaths/min (3), oxygen 93 % (2), pulse 112 bpm (2). "
        f"Usual for them: 2 ({day.day} {day:%B %Y})",
        False,
    )
    (alert,) = [each for each in home.alerts() if each.rule_key == KEY]
    assert (alert.kind, alert.value) == ("news2", 7)
    assert {kind: value for kind, _at, value in alert.evidence} == SEVEN


def test_three_in_one_measurement_is_amber(session: Session, cast: Cast, home: Home, now: datetime) -> None:
    use(session, cast, now - timedelta(days=1))
    measure(home, WELL | {"consciousness_alert": 0.0}, now)
    ((severity, words, _),) = warnings(home)
    assert severity is Severity.AMBER
    assert words.startswith("NEWS2 3: new confusion")


def test_an_incomplete_score_raises_and_only_a_whole_one_clears(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    use(session, cast, now - timedelta(days=1))
    parts = {"respiratory_rate": 25.0, "spo2": 91.0, "pulse": 112.0}
    measure(home, parts, now)
    ((severity, words, _),) = warnings(home)
    assert severity is Severity.RED
    assert words.startswith("NEWS2 at least 8, incomplete: ")
    assert "Not known: on oxygen, systolic blood pressure, consciousness, temperature" in words
    measure(home, {"respiratory_rate": 16.0, "spo2": 97.0, "pulse": 76.0}, now + 20 * MINUTE)
    assert [cleared for *_, cleared in warnings(home)] == [False]
    measure(home, WELL, now + 40 * MINUTE)
    assert [cleared for *_, cleared in warnings(home)] == [True]


def test_what_is_older_than_its_time_does_not_count(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    use(session, cast, now - timedelta(days=1), within_minutes=30)
    measure(home, {"respiratory_rate": 25.0, "pulse": 112.0}, now - 40 * MINUTE)
    measure(home, {"spo2": 91.0}, now)
    ((severity, words, _),) = warnings(home)
    assert (severity, words.partition(":")[0]) == (Severity.AMBER, "NEWS2 at least 3, incomplete")
    setting = scores.setting_of(scoring.list_of(session, cast.ada)[0].row)
    assert scores.now_of(session, cast.ada.id, setting, now).total == 3


def test_the_second_scale_is_the_persons_own(session: Session, cast: Cast, home: Home, now: datetime) -> None:
    use(session, cast, now - timedelta(days=1), scale=Scale.TWO, scale_why="Target 88 to 92 %, clinic, 3 May")
    measure(home, WELL | {"spo2": 89.0}, now)
    assert warnings(home) == []
    measure(home, WELL | {"spo2": 97.0, "on_oxygen": 1.0}, now + 10 * MINUTE)
    ((severity, words, _),) = warnings(home)
    assert severity is Severity.AMBER
    assert words == "NEWS2 5: oxygen 97 % (3), on oxygen (2)"


def test_what_was_typed_in_counts_and_what_was_taken_back_does_not(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    use(session, cast, now - timedelta(days=1))
    measure(home, SEVEN, now, flags=int(Flags.ENTERED_IN_ERROR))
    assert warnings(home) == []


def test_at_the_end_of_life_it_stops(session: Session, cast: Cast, home: Home, now: datetime) -> None:
    use(session, cast, now - timedelta(days=1))
    card = session.scalar(select(ResponderCard).where(ResponderCard.person_id == cast.ada.id))
    if card is None:
        session.add(ResponderCard(person_id=cast.ada.id, end_of_life=True))
    else:
        card.end_of_life = True
    session.flush()
    measure(home, SEVEN, now)
    assert stands(session, cast) == ("off", scores.STOPPED)
    assert warnings(home) == []


def test_switched_off_again_nobody_is_watching(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    use(session, cast, now - timedelta(days=1))
    scoring.switch_off(session, cast.ada, "The stay is over", by=dev(cast), now=now)
    measure(home, SEVEN, now)
    assert stands(session, cast) == ("off", scores.NOT_ON)
