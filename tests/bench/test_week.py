"""A small simulated week: few homes, from midnight to noon, lived through in a real database."""

from datetime import timedelta

from sqlalchemy import select

from bench.week import START, run
from bench.week_figures import Figures, Missed, Truths
from bench.week_homes import Place, measured, place, places
from bench.week_report import BROKEN, KEPT, said, verdict
from bench.week_running import Lived
from bench.week_truth import Claim, Knower, Worth, reds
from bench.week_tuning import quietest, tracks_of
from care_plans.models.alerts import Alert
from care_plans.pathways import reading
from care_plans.severity import Severity
from core.db import Db
from devices.simulator.kit import FALL, SPO2, SYSTOLIC
from devices.simulator.scenarios import fall_at_night, hub_offline, pressure_very_high, stable

DAYS = 0.5
END = START + timedelta(days=DAYS)
FELL = START + timedelta(hours=3, minutes=10)
CUT = START + timedelta(hours=9)


def few() -> list[Place]:
    """A fall, a pressure, a cut line, a fall with a lost clock and one sent twice, and a calm home."""
    return [
        place(0, "frailty_falls", fall_at_night(FELL), 1),
        place(1, "hypertension", pressure_very_high(START - timedelta(hours=30)), 1),
        place(2, "copd", hub_offline(CUT), 1),
        place(3, "frailty_falls", fall_at_night(FELL), 1, "clock lost"),
        place(4, "frailty_falls", fall_at_night(FELL), 1, "sent twice"),
        place(5, "heart_failure", stable(START), 1),
    ]


def test_a_small_week_raises_each_fall_once_and_misses_no_red(real_db: Db) -> None:
    ran = run(real_db, few(), 1, START, DAYS, tuned=False)
    with real_db.transaction() as session:
        falls = session.scalars(select(Alert).where(Alert.rule_key == "frailty_falls.fall")).all()
    assert len(falls) == 3
    assert {alert.times_raised for alert in falls} == {1}
    assert {alert.severity for alert in falls} == {Severity.RED}
    assert max(alert.raised_at - FELL for alert in falls) <= timedelta(seconds=2)
    assert [alert for alert in falls if alert.contact_at is None] == []
    figures = ran.figures
    assert figures.reds.total >= 7  # three falls, three presses, the pressure
    assert figures.reds.in_time == figures.reds.total
    assert figures.truths.missed == []
    assert ran.lived.failed == ran.lived.stuck == 0
    assert ran.lived.refused == {}
    worth = {rule.rule: rule for rule in figures.rules}
    assert worth["protection.hub"].true == 1
    assert worth["hypertension.very_high"].precision == 1
    words, kept = verdict([figures], [ran.lived])
    assert kept
    assert words.endswith(KEPT)
    told = said("a day", few(), figures, ran.lived, ran.tuned, ran.seconds)
    assert "frailty_falls.fall" in told
    assert "Receiving centre" in told


def test_a_red_that_was_missed_is_named_and_breaks_the_promise() -> None:
    missed = Missed("week-001 (frailty_falls)", "a fall", FELL, "around it stood: nothing")
    figures = Figures([], [], Truths(), Truths(total=1, missed=[missed]), 0, {}, 0, 0)
    words, kept = verdict([figures], [Lived()])
    assert not kept
    assert words.endswith(BROKEN.format(missed=1, late=0))


def test_an_alert_without_a_next_step_breaks_the_promise_too() -> None:
    figures = Figures([], [], Truths(), Truths(), 0, {}, 0, 0)
    words, kept = verdict([figures], [Lived(stuck=1)])
    assert not kept
    assert "1 alerts were without a next step" in words


def test_what_was_red_is_told_by_what_was_measured() -> None:
    fallen, pressed = reds(few()[0], START, END)
    assert (fallen.what, fallen.at) == ("a fall", FELL)
    assert pressed.at - FELL == timedelta(minutes=2)
    assert reds(few()[5], START, END) == []
    high = reds(few()[1], START, END)
    taken = [one for one in measured(few()[1], START, END) if one.kind == SYSTOLIC and one.value >= 180]
    assert high[0].at in {one.at for one in taken[1:]}


def test_what_was_measured_while_the_line_was_cut_can_be_known_when_it_is_back() -> None:
    cut = place(0, "frailty_falls", fall_at_night(FELL), 1, "line cut")
    back = FELL + timedelta(hours=7)
    assert {red.known_from for red in reds(cut, START, END)} == {back}


def test_an_alert_is_worth_what_the_course_of_its_home_says() -> None:
    def worth(home: Place, rule: str, kind: str, hours: float) -> Worth:
        claim = Claim(rule, frozenset({kind}), START + timedelta(hours=hours))
        return Knower(home, START, END).worth(claim)

    fell, high, cut, *_, calm = few()
    assert worth(fell, "frailty_falls.fall", FALL, 3.2) is Worth.TRUE
    assert worth(fell, "frailty_falls.fall", FALL, 2) is Worth.FALSE
    assert worth(high, "hypertension.very_high", SYSTOLIC, 12) is Worth.TRUE
    assert worth(cut, "copd.oxygen_low", SPO2, 12) is Worth.FALSE
    assert worth(cut, "heard.spo2", SPO2, 12) is Worth.TRUE
    assert worth(calm, "heart_failure.oxygen_low", SPO2, 12) is Worth.FALSE


def test_every_course_befalls_somebody_and_every_third_home_is_calm() -> None:
    hundred = places(100, START, 7, 1)
    assert sum(one.scenario.name == "stable" for one in hundred) == 34
    assert len({one.scenario.name for one in hundred}) == 17
    assert {one.besides for one in hundred} == {"", "sent twice", "clock lost", "line cut"}
    assert places(100, START, 7, 1) == hundred
    assert places(100, START, 7, 2) != hundred


def test_limits_are_moved_together_no_further_than_a_quiet_week_needs() -> None:
    (mean,) = [
        trigger
        for contingency in reading.get("hypertension").contingencies
        for trigger in contingency.triggers
        if trigger.rule.key == "hypertension.mean_high"
    ]
    high = tracks_of(few()[1], START - timedelta(days=2))
    moved = quietest(mean.document, mean.personal, high, START - timedelta(days=2))
    assert 135 < moved["systolic_mean"] <= 150
    assert 85 < moved["diastolic_mean"] <= 95
    assert quietest(mean.document, mean.personal, {}, START) == {"systolic_mean": 135, "diastolic_mean": 85}
