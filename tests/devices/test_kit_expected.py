"""What is expected of kit itself."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import kit_expected, last_word, registry
from devices.gather import Word
from devices.models import Device, Expectation
from devices.silent_after import By
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA, HOUR


@pytest.fixture
def sleeper(session: Session, cast: Cast) -> Device:
    made = kit.device(session)
    kit.give(session, made, person_id=cast.ada.id)
    return made


def says(session: Session, device: Device, every: float) -> None:
    last_word.write(session, {device.id: Word(heard_at=NOW, speaks_every=every)}, NOW)


def expected(session: Session) -> list[tuple[int | None, int]]:
    rows = session.scalars(select(Expectation).where(Expectation.ended_at.is_(None)))
    return [(row.every_seconds, row.grace_seconds) for row in rows]


def test_kit_that_says_how_often_it_wakes_is_expected_by_that(session: Session, sleeper: Device) -> None:
    says(session, sleeper, 7200)
    assert expected(session) == [(14_400, 7200)]
    found = kit_expected.figure_of(sleeper, 7200)
    assert found is not None
    assert found.by is By.SAID


def test_kit_that_comes_to_sleep_longer_is_expected_by_the_longer(session: Session, sleeper: Device) -> None:
    says(session, sleeper, 7200)
    says(session, sleeper, 43_200)
    assert expected(session) == [(86_400, 43_200)]


def test_what_differs_a_little_from_what_it_said_moves_nothing(session: Session, sleeper: Device) -> None:
    says(session, sleeper, 7200)
    for said in (7500, 6900, 7900):
        says(session, sleeper, said)
    assert expected(session) == [(14_400, 7200)]


def test_kit_that_is_nobodys_is_not_expected_whatever_it_says(session: Session) -> None:
    says(session, kit.device(session), 7200)
    assert expected(session) == []


def test_a_figure_of_staff_holds_at_once_and_ends_when_it_is_taken_away(
    session: Session, sleeper: Device
) -> None:
    registry.change(session, sleeper, {"silent_after_seconds": 3600}, now=NOW, actor=CORA)
    assert expected(session) == [(3600, 360)]
    registry.change(session, sleeper, {"silent_after_seconds": None}, now=NOW, actor=CORA)
    assert expected(session) == []


def test_a_model_that_is_known_to_speak_so_often_is_expected_to(session: Session, cast: Cast) -> None:
    motion = kit.device(session, "motion-1", model="WS203")
    kit.give(session, motion, person_id=cast.ada.id)
    kit_expected.expect_anew(session, [motion.id], NOW)
    assert expected(session) == [(3600, 1800)]
    says(session, motion, 8 * HOUR.total_seconds())
    assert expected(session) == [(3600, 1800)], "what is known of the model comes first"
