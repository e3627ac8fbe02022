"""A move and a death, on pages."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp
from devices import registry
from devices.models import Assignment, Device
from people.access import RecordClass
from people.models.homes import Home
from tests.app import proxies
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit
from tests.people.looking import unshare


def test_somebody_moves_house_and_the_old_landlord_sees_them_no_more(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/move"
    page = cora.get(path)
    assert h1(page) == "Ada moves house"
    assert "Homes and repairs cared for Ada as landlord" in page.text
    assert client_as(cast.hana).get(f"/people/{cast.ada.uuid}").status_code == 200
    wrong = cora.post(path, data={"address": "9 Elsewhere Close", "postcode": "?"})
    assert wrong.status_code == 422
    assert 'value="9 Elsewhere Close"' in wrong.text
    done = cora.post(path, data={"address": "9 Elsewhere Close", "postcode": "es7 2aa", "key_safe": "yes"})
    assert done.status_code == 303
    assert "9 Elsewhere Close" in cora.get(f"/people/{cast.ada.uuid}").text
    hana = client_as(cast.hana)
    assert hana.get(f"/people/{cast.ada.uuid}").status_code == 404
    new = session.scalars(select(Home).where(Home.address_line == "9 Elsewhere Close")).one()
    assert "Elsewhere Close" not in hana.get("/people").text
    assert "Elsewhere Close" not in hana.get("/follow-ups?view=team").text
    assert new.postcode == "ES7 2AA"


def test_a_death_is_recorded_gently_and_taken_back(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    dev, path = client_as(cast.dev), f"/people/{cast.ada.uuid}/death"
    assert h1(dev.get(path)) == "Record that Ada Marsh has died"
    wrong = dev.post(path, data={"died_on": "2031-01-01", "known_from": ""})
    assert wrong.status_code == 422
    assert 'href="#died_on"' in wrong.text
    assert 'href="#known_from"' in wrong.text
    assert dev.post(path, data={"died_on": "2026-11-21", "known_from": "Beth rang"}).status_code == 303
    assert "Ada died on 21 November" in dev.get(f"/people/{cast.ada.uuid}").text
    page = dev.get(path)
    assert h1(page) == "Ada Marsh has died"
    assert "Beth rang" in page.text
    page = client_as(cast.hana).get(path)
    assert h1(page) == "Ada Marsh has died"
    assert "Beth rang" not in page.text
    assert "not shared with Westmere Homes" in page.text
    assert dev.post(f"{path}/undo", data={}).status_code == 422
    assert dev.post(f"{path}/undo", data={"why": "It was her sister."}).status_code == 303
    assert h1(dev.get(path)) == "Record that Ada Marsh has died"


def furnish(session: Session, cast: Cast, now: datetime, *names: str) -> list[Device]:
    """Put kit of these names into Ada's home."""
    some = [Device(key=name.lower(), name=name, model="test") for name in names]
    session.add_all(some)
    session.flush()
    since = Range(now - timedelta(days=9), None)
    session.add_all(Assignment(device_id=each.id, home_id=cast.ada_home.id, period=since) for each in some)
    session.flush()
    return some


def test_each_piece_of_kit_is_answered_for_by_itself(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    hub, scales, bell = furnish(session, cast, now, "Hub", "Scales", "Doorbell")
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/move"
    page = cora.get(path).text
    assert "Answer for each piece by itself" in page
    for each in (hub, scales, bell):
        assert f'name="piece_{each.uuid}"' in page
    where = {"address": "9 Elsewhere Close", "postcode": "ES7 2AA", "key_safe": "yes"}
    some = where | {f"piece_{hub.uuid}": "goes", f"piece_{scales.uuid}": "collect"}
    wrong = cora.post(path, data=some)
    assert wrong.status_code == 422
    assert "Say what becomes of the kit in the old home." in wrong.text
    assert cora.post(path, data=some | {"kit": "stays"}).status_code == 303
    new = session.scalars(select(Home).where(Home.address_line == "9 Elsewhere Close")).one()
    assert [each.device.id for each in registry.list_kit(session, now, homes=[new.id])] == [hub.id]
    asked = session.scalars(select(FollowUp.text).where(FollowUp.home_id == cast.ada_home.id)).all()
    assert asked == ["Collect what was left behind: Scales."]


def test_whoever_is_not_told_what_kit_it_is_answers_for_all_of_it(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    furnish(session, cast, now, "Hub", "Scales")
    unshare(session, cast.housing.id, RecordClass.SAFETY_EVENTS)
    page = client_as(cast.hana).get(f"/people/{cast.ada.uuid}/move").text
    assert "Scales" not in page
    assert "Kit in the old home: 2 pieces" in page


def test_whoever_shared_the_home_sees_nothing_of_it_once_the_person_has_moved(
    app: Flask, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    account, _ = proxies.let_in(
        session, cast, cast.ada, "Beth Marsh", "daughter", now, shares_home="yes",
        classes=["contact", "vitals", "home_environment"],
    )  # fmt: skip
    warm = kit.device(session, "warm-1", name="Thermometer")
    kit.give(session, warm, home_id=cast.ada_home.id)
    at = (now - timedelta(minutes=5)).isoformat()
    kit.take_in(session, kit.says("warm-1", {"kind": "room_temperature", "value": 17.5, "at": at}))
    beth = proxies.client_of(app, session, account, now)
    assert "17.5" in beth.get("/me").text
    path = f"/people/{cast.ada.uuid}/move"
    where = {"address": "9 Elsewhere Close", "postcode": "ES7 2AA", "key_safe": "yes"}
    assert client_as(cast.cora).post(path, data=where | {"kit": "stays"}).status_code == 303
    page = beth.get("/me").text
    for words in ("17.5", "Elsewhere", "Community nurses"):
        assert words not in page, words
