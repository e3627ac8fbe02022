"""The pages of a person's attachments."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.store_folder import FolderStore
from people import looks
from people.attachments import LARGEST
from people.models.attachments import Attachment
from tests.app.conftest import ClientAs
from tests.app.reading import attribute, h1
from tests.cast import Cast

TEXT = b"A letter about Ada.\n"


@pytest.fixture
def cora(cast: Cast, client_as: ClientAs) -> FlaskClient:
    return client_as(cast.cora)


def path(cast: Cast, rest: str = "") -> str:
    return f"/people/{cast.ada.uuid}/attachments{rest}"


def send(
    client: FlaskClient, cast: Cast, content: bytes = TEXT, name: str = "letter.txt", **said: str
) -> Any:
    """Attach a file; what a browser sends, as bytes."""
    fields = {"title": "A letter", "record_class": "notes", "belongs_to": "person"} | said
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = ("".join(parts) + head).encode() + content + b"\r\n--x--\r\n"
    return client.post(path(cast, "/add"), data=body, content_type="multipart/form-data; boundary=x")


def row_of(session: Session) -> Attachment:
    session.expire_all()
    return session.scalars(select(Attachment)).one()


def test_a_file_is_attached_listed_and_opened_again_as_it_was(
    session: Session, cast: Cast, cora: FlaskClient
) -> None:
    assert "It is not scanned for malware." in cora.get(path(cast, "/add")).text
    sent = send(cora, cast, name="Brief für Ada.txt")
    assert (sent.status_code, sent.location) == (303, path(cast))
    listed = cora.get(path(cast))
    assert h1(listed) == "Attachments"
    for words in ("A letter", "Text, 1 KB. Not scanned for malware", "Cora, Westmere Hub", "Notes"):
        assert words in listed.text, words
    opened = cora.get(path(cast, f"/{row_of(session).uuid}/content"))
    assert (opened.data, opened.mimetype) == (TEXT, "text/plain")
    assert opened.headers["Content-Disposition"].startswith("attachment; filename")
    assert opened.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert opened.headers["Cache-Control"] == "no-store"
    assert looks.list_looks(session, cast.ada)[0].at_what == "attachment: text/plain"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"<svg onload=alert(1)>", "picture.png", "This can&#39;t be attached"),
        (TEXT, "letter.pdf", "call it .txt"),
        (b"", "letter.txt", "This file is empty."),
        (b"x" * (LARGEST + 1), "letter.txt", "larger than 10 MB"),
        (b"", "", "Choose a file."),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_what_was_typed_stays(
    session: Session, cast: Cast, cora: FlaskClient, store: FolderStore, content: bytes, name: str, said: str
) -> None:
    answer = send(cora, cast, content, name, title="My letter")
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#file"' in answer.text
    assert attribute(answer, "title", "value") == "My letter"
    assert session.scalars(select(Attachment)).all() == []


def test_all_that_is_wrong_is_said_at_once(cast: Cast, cora: FlaskClient) -> None:
    answer = send(cora, cast, b"", "", title="", record_class="restricted")
    for field in ("file", "title", "record_class"):
        assert f'href="#{field}"' in answer.text
    assert "Choose the file again" in send(cora, cast, title="").text


def test_a_request_far_too_large_is_told_so_and_other_pages_take_no_more_than_before(
    cast: Cast, cora: FlaskClient
) -> None:
    assert send(cora, cast, b"x" * 13_000_000).status_code == 413
    sent = cora.post(f"/people/{cast.ada.uuid}/forms/ons4", data={"q_anxiety": "x" * 1_100_000})
    assert sent.status_code == 413


def test_a_file_that_is_gone_from_the_store_is_said_to_be_away(
    session: Session, cast: Cast, cora: FlaskClient, store: FolderStore
) -> None:
    send(cora, cast)
    row = row_of(session)
    store.delete(row.store_key)
    assert cora.get(path(cast, f"/{row.uuid}/content")).status_code == 503


def test_one_is_removed_with_a_reason(session: Session, cast: Cast, cora: FlaskClient) -> None:
    send(cora, cast)
    one = path(cast, f"/{row_of(session).uuid}")
    assert "let go of after 30 days" in cora.get(f"{one}/remove").text
    assert cora.post(f"{one}/remove", data={"reason": ""}).status_code == 422
    assert cora.post(f"{one}/remove", data={"reason": "It is Ben's."}).status_code == 303
    assert "Nothing attached" in cora.get(path(cast)).text
    assert cora.get(f"{one}/content").status_code == 404


def test_another_agency_sees_that_there_is_a_file_of_the_plan_and_nothing_of_the_rest(
    session: Session, cast: Cast, cora: FlaskClient, client_as: ClientAs
) -> None:
    send(cora, cast, title="ReSPECT form", record_class="plan")
    row, hana = row_of(session), client_as(cast.hana)
    send(cora, cast, title="A secret", record_class="mental_health")
    text = hana.get(path(cast)).text
    assert "Not shared with your agency" in text
    assert "There is something more on record" in text
    assert "ReSPECT" not in text
    assert hana.get(path(cast, f"/{row.uuid}/content")).status_code == 404
