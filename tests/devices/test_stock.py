"""Kit as a list."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices import silence, silences, stock
from devices.models import Assignment, Device, DeviceWord
from devices.stock import Where
from people import signing_in
from people.access import Viewer
from people.models.agencies import Staff
from tests.cast import Cast

DAY = timedelta(days=1)


def viewer(session: Session, staff: Staff, now: datetime) -> Viewer:
    return signing_in.viewer_of(session, staff, now)


def device(
    session: Session, name: str, now: datetime, person_id: int | None = None, **more: object
) -> Device:
    row = Device(key=f"kit-{name}", name=name, model="HL", **more)
    session.add(row)
    session.flush()
    if person_id is not None:
        session.add(Assignment(device_id=row.id, person_id=person_id, period=Range(now - 10 * DAY, None)))
    session.flush()
    return row


@pytest.fixture
def kit(session: Session, cast: Cast, now: datetime) -> dict[str, Device]:
    """Ada's scale and her pendant, which is offline; a spare one, and one that speaks and is nobody's."""
    hub_id = cast.hub.id
    found = {
        "scale": device(session, "scale", now, cast.ada.id, agency_id=hub_id, serial="S-100%"),
        "pendant": device(session, "pendant", now, cast.ada.id, agency_id=hub_id, life_safety=True),
        "spare": device(session, "spare", now, agency_id=hub_id),
        "stray": device(session, "stray", now, agency_id=hub_id),
    }
    gone = now - timedelta(hours=2)
    session.add(
        DeviceWord(device_id=found["pendant"].id, heard_at=gone, online=False, online_changed_at=gone)
    )
    session.add(DeviceWord(device_id=found["stray"].id, heard_at=now - timedelta(hours=1)))
    session.flush()
    return found


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (Where.OUT, ["pendant", "scale"]),
        (Where.STOCK, ["spare", "stray"]),
        (Where.DOWN, ["pendant"]),
        (Where.UNASSIGNED, ["stray"]),
    ],
)
@pytest.mark.usefixtures("kit")
def test_kit_is_listed_by_where_it_is(
    session: Session, cast: Cast, now: datetime, where: Where, names: list[str]
) -> None:
    cora = viewer(session, cast.cora, now)
    assert [piece.device.name for piece in stock.list_pieces(session, cora, where, now)] == names
    assert stock.count(session, cora, where, now) == len(names)


@pytest.mark.usefixtures("kit")
def test_a_search_takes_what_was_typed_as_it_is(session: Session, cast: Cast, now: datetime) -> None:
    cora = viewer(session, cast.cora, now)
    assert [piece.device.name for piece in stock.list_pieces(session, cora, None, now, like="100%")] == [
        "scale"
    ]
    assert stock.list_pieces(session, cora, None, now, like="1_0") == []


@pytest.mark.usefixtures("kit")
def test_a_stranger_sees_nobodys_kit_of_ours(session: Session, cast: Cast, now: datetime) -> None:
    mallory = viewer(session, cast.mallory, now)
    assert stock.list_pieces(session, mallory, Where.OUT, now) == []
    assert stock.list_without_protection(session, mallory, now) == []
    assert stock.count_down(session, mallory, now) == (0, 0)


def test_who_is_without_protection_is_listed_who_lives_alone_first(
    session: Session, cast: Cast, now: datetime, kit: dict[str, Device]
) -> None:
    cora = viewer(session, cast.cora, now)
    (found,) = stock.list_without_protection(session, cora, now)
    assert (found.person, found.device, found.why, found.alone) == (cast.ada, kit["pendant"], "offline", True)
    assert stock.count_down(session, cora, now) == (0, 1)


def test_it_tells_whose_a_device_was(
    session: Session, cast: Cast, now: datetime, kit: dict[str, Device]
) -> None:
    (stay,) = stock.list_stays(session, viewer(session, cast.cora, now), kit["scale"], now)
    assert (stay.person, stay.home) == (cast.ada, None)


def test_it_tells_of_how_much_of_the_time_kit_was_heard_and_lists_the_least_heard_first(
    session: Session, cast: Cast, now: datetime, kit: dict[str, Device]
) -> None:
    spare = device(session, "button", now, cast.ada.id, agency_id=cast.hub.id)
    for each, silent in ((kit["pendant"], 2), (spare, 5)):
        row = silence.expect(
            session, source=silences.KIT, device_id=each.id, every_seconds=3600, grace_seconds=300,
            first_by=now, now=now,
        )  # fmt: skip
        row.began_at = now - 10 * DAY
        silences.begin(session, {each.id: now - silent * DAY})
    session.flush()
    cora = viewer(session, cast.cora, now)

    pieces, together = stock.list_least_heard(session, cora, Where.OUT, now)

    assert [piece.device.name for piece in pieces] == ["button", "pendant", "scale"]
    assert stock.heard_percent(session, pieces, now) == {spare.id: 50, kit["pendant"].id: 80}
    assert together == 65
    second, _ = stock.list_least_heard(session, cora, Where.OUT, now, limit=1, offset=1)
    assert [piece.device.name for piece in second] == ["pendant"]
