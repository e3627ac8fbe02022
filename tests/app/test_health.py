"""What is asked of an installation from outside: does it live, is it ready, how long does work wait."""

from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from app.context import AppContext
from app.factory import create_app
from core import heartbeats
from core.clock import real_time
from core.db import Db, make_engine
from core.models import Heartbeat
from core.vault import Vault
from tests.app.conftest import SECRET, RealTime


def speak(session: Session, name: str, at: RealTime) -> None:
    session.add(Heartbeat(name=name, at=at(), oldest_waiting_seconds=1.5, counts={"judged": 7}))
    session.flush()


def test_a_process_that_answers_lives(app: Flask) -> None:
    assert app.test_client().get("/health/live").status_code == 200


def test_it_is_ready_while_every_worker_has_spoken_lately(
    app: Flask, session: Session, real_time: RealTime
) -> None:
    speak(session, "intake", real_time)
    answer = app.test_client().get("/health/ready")
    assert answer.status_code == 200
    assert answer.json == {
        "ready": True,
        "checks": {"database": "well", "migrations": "well", "intake": "well"},
    }


def test_it_is_not_ready_when_a_worker_fell_silent(app: Flask, session: Session, real_time: RealTime) -> None:
    speak(session, "intake", real_time)
    real_time.pass_by(timedelta(seconds=31))
    answer = app.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["intake"] == "silent"


def test_it_is_not_ready_while_intake_lives_but_the_broker_keeps_nothing_for_it(
    app: Flask, session: Session, real_time: RealTime
) -> None:
    session.add(Heartbeat(name="intake", at=real_time(), counts={heartbeats.LISTENING: False}))
    session.flush()
    answer = app.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["intake"] == "hears nothing"


def test_it_is_not_ready_before_a_worker_that_must_be_there_has_spoken(app: Flask) -> None:
    given: AppContext = app.extensions["hearthline"]
    strict = create_app(AppContext(db=given.db, secret_key=SECRET, workers=frozenset({"evaluate"})))
    answer = strict.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["evaluate"] == "has never spoken"


def test_it_says_so_when_the_database_is_away() -> None:
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    app = create_app(AppContext(db=Db(away, real_time(), Vault("unused")), secret_key=SECRET))
    client = app.test_client()
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 503


def test_it_says_so_to_a_browser_in_which_somebody_is_signed_in_as_well() -> None:
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    app = create_app(AppContext(db=Db(away, real_time(), Vault("unused")), secret_key=SECRET))
    client = app.test_client()
    now = real_time().real_start.timestamp()
    with client.session_transaction() as cookie:
        cookie.update(staff=str(UUID(int=1)), epoch=0, began=now, seen=now)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json) == (
        503, {"ready": False, "checks": {"database": "does not answer"}},
    )  # fmt: skip


def test_prometheus_reads_how_long_work_waits(app: Flask, session: Session, real_time: RealTime) -> None:
    speak(session, "evaluate", real_time)
    answer = app.test_client().get("/metrics")
    assert answer.content_type.startswith("text/plain")
    assert 'hearth_worker_oldest_waiting_seconds{worker="evaluate"} 1.5' in answer.text
