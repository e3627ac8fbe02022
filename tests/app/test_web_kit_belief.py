"""How far kit is believed, on its page, and the readings behind the figures."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.web import belief_words
from core.models import JournalEntry
from devices.believed import Mark, Tally
from devices.models import Device, DeviceState
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit
from tests.devices.kit import HOUR, MINUTE, says, spo2


@pytest.fixture
def oximeter(session: Session, cast: Cast, now: datetime) -> Device:
    made = kit.device(session, state=DeviceState.INSTALLED)
    kit.give(session, made, person_id=cast.ada.id, start=now - timedelta(days=9))
    return made


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (Tally(40), "Believed."),
        (
            Tally(40, {Mark.CLOCK_CORRECTED: 40}, slow_by=3 * MINUTE),
            "Believed. Its clock is 3 min slow; set right.",
        ),
        (
            Tally(40, {Mark.CLOCK_CORRECTED: 40}, slow_by=-5 * HOUR),
            "Believed. Its clock is 5 h fast; set right.",
        ),
        (Tally(40, {Mark.BEYOND: 1}), "Believed, but for 1 of 40 readings."),
        (Tally(40, {Mark.BEYOND: 8}), "Not to be relied on: 8 of 40 readings can’t be believed."),
        (
            Tally(40, {Mark.LATE: 10}, delay=2 * HOUR),
            "Believed. What comes late is usually 2 h under way.",
        ),
    ],
)
def test_a_sentence_says_how_far_it_is_believed(tally: Tally, said: str) -> None:
    assert belief_words.sentence(tally) == said


def test_kit_that_measures_what_can_not_be_is_sent_to_repair_from_there(
    session: Session, cast: Cast, client_as: ClientAs, oximeter: Device, now: datetime
) -> None:
    readings = [spo2(20, now - n * MINUTE) for n in range(1, 4)] + [spo2(93, now - 4 * MINUTE)]
    kit.take_in(session, says("oximeter-1", *readings, at=now), now=now)
    cora, path = client_as(cast.cora), f"/kit/{oximeter.uuid}"
    text = cora.get(path).text
    assert "Not to be relied on: 3 of 4 readings can’t be believed." in text
    assert f'href="{path}/marked/beyond"' in text
    assert "It needs repair" in text

    moved = cora.post(f"{path}/state", data={"state": "in_repair"})
    assert moved.status_code == 303, moved.text
    session.refresh(oximeter)
    assert oximeter.state is DeviceState.IN_REPAIR


def test_the_readings_behind_a_figure_are_listed_and_the_look_is_written_down(
    session: Session, cast: Cast, client_as: ClientAs, oximeter: Device, now: datetime
) -> None:
    kit.take_in(session, says("oximeter-1", spo2(93, now - 3 * HOUR), at=now), now=now)
    answer = client_as(cast.cora).get(f"/kit/{oximeter.uuid}/marked/late")
    assert h1(answer) == "Reached us late"
    assert "3 h ago" in answer.text
    assert "93" in answer.text
    looks = select(JournalEntry.details).where(
        JournalEntry.subject_uuid == cast.ada.uuid, JournalEntry.what == "looked at"
    )
    assert {"what": "readings of kit"} in session.scalars(looks).all()


def test_a_mark_that_no_reading_has_says_what_would_appear(
    cast: Cast, client_as: ClientAs, oximeter: Device
) -> None:
    cora = client_as(cast.cora)
    assert "None of its newest readings" in cora.get(f"/kit/{oximeter.uuid}/marked/late").text
    assert cora.get(f"/kit/{oximeter.uuid}/marked/purple").status_code == 404


def test_readings_that_are_not_shared_are_not_counted(
    session: Session, cast: Cast, client_as: ClientAs, oximeter: Device, now: datetime
) -> None:
    kit.take_in(session, says("oximeter-1", spo2(20, now - MINUTE), at=now), now=now)
    assert "can’t be believed" not in client_as(cast.hana).get(f"/kit/{oximeter.uuid}").text
