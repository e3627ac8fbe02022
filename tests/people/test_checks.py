"""Checks and inductions of staff: recorded with an end, shown before they lapse, and who may not be asked."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from people import checks
from people.access import Viewer
from tests.cast import Cast

DBS = "DBS check"


def administrator(cast: Cast) -> Viewer:
    return Viewer(
        staff_id=cast.sol.id, staff_uuid=cast.sol.uuid, name="An administrator", agency_id=cast.health.id,
        role="administrator", team_ids=frozenset(),
    )  # fmt: skip


def record(
    session: Session, cast: Cast, now: datetime, *, name: str = DBS, done: int = -300, until: int = 60
) -> None:
    given = {
        "name": name,
        "done_on": (now + timedelta(days=done)).date().isoformat(),
        "valid_until": (now + timedelta(days=until)).date().isoformat(),
    }
    checks.record(session, cast.dev, given, by=administrator(cast), now=now)


def test_of_one_name_what_was_done_last_counts(session: Session, cast: Cast, now: datetime) -> None:
    record(session, cast, now, done=-800, until=-30)
    assert not checks.may_be_asked(session, cast.dev.id, now)
    record(session, cast, now, name="dbs CHECK", done=-1, until=700)
    assert checks.may_be_asked(session, cast.dev.id, now)
    assert checks.list_lapsing(session, now, agency_id=cast.health.id) == []


def test_it_holds_until_the_end_of_its_last_day(session: Session, cast: Cast, now: datetime) -> None:
    record(session, cast, now, until=0)
    assert checks.may_be_asked(session, cast.dev.id, now)
    assert not checks.may_be_asked(session, cast.dev.id, now + timedelta(days=1))


def test_what_was_never_recorded_has_not_lapsed(session: Session, cast: Cast, now: datetime) -> None:
    assert checks.lapsed(session, [cast.dev.id, cast.cora.id], now) == frozenset()


def test_what_lapses_within_thirty_days_is_shown_before_it_does(
    session: Session, cast: Cast, now: datetime
) -> None:
    record(session, cast, now, name="Far off", until=31)
    record(session, cast, now, name="Soon", until=30)
    record(session, cast, now, name="Over", until=-1)
    found = checks.list_lapsing(session, now, team_ids=[cast.nurses.id])
    assert [(each.check.name, each.lapsed) for each in found] == [("Over", True), ("Soon", False)]
    assert checks.list_lapsing(session, now, team_ids=[cast.coordinators.id]) == []
    assert checks.list_lapsing(session, now, agency_id=cast.hub.id) == []


def test_one_recorded_in_error_is_taken_back(session: Session, cast: Cast, now: datetime) -> None:
    record(session, cast, now, until=-1)
    [row] = checks.list_of(session, cast.dev)
    checks.remove(session, cast.dev, row.uuid, by=administrator(cast), now=now)
    assert checks.may_be_asked(session, cast.dev.id, now)
    with pytest.raises(NotFound):
        checks.remove(session, cast.dev, row.uuid, by=administrator(cast), now=now)


def test_only_their_own_agency_records_them(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        checks.record(session, cast.cora, {}, by=administrator(cast), now=now)


def test_every_fault_is_said(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as fault:
        record(session, cast, now, done=2, until=1)
    assert set(fault.value.fields) == {"done_on", "valid_until"}
