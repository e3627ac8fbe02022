"""A write that is sent twice with one key is done once and answered the same."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.api import idempotency
from app.context import AppContext
from app.factory import create_app
from core.db import Db
from core.journal import Actor
from core.models import IdempotencyKey
from people import tokens
from people.models.homes import Home
from tests.app.conftest import SECRET
from tests.cast import Cast
from tests.cast import make as make_cast

ApiAs = Callable[..., FlaskClient]
HOME = {"address_line": "3 Mill Lane", "postcode": "SW1A 1AA"}


def send(client: FlaskClient, key: str, body: dict[str, Any] | None = None) -> Any:
    return client.post("/api/v1/homes", json=body or HOME, headers={"Idempotency-Key": key})


def homes(session: Session) -> int:
    return session.scalars(select(func.count()).where(Home.address_line == "3 Mill Lane")).one()


def test_the_same_again_is_done_once(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    first, second = send(cora, "one"), send(cora, "one")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert first.headers["ETag"] == second.headers["ETag"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert homes(session) == 1


def test_another_key_is_another_write(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    assert send(cora, "one").json["id"] != send(cora, "two").json["id"]
    assert homes(session) == 2


def test_a_key_belongs_to_whoever_sent_it(session: Session, cast: Cast, api_as: ApiAs) -> None:
    assert send(api_as(cast.cora), "one").json["id"] != send(api_as(cast.dev), "one").json["id"]


def test_a_key_with_another_request_is_refused(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    send(cora, "one")
    other = send(cora, "one", HOME | {"area": "North"})
    elsewhere = cora.post("/api/v1/people/search", json={"name": "a"}, headers={"Idempotency-Key": "one"})
    assert (other.status_code, elsewhere.status_code) == (422, 422)
    assert other.json["errors"][0]["field"] == "Idempotency-Key"


def test_a_request_that_failed_may_be_sent_again(session: Session, cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    assert send(cora, "one", HOME | {"postcode": "nowhere"}).status_code == 422
    assert send(cora, "one").status_code == 201


def test_whoever_lost_the_right_gets_no_answer_of_the_past(
    session: Session, cast: Cast, api_as: ApiAs
) -> None:
    cora = api_as(cast.cora)
    send(cora, "one")
    cast.cora.role = cast.cora.role.COMMISSIONER
    session.flush()
    assert send(cora, "one").status_code == 403


def test_an_answer_is_kept_sealed(session: Session, cast: Cast, api_as: ApiAs) -> None:
    send(api_as(cast.cora), "one")
    kept = session.scalars(select(IdempotencyKey)).one()
    assert kept.answer_sealed is not None
    assert b"Mill Lane" not in kept.answer_sealed


def test_a_key_is_short_and_printable(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    assert send(cora, "x" * 201).status_code == 422
    assert send(cora, "").status_code == 422


def test_a_key_is_forgotten_after_a_day(session: Session, cast: Cast, now: datetime, api_as: ApiAs) -> None:
    send(api_as(cast.cora), "one")
    assert idempotency.forget(session, now + idempotency.KEPT) == 0
    assert idempotency.forget(session, now + idempotency.KEPT + timedelta(seconds=1)) == 1


def test_of_two_at_the_same_moment_one_is_done(real_db: Db) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        _, text = tokens.add(session, cast.cora, "A test", ["homes:write"], actor=Actor("test"))
    app = create_app(AppContext(db=real_db, secret_key=SECRET))
    answers: list[Any] = []

    def write() -> None:
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        answers.append(send(client, "one"))

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timedelta(minutes=1).total_seconds())
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json["id"] for answer in answers}) == 1
    with real_db.transaction() as session:
        assert homes(session) == 1
