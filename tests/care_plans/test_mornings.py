"""Somebody is missed in the morning by when they are usually about, with what was heard of them last."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from care_plans.judging.conditions import Routine, Threshold
from care_plans.judging.hours import seconds_at
from care_plans.judging.mornings import dues, morning_of, signs_of
from care_plans.judging.rules import Finding, Judged, Nothing, Rule, Unknown, judge, needed
from care_plans.judging.track import Points, Track
from devices.measurement import Flags
from tests.care_plans.making import rule

LONDON = ZoneInfo("Europe/London")
SIGNS = [
    {"kind": "motion", "at_or_above": 1},
    {"kind": "bed_occupied", "below": 1},
    {"kind": "door_open", "at_or_above": 1},
    {"kind": "kettle_on", "at_or_above": 1},
]
RULE = rule(
    (
        "amber",
        {
            "no_sign_of": SIGNS, "from": "05:00", "by": "11:00", "later_by": "90 min", "usual_over": "7 days",
            "mornings": 4,
        },
    ),
    about="home",
)  # fmt: skip
LEAF = RULE.steps[0].when


def at(day: int, clock: str, month: int = 11) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def heard(*rows: tuple[datetime, str, float], flags: int = 0) -> dict[str, Track]:
    by_kind: dict[str, list[tuple[float, float]]] = {}
    for when, kind, value in rows:
        by_kind.setdefault(kind, []).append((when.timestamp(), value))
    return {
        kind: Track(kind, [t for t, _ in sorted(found)], [v for _, v in sorted(found)], [flags] * len(found))
        for kind, found in by_kind.items()
    }


def a_week(first: str = "07:50") -> list[tuple[datetime, str, float]]:
    """Up at `first`, kettle five minutes later, in bed at 22:30: Sunday the 15th to Saturday the 21st."""
    rows = []
    for day in range(15, 22):
        up = at(day, first)
        rows += [(up, "bed_occupied", 0.0), (up + timedelta(minutes=5), "kettle_on", 1.0)]
        rows += [(at(day, "22:10"), "motion", 1.0), (at(day, "22:30"), "bed_occupied", 1.0)]
    return rows


def stands(now: datetime, *more: tuple[datetime, str, float], by: Rule = RULE, **said: object) -> Judged:
    return judge(by, heard(*a_week(), *more), now, **said)  # type: ignore[arg-type]


def test_nobody_is_missed_before_their_usual_time_and_some_more() -> None:
    judged = stands(at(22, "09:19"))
    assert judged.verdict == Nothing(cleared=True)
    assert judged.judge_at == at(22, "09:20").astimezone(UTC)


def test_then_it_is_a_finding_that_says_what_was_heard_last() -> None:
    found = stands(at(22, "09:20")).verdict
    assert isinstance(found, Finding)
    assert found.words == (
        "No sign of the morning by 09:20, usually about by 07:50: movement last Sat 22:10, bed last Sat 07:50"
        ", door not in 7 days, kettle last Sat 07:55"
    )
    assert found.latest == at(22, "09:20").astimezone(UTC)
    assert [(kind, value) for kind, _, value in found.evidence] == [
        ("bed_occupied", 0), ("kettle_on", 1), ("motion", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sign", [("motion", 1.0), ("bed_occupied", 0.0), ("door_open", 1.0), ("kettle_on", 1.0)]
)
def test_any_one_sign_is_enough_also_a_late_one(sign: tuple[str, float]) -> None:
    assert stands(at(22, "09:30"), (at(22, "06:10"), *sign)).verdict == Nothing(cleared=True)
    assert stands(at(22, "11:05"), (at(22, "11:00"), *sign)).verdict == Nothing(cleared=True)


@pytest.mark.parametrize("no_sign", [("motion", 0.0), ("bed_occupied", 1.0), ("door_open", 0.0)])
def test_what_is_no_sign_is_none(no_sign: tuple[str, float]) -> None:
    assert isinstance(stands(at(22, "09:30"), (at(22, "06:10"), *no_sign)).verdict, Finding)


def test_a_sign_in_the_night_is_none_of_the_morning() -> None:
    assert isinstance(stands(at(22, "09:30"), (at(22, "03:10"), "motion", 1.0)).verdict, Finding)


def test_it_stands_through_the_next_night_until_there_is_a_sign() -> None:
    assert isinstance(stands(at(23, "04:00")).verdict, Finding)
    assert stands(at(23, "04:00"), (at(23, "03:50"), "motion", 1.0)).verdict == Nothing(cleared=True)


def test_once_it_was_dealt_with_nobody_is_missed_again_that_morning() -> None:
    dealt = at(22, "09:40").astimezone(UTC)
    assert stands(at(22, "10:00"), settled=dealt).verdict == Nothing(cleared=True)
    again = stands(at(23, "09:30"), settled=dealt).verdict
    assert isinstance(again, Finding)


def test_the_morning_on_which_the_rule_came_into_force_or_they_came_home_is_not_judged() -> None:
    since = at(22, "08:30").astimezone(UTC)
    assert stands(at(22, "10:00"), since=since).verdict == Nothing(cleared=True)


def test_until_a_usual_is_known_it_is_the_time_that_was_agreed() -> None:
    three = [row for row in a_week() if row[0] >= at(19, "00:00")]
    assert judge(RULE, heard(*three), at(22, "10:59")).verdict == Nothing(cleared=True)
    found = judge(RULE, heard(*three), at(22, "11:00")).verdict
    assert isinstance(found, Finding)
    assert found.words.startswith("No sign of the morning by 11:00: movement last Sat 22:10")


def test_where_nothing_was_ever_heard_it_is_unknown() -> None:
    assert judge(RULE, {}, at(22, "12:00")).verdict == Unknown(
        "None of movement, bed, door, kettle has been heard"
    )


def test_what_a_hub_repeats_is_no_sign_of_anybody() -> None:
    tracks = heard(*a_week())
    repeated = heard((at(22, "08:00"), "door_open", 1.0), flags=int(Flags.REPLAYED))
    assert isinstance(judge(RULE, tracks | repeated, at(22, "09:30")).verdict, Finding)


@pytest.mark.parametrize(("day", "month"), [(25, 10), (29, 3)])
def test_both_clock_changes_move_nobodys_morning(day: int, month: int) -> None:
    rows = []
    for back in range(1, 8):
        when = datetime.combine(
            date(2026, month, day) - timedelta(days=back),
            datetime.min.time().replace(hour=7, minute=50),
            LONDON,
        )
        rows.append((when, "motion", 1.0))
    tracks = heard(*rows)
    assert judge(RULE, tracks, at(day, "09:19", month)).verdict == Nothing(cleared=True)
    found = judge(RULE, tracks, at(day, "09:20", month)).verdict
    assert isinstance(found, Finding)
    assert "usually about by 07:50" in found.words


def test_elsewhere_it_is_the_clock_there() -> None:
    tracks = heard(*a_week())
    assert isinstance(judge(RULE, tracks, at(22, "09:20"), zone="Europe/London").verdict, Finding)
    west = judge(RULE, tracks, at(22, "09:20"), zone="America/New_York").verdict
    assert west != judge(RULE, tracks, at(22, "09:20")).verdict


def test_rooms_are_looked_at_together() -> None:
    one = Track("motion", [at(22, "07:00").timestamp()], [1.0], [0], ("Kitchen",))
    old = heard(*a_week())["motion"]
    both = Track(
        "motion", [*old.times, *one.times], [*old.values, *one.values], [0] * (len(old.times) + 1),
        (*["Hall"] * len(old.times), "Kitchen"),
    )  # fmt: skip
    assert judge(RULE, {"motion": both}, at(22, "09:30")).verdict == Nothing(cleared=True)


def test_so_many_days_are_read() -> None:
    assert needed(RULE) == dict.fromkeys(
        ("motion", "bed_occupied", "door_open", "kettle_on"), 9 * 86400 + 86400
    )


def test_the_usual_time_is_the_median_of_the_mornings_that_are_known() -> None:
    assert isinstance(LEAF, Routine)
    times = [seconds_at(date(2026, 11, day), at(day, clock).time(), "Europe/London") for day, clock in
             ((18, "07:00"), (19, "08:00"), (20, "06:30"), (21, "09:00"))]  # fmt: skip
    morning = morning_of(LEAF, times, date(2026, 11, 22), "Europe/London")
    assert morning.usual == at(22, "07:30").timestamp()
    assert morning.due == at(22, "09:00").timestamp()
    every = list(dues(LEAF, times, at(21, "00:00").timestamp(), at(22, "23:00").timestamp(), "Europe/London"))
    assert every[-1] == morning.due


def test_a_sign_is_a_reading_beyond_its_limit() -> None:
    kettle = Threshold("appliance_power", above=100)
    assert signs_of(kettle, Points([1.0, 2.0, 3.0], [100.0, 101.0, 20.0])) == [2.0]
