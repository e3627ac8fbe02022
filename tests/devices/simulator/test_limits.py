import resource

import pytest

from core.errors import Invalid
from devices.simulator import limits


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Pretend that the soft limit is 1,024 and the hard one 5,000; what it is set to."""
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(limits.resource, "getrlimit", lambda _which: (1024, 5000))
    monkeypatch.setattr(limits.resource, "setrlimit", lambda _which, both: asked.append(both))
    return asked


def test_the_soft_limit_is_raised_to_the_hard_one_where_it_is_needed(files: list[tuple[int, int]]) -> None:
    limits.room_for(900)
    assert files == []
    limits.room_for(925)
    assert files == [(5000, 5000)]


def test_more_than_the_hard_limit_is_refused_with_what_is_possible(files: list[tuple[int, int]]) -> None:
    with pytest.raises(Invalid) as refused:
        limits.room_for(4_901)
    assert "5000 files open, which is enough for 4900 connections" in refused.value.fields["fleet"]
    assert files == []


def test_where_nothing_is_limited_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = resource.RLIM_INFINITY
    monkeypatch.setattr(limits.resource, "getrlimit", lambda _which: (endless, endless))
    limits.room_for(1_000_000)
