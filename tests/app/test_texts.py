"""Where Notify reports what became of texts."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.context import KEY, AppContext
from care_plans.models.ways import TextReport

TOKEN = "a token of more than thirty-two letters"
TEXT = uuid4()
REPORT = {"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": str(TEXT), "to": "07700900111",
          "status": "delivered", "notification_type": "sms"}  # fmt: skip
PATH = "/api/v1/texts/reports"


@pytest.fixture(autouse=True)
def texts(app: Flask, given: AppContext) -> None:
    app.extensions[KEY] = AppContext(
        db=given.db, secret_key=given.secret_key, real_now=given.real_now, texts_token=TOKEN
    )


def report(app: Flask, told: Any, token: str = TOKEN) -> TestResponse:
    return app.test_client().post(PATH, json=told, headers={"Authorization": f"Bearer {token}"})


def test_a_report_is_kept_once_and_its_number_is_not(app: Flask, session: Session) -> None:
    for _ in range(2):
        assert report(app, REPORT).status_code == 202
    row = session.scalars(select(TextReport)).one()
    assert (row.message, row.status) == (TEXT, "delivered")
    assert "07700900111" not in row.name


def test_whoever_has_not_the_token_is_refused(app: Flask, session: Session) -> None:
    assert report(app, REPORT, "another token of thirty-two letters").status_code == 401
    assert app.test_client().post(PATH, json=REPORT).status_code == 401
    assert session.scalars(select(TextReport)).all() == []


@pytest.mark.parametrize(
    "told",
    [[], "delivered", {}, REPORT | {"reference": "anybody"}, REPORT | {"status": "sent by pigeon"}],
)
def test_what_says_nothing_is_refused(app: Flask, told: Any) -> None:
    assert report(app, told).status_code == 422


def test_where_no_token_is_set_there_is_nothing(app: Flask, given: AppContext) -> None:
    app.extensions[KEY] = AppContext(db=given.db, secret_key=given.secret_key, real_now=given.real_now)
    assert report(app, REPORT).status_code == 404
