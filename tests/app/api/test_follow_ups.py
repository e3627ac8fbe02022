"""Follow-ups through the API: made by hand, listed, taken, done, moved."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.work import FollowUpKind
from care_plans.severity import Class
from care_plans.work import follow_ups
from devices import subjects
from people import looks
from tests.app.api.asking import ids, wrong
from tests.care_plans.alerting import raised
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/follow-ups"
SOON = "2026-11-22T10:00:00Z"


def ring(cast: Cast, **more: object) -> dict:
    """A call to Ada, by the coordinators."""
    return {
        "kind": "call",
        "text": "Ring Ada about her weight",
        "team_id": str(cast.coordinators.uuid),
        "due_at": SOON,
        "person_id": str(cast.ada.uuid),
    } | more


def test_one_is_made_taken_and_completed(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    made = cora.post(PATH, json=ring(cast))
    assert made.status_code == 201, made.text
    told = made.json
    assert (told["state"], told["team"]["name"], told["staff"]) == ("due", "Coordinators", None)
    assert (told["person_id"], told["alert_id"], told["scheduled"]) == (str(cast.ada.uuid), None, False)
    path = f"{PATH}/{told['id']}"
    taken = cora.post(f"{path}/take")
    assert taken.json["staff"] == {"id": str(cast.cora.uuid), "name": "Cora"}
    done = cora.post(f"{path}/complete", json={"outcome": "done", "remarks": "She is well."})
    assert (done.json["state"], done.json["outcome"]) == ("done", "done")
    assert done.json["done_by"]["name"] == "Cora"
    assert [one["what"] for one in done.json["events"]] == ["made", "taken", "completed"]
    assert (told["record_entry"], "She is well." in done.json["record_entry"]) == (None, True)
    assert cora.post(f"{path}/complete", json={}).status_code == 409
    assert cora.get(path).json == done.json


def test_one_is_moved_with_a_reason(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    path = f"{PATH}/{cora.post(PATH, json=ring(cast)).json['id']}/reschedule"
    moved = cora.post(path, json={"due_at": "2026-11-23T10:00:00Z", "reason": "She is at her lunch club"})
    assert moved.json["due_at"] == "2026-11-23T10:00:00Z"
    past = cora.post(path, json={"due_at": "2026-11-21T10:00:00Z", "reason": "x"})
    assert list(wrong(past)) == ["due_at"]


def test_they_are_listed_as_asked(cast: Cast, api_as: ApiAs, session: Session, now: datetime) -> None:
    def make(hours: int, **more: object) -> str:
        given = {"team_id": cast.coordinators.id, "person_id": cast.ada.id, **more}
        due_at = now + timedelta(hours=hours)
        row = follow_ups.make(session, kind=FollowUpKind.CALL, text="Ring", due_at=due_at, now=now, **given)
        return str(row.uuid)

    overdue, soon, late = make(-1), make(2), make(30)
    nurses = make(3, team_id=cast.nurses.id)
    bens = make(4, person_id=cast.ben.id)
    cora = api_as(cast.cora)
    assert ids(cora.get(PATH)) == [overdue, soon, nurses, bens, late]
    assert ids(cora.get(f"{PATH}?state=overdue")) == [overdue]
    assert ids(cora.get(f"{PATH}?whose=teams")) == [overdue, soon, bens, late]
    assert ids(cora.get(f"{PATH}?team_id={cast.nurses.uuid}")) == [nurses]
    assert ids(cora.get(f"{PATH}?person_id={cast.ben.uuid}")) == [bens]
    assert ids(cora.get(f"{PATH}?from={SOON}&to=2026-11-23T00:00:00Z")) == [nurses, bens]
    cora.post(f"{PATH}/{soon}/take")
    assert ids(cora.get(f"{PATH}?whose=mine")) == [soon]
    for one in (overdue, soon):
        cora.post(f"{PATH}/{one}/complete", json={})
    assert ids(cora.get(f"{PATH}?state=done")) == [soon, overdue]
    part = cora.get(f"{PATH}?state=done&limit=1")
    assert ids(cora.get(f"{PATH}?state=done&limit=1&cursor={part.json['next']}")) == [overdue]
    assert ids(api_as(cast.mallory).get(PATH)) == []


def test_one_made_for_an_alert_is_about_whom_the_alert_is(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    cora = api_as(cast.cora)
    body = ring(cast, alert_id=str(alert.uuid))
    del body["person_id"]
    made = cora.post(PATH, json=body).json
    assert (made["person_id"], made["alert_id"]) == (str(cast.ada.uuid), str(alert.uuid))
    assert ids(cora.get(f"{PATH}?alert_id={alert.uuid}")) == [made["id"]]
    other = cora.post(PATH, json=body | {"person_id": str(cast.ben.uuid)})
    assert list(wrong(other)) == ["person_id"]


@pytest.mark.parametrize(
    ("change", "status", "fields"),
    [
        ({"text": "  "}, 422, {"text"}),
        ({"kind": "dance"}, 422, {"kind"}),
        ({"due_at": "2026-11-22T07:00:00Z"}, 422, {"due_at"}),
        ({"due_at": 1e300}, 422, {"due_at"}),
        ({"person_id": None}, 422, {"person_id"}),
        ({"team_id": "00000000-0000-4000-8000-000000000000"}, 422, {"team_id"}),
        ({"person_id": "00000000-0000-4000-8000-000000000000"}, 404, set()),
        ({"priority": 1}, 422, {"priority"}),
    ],
)
def test_what_is_wrong_is_said_by_field(
    cast: Cast, api_as: ApiAs, change: dict, status: int, fields: set[str]
) -> None:
    answer = api_as(cast.cora).post(PATH, json=ring(cast, **change))
    assert answer.status_code == status
    assert set(wrong(answer)) == fields


def test_a_team_without_a_part_in_the_care_gets_no_work(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    strange = cora.post(PATH, json=ring(cast, team_id=str(cast.strangers.uuid)))
    assert list(wrong(strange)) == ["team_id"]
    outside = cora.post(PATH, json=ring(cast, staff_id=str(cast.dev.uuid)))
    assert list(wrong(outside)) == ["staff_id"]


def test_who_came_first_is_told_to_who_looked_before(cast: Cast, api_as: ApiAs) -> None:
    cora, dev = api_as(cast.cora), api_as(cast.dev)
    made = cora.post(PATH, json=ring(cast)).json
    seen = {"If-Match": f'"{made["version"]}"'}
    assert cora.post(f"{PATH}/{made['id']}/take", headers=seen).status_code == 200
    answer = dev.post(f"{PATH}/{made['id']}/complete", json={}, headers=seen)
    assert answer.status_code == 409
    assert answer.json["detail"] == "Cora took it before you. Look again."
    remark = dev.post(f"{PATH}/{made['id']}/complete", json={"outcome": "no_reply"})
    assert list(wrong(remark)) == ["remarks"]


def test_it_is_never_about_one_person_and_the_home_of_another(
    cast: Cast, api_as: ApiAs, session: Session, now: datetime
) -> None:
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    alert = alerts.raise_(session, cold, now)
    cora, bens = api_as(cast.cora), {"person_id": str(cast.ben.uuid)}
    for mixed in ({"alert_id": str(alert.uuid)}, {"home_id": str(cast.ada_home.uuid)}):
        assert list(wrong(cora.post(PATH, json=ring(cast, **bens, **mixed)))) == ["person_id"]
    adas = ring(cast, alert_id=str(alert.uuid))
    assert cora.post(PATH, json=adas).status_code == 201


def test_a_look_at_one_is_written_down(cast: Cast, api_as: ApiAs, session: Session) -> None:
    cora = api_as(cast.cora)
    made = cora.post(PATH, json=ring(cast)).json
    cora.get(f"{PATH}/{made['id']}")
    assert [look.at_what for look in looks.list_looks(session, cast.ada)] == ["follow-up"]
