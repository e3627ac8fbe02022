"""Calendars as programs read them: folded, escaped, in UTC, and the same as long as nothing has changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from care_plans.calendars.writing import Entry, tag, write
from care_plans.work.recurrence import moment

STAMP = datetime(2026, 11, 22, 7, tzinfo=UTC)
ENTRY = Entry("one@hearthline", STAMP, STAMP + timedelta(hours=2), "Call for A.M., Westmere", "Open it.")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=120)


def read(*entries: Entry, name: str = "Duty") -> tuple[Calendar, list[Event]]:
    calendar = Calendar.from_ical(write(entries, name, STAMP))
    assert isinstance(calendar, Calendar)
    return calendar, calendar.events


def test_it_says_what_who_fetches_it_needs() -> None:
    calendar, [event] = read(replace(ENTRY, version=3, changed_at=STAMP - timedelta(days=1), busy=True))
    assert [str(calendar[key]) for key in ("VERSION", "METHOD", "X-WR-CALNAME")] == ["2.0", "PUBLISH", "Duty"]
    assert (event["UID"], event["SEQUENCE"], event["CLASS"], event["TRANSP"]) == (
        "one@hearthline", 3, "PRIVATE", "OPAQUE",
    )  # fmt: skip
    assert (event.start, event.end, event["DTSTAMP"].dt) == (ENTRY.start, ENTRY.end, STAMP)
    assert event["LAST-MODIFIED"].dt == STAMP - timedelta(days=1)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT30M" in write([], "Duty", STAMP)


@given(TEXT, TEXT)
def test_whatever_stands_in_a_text_it_comes_back_and_no_line_is_long(title: str, words: str) -> None:
    given_ = replace(ENTRY, title=title, words=words)
    _, [event] = read(given_)
    assert (str(event["SUMMARY"]), str(event.get("DESCRIPTION", ""))) == (title, words)
    lines = write([given_], "Duty", STAMP).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)


def test_commas_semicolons_and_line_ends_are_escaped_and_make_no_line_of_their_own() -> None:
    text = write([replace(ENTRY, title="A; B, C\\D\r\nATTENDEE:mailto:x@y.example")], "D", STAMP)
    assert b"SUMMARY:A\\; B\\, C\\\\D\\nATTENDEE:mailto" in text.replace(b"\r\n ", b"")
    assert b"\r\nATTENDEE" not in text


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/London", date(2026, 3, 29), 23.0),
        ("Europe/London", date(2026, 10, 25), 25.0),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ],
)
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(zone: str, day: date, hours: float) -> None:
    start, end = moment(day, time(), zone), moment(day + timedelta(days=1), time(), zone)
    local = replace(ENTRY, start=start.astimezone(ZoneInfo(zone)), end=end.astimezone(ZoneInfo(zone)))
    text = write([local], "Duty", STAMP)
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{end:%Y%m%dT%H%M%SZ}".encode() in text
    assert b"TZID" not in text
    _, [event] = read(local)
    assert (event.end - event.start).total_seconds() == hours * 3600


def test_its_tag_changes_with_what_it_says_and_not_with_when_it_is_made() -> None:
    assert tag([ENTRY], "Duty") == tag([replace(ENTRY)], "Duty")
    others = [replace(ENTRY, title="Call"), replace(ENTRY, version=1), replace(ENTRY, end=STAMP)]
    assert len({tag([each], "Duty") for each in (ENTRY, *others)} | {tag([], "Duty"), tag([], "X")}) == 6
