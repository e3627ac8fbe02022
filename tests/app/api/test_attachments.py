"""Attachments through the API."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import context
from app.api import idempotency
from core.models import IdempotencyKey
from core.store import Store
from tests.app.api.asking import wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
TEXT = b"A letter about Ada.\n"


def path(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/people/{cast.ada.uuid}/attachments{rest}"


def send(client: FlaskClient, cast: Cast, headers: Any = None, **said: Any) -> Any:
    given = {"file": (io.BytesIO(TEXT), "letter.txt"), "title": "A letter", "record_class": "plan"} | said
    data = {name: value for name, value in given.items() if value is not None}
    return client.post(path(cast), data=data, content_type="multipart/form-data", headers=headers)


def test_a_file_is_attached_listed_opened_and_removed(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    made = send(cora, cast)
    assert made.status_code == 201, made.text
    assert made.json["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert (made.json["media_type"], made.json["scan"], made.json["size"]) == (
        "text/plain",
        "not_scanned",
        20,
    )
    one = path(cast, f"/{made.json['id']}")
    assert cora.get(path(cast)).json == {"items": [made.json], "others": False}
    assert cora.get(one).json == made.json
    opened = cora.get(f"{one}/content")
    assert (opened.data, opened.headers["Content-Security-Policy"]) == (TEXT, "sandbox; default-src 'none'")
    assert cora.post(f"{one}/remove", json={"reason": "Wrong."}).status_code == 204
    assert cora.get(one).status_code == 404


def send_bytes(client: FlaskClient, cast: Cast) -> Any:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nA letter\r\n'
        b'--x\r\nContent-Disposition: form-data; name="record_class"\r\n\r\nplan\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nWords\r\n--x--\r\n'
    )
    headers = {"Idempotency-Key": "once"}
    return client.post(path(cast), data=body, content_type="multipart/form-data; boundary=x", headers=headers)


def test_the_same_sent_twice_with_one_key_is_attached_once(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    first, second = send_bytes(cora, cast), send_bytes(cora, cast)
    assert (first.status_code, second.json) == (201, first.json)
    assert len(cora.get(path(cast)).json["items"]) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"file": None}, "file"),
        ({"file": (io.BytesIO(b"<html>"), "a.txt")}, "file"),
        ({"title": None}, "title"),
        ({"record_class": "restricted"}, "record_class"),
        ({"record_class": "secret"}, "record_class"),
        ({"belongs_to": "cat"}, "belongs_to"),
        ({"belongs_to_uuid": "one"}, "belongs_to_uuid"),
        ({"belongs_to": "form", "belongs_to_uuid": str(uuid4())}, "belongs_to_uuid"),
        ({"more": "x"}, "more"),
        ({"title": ["a", "b"]}, "title"),
    ],
)
def test_what_is_wrong_is_said_by_field(cast: Cast, api_as: ApiAs, said: dict, field: str) -> None:
    answer = send(api_as(cast.cora), cast, **said)
    assert answer.status_code == 422, answer.text
    assert list(wrong(answer)) == [field]


def test_another_agency_is_told_that_there_is_one_and_opens_nothing(cast: Cast, api_as: ApiAs) -> None:
    made = send(api_as(cast.cora), cast).json
    hana = api_as(cast.hana)
    (one,) = hana.get(path(cast)).json["items"]
    assert (one["extent"], one["title"], one["file_name"], one["by"]) == ("category", None, None, None)
    assert hana.get(path(cast, f"/{made['id']}/content")).status_code == 404


class Watching:
    """A store that says whether the request had a transaction open while it was asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.open: list[bool] = []

    def put(self, key: str, content: BinaryIO) -> None:
        self.open.append(context.session().in_transaction())
        self.store.put(key, content)


def test_with_a_key_too_nothing_is_open_while_the_store_answers(
    app: Flask, cast: Cast, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = app.extensions["hearthline"].store
    watching = Watching(store)
    monkeypatch.setitem(app.extensions, "hearthline", replace(app.extensions["hearthline"], store=watching))
    made = send(api_as(cast.cora), cast, headers={"Idempotency-Key": "once"})
    assert made.status_code == 201, made.text
    assert watching.open == [False]


def test_of_two_at_once_with_one_key_the_second_undoes_its_row_and_gets_the_firsts_answer(
    cast: Cast, api_as: ApiAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    cora = api_as(cast.cora)
    first = send_bytes(cora, cast)
    looked: list[str] = []
    used = idempotency.used

    def not_yet(key: str) -> IdempotencyKey | None:
        looked.append(key)
        return None if len(looked) == 1 else used(key)

    monkeypatch.setattr(idempotency, "used", not_yet)
    second = send_bytes(cora, cast)
    assert (second.status_code, second.json) == (201, first.json)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(cora.get(path(cast)).json["items"]) == 1
