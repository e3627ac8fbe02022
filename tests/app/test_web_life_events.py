"""A move and a death, on pages."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.models.homes import Home
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast


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
    assert dev.post(f"{path}/undo", data={}).status_code == 422
    assert dev.post(f"{path}/undo", data={"why": "It was her sister."}).status_code == 303
    assert h1(dev.get(path)) == "Record that Ada Marsh has died"
