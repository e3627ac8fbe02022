"""The pages of a person's attachments."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.plan import enrol
from core.store_folder import FolderStore
from people import choices, looks
from people.attachments import LARGEST
from people.models.attachments import Attachment
from tests.app.conftest import ClientAs
from tests.app.reading import attribute, h1
from tests.care_plans.referrals import referring
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


def test_what_belongs_to_the_plan_is_attached_from_it_and_seen_on_it(
    session: Session, cast: Cast, cora: FlaskClient, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    plan = f"/people/{cast.ada.uuid}/plan"
    assert f'href="{path(cast, "/add")}?belongs_to=plan"' in cora.get(plan).text
    sent = send(cora, cast, belongs_to="plan", title="Signed agreement", record_class="plan")
    assert (sent.status_code, sent.location) == (303, plan)
    assert f'attachments/{row_of(session).uuid}/content">Signed agreement</a>' in cora.get(plan).text
    assert f'<a href="{plan}">The plan</a>' in cora.get(path(cast)).text


def test_the_evidence_of_a_choice_is_attached_to_that_choice_alone(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    sol, sharing = client_as(cast.sol), f"/people/{cast.ada.uuid}/sharing"
    said = {
        "decision": "dissent", "record_class": "energy", "purpose": "", "agency": "",
        "said_by": "Ada", "evidence": "At home, on Monday",
    }  # fmt: skip
    for record_class in ("energy", "finance"):
        assert sol.post(sharing, data=said | {"record_class": record_class}).status_code == 303
    first, second = (each.choice.uuid for each in choices.listing(session, cast.ada, now))
    add = f"{path(cast, '/add')}?belongs_to=choice&amp;belongs_to_uuid={first}"
    assert f'href="{add}"' in sol.get(sharing).text
    asked = sol.get(add.replace("&amp;", "&"))
    assert "A choice about sharing, as evidence" in asked.text
    assert attribute(asked, "belongs_to_uuid", "value") == str(first)
    sent = send(sol, cast, belongs_to="choice", belongs_to_uuid=str(first), title="Signed form")
    assert (sent.status_code, sent.location) == (303, sharing)
    shown = sol.get(sharing).text
    assert shown.count(">Signed form</a>") == 1
    assert shown.index(">Signed form</a>") < shown.index(f"belongs_to_uuid={first}")
    assert f"belongs_to_uuid={second}" not in shown[: shown.index(">Signed form</a>")]


def test_what_is_attached_to_a_referral_stands_on_it(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    dev, row = client_as(cast.dev), referring.send(session, cast, now)
    page = f"/referrals/{row.uuid}"
    assert f"?belongs_to=referral&amp;belongs_to_uuid={row.uuid}" in dev.get(page).text
    sent = send(dev, cast, belongs_to="referral", belongs_to_uuid=str(row.uuid), title="Mould, bedroom")
    assert (sent.status_code, sent.location) == (303, page)
    assert ">Mould, bedroom</a>" in dev.get(page).text
    assert f'<a href="{page}">A referral</a>' in dev.get(path(cast)).text
