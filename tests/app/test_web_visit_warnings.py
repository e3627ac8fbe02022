"""Warnings about a visit, and numbers, on pages."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUpKind
from care_plans.work import follow_ups
from people.models.identity import VisitWarning
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast


def warn(cast: Cast, client_as: ClientAs, now: datetime) -> None:
    given = {
        "words": "Go in pairs", "evidence": "Dev was shouted at.", "team": str(cast.nurses.uuid),
        "review_on": (now + timedelta(days=30)).date().isoformat(),
    }  # fmt: skip
    answer = client_as(cast.dev).post(f"/people/{cast.ada.uuid}/warnings", data=given)
    assert answer.status_code == 303


def test_a_warning_shows_on_the_persons_page_and_its_own(
    cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    path = f"/people/{cast.ada.uuid}"
    assert "No warning" in client_as(cast.cora).get(f"{path}/warnings").text
    warn(cast, client_as, now)
    page = client_as(cast.cora).get(f"{path}/warnings")
    assert h1(page) == "Warnings about a visit"
    assert "Dev was shouted at." in page.text
    assert "Go in pairs" in client_as(cast.cora).get(path).text


def test_a_warning_shows_on_a_follow_up_before_it_is_taken(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    warn(cast, client_as, now)
    row = follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="Look in", team_id=cast.coordinators.id,
        due_at=now + timedelta(hours=3), now=now, person_id=cast.ada.id,
    )  # fmt: skip
    page = client_as(cast.cora).get(f"/follow-ups/{row.uuid}").text
    assert "Warning: Go in pairs" in page
    assert "Take it" in page


def test_what_is_wrong_with_a_warning_is_said_at_its_field_and_it_can_be_ended(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    dev, path = client_as(cast.dev), f"/people/{cast.ada.uuid}/warnings"
    wrong = dev.post(path, data={"words": "Go in pairs", "team": str(cast.nurses.uuid)})
    assert wrong.status_code == 422
    assert 'href="#evidence"' in wrong.text
    assert 'value="Go in pairs"' in wrong.text
    assert dev.post(path, data={"words": "Go in pairs", "team": "?"}).status_code == 422
    warn(cast, client_as, now)
    uuid = session.scalars(select(VisitWarning.uuid)).one()
    assert dev.post(f"{path}/{uuid}/end", data={}).status_code == 422
    assert dev.post(f"{path}/{uuid}/end", data={f"why_{uuid}": "He moved out."}).status_code == 303
    assert "No warning" in dev.get(path).text


def test_a_number_is_written_down_and_finds_the_person(cast: Cast, client_as: ClientAs) -> None:
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/numbers"
    assert "No other number" in cora.get(path).text
    wrong = cora.post(path, data={"kind": "tenancy", "value": "?", "issuer": ""})
    assert wrong.status_code == 422
    assert "Say which agency gave it out." in wrong.text
    given = {"kind": "tenancy", "value": "wh/1234", "issuer": str(cast.housing.uuid)}
    assert cora.post(path, data=given).status_code == 303
    assert "WH/1234" in cora.get(path).text
    assert "Ada Marsh" in cora.post("/people/search", data={"q": "WH/1234"}).text
    assert "Ben Okafor" not in cora.post("/people/search", data={"q": "WH/1234"}).text
