"""Kit is moved by the table, and a recall finds everybody who has such a piece, the riskiest first."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from devices import assignments, kit_life
from devices.models import Device, Recall
from devices.models import DeviceState as S
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, DAY


def move(session: Session, device: Device, to: S) -> S:
    return kit_life.move(session, device, to, now=NOW, actor=CORA).state


def recall(session: Session, **given: str) -> Recall:
    return kit_life.recall(session, **{"model": "HL-P1", "reason": "It burns", **given}, now=NOW, actor=CORA)


def test_kit_goes_through_its_life_on_the_record(session: Session, cast: Cast) -> None:
    device = kit.device(session)
    assert move(session, device, S.RESERVED) is S.RESERVED
    given = assignments.assign(session, device, start=NOW - DAY, now=NOW, actor=CORA, person_id=cast.ada.id)
    assert (device.state, device.reserved_for) == (S.INSTALLED, None)

    assignments.end(session, given, at=NOW, now=NOW, actor=CORA)

    assert (device.state, device.state_since, device.due_back_on) == (S.RECOVERED, NOW, None)
    assert [move(session, device, to) for to in (S.CLEANED, S.IN_STOCK, S.RETIRED)][-1] is S.RETIRED
    moved = session.scalars(select(JournalEntry.details).where(JournalEntry.what == "moved")).all()
    assert moved[-1] == {"from": "in_stock", "to": "retired"}


def test_what_may_not_follow_is_refused_with_what_may(session: Session, cast: Cast) -> None:
    device = kit.device(session, state=S.RECOVERED)
    with pytest.raises(Invalid, match="cleaned"):
        move(session, device, S.IN_STOCK)

    held = kit.device(session, "held-0001", state=S.INSTALLED)
    kit.give(session, held, person_id=cast.ada.id)
    with pytest.raises(Invalid, match="while somebody has it"):
        move(session, held, S.RECOVERED)
    assert move(session, held, S.IN_REPAIR) is S.IN_REPAIR


@pytest.mark.parametrize("state", [S.RETIRED, S.LOST])
def test_what_is_lost_or_retired_is_given_to_nobody(session: Session, cast: Cast, state: S) -> None:
    device = kit.device(session, state=state)

    with pytest.raises(Conflict, match=state.value):
        assignments.assign(session, device, start=NOW, now=NOW, actor=CORA, person_id=cast.ada.id)


def test_a_recall_finds_who_has_it_the_riskiest_first(session: Session, cast: Cast) -> None:
    for key, given in (
        ("in-stock-1", {"lot": "L7"}),
        ("adas-scale", {"lot": "l7"}),
        ("adas-pendant", {"lot": None, "life_safety": True}),
        ("other-lot-1", {"lot": "L8"}),
        ("other-model", {"model": "HL-P2"}),
        ("retired-0001", {"lot": "L7", "state": S.RETIRED}),
    ):
        device = kit.device(session, key, **{"model": "hl-p1", "name": key, **given})
        if key.startswith("adas"):
            kit.give(session, device, person_id=cast.ada.id)
    called = recall(session, lot="L7")

    found = kit_life.list_affected(session, viewer_of(session, cast.cora, NOW), called, NOW)

    assert [(each.device.name, each.person) for each in found] == [
        ("adas-pendant", cast.ada), ("adas-scale", cast.ada), ("in-stock-1", None),
    ]  # fmt: skip
    assert [each.reason for each in kit_life.recalls_of(session, found[0].device)] == ["It burns"]


def test_a_recall_of_a_model_is_of_every_lot(session: Session, cast: Cast) -> None:
    kit.device(session, "a-0001", model="HL-P1", lot="L1")
    kit.device(session, "b-0001", model="HL-P1")
    called = recall(session)

    assert len(kit_life.list_affected(session, viewer_of(session, cast.cora, NOW), called, NOW)) == 2


def test_whoever_sees_nobody_is_told_of_nobody(session: Session, cast: Cast) -> None:
    kit.give(session, kit.device(session, model="HL-P1"), person_id=cast.ada.id)
    called = recall(session)

    assert kit_life.list_affected(session, viewer_of(session, cast.mallory, NOW), called, NOW) == []


def test_a_recall_stands_once_and_ends_once(session: Session) -> None:
    called = recall(session, lot="L7")
    with pytest.raises(Conflict):
        recall(session, model="hl-p1", lot="l7")
    recall(session)

    kit_life.end_recall(session, called, now=NOW, actor=CORA)

    with pytest.raises(Conflict):
        kit_life.end_recall(session, called, now=NOW, actor=CORA)
    assert [each.lot for each in kit_life.list_recalls(session)] == [None, "L7"]
    assert kit_life.get_recall(session, called.uuid) is called
    session.delete(called)
    session.flush()
    with pytest.raises(NotFound):
        kit_life.get_recall(session, called.uuid)


@pytest.mark.parametrize("name", ["due_back_on", "calibration_due_on"])
@pytest.mark.parametrize(("days", "due"), [(None, False), (15, False), (14, True), (0, True), (-900, True)])
def test_a_date_is_due_soon_before_it(session: Session, name: str, days: int | None, due: bool) -> None:
    today = NOW.date()
    device = kit.device(session, **{name: None if days is None else today + days * DAY})

    found = session.scalars(select(Device).where(kit_life.is_due(today))).all()

    assert found == ([device] if due else [])
