"""How long kit may be silent, set from its page."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from devices import kit_expected, last_word, silences
from devices.gather import Word
from devices.models import Device
from tests.app.conftest import ClientAs
from tests.cast import Cast
from tests.devices import kit

DAY = timedelta(days=1)


@pytest.fixture
def scale(session: Session, cast: Cast, now: datetime) -> Device:
    made = kit.device(session, "scale-0001", name="Scale")
    kit.give(session, made, person_id=cast.ada.id, start=now - 9 * DAY)
    return made


def test_kit_without_a_figure_says_that_nobody_notices_when_it_stops(
    cast: Cast, client_as: ClientAs, scale: Device
) -> None:
    cora = client_as(cast.cora)
    assert "No figure of silence: nobody notices when it stops." in cora.get(f"/kit/{scale.uuid}").text
    assert "no figure of silence" in cora.get("/kit").text


def test_a_figure_is_set_and_taken_away_and_the_page_says_whose_it_is(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    cora, path = client_as(cast.cora), f"/kit/{scale.uuid}"
    answer = cora.post(f"{path}/silent-after", data={"silent_after_hours": "36"}, follow_redirects=True)
    assert "How long it may be silent is set." in answer.text
    assert "Late after 36 h without a word, missing after 39.6 h: as staff have set." in answer.text
    session.refresh(scale)
    assert scale.silent_after_seconds == 36 * 3600

    cora.post(f"{path}/silent-after", data={"silent_after_hours": ""})
    last_word.write(session, {scale.id: Word(heard_at=now, speaks_every=7200)}, now)
    assert "missing after 6 h: as it says that it speaks every 2 h." in cora.get(path).text


@pytest.mark.parametrize("wrong", ["soon", "0", "9999", "nan"])
def test_a_figure_that_can_not_be_is_given_back_with_what_is_wrong(
    cast: Cast, client_as: ClientAs, scale: Device, wrong: str
) -> None:
    answer = client_as(cast.cora).post(f"/kit/{scale.uuid}/silent-after", data={"silent_after_hours": wrong})
    assert answer.status_code == 422
    assert "hours" in answer.text
    assert f'value="{wrong}"' in answer.text
    assert scale.silent_after_seconds is None


def test_the_page_tells_how_much_of_the_time_it_was_heard_and_the_list_has_the_least_heard_first(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    pendant = kit.device(session, "pendant-0001", name="A pendant", life_safety=True)
    kit.give(session, pendant, person_id=cast.ada.id, start=now - 9 * DAY)
    scale.silent_after_seconds = 3600
    for device in (pendant, scale):
        kit_expected.expect(session, device, now - 4 * DAY)
    silences.begin(session, {scale.id: now - 2 * DAY})
    cora = client_as(cast.cora)
    assert "Not heard for 48 h" in cora.get(f"/kit/{scale.uuid}").text

    text = cora.get("/kit?sort=heard").text

    assert text.index(">Scale<") < text.index(">A pendant<")
    assert "All of this kit together was heard for 75 % of the time" in text
    assert "50 %" in text
