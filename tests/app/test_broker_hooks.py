"""What EMQX and VerneMQ are answered, by their own documents of these hooks.

EMQX: docs.emqx.com, access-control/authn/http and access-control/authz/http. VerneMQ: docs.vernemq.com,
plugindevelopment/webhookplugins, whose bodies stand here as they do there.
"""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.context import KEY
from devices import registry
from devices.registry import Enrolment
from tests.conftest import NOW
from tests.devices.kit import CORA

TOKEN = "a token of more than thirty-two letters"
GLOW = {"name": "Display", "model": "IHD2"}
NOT_ALLOWED = {"result": {"error": "not_allowed"}}


@pytest.fixture(autouse=True)
def asks(app: Flask) -> None:
    app.extensions[KEY] = replace(
        app.extensions[KEY], broker_token=TOKEN, intake_sign_in=("intake", "intake's secret")
    )


@pytest.fixture
def glow(session: Session) -> Enrolment:
    made = registry.enrol(session, GLOW, now=NOW, actor=CORA, key="glow-1")
    registry.add_route(session, made.device, "my meter/AABB/#", "glow", actor=CORA)
    return made


def ask(app: Flask, path: str, told: Any, **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {TOKEN}"} | headers
    return app.test_client().post(f"/api/v1/broker/{path}", json=told, headers=sent)


def authn(app: Flask, name: Any, password: Any) -> Any:
    answer = ask(app, "emqx/authn", {"username": name, "password": password})
    assert answer.content_type == "application/json"
    return answer.get_json()


def authz(app: Flask, name: Any, action: Any, topic: Any, **more: Any) -> Any:
    told = {"username": name, "action": action, "topic": topic} | more
    return ask(app, "emqx/authz", told).get_json()["result"]


def vernemq(app: Flask, hook: str, **told: Any) -> Any:
    body = {"mountpoint": "", "client_id": "clientid"} | told
    return ask(app, "vernemq", body, **{"vernemq-hook": hook}).get_json()


def test_emqx_lets_a_device_in_by_its_own_secret_and_never_as_a_superuser(
    app: Flask, glow: Enrolment
) -> None:
    right, wrong = authn(app, "glow-1", glow.secret), authn(app, "glow-1", "another")
    assert (right["result"], right["is_superuser"]) == ("allow", False)
    assert (wrong["result"], wrong["is_superuser"]) == ("deny", False)


@pytest.mark.parametrize("password", ["", None, 7, "x" * 73, "\0", "ü" * 40])
def test_what_is_no_secret_of_ours_lets_nobody_in(app: Flask, glow: Enrolment, password: Any) -> None:
    assert authn(app, "glow-1", password)["result"] == "deny"


@pytest.mark.parametrize("name", ["nobody-1", "", None, {"a": 1}, "no key\0", "x" * 500])
def test_of_whoever_is_not_ours_the_brokers_next_source_decides(app: Flask, name: Any) -> None:
    assert authn(app, name, "secret")["result"] == "ignore"
    assert authz(app, name, "publish", "hearth/v1/glow-1/readings") == "ignore"
    assert vernemq(app, "auth_on_register", username=name, password="secret") == {"result": "next"}


def test_who_was_revoked_or_deleted_may_do_nothing_any_more(
    app: Flask, session: Session, glow: Enrolment
) -> None:
    registry.revoke(session, glow.device, now=NOW, actor=CORA)
    session.flush()
    assert authn(app, "glow-1", glow.secret)["result"] == "deny"
    assert authz(app, "glow-1", "publish", "hearth/v1/glow-1/readings") == "deny"
    glow.device.revoked_at, glow.device.deleted_at = None, NOW
    session.flush()
    assert authn(app, "glow-1", glow.secret)["result"] == "deny"


def test_a_device_from_before_mosquittos_hashes_is_let_in_as_ever(
    app: Flask, session: Session, glow: Enrolment
) -> None:
    glow.device.mosquitto_hash = None
    session.flush()
    assert authn(app, "glow-1", glow.secret)["result"] == "allow"


@pytest.mark.parametrize(
    ("action", "topic", "verdict"),
    [
        ("publish", "hearth/v1/glow-1/readings", "allow"),
        ("publish", "my meter/AABB/SENSOR/electricity", "allow"),
        ("publish", "hearth/v1/glow-2/readings", "deny"),
        ("publish", "hearth/v1/glow-1/#", "deny"),
        ("subscribe", "hearth/v1/glow-1/#", "deny"),
        ("dance", "hearth/v1/glow-1/readings", "deny"),
        (None, "hearth/v1/glow-1/readings", "deny"),
        ("publish", None, "deny"),
    ],
)
def test_emqx_lets_a_device_publish_its_own_and_hear_nothing(
    app: Flask, glow: Enrolment, action: Any, topic: Any, verdict: str
) -> None:
    assert authz(app, "glow-1", action, topic) == verdict


def test_a_connection_ends_with_the_secret_that_it_was_made_with(
    app: Flask, session: Session, glow: Enrolment
) -> None:
    mark = authn(app, "glow-1", glow.secret)["client_attrs"]["secret"]
    assert authz(app, "glow-1", "publish", "hearth/v1/glow-1/x", secret=mark) == "allow"
    registry.rotate(session, glow.device, now=NOW, actor=CORA)
    assert authz(app, "glow-1", "publish", "hearth/v1/glow-1/x", secret=mark) == "deny"
    assert authz(app, "glow-1", "publish", "hearth/v1/glow-1/x", secret="") == "deny"


def test_intake_hears_everything_by_its_own_secret_and_says_nothing(app: Flask) -> None:
    assert authn(app, "intake", "intake's secret")["result"] == "allow"
    assert authn(app, "intake", "another")["result"] == "deny"
    assert authz(app, "intake", "subscribe", "hearth/v1/+/+/#") == "allow"
    assert authz(app, "intake", "subscribe", "$SYS/#") == "deny"
    assert authz(app, "intake", "publish", "hearth/v1/glow-1/readings") == "deny"


@pytest.mark.parametrize("version", ["", "_m5"])
def test_vernemq_is_answered_in_its_own_words(app: Flask, glow: Enrolment, version: str) -> None:
    register = {"peer_addr": "127.0.0.1", "peer_port": 8888, "clean_session": False, "username": "glow-1"}
    hook = f"auth_on_register{version}"
    assert vernemq(app, hook, **register, password=glow.secret) == {"result": "ok"}
    assert vernemq(app, hook, **register, password="another") == NOT_ALLOWED
    publish = {"username": "glow-1", "qos": 1, "payload": "aGVsbG8=", "retain": False}
    hook = f"auth_on_publish{version}"
    assert vernemq(app, hook, **publish, topic="hearth/v1/glow-1/readings") == {"result": "ok"}
    assert vernemq(app, hook, **publish, topic="hearth/v1/glow-2/readings") == NOT_ALLOWED


def test_vernemq_grants_a_subscription_only_where_all_of_it_may_be_heard(app: Flask, glow: Enrolment) -> None:
    hook = "auth_on_subscribe"
    both = [{"topic": "hearth/v1/#", "qos": 1}, {"topic": "glow/+/SENSOR/#", "qos": 1}]
    assert vernemq(app, hook, username="intake", topics=both) == {"result": "ok"}
    for topics in ([*both, {"topic": "$SYS/#", "qos": 0}], [], None, ["hearth/v1/#"], [{"qos": 1}]):
        assert vernemq(app, hook, username="intake", topics=topics) == NOT_ALLOWED
    assert vernemq(app, hook, username="glow-1", topics=both) == NOT_ALLOWED
    assert vernemq(app, "on_register", username="glow-1") == {"result": "next"}


def test_vernemq_may_send_the_token_in_its_address(app: Flask, glow: Enrolment) -> None:
    told = {"username": "glow-1", "password": glow.secret}
    answer = app.test_client().post(
        "/api/v1/broker/vernemq",
        json=told,
        headers={"vernemq-hook": "auth_on_register"},
        auth=("broker", TOKEN),
    )
    assert answer.get_json() == {"result": "ok"}


@pytest.mark.parametrize("path", ["emqx/authn", "emqx/authz", "vernemq"])
def test_whoever_has_not_the_token_learns_nothing(app: Flask, glow: Enrolment, path: str) -> None:
    told = {"username": "glow-1", "password": glow.secret, "action": "publish", "topic": "hearth/v1/glow-1/x"}
    for authorization in ("Bearer another token of thirty-two letters", "Basic !", "Digest x", ""):
        assert ask(app, path, told, Authorization=authorization).status_code == 401
    app.extensions[KEY] = replace(app.extensions[KEY], broker_token=None)
    assert ask(app, path, told).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b'"glow-1"', b"\xff"])
def test_what_is_no_question_is_refused(app: Flask, body: bytes) -> None:
    answer = app.test_client().post(
        "/api/v1/broker/emqx/authn", data=body, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 422
