"""What is made of readings at home, over REST."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from people.access import RecordClass
from tests.care_plans.judged_home import Home
from tests.care_plans.test_made import DAY, air, press
from tests.cast import Cast
from tests.people.looking import unshare

Asked = Callable[..., FlaskClient]


def test_a_mean_is_told_with_its_days(cast: Cast, api_as: Asked, session: Session, now: datetime) -> None:
    home, dev, path = Home(session, cast, now), api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}"
    none = dev.get(f"{path}/home-pressure").json
    assert none == {
        "systolic": None, "diastolic": None, "stage": None, "days_short": 4, "irregular_pulse_at": None,
        "days": [],
    }  # fmt: skip
    press(home, now - 4 * DAY, 170, 99)
    for day in (3, 2, 1):
        press(home, now - day * DAY, 151, 84)
    told = dev.get(f"{path}/home-pressure").json
    assert (told["systolic"], told["diastolic"], told["stage"], told["days_short"]) == (151, 84, "stage 2", 0)
    assert told["days"][0] == {
        "day": "2026-11-18", "systolic": [170] * 3, "diastolic": [99] * 3, "counts": False,
    }  # fmt: skip


def test_rooms_are_told_dampest_first(cast: Cast, api_as: Asked, session: Session, now: datetime) -> None:
    dev, path = api_as(cast.dev), f"/api/v1/people/{cast.ada.uuid}"
    assert dev.get(f"{path}/rooms").json == {"items": []}
    air(Home(session, cast, now), now - 3 * DAY, now, 0)
    (room,) = dev.get(f"{path}/rooms").json["items"]
    assert (room["temperature"], room["humidity"], room["wall_measured"]) == (18, 65, False)
    assert round(room["wall_humidity"], 2) == 86.69
    assert 0 < room["mould_index"] < 1


def test_what_is_not_shared_is_refused(cast: Cast, api_as: Asked, session: Session) -> None:
    unshare(session, cast.hub.id, RecordClass.VITALS)
    unshare(session, cast.hub.id, RecordClass.HOME_ENVIRONMENT)
    cora, path = api_as(cast.cora), f"/api/v1/people/{cast.ada.uuid}"
    assert cora.get(f"{path}/home-pressure").status_code == 403
    assert cora.get(f"{path}/rooms").status_code == 403
