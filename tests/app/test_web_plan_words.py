"""Parts of a plan in words."""

from datetime import UTC, datetime

from app.web import plan_words


def test_what_was_seen_the_same_time_after_time_is_said_once() -> None:
    days = [datetime(2026, 11, day, 4, 13, tzinfo=UTC) for day in (25, 24, 23, 22)]
    seen = [
        (days[0], "Achieved", "90 of 90 days", None),
        (days[1], "Achieved", "90 of 90 days", None),
        (days[2], "Achieved", "It is going well", "Dev"),
        (days[3], "Achieved", "90 of 90 days", None),
    ]
    assert plan_words.runs(seen) == [
        (days[1], days[0], "Achieved", "90 of 90 days", None),
        (days[2], days[2], "Achieved", "It is going well", "Dev"),
        (days[3], days[3], "Achieved", "90 of 90 days", None),
    ]
