"""Which rejected messages are seen in the clear."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import rejected, rejected_seen
from devices.gather import Refusal
from devices.models import Rejected
from people.access import RecordClass
from people.models.agencies import Role
from people.models.sharing import SharingBasis
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.devices import kit


@pytest.fixture
def row(session: Session, cast: Cast) -> Rejected:
    """A message of a hub, behind which stands Ada's own sensor."""
    hub = kit.device(session, "hub-1")
    kit.give(session, kit.sensor(session, hub, "0xa1"), person_id=cast.ada.id)
    rejected.keep(
        session, [Refusal(kit.message("hearth/v1/hub-1/readings", b"{"), hub.id, "not_json", "It can't.")]
    )
    return session.scalars(select(Rejected)).one()


def clear(session: Session, cast: Cast, row: Rejected, now: datetime) -> bool:
    session.flush()
    return rejected_seen.in_the_clear(session, viewer_of(session, cast.cora, now), [row], now) == {row.id}


def test_who_sees_all_of_whom_it_may_be_about(
    session: Session, cast: Cast, row: Rejected, now: datetime
) -> None:
    assert clear(session, cast, row, now)


@pytest.mark.parametrize("lacking", sorted(rejected_seen.CLASSES))
def test_who_lacks_one_class_sees_none(
    session: Session, cast: Cast, row: Rejected, now: datetime, lacking: RecordClass
) -> None:
    for basis in session.scalars(select(SharingBasis).where(SharingBasis.record_class == lacking)):
        basis.ended_at = now
    assert not clear(session, cast, row, now)


def test_a_technician_sees_none_whatever_their_agency_sees(
    session: Session, cast: Cast, row: Rejected, now: datetime
) -> None:
    cast.cora.role = Role.TECHNICIAN
    assert not clear(session, cast, row, now)


def test_of_kit_that_nobody_had_they_stay_covered(
    session: Session, cast: Cast, row: Rejected, now: datetime
) -> None:
    row.device_id = kit.device(session, "bench-1").id
    assert not clear(session, cast, row, now)
