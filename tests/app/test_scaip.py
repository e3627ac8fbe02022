"""Where bridges post the calls of telecare units: who may, what is answered, and that it is kept first."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.context import KEY, AppContext
from core.db import Db, make_engine
from core.journal import Actor
from devices import registry, storing
from devices.models import Rejected
from tests.app.conftest import SECRET
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.postgres import Server

PATH = "/api/v1/scaip"
PRESS = b"<mrq><ref>00001883</ref><cid>26317</cid><dty>3</dty><stc>10</stc><crd>gsm:+447700900123</crd></mrq>"
LAUGHS = b'<!DOCTYPE mrq [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><mrq><ref>1</ref><cid>&b;</cid></mrq>'


@pytest.fixture
def bridge(session: Session, cast: Cast, now: datetime) -> registry.Enrolment:
    """A bridge, and Ada's unit behind it."""
    made = registry.enrol(
        session, {"name": "Bridge", "model": "Kamailio"}, now=now, actor=Actor("test"), key="bridge-1"
    )
    kit.give(session, kit.sensor(session, made.device, "26317", model="Unit"), person_id=cast.ada.id)
    return made


def post(app: Flask, key: str, secret: str, body: bytes = PRESS) -> TestResponse:
    given = b64encode(f"{key}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {given}"}
    return app.test_client().post(PATH, data=body, headers=headers, content_type="application/scaip+xml")


def test_a_call_is_kept_and_answered_as_a_copy(
    app: Flask, session: Session, bridge: registry.Enrolment
) -> None:
    answer = post(app, "bridge-1", bridge.secret)

    assert (answer.status_code, answer.content_type) == (200, "application/scaip+xml")
    assert b"<ref>00001883</ref><snu>5</snu>" in answer.data
    assert [(kind, value) for kind, _, value, _ in kit.stored(session)] == [("pendant", 1.0)]


@pytest.mark.parametrize(
    ("body", "number", "code"),
    [
        (LAUGHS, 2, "doctype"),
        (b"", 2, "empty"),
        (b"<mrq>" + b" " * 70_000 + b"</mrq>", 1, "too_large"),
        (b"<mrq><ref>1</ref><dty>3</dty></mrq>", 7, "missing_tag"),
        (PRESS.replace(b"26317", b"26318"), 3, "unknown_sensor"),
    ],
)
def test_what_is_not_understood_is_kept_and_said_so(
    app: Flask, session: Session, bridge: registry.Enrolment, body: bytes, number: int, code: str
) -> None:
    answer = post(app, "bridge-1", bridge.secret, body)

    assert answer.status_code == 200
    assert b"<snu>%d</snu>" % number in answer.data
    assert session.scalars(select(Rejected.code)).all() == [code]


def test_whoever_is_no_bridge_is_told_the_same_whatever_is_wrong(
    app: Flask, session: Session, bridge: registry.Enrolment, now: datetime
) -> None:
    wrong = [
        post(app, "bridge-1", "wrong"),
        post(app, "bridge-2", bridge.secret),
        post(app, "", ""),
        post(app, "bridge\0", bridge.secret),
        post(app, "bridge-1", "x" * 5000),
        app.test_client().post(PATH, data=PRESS),
        app.test_client().post(PATH, data=PRESS, headers={"Authorization": "Basic !"}),
        app.test_client().post(PATH, data=PRESS, headers={"Authorization": f"Bearer {bridge.secret}"}),
    ]
    registry.revoke(session, bridge.device, now=now, actor=Actor("test"))
    session.flush()
    wrong.append(post(app, "bridge-1", bridge.secret))

    assert {each.status_code for each in wrong} == {401}
    assert {each.json["detail"] for each in wrong} == {wrong[0].json["detail"]}
    assert all("Basic" in each.headers["WWW-Authenticate"] for each in wrong)
    assert kit.stored(session) == []


def test_no_sign_in_of_staff_opens_it(app: Flask, cast: Cast, api_as: Callable[..., FlaskClient]) -> None:
    assert api_as(cast.cora).post(PATH, data=PRESS).status_code == 401


def test_nothing_is_answered_before_it_is_kept(
    app: Flask, session: Session, bridge: registry.Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise OperationalError("insert", {}, Exception("away"))

    monkeypatch.setattr(storing, "store", away)
    answer = post(app, "bridge-1", bridge.secret)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert b"<mrs>" not in answer.data


def test_what_is_answered_is_committed_by_the_role_of_the_web(
    app: Flask, real_db: Db, server: Server, own_database: str
) -> None:
    with real_db.transaction() as session:
        made = registry.enrol(
            session, {"name": "Bridge", "model": "Kamailio"}, now=NOW, actor=Actor("test"), key="bridge-1"
        )
        kit.sensor(session, made.device, "26317", model="Unit")
    engine = make_engine(server.url(own_database, "hearth_web"))
    app.extensions[KEY] = AppContext(db=Db(engine, real_db.clock, real_db.vault), secret_key=SECRET)

    try:
        answers = [post(app, "bridge-1", made.secret).status_code for _ in range(2)]
    finally:
        engine.dispose()

    assert answers == [200, 200]
    with real_db.transaction() as session:
        assert [(kind, value) for kind, _, value, _ in kit.stored(session)] == [("pendant", 1.0)]


def test_it_is_not_opened_by_a_link(app: Flask) -> None:
    assert app.test_client().get(PATH).status_code == 405
