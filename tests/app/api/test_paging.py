"""Lists come in parts that miss nothing and repeat nothing."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.paging import page, read_cursor, write_cursor
from core.errors import Invalid
from people.models.agencies import Agency, Sector, Team
from tests.cast import Cast


def walk(session: Session, limit: int, *, newest_first: bool = False) -> list[list[str]]:
    parts, cursor = [], None
    while True:
        keys = [Agency.sector, Agency.name, Agency.id]
        part = page(
            session,
            select(Agency),
            keys,
            {"limit": limit, "cursor": cursor},
            newest_first=newest_first,
        )
        parts.append([agency.name for agency in part.items])
        cursor = part.next
        if cursor is None:
            return parts


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
@pytest.mark.parametrize("newest_first", [False, True])
def test_the_parts_are_the_whole_in_order(
    session: Session, cast: Cast, limit: int, newest_first: bool
) -> None:
    ordered = session.scalars(select(Agency).order_by(Agency.sector, Agency.name)).all()
    whole = [agency.name for agency in (reversed(ordered) if newest_first else ordered)]
    parts = walk(session, limit, newest_first=newest_first)
    assert [name for part in parts for name in part] == whole
    assert all(len(part) == limit for part in parts[:-1])
    assert parts[-1] or len(parts) == 1


def test_what_comes_between_two_parts_is_not_missed(session: Session, cast: Cast) -> None:
    first = page(session, select(Agency), [Agency.name], {"limit": 3, "cursor": None})
    last_name = first.items[-1].name
    session.add(Agency(name=f"{last_name} again", sector=Sector.HEALTH))
    session.flush()
    second = page(session, select(Agency), [Agency.name], {"limit": 3, "cursor": first.next})
    assert second.items[0].name == f"{last_name} again"


def test_a_row_of_several_stays_a_row(session: Session, cast: Cast) -> None:
    query = select(Team, Agency).join(Agency, Agency.id == Team.agency_id)
    part = page(session, query, [Team.name, Team.id], {"limit": 2, "cursor": None})
    team, agency = part.items[0]
    assert team.agency_id == agency.id
    assert part.turned(lambda rows: [row[0].name for row in rows]).next == part.next


@pytest.mark.parametrize(
    "cursor", ["x", "!!!!", "bnVsbA", "WzFd", "W10", write_cursor(["a", "b"]), "é", "W" * 999]
)
def test_a_cursor_that_is_not_ours_is_refused(session: Session, cast: Cast, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        page(session, select(Agency), [Agency.changed_at], {"limit": 3, "cursor": cursor})
    assert list(refused.value.fields) == ["cursor"]


@given(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        st.integers(-(2**63), 2**63 - 1),
    )
)
def test_a_cursor_brings_back_what_it_was_made_of(values: tuple[str, int]) -> None:
    assert read_cursor(write_cursor(values), [str, int]) == list(values)


def test_a_cursor_holds_times_days_and_ids() -> None:
    values: list[Any] = [
        datetime(2026, 11, 22, 7, 46, 0, 5, tzinfo=UTC),
        date(2026, 11, 22),
        UUID(int=7),
        1.5,
    ]
    assert read_cursor(write_cursor(values), [datetime, date, UUID, float]) == values
