"""A message that a bridge sends by HTTP: who may, and that it is stored as intake would."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import bridged, last_word, registry, rejected
from devices.measurement import Flags
from devices.models import Device, DeviceWord, FoundSensor, Rejected
from devices.subjects import person
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, MINUTE

PRESS = b"<mrq><ref>00001883</ref><cid>26317</cid><dty>3</dty><stc>10</stc><crd>gsm:+447700900123</crd></mrq>"
HEARTBEAT = b"<mrq><ref>00001884</ref><mty>PI</mty><cid>26317</cid><dty>2</dty></mrq>"


@pytest.fixture
def bridge(session: Session) -> registry.Enrolment:
    return registry.enrol(
        session, {"name": "Bridge", "model": "Kamailio"}, now=NOW, actor=CORA, key="bridge-1"
    )


@pytest.fixture
def unit(session: Session, bridge: registry.Enrolment) -> Device:
    return kit.sensor(session, bridge.device, "26317", model="Unit", life_safety=True)


def heard(session: Session, device: Device) -> DeviceWord | None:
    session.expire_all()
    return session.get(DeviceWord, device.id)


def test_a_bridge_is_known_by_its_secret_of_the_broker(session: Session, bridge: registry.Enrolment) -> None:
    assert bridged.knows_secret(session, "bridge-1", bridge.secret)
    assert not bridged.knows_secret(session, "bridge-1", bridge.secret[:-1])
    assert not bridged.knows_secret(session, "bridge-1", "")
    assert not bridged.knows_secret(session, "bridge-1", bridge.secret + "x" * 72)
    assert not bridged.knows_secret(session, "bridge-2", bridge.secret)
    assert not bridged.knows_secret(session, "bridge-2", "nobody")


def test_a_bridge_that_was_revoked_is_not(session: Session, bridge: registry.Enrolment) -> None:
    registry.revoke(session, bridge.device, now=NOW, actor=CORA)

    assert not bridged.knows_secret(session, "bridge-1", bridge.secret)


def test_a_press_is_stored_as_a_copy_and_wakes_whose_unit_it_is(
    session: Session, cast: Cast, unit: Device
) -> None:
    kit.give(session, unit, person_id=cast.ada.id)

    answer = bridged.copy_call(session, "bridge-1", PRESS, NOW)

    assert kit.stored(session) == [("pendant", NOW, 1.0, int(Flags.COPY | Flags.NO_CLOCK))]
    assert person(cast.ada.id).number in kit.woken(session)
    assert answer == (
        b"<mrs><ref>00001883</ref><snu>5</snu><ste>Kept as a copy. Nobody here answers this call.</ste></mrs>"
    )


def test_the_same_press_sent_again_is_one_and_another_is_another(session: Session, unit: Device) -> None:
    for at in (NOW, NOW + MINUTE / 2, NOW + 2 * MINUTE):
        bridged.copy_call(session, "bridge-1", PRESS, at)

    assert [at for _, at, _, _ in kit.stored(session)] == [NOW, NOW + 2 * MINUTE]


def test_a_heartbeat_is_a_sign_of_life_of_the_unit_and_its_bridge(
    session: Session, bridge: registry.Enrolment, unit: Device
) -> None:
    bridged.copy_call(session, "bridge-1", HEARTBEAT, NOW)

    word, of_bridge = heard(session, unit), heard(session, bridge.device)
    assert word is not None
    assert of_bridge is not None
    assert (word.heard_at, word.online, of_bridge.heard_at) == (NOW, True, NOW)
    assert kit.stored(session) == []


def test_a_unit_nobody_registered_is_refused_kept_and_found(
    session: Session, bridge: registry.Enrolment
) -> None:
    answer = bridged.copy_call(session, "bridge-1", PRESS, NOW)

    [row] = session.scalars(select(Rejected)).all()
    assert (row.code, row.device_id, row.topic) == (
        "unknown_sensor",
        bridge.device.id,
        "hearth/v1/bridge-1/scaip",
    )
    assert session.scalars(select(FoundSensor.address)).all() == ["26317"]
    assert b"<snu>3</snu>" in answer


def test_what_is_kept_of_a_call_has_no_number_to_ring(session: Session, bridge: registry.Enrolment) -> None:
    bridged.copy_call(session, "bridge-1", PRESS, NOW)

    kept = rejected.payload(session, session.scalars(select(Rejected)).one())
    assert b"447700900123" not in kept
    assert b"<cid>26317</cid>" in kept


def test_what_can_not_be_stored_is_kept_with_why(
    session: Session, unit: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_session: Session, words: dict[int, object], _now: object) -> None:
        if words:
            raise ValueError

    monkeypatch.setattr(last_word, "write", refuse)

    answer = bridged.copy_call(session, "bridge-1", PRESS, NOW)

    assert session.scalars(select(Rejected.code)).all() == ["unstorable"]
    assert kit.stored(session) == []
    assert b"<snu>3</snu>" in answer
