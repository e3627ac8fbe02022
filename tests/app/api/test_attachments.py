"""Attachments through the API."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

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


def test_the_same_sent_twice_with_one_key_is_attached_once(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nA letter\r\n'
        b'--x\r\nContent-Disposition: form-data; name="record_class"\r\n\r\nplan\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nWords\r\n--x--\r\n'
    )
    asked: dict[str, Any] = {
        "data": body,
        "content_type": "multipart/form-data; boundary=x",
        "headers": {"Idempotency-Key": "once"},
    }
    first, second = cora.post(path(cast), **asked), cora.post(path(cast), **asked)
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
