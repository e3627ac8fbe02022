"""Whose series are."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import subjects, whose
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import says, spo2


def kinds_of(session: Session, cast: Cast, **how: bool) -> list[str]:
    theirs = whose.series_of([subjects.person(cast.ada.id)], **how)
    return sorted(session.scalars(select(theirs.c.kind)))


def test_a_persons_homes_series_are_theirs_only_where_that_is_wanted(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.give(session, kit.device(session, "smoke-1"), home_id=cast.ada_home.id)
    kit.take_in(session, says("oximeter-1", spo2()), says("smoke-1", {"kind": "smoke", "value": 0}))
    assert kinds_of(session, cast) == ["spo2"]
    assert kinds_of(session, cast, with_homes=True) == ["smoke", "spo2"]


def test_what_was_unassigned_by_mistake_is_nobodys(session: Session, cast: Cast) -> None:
    assignment = kit.give(session, kit.device(session), person_id=cast.ada.id)
    kit.take_in(session, says("oximeter-1", spo2()))
    assignment.deleted_at = NOW
    session.flush()
    assert kinds_of(session, cast, with_homes=True) == []
