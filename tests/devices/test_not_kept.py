"""Unknown traffic is kept up to a bound and counted beyond it; a danger to life is always kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import not_kept, rejected
from devices.gather import Refusal
from devices.models import NotKept, Rejected
from people.access import Viewer
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(not_kept, "MOST_OF_KIT", 3)
    monkeypatch.setattr(not_kept, "MOST_OF_NOBODY", 5)


def refusal(
    device_id: int | None, code: str = "unknown_sensor", *, danger: bool = False, days: int = 0
) -> Refusal:
    message = kit.message("hearth/v1/hub-0001/zigbee2mqtt/0xa1", {}, at=NOW + timedelta(days=days))
    return Refusal(message, device_id, code, "why", "0xa1", danger)


def kept(session: Session) -> list[tuple[int | None, str]]:
    return [(row.device_id, row.code) for row in session.scalars(select(Rejected).order_by(Rejected.id))]


def counted(session: Session) -> dict[tuple[int | None, str], int]:
    return {(row.device_id, row.code): row.messages for row in session.scalars(select(NotKept))}


def test_of_one_hub_so_many_are_kept_and_the_rest_is_counted(session: Session) -> None:
    hub, other = kit.device(session, "hub-0001"), kit.device(session, "hub-0002")
    rejected.keep(session, [refusal(hub.id)] * 2)
    rejected.keep(session, [refusal(hub.id)] * 4 + [refusal(other.id)])
    rejected.keep(session, [refusal(hub.id)] * 2)

    assert kept(session) == [(hub.id, "unknown_sensor")] * 3 + [(other.id, "unknown_sensor")]
    assert counted(session) == {(hub.id, "unknown_sensor"): 5}


def test_what_is_settled_makes_room(session: Session) -> None:
    hub = kit.device(session, "hub-0001")
    rejected.keep(session, [refusal(hub.id)] * 3)
    for row in session.scalars(select(Rejected)):
        row.settled_at, row.settled_how = NOW, rejected.SET_ASIDE
    session.flush()

    rejected.keep(session, [refusal(hub.id)])

    assert len(kept(session)) == 4


def test_what_is_nobodys_has_a_bound_of_all_together(session: Session) -> None:
    rejected.keep(session, [refusal(None, "unknown_topic")] * 9)

    assert len(kept(session)) == 5
    assert counted(session) == {(None, "unknown_topic"): 4}


def test_a_danger_and_what_cannot_be_read_are_always_kept(session: Session) -> None:
    hub = kit.device(session, "hub-0001")
    rejected.keep(session, [refusal(hub.id)] * 5)
    rejected.keep(session, [refusal(hub.id, danger=True), refusal(hub.id, "not_json")])

    assert kept(session)[3:] == [(hub.id, "unknown_sensor"), (hub.id, "not_json")]


def test_a_press_of_a_sensor_nobody_knows_is_a_danger(session: Session) -> None:
    kit.device(session, "hub-0001")
    press = kit.message("hearth/v1/hub-0001/zigbee2mqtt/0xa1", {"action": "emergency"})
    quiet = kit.message("hearth/v1/hub-0001/zigbee2mqtt/0xa1", {"temperature": 20})

    assert [each.danger for each in kit.read(session, press, quiet).refusals] == [True, False]


def test_what_was_counted_is_told_to_those_who_see_the_kit(session: Session, cast: Cast) -> None:
    hub = kit.device(session, "hub-0001", name="Ada’s hub")
    kit.give(session, hub, person_id=cast.ada.id)
    rejected.keep(
        session, [refusal(hub.id)] * 4 + [refusal(hub.id, days=-9)] + [refusal(None, "unknown_topic")] * 7
    )

    def told(who: Viewer) -> list[tuple[str | None, int]]:
        return [(name, count) for name, _, count, _ in not_kept.list_not_kept(session, who, NOW)]

    assert told(viewer_of(session, cast.cora, NOW)) == [(None, 2), ("Ada’s hub", 1)]
    assert told(viewer_of(session, cast.mallory, NOW)) == [(None, 2)]
