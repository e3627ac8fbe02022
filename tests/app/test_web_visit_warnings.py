"""Warnings about a visit, and numbers, on pages."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUpKind
from care_plans.referral_states import ReferralKind, Urgency
from care_plans.work import follow_ups
from people.access import RecordClass
from people.models.caring import AlertSight
from people.models.identity import VisitWarning
from tests.app.conftest import ClientAs
from tests.app.raising import raise_
from tests.app.reading import h1
from tests.cast import Cast
from tests.people.looking import unshare


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


def test_the_landlord_is_warned_and_neither_reads_nor_ends_what_the_nurses_wrote(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    warn(cast, client_as, now)
    hana, path = client_as(cast.hana), f"/people/{cast.ada.uuid}/warnings"
    page = hana.get(path)
    assert "Go in pairs" in page.text
    assert "Dev was shouted at." not in page.text
    assert "not shared with Westmere Homes; Community nurses answers for it" in page.text
    assert "End this warning" not in page.text
    uuid = session.scalars(select(VisitWarning.uuid)).one()
    assert hana.post(f"{path}/{uuid}/end", data={f"why_{uuid}": "No."}).status_code == 403


def test_numbers_are_told_to_those_with_whom_contact_details_are_shared(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    path = f"/people/{cast.ada.uuid}/numbers"
    for kind, value, issuer in (("tenancy", "WH/1234", cast.housing), ("hospital", "RN777", cast.health)):
        given = {"kind": kind, "value": value, "issuer": str(issuer.uuid)}
        assert client_as(cast.cora).post(path, data=given).status_code == 303
    assert "RN777" in client_as(cast.hana).get(path).text
    unshare(session, cast.housing.id, RecordClass.CONTACT)
    page = client_as(cast.hana).get(path).text
    assert "WH/1234" in page
    assert "RN777" not in page
    assert "not shared with Westmere Homes" in page


def test_a_home_has_warnings_of_its_own_that_follow_nobody_who_moves_out(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    warn(cast, client_as, now)
    hana, path = client_as(cast.hana), f"/homes/{cast.ada_home.uuid}/warnings"
    assert path in hana.get(f"/people/{cast.ada.uuid}/warnings").text
    page = hana.get(path)
    assert h1(page) == "Warnings about visits to this home"
    assert "Go in pairs" in page.text
    assert "Dev was shouted at." not in page.text
    given = {"words": "The stairs are loose", "evidence": "Seen on 3 November", "team": "?"}
    wrong = hana.post(path, data=given)
    assert wrong.status_code == 422
    assert "Choose the team" in wrong.text
    review_on = (now + timedelta(days=30)).date().isoformat()
    right = given | {"team": str(cast.landlord.uuid), "review_on": review_on}
    assert hana.post(path, data=right).status_code == 303
    assert "The stairs are loose" in client_as(cast.dev).get(f"/people/{cast.ada.uuid}").text
    row = session.scalars(select(VisitWarning).where(VisitWarning.home_id == cast.ada_home.id)).one()
    assert hana.post(f"{path}/{row.uuid}/end", data={f"why_{row.uuid}": "Mended"}).status_code == 303
    assert "The stairs are loose" not in hana.get(path).text


def test_a_warning_shows_on_a_referral_before_it_is_accepted(
    cast: Cast, client_as: ClientAs, api_as: Callable[..., FlaskClient], session: Session, now: datetime
) -> None:
    warn(cast, client_as, now)
    row = Referral(
        kind=ReferralKind.REFERRAL, urgency=Urgency.ROUTINE, person_id=cast.ada.id, who="Ada Marsh",
        about_key="rail", reason="Look at the rail.", shared=[], kept=[], from_team_id=cast.nurses.id,
        sent_by_id=cast.dev.id, to_team_id=cast.strangers.id, sent_at=now, snapshot={},
        respond_by=now + timedelta(days=2), next_at=now + timedelta(days=2),
    )  # fmt: skip
    session.add(row)
    session.flush()
    page = client_as(cast.mallory).get(f"/referrals/{row.uuid}").text
    assert "Warning: Go in pairs" in page
    assert "Dev was shouted at." not in page
    told = api_as(cast.mallory).get(f"/api/v1/referrals/{row.uuid}").json
    assert told["warnings"] == ["Go in pairs"]


def test_a_warning_stands_first_on_the_card_of_an_alert_for_whoever_is_sent(
    cast: Cast, client_as: ClientAs, api_as: Callable[..., FlaskClient], session: Session, now: datetime
) -> None:
    warn(cast, client_as, now)
    alert = raise_(session, cast, now)
    session.add(
        AlertSight(
            person_id=cast.ada.id, alert_id=alert.id, team_id=cast.strangers.id,
            period=Range(now - timedelta(hours=1), now + timedelta(days=1)),
        )
    )  # fmt: skip
    session.flush()
    page = client_as(cast.mallory).get(f"/alerts/{alert.uuid}").text
    assert page.index("Warning: Go in pairs") < page.index("Walks with a frame")
    assert api_as(cast.mallory).get(f"/api/v1/alerts/{alert.uuid}").json["warnings"] == ["Go in pairs"]


def test_programs_warn_of_a_home_too(
    cast: Cast, api_as: Callable[..., FlaskClient], session: Session, now: datetime
) -> None:
    hana, path = api_as(cast.hana), f"/api/v1/homes/{cast.ada_home.uuid}/warnings"
    given = {
        "words": "The stairs are loose", "evidence": "Seen", "owner_team_id": str(cast.landlord.uuid),
        "review_on": (now + timedelta(days=20)).date().isoformat(),
    }  # fmt: skip
    added = hana.post(path, json=given)
    assert (added.status_code, added.json["of_home"]) == (201, True)
    again = {"evidence": "Seen again", "review_on": (now + timedelta(days=50)).date().isoformat()}
    assert hana.post(f"{path}/{added.json['id']}/review", json=again).json["evidence"] == "Seen again"
    assert [each["words"] for each in hana.get(path).json["items"]] == ["The stairs are loose"]
    assert hana.post(f"{path}/{added.json['id']}/end", json={"why": "Mended"}).status_code == 204
    assert hana.get(path).json["items"] == []
