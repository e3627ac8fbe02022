"""Who has looked: for the person, and for the privacy officer; and that every page writes it down."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import JournalEntry
from people.models.agencies import Role
from people.models.sharing import Override
from tests.app.adas import lay
from tests.app.asking import ask
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.house.test_routes import made

OF_A_PERSON = {"person_id", "alert_id", "follow_up_id", "plan_id", "version_id"}
ONLY_A_FORM = frozenset({"/people/<uuid:person_id>/sharing/new"})
"""Shows names of agencies, and nothing of what is kept of the person."""


def broken(session: Session, cast: Cast, now: datetime) -> None:
    session.add(
        Override(
            person_id=cast.ada.id, staff_id=cast.mallory.id, at=now - timedelta(minutes=1),
            until=now + timedelta(hours=1), reason="Found on the floor, no answer", review_by=now,
        )
    )  # fmt: skip
    session.flush()


def test_looks_are_filtered_marked_and_saved(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    broken(session, cast, now)
    path = f"/people/{cast.ada.uuid}"
    client_as(cast.mallory).get(path)
    client_as(cast.dev).get(path)
    cora = client_as(cast.cora)
    page = cora.get(f"{path}/looks")
    assert h1(page) == "Who has looked"
    for words in ("Dev, Westmere Health", "Mallory, Faraway Care", "Found on the floor, no answer"):
        assert words in page.text, words
    assert "Mallory," not in cora.get(f"{path}/looks?agency={cast.health.uuid}").text
    assert "Dev," not in cora.get(f"{path}/looks?who=mall").text
    assert "Nobody that fits" in cora.get(f"{path}/looks?since=2030-01-01").text
    saved = cora.get(f"{path}/looks.csv?who=mallory")
    assert saved.mimetype == "text/csv"
    assert "Mallory,Faraway Care,record" in saved.text
    assert "Dev" not in saved.text


def test_the_privacy_officer_finds_looks_and_opens_nobodys_record(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    broken(session, cast, now)
    client_as(cast.mallory).get(f"/people/{cast.ada.uuid}")
    client_as(cast.dev).get(f"/people/{cast.ben.uuid}")
    cast.vi.role = Role.PRIVACY_OFFICER
    officer = client_as(cast.vi)
    page = officer.get("/admin/looks").text
    assert page.index("Past the glass: Found on the floor") < page.index("Dev, Westmere Health</td>")
    assert str(cast.ada.uuid) in page
    for name in ("Ada", "Marsh", "Okafor"):
        assert name not in page
    assert "Dev, Westmere Health</td>" not in officer.get(f"/admin/looks?person={cast.ada.uuid}").text
    assert "Mallory, Faraway Care</td>" not in officer.get(f"/admin/looks?staff={cast.dev.uuid}").text
    assert "Dev, Westmere Health</td>" not in officer.get("/admin/looks?broken=yes").text
    assert "Nobody has this reference" in officer.get(f"/admin/looks?person={cast.dev.uuid}").text
    assert officer.get(f"/people/{cast.ada.uuid}").status_code in (403, 404)


def opening() -> list[str]:
    return sorted(
        rule.rule
        for rule in made().url_map.iter_rules()
        if rule.arguments & OF_A_PERSON and "GET" in (rule.methods or set()) and rule.rule not in ONLY_A_FORM
    )


@pytest.mark.parametrize("text", opening())
def test_whoever_opens_anything_of_hers_is_written_down(
    text: str,
    app: Flask,
    session: Session,
    cast: Cast,
    now: datetime,
    client_as: ClientAs,
    api_as: Callable[..., FlaskClient],
) -> None:
    ids = lay(session, cast, now)
    cora = api_as(cast.cora) if text.startswith(("/api/", "/fhir/")) else client_as(cast.cora)
    status = ask(app, cora, "GET", text, ids)
    count = session.scalar(
        select(func.count())
        .select_from(JournalEntry)
        .where(JournalEntry.person_id == cast.ada.id, JournalEntry.staff_id == cast.cora.id)
    )
    assert count or status >= 300, f"{text} answered {status} and wrote nothing down"
