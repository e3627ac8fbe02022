"""Who covers when by an entry of a file, and why nobody does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care_plans.calendars import lines
from care_plans.calendars.lines import Covered, Line, Member, decide
from care_plans.calendars.reading import NO_TIME, Found

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
HOUR, LONGEST = timedelta(hours=1), timedelta(days=28)
DEV = Member(UUID(int=1), "Dev", "dev@westmere.example", answers=True)
RAVI = Member(UUID(int=2), "Ravi Shah", "Ravi@westmere.example", answers=True)
VI = Member(UUID(int=3), "Vi", "vi@westmere.example", answers=False)
OTHERS = frozenset({"hana@westmere.example"})
ENTRY = Found(NOW + HOUR, NOW + 9 * HOUR, "On call", ("dev@westmere.example",))


def decided(
    *entries: Found, covers: tuple[Covered, ...] = (), members: tuple[Member, ...] = ()
) -> list[Line]:
    return decide(entries, members or (DEV, RAVI, VI), OTHERS, covers, now=NOW, longest=LONGEST)


def titled(summary: str, **more: object) -> Found:
    return replace(ENTRY, invited=(), summary=summary, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entry", "who"),
    [
        (ENTRY, DEV),
        (replace(ENTRY, invited=("ravi@westmere.example", "somebody@else.example")), RAVI),
        (replace(ENTRY, summary="Ravi Shah", organizer="ravi@westmere.example"), DEV),
        (titled("ravi shah"), RAVI),
        (titled("RAVI@westmere.example"), RAVI),
        (titled("Dev", organizer="ravi@westmere.example"), DEV),
        (titled("On call", organizer="ravi@westmere.example"), RAVI),
    ],
)
def test_who_is_invited_counts_before_the_title_and_the_title_before_who_wrote_it(
    entry: Found, who: Member
) -> None:
    [line] = decided(entry)
    assert (line.said, line.cover, line.fault) == (
        who.name, Covered(who.uuid, NOW + HOUR, NOW + 9 * HOUR), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (replace(ENTRY, invited=("hana@westmere.example",)), lines.ELSEWHERE),
        (replace(ENTRY, invited=("x@y.example",), summary="Dev"), lines.UNKNOWN),
        (replace(ENTRY, invited=("x@y.example",), organizer="dev@westmere.example"), lines.UNKNOWN),
        (replace(ENTRY, invited=("dev@westmere.example", "ravi@westmere.example")), lines.SEVERAL),
        (replace(ENTRY, invited=("vi@westmere.example",)), lines.BARRED),
        (titled("Devi"), lines.UNKNOWN),
        (titled("hana@westmere.example", organizer="dev@westmere.example"), lines.ELSEWHERE),
        (titled(""), lines.NOBODY),
        (replace(ENTRY, start=NOW - HOUR, end=NOW), lines.OVER),
        (replace(ENTRY, end=ENTRY.start + LONGEST + timedelta(seconds=1)), lines.TOO_LONG),
        (replace(ENTRY, start=None, end=None, fault=NO_TIME), NO_TIME),
    ],
)
def test_why_nobody_covers_is_said(entry: Found, fault: str) -> None:
    [line] = decided(entry)
    assert (line.cover, line.there, line.fault) == (None, False, fault)


def test_two_of_one_name_are_not_told_apart_by_it() -> None:
    [line] = decided(titled("Dev"), members=(DEV, replace(RAVI, name="Dev")))
    assert line.fault == lines.SEVERAL


def test_what_is_there_is_not_made_again_and_what_crosses_it_is_refused() -> None:
    there = Covered(DEV.uuid, NOW + HOUR, NOW + 9 * HOUR)
    later = replace(ENTRY, start=NOW + 8 * HOUR, end=NOW + 12 * HOUR)
    after = replace(ENTRY, start=NOW + 9 * HOUR, end=NOW + 12 * HOUR)
    same, other = decided(ENTRY, replace(ENTRY, invited=(RAVI.email.lower(),)), covers=(there,))
    assert (same.there, same.cover, same.fault) == (True, None, None)
    assert other.fault == lines.TAKEN
    assert [each.fault for each in decided(later, covers=(there,))] == [lines.TAKEN]
    assert [each.fault for each in decided(after, covers=(there,))] == [None]


def test_within_a_file_each_time_counts_once_in_the_order_of_time() -> None:
    early = replace(ENTRY, start=NOW, end=NOW + 2 * HOUR)
    nothing = replace(ENTRY, start=None, end=None, fault=NO_TIME)
    assert [each.fault for each in decided(nothing, ENTRY, early, ENTRY)] == [
        None, lines.CROSSING, lines.CROSSING, NO_TIME,
    ]  # fmt: skip
    assert [each.fault for each in decided(ENTRY, ENTRY)] == [None, lines.TWICE]


@given(
    st.lists(st.tuples(st.integers(-20, 200), st.integers(1, 60), st.sampled_from([DEV, RAVI])), max_size=20)
)
def test_a_file_once_taken_makes_nothing_more_and_no_two_covers_cross(
    told: list[tuple[int, int, Member]],
) -> None:
    entries = [
        Found(NOW + start * HOUR, NOW + (start + length) * HOUR, invited=(who.email.lower(),))
        for start, length, who in told
    ]
    made = [each.cover for each in decided(*entries) if each.cover]
    assert not any(one.meets(other) for one in made for other in made if one is not other)
    again = decided(*entries, covers=tuple(made))
    assert [each.cover for each in again if each.cover] == []
    assert {(each.start, each.end) for each in again if each.there} == {
        (each.start, each.end) for each in made
    }
