"""Files of calendars: what they say is read to the second, and no file costs much or breaks anything."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.calendars import reading, writing
from care_plans.calendars.reading import Found, read
from care_plans.calendars.writing import Entry
from care_plans.work.recurrence import moment
from core.errors import Invalid

LONDON, LORD_HOWE = "Europe/London", "Australia/Lord_Howe"
START, END = "DTSTART:20261201T080000Z", "DTEND:20261201T200000Z"


def file(*events: tuple[str, ...], before: tuple[str, ...] = ()) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *before]
    for event in events:
        lines += ["BEGIN:VEVENT", "UID:x", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def one(*lines: str, zone: str = LONDON) -> Found:
    [found] = read(file(lines), zone)
    return found


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as fault:
        read(content, LONDON)
    assert list(fault.value.fields) == ["file"]
    return fault.value.fields["file"]


@pytest.mark.parametrize(
    ("lines", "zone", "start", "end"),
    [
        ((START, END), LONDON, utc(2026, 12, 1, 8), utc(2026, 12, 1, 20)),
        (("DTSTART:20260701T080000", "DTEND:20260701T200000"), LONDON,
         utc(2026, 7, 1, 7), utc(2026, 7, 1, 19)),
        (("DTSTART;TZID=Europe/Paris:20261201T080000", "DURATION:PT12H"), LONDON,
         utc(2026, 12, 1, 7), utc(2026, 12, 1, 19)),
        (('DTSTART;TZID="W. Europe Standard Time":20261201T080000', "DURATION:PT30M"), LONDON,
         utc(2026, 12, 1, 7), utc(2026, 12, 1, 7, 30)),
        (("DTSTART;VALUE=DATE:20260329",), LONDON, utc(2026, 3, 29), utc(2026, 3, 29, 23)),
        (("DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026"), LONDON,
         utc(2026, 10, 24, 23), utc(2026, 10, 26)),
        (("DTSTART:20260404", "DURATION:P2D"), LORD_HOWE, utc(2026, 4, 3, 13), utc(2026, 4, 5, 13, 30)),
        (("DTSTART;VALUE=DATE:20261004",), LORD_HOWE, utc(2026, 10, 3, 13, 30), utc(2026, 10, 4, 13)),
        # A time that the clocks jump over is the first moment after; one that comes twice is the first.
        (("DTSTART:20260329T013000", "DTEND:20260329T080000"), LONDON,
         utc(2026, 3, 29, 1), utc(2026, 3, 29, 7)),
        (("DTSTART:20261025T013000", "DURATION:PT1H"), LONDON,
         utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)),
        # A day by the clock of the wall, twelve hours by none.
        (("DTSTART:20261024T200000", "DURATION:P1D"), LONDON, utc(2026, 10, 24, 19), utc(2026, 10, 25, 20)),
        (("DTSTART:20261024T200000", "DURATION:PT12H"), LONDON, utc(2026, 10, 24, 19), utc(2026, 10, 25, 7)),
    ],
)  # fmt: skip
def test_times_are_what_they_mean(lines: tuple[str, ...], zone: str, start: datetime, end: datetime) -> None:
    found = one(*lines, zone=zone)
    assert (found.start, found.end, found.fault) == (start, end, None)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((START, END, "RRULE:FREQ=SECONDLY"), reading.REPEATS),
        ((START, END, "RDATE:20261202T080000Z"), reading.REPEATS),
        ((START, END, "RECURRENCE-ID:20261202T080000Z"), reading.REPEATS),
        ((START, END, "STATUS:CANCELLED"), reading.CANCELLED),
        ((END,), reading.NO_TIME),
        (("DTSTART:yesterday", END), reading.NO_TIME),
        (("DTSTART:00010101T000000", END), reading.NO_TIME),
        (("DTSTART:20261301T000000Z", END), reading.NO_TIME),
        (("DTSTART;TZID=../../etc/passwd:20261201T080000", END), reading.NO_TIME),
        (("DTSTART;TZID=Europe:20261201T080000", END), reading.NO_TIME),
        (("DTSTART;TZID=Mars/Base:20261201T080000", END), reading.NO_TIME),
        ((START, "DURATION:P"), reading.NO_TIME),
        ((START, "DURATION:-PT1H"), reading.NO_TIME),
        ((START, "DURATION:P99999999999W"), reading.NO_TIME),
        ((START,), reading.NO_END),
        ((START, "DTEND:20261201T080000Z"), reading.BACKWARDS),
        (("DTSTART", END), reading.UNREADABLE),
        ((START, END, "SUMMARY:" + "x" * 3000), reading.UNREADABLE),
    ],
)
def test_what_is_wrong_with_one_is_said_and_the_next_is_read(lines: tuple[str, ...], fault: str) -> None:
    wrong, right = read(file(lines, (START, END)), LONDON)
    assert wrong.fault == fault
    assert right.fault is None


def test_who_is_meant_is_read_without_what_an_alarm_or_a_refusal_says() -> None:
    found = one(
        START, END, "SUMMARY:Dev\\, on call\\; nights",
        'ATTENDEE;CN="Shah, Dev";ROLE=REQ-PARTICIPANT:MAILTO:Dev@Westmere.example',
        "ATTENDEE;PARTSTAT=DECLINED:mailto:cora@westmere.example", "ATTENDEE:urn:uuid:1",
        "ORGANIZER;CN=Hana:mailto:hana@west", " mere.example",
        "BEGIN:VALARM", "SUMMARY:Wake up", "ATTENDEE:mailto:sol@westmere.example", "END:VALARM",
    )  # fmt: skip
    assert found.invited == ("dev@westmere.example",)
    assert (found.organizer, found.summary) == ("hana@westmere.example", "Dev, on call; nights")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", reading.NO_CALENDAR),
        (b"%PDF-1.7\xff", reading.NO_CALENDAR),
        (b"<html>", reading.NO_CALENDAR),
        (file((START, END)) + b"\0", reading.NO_CALENDAR),
        (file((START, END, "SUMMARY:Zoë")).decode().encode("latin-1"), reading.NO_TEXT),
        (file((START, END)).decode().encode("utf-16"), reading.NO_CALENDAR),
        (file(), reading.NOTHING),
        (file((START, END))[:-30], reading.BROKEN),
        (file(("END:VCALENDAR",)), reading.BROKEN),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:A\n" * 30_000, reading.BROKEN),
        (file(*[(START, END)] * 501), reading.TOO_MANY),
        (file((START, END, "X-A:" + "x" * 256 * 1024)), reading.TOO_LARGE),
    ],
)
def test_what_is_no_calendar_of_a_fair_size_is_refused_as_a_whole(content: bytes, words: str) -> None:
    assert refused(content) == words


def test_zones_that_a_file_defines_by_endless_rules_cost_nothing() -> None:
    zone = (
        "BEGIN:VTIMEZONE", "TZID:Custom", "BEGIN:STANDARD", "DTSTART:16010101T000000",
        "RRULE:FREQ=SECONDLY", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
    )  # fmt: skip
    began = clock.perf_counter()
    [found] = read(file(("DTSTART;TZID=Custom:20261201T080000", END), before=zone), LONDON)
    assert found.fault == reading.NO_TIME
    assert clock.perf_counter() - began < 1


@pytest.mark.parametrize(
    "filler",
    ["\r\n", "\n ", "ATTENDEE;" + "a=b;" * 40 + ":x\r\n", 'SUMMARY;A="' + " " * 900 + "\r\n", "a" * 9],
)
def test_no_file_of_the_largest_size_takes_long(filler: str) -> None:
    room = reading.MOST_BYTES - 200
    content = file((START, END, (filler * (room // len(filler))).rstrip("\r\n") or "X:1"))
    began = clock.perf_counter()
    read(content, LONDON)
    assert clock.perf_counter() - began < 5


@given(st.binary(max_size=300), st.booleans())
def test_whatever_the_bytes_are_there_is_a_result_or_a_reason(content: bytes, inside: bool) -> None:
    whole = file((START, content.decode("latin-1"), END)) if inside else content
    try:
        found = read(whole, LONDON)
    except Invalid as fault:
        refusal = list(fault.fields)
    else:
        refusal = ["file"]
        assert all(each.fault or (each.start and each.end) for each in found)
    assert refusal == ["file"]


@given(
    st.sampled_from([LONDON, LORD_HOWE]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.times(),
    st.integers(1, 60 * 24 * 28),
)
def test_what_is_written_here_is_read_back_the_same(zone: str, day: date, local: time, minutes: int) -> None:
    start = moment(day, local.replace(microsecond=0), zone)
    entry = Entry("x", start, start + timedelta(minutes=minutes), "Dev, nights; and more\nof it")
    [found] = read(writing.write([entry], "Duty", start), zone)
    assert found == Found(entry.start, entry.end, entry.title)


@given(st.sampled_from([LONDON, LORD_HOWE]), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_whole_day_is_from_one_local_midnight_to_the_next(zone: str, day: date) -> None:
    found = one(f"DTSTART;VALUE=DATE:{day:%Y%m%d}", zone=zone)
    assert (found.start, found.end) == (
        moment(day, time(), zone), moment(day + timedelta(days=1), time(), zone),
    )  # fmt: skip
