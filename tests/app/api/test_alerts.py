"""Alerts through the API: listed, looked at, and every move."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity
from core.models import JournalEntry
from devices import subjects
from people import looks
from people.access import RecordClass
from people.models.sharing import SharingBasis
from tests.app.api.asking import EVERYTHING, ids, wrong
from tests.care_plans.alerting import raised
from tests.cast import Cast
from tests.housemates import ray

ApiAs = Callable[..., FlaskClient]
Raise = Callable[..., Alert]


@pytest.fixture
def raise_(session: Session, cast: Cast, now: datetime) -> Raise:
    def made(*args: object, **options: object) -> Alert:
        return alerts.raise_(session, raised(cast, now, *args, **options), now)

    return made


def move(client: FlaskClient, alert: Alert, name: str, **body: object) -> dict:
    answer = client.post(f"/api/v1/alerts/{alert.uuid}/{name}", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return answer.json


def test_an_alert_tells_all_that_its_owner_needs(cast: Cast, api_as: ApiAs, raise_: Raise) -> None:
    alert = raise_()
    (told,) = api_as(cast.cora).get("/api/v1/alerts?state=open").json["items"]
    expected = {
        "id": str(alert.uuid),
        "state": "open",
        "severity": "red",
        "class": "clinical",
        "rule_key": "copd.oxygen_low",
        "name": "Oxygen low",
        "words": "Oxygen 84%",
        "kind": "spo2",
        "value": 84.0,
        "unit": "%",
        "began_at": "2026-11-22T07:44:00Z",
        "raised_at": "2026-11-22T07:46:00Z",
        "person_id": str(cast.ada.uuid),
        "home_id": None,
        "device_id": None,
        "goal": "The lunch club on Thursdays",
        "what_should_happen": "Ring Ada.",
        "pathway": None,
        "owner": {"staff": None, "team": None},
        "acknowledged_at": None,
        "contact_at": None,
        "cleared_at": None,
        "shelved_until": None,
        "escalate_after": "2026-11-22T07:51:00Z",
        "step": 1,
        "closed": None,
        "version": alert.version,
    }
    assert {name: told[name] for name in expected} == expected
    first = told["ladder"]["steps"][0]
    assert first["team"] == {"id": str(cast.coordinators.uuid), "name": "Coordinators"}
    assert (first["way"], first["wait_seconds"], first["contact"]) == ("message", 300, None)


def test_alerts_are_filtered_and_come_in_parts(
    cast: Cast, api_as: ApiAs, raise_: Raise, now: datetime
) -> None:
    red = raise_()
    amber = raise_(Severity.AMBER, key="copd.pulse_fast")
    bens = raise_(subject=subjects.person(cast.ben.id))
    smoke = raise_(class_=Class.LIFE_SAFETY, subject=subjects.home(cast.ada_home.id), key="smoke")
    cora, path = api_as(cast.cora), "/api/v1/alerts"

    def found(query: str) -> set[str]:
        return set(ids(cora.get(f"{path}?{query}")))

    everything = {str(each.uuid) for each in (red, amber, bens, smoke)}
    assert found("") == found("state=open") == found(f"since={now:%Y-%m-%dT%H:%M:%SZ}") == everything
    assert found("state=closed") == found("since=2026-11-22T07:46:01Z") == set()
    assert found(f"person_id={cast.ada.uuid}") == everything - {str(bens.uuid)}
    assert found(f"home_id={cast.ada_home.uuid}") == found("class=life_safety") == {str(smoke.uuid)}
    assert found("severity=amber") == {str(amber.uuid)}
    one = cora.get(f"{path}?limit=3")
    two = cora.get(f"{path}?limit=3&cursor={one.json['next']}")
    assert {*ids(one), *ids(two)} == everything
    assert (len(ids(two)), two.json["next"]) == (1, None)


@pytest.mark.parametrize("query", ["state=shut", "severity=blue", "since=yesterday", "person=1", "limit=0"])
def test_a_filter_that_makes_no_sense_is_refused(cast: Cast, api_as: ApiAs, query: str) -> None:
    answer = api_as(cast.cora).get(f"/api/v1/alerts?{query}")
    assert answer.status_code == 422
    assert list(wrong(answer)) == [query.partition("=")[0]]


def test_a_list_takes_the_same_number_of_statements_however_long(
    cast: Cast, api_as: ApiAs, raise_: Raise, session: Session
) -> None:
    cora, said = api_as(cast.cora), []

    def count() -> int:
        said.clear()
        assert cora.get("/api/v1/alerts").status_code == 200
        return len(said)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *_: said.append(1))
    raise_()
    count()  # a token's first use is written down
    one = count()
    for number in range(8):
        raise_(key=f"copd.rule_{number}")
    assert count() == one


def test_looking_at_an_alert_tells_its_story_and_is_written_down(
    cast: Cast, api_as: ApiAs, raise_: Raise, session: Session
) -> None:
    alert = raise_()
    cora = api_as(cast.cora)
    move(cora, alert, "comment", words="Rings every morning anyway.")
    answer = cora.get(f"/api/v1/alerts/{alert.uuid}")
    told = answer.json
    assert answer.headers["ETag"] == f'"{told["version"]}"'
    assert [one["what"] for one in told["events"]] == ["raised", "step", "commented"]
    assert told["events"][-1]["by"] == "Cora"
    (ada,) = told["people"]
    assert (ada["name"], ada["responder_card"]["home_oxygen"]) == ("Ada Marsh", True)
    assert ada["contacts"][0]["name"] == "Beth Marsh"
    assert told["home"]["address_line"] == "14 Orchard Row"
    assert told["evidence"] == [{"kind": "spo2", "at": "2026-11-22T07:44:00Z", "value": 84.0}]
    assert "acknowledge" in told["may"]
    assert "shelve" not in told["may"]
    assert {"clear", "worsen"}.isdisjoint(told["may"])
    looks = session.scalars(select(JournalEntry).where(JournalEntry.what == "looked at")).all()
    assert [(look.subject_uuid, look.person_id) for look in looks] == [(alert.uuid, cast.ada.id)]


def test_a_red_is_contacted_and_closed(cast: Cast, api_as: ApiAs, raise_: Raise) -> None:
    alert, cora = raise_(), api_as(cast.cora)
    seen = move(cora, alert, "acknowledge")
    assert (seen["owner"]["staff"]["name"], seen["acknowledged_at"]) == ("Cora", "2026-11-22T07:46:00Z")
    assert seen["escalate_after"] == "2026-11-22T07:51:00Z"  # the ladder of a red goes on
    early = cora.post(
        f"/api/v1/alerts/{alert.uuid}/close",
        json={"cause": "true_acted", "action": "Rang", "outcome": "advice_given"},
    )
    assert early.status_code == 422
    spoken = move(cora, alert, "contact", kind="spoke_to", words="Sitting up, talking in sentences.")
    assert (spoken["contact"], spoken["escalate_after"]) == ("spoke_to", "2026-11-22T08:46:00Z")
    closed = move(
        cora, alert, "close", cause="true_acted", action="Rang, rescue pack", outcome="advice_given"
    )
    assert (closed["state"], closed["escalate_after"]) == ("closed", None)
    assert closed["closed"]["by"]["id"] == str(cast.cora.uuid)
    assert closed["closed"]["outcome"] == "advice_given"
    assert "Rang, rescue pack" in closed["record_entry"]
    late = cora.post(f"/api/v1/alerts/{alert.uuid}/acknowledge")
    assert late.status_code == 409
    assert ids(cora.get("/api/v1/alerts?state=closed")) == [str(alert.uuid)]


def test_somebody_goes_and_emergency_services_are_called(
    cast: Cast, api_as: ApiAs, raise_: Raise, now: datetime
) -> None:
    alert, cora = raise_(), api_as(cast.cora)
    until = (now + timedelta(minutes=20)).isoformat()
    assert move(cora, alert, "going", until=until)["going_until"] == "2026-11-22T08:06:00Z"
    called = move(cora, alert, "emergency", at=now.isoformat(), reference="CAD 114")
    assert (called["emergency_reference"], called["emergency_at"]) == ("CAD 114", "2026-11-22T07:46:00Z")


def test_a_fall_tells_how_long_they_may_have_lain(
    session: Session, cast: Cast, api_as: ApiAs, raise_: Raise, now: datetime
) -> None:
    alert, cora = raise_(), api_as(cast.cora)
    where = f"/api/v1/alerts/{alert.uuid}"
    assert cora.get(where).get_json()["on_the_floor"] is None
    alert.kind, alert.began_at = "fall", now - timedelta(minutes=45)
    session.flush()
    lying = {"since": "2026-11-22T07:01:00Z", "until": None, "long": False}
    assert cora.get(where).get_json()["on_the_floor"] == lying
    move(cora, alert, "contact", kind="saw", words="Up again")
    assert cora.get(where).get_json()["on_the_floor"] == lying | {"until": "2026-11-22T07:46:00Z"}


def test_it_is_assigned_handed_over_declined_and_accepted(cast: Cast, api_as: ApiAs, raise_: Raise) -> None:
    alert, cora, dev = raise_(), api_as(cast.cora), api_as(cast.dev)
    nurses = str(cast.nurses.uuid)
    assert move(cora, alert, "assign", staff_id=str(cast.dev.uuid))["owner"]["staff"]["name"] == "Dev"
    assert move(cora, alert, "assign", team_id=nurses)["owner"]["team"]["id"] == nurses
    landlord = str(cast.landlord.uuid)
    handed = move(cora, alert, "hand-over", team_id=landlord, reason="The heating is off")
    assert handed["handed_to"] == {
        "team": {"id": landlord, "name": "Homes and repairs"},
        "until": "2026-11-22T08:01:00Z",
    }
    assert {"accept", "decline", "hand-over"} <= set(handed["may"])
    assert dev.post(f"/api/v1/alerts/{alert.uuid}/accept").status_code == 403
    hana = api_as(cast.hana)
    assert move(hana, alert, "decline", reason="Heating is on")["handed_to"] is None
    assert hana.post(f"/api/v1/alerts/{alert.uuid}/accept").status_code == 409
    move(cora, alert, "hand-over", team_id=landlord, reason="It is off again")
    taken = move(hana, alert, "accept")
    assert (taken["owner"]["team"]["id"], taken["owner"]["staff"]["name"]) == (landlord, "Hana")


def test_an_amber_rests_until_a_time_and_a_red_never(
    cast: Cast, api_as: ApiAs, raise_: Raise, now: datetime
) -> None:
    cora = api_as(cast.cora)
    body = {"until": (now + timedelta(hours=2)).isoformat(), "reason": "On the nebuliser"}
    amber = raise_(Severity.AMBER)
    assert move(cora, amber, "shelve", **body)["shelved_until"] == "2026-11-22T09:46:00Z"
    red = raise_(key="copd.flare_up")
    refused = cora.post(f"/api/v1/alerts/{red.uuid}/shelve", json=body)
    assert refused.status_code == 422
    assert "never shelved" in wrong(refused)["alert"]


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("contact", {"kind": "thought_of", "words": "x"}, "kind"),
        ("contact", {"kind": "spoke_to"}, "words"),
        ("going", {"until": "soon"}, "until"),
        ("going", {"until": "2026-11-23T07:46:00Z"}, "until"),
        ("emergency", {"at": "2026-11-22T07:40:00Z", "reference": ""}, "reference"),
        ("assign", {}, "staff_id"),
        ("assign", {"team_id": "00000000-0000-4000-8000-000000000000"}, "team_id"),
        ("assign", {"staff_id": "00000000-0000-4000-8000-000000000000"}, "staff_id"),
        ("hand-over", {"team_id": "00000000-0000-4000-8000-000000000000", "reason": "x"}, "team_id"),
        ("hand-over", {"reason": "x"}, "team_id"),
        ("comment", {"words": "\u0000"}, "words"),
        ("comment", {"words": ["a"]}, "words"),
        ("close", {"cause": "none", "action": "x", "outcome": "none"}, "cause"),
        ("acknowledge", {"until": "2026-11-22T07:00:00Z"}, "until"),
        ("acknowledge", {"note": "x"}, "note"),
    ],
)
def test_what_is_wrong_with_a_move_is_said_by_field(
    cast: Cast, api_as: ApiAs, raise_: Raise, name: str, body: dict, field: str
) -> None:
    answer = api_as(cast.cora).post(f"/api/v1/alerts/{raise_().uuid}/{name}", json=body)
    assert answer.status_code == 422
    assert list(wrong(answer)) == [field]


def test_who_came_first_is_told_to_who_looked_at_an_older_version(
    cast: Cast, api_as: ApiAs, raise_: Raise
) -> None:
    alert, cora, dev = raise_(), api_as(cast.cora), api_as(cast.dev)
    seen = {"If-Match": cora.get(f"/api/v1/alerts/{alert.uuid}").headers["ETag"]}
    path = f"/api/v1/alerts/{alert.uuid}/acknowledge"
    assert cora.post(path, headers=seen).status_code == 200
    answer = dev.post(path, headers=seen)
    assert answer.status_code == 409
    assert answer.json["detail"] == "Cora acknowledged it before you. Look again."
    assert dev.post(path, headers={"If-Match": "*"}).status_code == 412
    assert dev.post(path).status_code == 200


def test_the_same_move_sent_twice_is_made_once(cast: Cast, api_as: ApiAs, raise_: Raise) -> None:
    alert, cora = raise_(), api_as(cast.cora)
    path, key = f"/api/v1/alerts/{alert.uuid}/comment", {"Idempotency-Key": "once"}
    first = cora.post(path, json={"words": "Rang"}, headers=key)
    second = cora.post(path, json={"words": "Rang"}, headers=key)
    assert first.json == second.json
    assert [one["what"] for one in second.json["events"]].count("commented") == 1


def test_a_desk_opens_what_it_was_sent_and_nothing_else(cast: Cast, api_as: ApiAs, raise_: Raise) -> None:
    alert, other = raise_(), raise_(key="copd.flare_up")
    cora, mallory = api_as(cast.cora), api_as(cast.mallory)
    assert mallory.get(f"/api/v1/alerts/{alert.uuid}").status_code == 404
    assert ids(mallory.get("/api/v1/alerts")) == []
    move(cora, alert, "assign", team_id=str(cast.strangers.uuid))
    assert mallory.get(f"/api/v1/alerts/{alert.uuid}").json["people"][0]["name"] == "Ada Marsh"
    assert ids(mallory.get("/api/v1/alerts")) == [str(alert.uuid)]
    assert mallory.get(f"/api/v1/alerts/{other.uuid}").status_code == 404
    assert mallory.get(f"/api/v1/people/{cast.ada.uuid}").status_code == 404
    assert mallory.get(f"/api/v1/alerts?person_id={cast.ada.uuid}").status_code == 404
    assert len(ids(api_as(cast.mallory, *EVERYTHING).get("/api/v1/alerts"))) == 2


def test_an_alert_about_a_home_tells_only_of_those_who_may_be_known_of(
    session: Session, cast: Cast, api_as: ApiAs, raise_: Raise, now: datetime
) -> None:
    ray(session, cast, now)
    alert = raise_(class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    hana = api_as(cast.hana)
    assert [one["name"] for one in hana.get(f"/api/v1/alerts/{alert.uuid}").json["people"]] == ["Ada Marsh"]
    assert [look.by for look in looks.list_looks(session, cast.ada)] == ["Hana"]
    noted = move(hana, alert, "comment", words="I ring them tomorrow.")
    assert [one["name"] for one in noted["people"]] == ["Ada Marsh"]


def test_the_pathway_of_an_alert_is_named_to_those_who_see_what_its_name_says(
    session: Session, cast: Cast, api_as: ApiAs, raise_: Raise, now: datetime
) -> None:
    alert = raise_()
    alert.pathway, alert.rule_key = "dementia", "dementia.gone_out"
    alert.rule = {**alert.rule, "key": "dementia.gone_out"}
    session.flush()
    path = f"/api/v1/alerts/{alert.uuid}"
    assert api_as(cast.dev).get(path).json["pathway"] == "dementia"
    session.execute(delete(SharingBasis).where(SharingBasis.record_class == RecordClass.MENTAL_HEALTH))
    assert "dementia" not in api_as(cast.dev).get(path).text
