"""What each role may do, and how a token narrows it."""

from uuid import UUID

import pytest

from people.access import (
    EVERYONE,
    MAY,
    SEES_ALL,
    Extent,
    Need,
    RecordClass,
    Viewer,
    every_scope,
    may,
    may_write,
    role_may,
)
from people.models.agencies import Role


def viewer(role: str, scopes: frozenset[str] | None = None, *, everyone: bool = False) -> Viewer:
    return Viewer(1, UUID(int=1), "Somebody", 1, role, frozenset(), everyone, scopes)


def test_the_table_knows_every_role_and_no_other() -> None:
    assert set(MAY) == {role.value for role in Role}


@pytest.mark.parametrize("role", list(Role))
def test_who_may_act_on_something_may_read_it(role: Role) -> None:
    for need in MAY[role.value]:
        what = need.value.partition(":")[0]
        if need.acts and f"{what}:read" in set(Need):
            assert Need(f"{what}:read") in MAY[role.value]


@pytest.mark.parametrize(
    ("role", "need", "allowed"),
    [
        ("coordinator", "alerts:act", True),
        ("coordinator", "pathways:switch", False),
        ("clinician", "pathways:switch", True),
        ("volunteer", "people:read", False),
        ("volunteer", "follow-ups:act", True),
        ("technician", "kit:write", True),
        ("technician", "people:read", False),
        ("technician", "plans:read", False),
        ("commissioner", "outcomes:read", True),
        ("commissioner", "people:read", False),
        ("administrator", "staff:write", True),
        ("administrator", "people:read", False),
        ("responder", "alerts:act", True),
        ("responder", "plans:write", False),
    ],
)
def test_a_role_allows_what_its_work_asks(role: str, need: str, allowed: bool) -> None:
    assert may(viewer(role), Need(need)) is allowed
    assert role_may(role, Need(need)) is allowed


def test_a_token_allows_no_more_than_its_scopes_and_its_owners_role() -> None:
    narrow = viewer("coordinator", frozenset({"people:read", "staff:write"}))
    assert may(narrow, Need.PEOPLE_READ)
    assert not may(narrow, Need.HOMES_READ)
    assert not may(narrow, Need.STAFF_WRITE)


def test_an_operators_token_is_limited_by_its_scopes_alone() -> None:
    operator = viewer("clinician", frozenset({"staff:write", EVERYONE}), everyone=True)
    assert may(operator, Need.STAFF_WRITE)
    assert not may(operator, Need.PEOPLE_READ)


def test_an_unknown_role_may_nothing() -> None:
    assert not any(may(viewer("nobody"), need) for need in Need)


def test_only_reading_is_no_act() -> None:
    assert {need.value for need in Need if not need.acts} == {
        need.value for need in Need if need.value.endswith(":read")
    }


def test_every_scope_is_a_need_or_sight_of_everybody() -> None:
    assert every_scope() == {need.value for need in Need} | {EVERYONE}


@pytest.mark.parametrize("extent", list(Extent))
def test_a_class_is_written_by_who_sees_it_in_full(extent: Extent) -> None:
    sees = {**SEES_ALL, RecordClass.CONTACT: extent}
    assert may_write(sees, RecordClass.CONTACT) is (extent is Extent.FULL)
    assert may_write(sees, RecordClass.PLAN)
    assert not may_write(SEES_ALL, RecordClass.RESTRICTED)
