"""Where reports of calls arrive."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.context import KEY, AppContext
from care_plans.models.calls import CallReport
from core import signing

SECRET = signing.made()
CALL = uuid4()


@pytest.fixture(autouse=True)
def telephone(app: Flask, given: AppContext) -> None:
    app.extensions[KEY] = AppContext(
        db=given.db, secret_key=given.secret_key, real_now=given.real_now, voice_secret=SECRET
    )


def report(app: Flask, told: Any, at: datetime, *, key: str = SECRET, **changed: str) -> TestResponse:
    body = told if isinstance(told, str) else json.dumps(told)
    headers = signing.headers("msg_1", body, at, [key]) | changed
    return app.test_client().post(f"/api/v1/calls/{CALL}/reports", data=body, headers=headers)


def kept(session: Session) -> list[tuple[str, str]]:
    return [(row.name, row.status) for row in session.scalars(select(CallReport))]


def test_a_signed_report_is_kept_once(app: Flask, session: Session, now: datetime) -> None:
    for _ in range(2):
        answer = report(app, {"status": "answered"}, now)
        assert (answer.status_code, answer.json) == (202, {"kept": True})
    assert kept(session) == [("msg_1", "answered")]
    assert session.scalars(select(CallReport.call)).one() == CALL


def test_a_pressed_key_is_kept_as_what_it_means(app: Flask, session: Session, now: datetime) -> None:
    assert report(app, {"status": "key", "key": "1"}, now).status_code == 202
    assert kept(session) == [("msg_1", "taken")]


def test_what_is_not_signed_by_the_secret_or_is_old_is_refused(
    app: Flask, session: Session, now: datetime
) -> None:
    told = {"status": "taken"}
    answers = [
        report(app, told, now, key=signing.made()),
        report(app, told, now - timedelta(minutes=6)),
        report(app, told, now, **{"webhook-id": "msg_2"}),
        app.test_client().post(f"/api/v1/calls/{CALL}/reports", json=told),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert kept(session) == []


@pytest.mark.parametrize("told", ["", "[]", "{", {"status": "busy"}, {}, {"status": "x" * 5000}])
def test_what_says_nothing_is_refused(app: Flask, session: Session, now: datetime, told: Any) -> None:
    answer = report(app, told, now)
    assert answer.status_code == 422
    assert kept(session) == []


def test_without_a_telephone_there_is_no_such_place(app: Flask, given: AppContext, now: datetime) -> None:
    app.extensions[KEY] = given
    assert report(app, {"status": "taken"}, now).status_code == 404
