"""The page of who uses shared kit, and whose its readings are."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import doubts, kit_users, owners, subjects, unclaimed
from devices.models import Device
from devices.shared_kit_models import KitUser, Owner, ReadingOwner
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.judged_home import Home
from tests.cast import Cast
from tests.devices import kit, shared
from tests.devices.kit import CORA
from tests.devices.shared import weighs

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scale(session: Session, cast: Cast) -> Device:
    return shared.scale(session, cast)


def path(scale: Device, rest: str = "/users") -> str:
    return f"/kit/{scale.uuid}{rest}"


def ask(scale: Device, at: datetime, whose: object) -> dict[str, str]:
    return {"channel": "", "at": at.isoformat(), "whose": str(whose)}


def test_kit_that_nobody_is_set_down_for_says_what_that_means(
    cast: Cast, client_as: ClientAs, scale: Device
) -> None:
    answer = client_as(cast.cora).get(path(scale))
    assert h1(answer) == "Who uses Bathroom scale"
    assert "Nobody is set down yet" in answer.text
    assert "Whose is this?" not in answer.text


def test_stock_leads_to_where_it_is_given(session: Session, cast: Cast, client_as: ClientAs) -> None:
    assert "Give it to somebody" in client_as(cast.cora).get(path(kit.device(session))).text


def test_the_kits_own_page_leads_there(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device
) -> None:
    weighs(session, 75.0)
    text = client_as(cast.cora).get(path(scale, "")).text
    assert f'href="{path(scale)}"' in text
    assert "1 reading waits to hear whose" in text
    assert "is of whoever uses it, and stands on their pages" in text


def test_kit_that_measures_of_no_body_has_no_users(session: Session, cast: Cast, client_as: ClientAs) -> None:
    thermometer = kit.device(session, "room-1")
    kit.give(session, thermometer, home_id=cast.ada_home.id)
    weighs(session, 18.5, kind="room_temperature", key="room-1")
    assert "Who uses it" not in client_as(cast.cora).get(path(thermometer, "")).text


def test_a_number_is_set_down_and_ended(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device
) -> None:
    client = client_as(cast.cora)
    form = {"number": "1", "person": str(cast.ada.uuid), "start": ""}
    answer = client.post(path(scale), data=form, follow_redirects=True)
    assert "User 1 is Ada" in answer.text
    row = session.scalars(select(KitUser)).one()
    answer = client.post(path(scale, f"/users/{row.uuid}/end"), follow_redirects=True)
    assert "User 1 is nobody’s any more." in answer.text


def test_what_is_wrong_is_said_with_what_was_typed(cast: Cast, client_as: ClientAs, scale: Device) -> None:
    answer = client_as(cast.cora).post(path(scale), data={"number": "many", "person": "", "start": ""})
    assert answer.status_code == 422
    assert "Give a whole number." in answer.text
    assert 'value="many"' in answer.text


def test_somebody_who_does_not_live_there_cannot_be_set_down(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    scale = kit.device(session, "scale-1")
    kit.give(session, scale, home_id=cast.ada_home.id)
    form = {"number": "2", "person": str(cast.ben.uuid), "start": ""}
    answer = client_as(cast.cora).post(path(scale), data=form)
    assert answer.status_code == 422
    assert "Choose somebody who lives where the kit is." in answer.text


def test_each_reading_is_one_press(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    at = now - MINUTE
    weighs(session, 75.0, None, at)
    client = client_as(cast.cora)
    assert "75.0" in client.get(path(scale)).text
    answer = client.post(path(scale, "/whose"), data=ask(scale, at, cast.ben.uuid), follow_redirects=True)
    assert "Answered lately" in answer.text
    assert "said by Cora" in answer.text
    row = session.scalars(select(ReadingOwner)).one()
    assert (row.owner, row.person_id) == (Owner.PERSON, cast.ben.id)


def test_an_answer_is_taken_back(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    at = now - MINUTE
    weighs(session, 75.0, None, at)
    row = owners.say(session, scale, "", at, Owner.GUEST, now=now, actor=CORA)
    client = client_as(cast.cora)
    assert "A guest’s" in client.get(path(scale)).text
    answer = client.post(path(scale, f"/whose/{row.uuid}/take-back"), follow_redirects=True)
    assert "Taken back: it is asked again." in answer.text
    assert len(unclaimed.list_of(session, [scale.id], now)) == 1


def test_what_was_answered_meanwhile_is_said(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    at = now - MINUTE
    weighs(session, 75.0, None, at)
    owners.say(session, scale, "", at, Owner.GUEST, now=now, actor=CORA)
    answer = client_as(cast.cora).post(path(scale, "/whose"), data=ask(scale, at, "unknown"))
    assert answer.status_code == 422
    assert "somebody has said whose it is" in answer.text


@pytest.mark.parametrize("whose", ["", "not an id", "00000000-0000-4000-8000-000000000000"])
def test_nobody_in_sight_is_no_answer(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime, whose: str
) -> None:
    at = now - MINUTE
    weighs(session, 75.0, None, at)
    answer = client_as(cast.cora).post(path(scale, "/whose"), data=ask(scale, at, whose))
    assert answer.status_code == 422


def test_a_doubt_says_where_the_rest_lay(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    kit_users.set_down(session, scale, 1, cast.ada.id, now=now, actor=CORA)
    for day in (1, 2, 3):
        weighs(session, 61.0, 1, now - timedelta(days=day))
    weighs(session, 92.4, 1)
    doubts.note(session, [scale.id], [], now)
    text = client_as(cast.cora).get(path(scale)).text
    assert "Too far from what was measured under this number before: 61.0" in text


def test_what_is_dangerous_stands_first(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    weighs(session, 84, None, now - 2 * MINUTE, kind="spo2")
    weighs(session, 75.0, None, now - MINUTE)
    text = client_as(cast.cora).get(path(scale)).text
    assert "ring everybody who lives there now" in text
    assert text.index("Oxygen") < text.index("75.0")


def test_who_sees_the_home_and_no_vital_signs_is_told_that_some_wait_and_no_value(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device
) -> None:
    weighs(session, 75.0)
    text = client_as(cast.hana).get(path(scale)).text
    assert "1 more reading waits" in text
    assert "75.0" not in text


def test_the_alert_leads_there(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device, now: datetime
) -> None:
    weighs(session, 75.0)
    home = Home(session, cast, now)
    home.judge(now, subjects.person(cast.ben.id))
    (alert,) = home.alerts()
    text = client_as(cast.cora).get(f"/alerts/{alert.uuid}").text
    assert f'href="{path(scale)}"' in text
    assert "Say whose it is" in text


def test_the_page_of_who_lives_there_leads_there(
    session: Session, cast: Cast, client_as: ClientAs, scale: Device
) -> None:
    weighs(session, 75.0)
    text = client_as(cast.cora).get(f"/people/{cast.ada.uuid}").text
    assert "Bathroom scale: 1 reading waits to hear whose" in text
