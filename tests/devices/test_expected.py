"""What is expected to be heard, for pages."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from devices import expected, subjects
from devices.models import Device, Expectation, HeardState
from tests.cast import Cast

GRACE = timedelta(minutes=10)


def expectation(now: datetime, state: HeardState = HeardState.HEARD, **of: object) -> Expectation:
    return Expectation(
        source="x", every_seconds=60, grace_seconds=int(GRACE.total_seconds()), expected_by=now + GRACE,
        state=state, state_since=now, **of,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "due_in"),
    [(HeardState.HEARD, GRACE), (HeardState.LATE, timedelta(0)), (HeardState.MISSING, -GRACE)],
)
def test_it_says_by_when_it_was_due_however_it_stands(
    session: Session, cast: Cast, now: datetime, state: HeardState, due_in: timedelta
) -> None:
    session.add(expectation(now, state, person_id=cast.ada.id, kind="spo2"))
    session.flush()
    ada = subjects.person(cast.ada.id)
    (found,) = expected.list_of_subjects(session, [ada])
    assert (found.subject, found.kind, found.state, found.due_at) == (ada, "spo2", state, now + due_in)


def test_it_lists_only_what_was_asked_for_and_has_not_ended(
    session: Session, cast: Cast, now: datetime
) -> None:
    pendant = Device(key="ada-pendant", name="Pendant", model="test")
    session.add(pendant)
    session.flush()
    ended = expectation(now, home_id=cast.ada_home.id)
    ended.ended_at = now
    session.add_all([ended, expectation(now, person_id=cast.ben.id), expectation(now, device_id=pendant.id)])
    session.flush()
    both = [subjects.person(cast.ada.id), subjects.home(cast.ada_home.id)]
    assert expected.list_of_subjects(session, both) == []
    assert [each.device_id for each in expected.list_of_kit(session, [pendant.id])] == [pendant.id]
