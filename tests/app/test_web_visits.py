"""Visits and cards on their pages and by REST: what whoever is asked to go sees, and when (H22)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import lone_workers
from care_plans.models.alerts import Alert
from care_plans.models.visits import Visit, VisitEnd
from care_plans.models.work import FollowUp, FollowUpKind
from core.models import JournalEntry
from people.models.agencies import Role, Staff, TeamMember
from people.models.caring import CareTeam
from people.models.identity import VisitWarning
from people.models.people import ResponderCard
from tests.app.conftest import ClientAs, RealTime
from tests.care_plans.checking import lapse
from tests.cast import Cast

HOUR = timedelta(hours=1)
ADDRESS, CODE, WARNING = "Orchard Row", "4711", "Go in pairs"
ApiAs = Callable[..., FlaskClient]


@pytest.fixture
def asked(session: Session, cast: Cast, now: datetime) -> FollowUp:
    """The befrienders are asked to visit Ada."""
    session.add(
        CareTeam(
            person_id=cast.ada.id, team_id=cast.befrienders.id, period=Range(now - timedelta(days=9), None)
        )
    )
    session.add(
        VisitWarning(
            person_id=cast.ada.id, words=WARNING, evidence="Told by Dev", owner_team_id=cast.nurses.id,
            review_on=now.date() + timedelta(days=30), set_at=now, set_by_id=cast.dev.id,
        )
    )  # fmt: skip
    row = FollowUp(
        kind=FollowUpKind.VISIT, text="Bring the shopping", person_id=cast.ada.id,
        team_id=cast.befrienders.id, due_at=now + HOUR,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def of(row: FollowUp, what: str = "") -> str:
    return f"/follow-ups/{row.uuid}/card{what}"


def another(session: Session, cast: Cast, now: datetime) -> Staff:
    """A second volunteer of the same team."""
    row = Staff(agency_id=cast.neighbours.id, name="Moll", email="moll@w.example", role=Role.VOLUNTEER)
    session.add(row)
    session.flush()
    session.add(TeamMember(team_id=cast.befrienders.id, staff_id=row.id, period=Range(now - HOUR, None)))
    session.flush()
    return row


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def looks(session: Session, cast: Cast) -> list[str]:
    rows = session.scalars(
        select(JournalEntry).where(
            JournalEntry.person_id == cast.ada.id, JournalEntry.staff_id == cast.vi.id
        ).order_by(JournalEntry.id)
    )  # fmt: skip
    return [row.details.get("what", row.what) for row in rows if row.what.startswith("looked")]


def test_a_volunteer_sees_a_first_name_what_is_asked_and_warnings_and_no_more_before_accepting(
    cast: Cast, asked: FollowUp, client_as: ClientAs
) -> None:
    vi = client_as(cast.vi)
    card = text(vi, of(asked))
    for shown in ("Ada", "Bring the shopping", WARNING):
        assert shown in card
    for hidden in ("Marsh", ADDRESS, CODE, "oxygen"):
        assert hidden not in card


def test_the_address_shows_on_acceptance_and_the_key_code_on_arrival_and_each_sight_is_written_down(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs
) -> None:
    vi = client_as(cast.vi)
    text(vi, of(asked))
    assert vi.post(of(asked, "/accept")).status_code == 303
    accepted = text(vi, of(asked))
    assert ADDRESS in accepted
    assert CODE not in accepted
    assert vi.post(of(asked, "/arrive")).status_code == 303
    arrived = text(vi, of(asked))
    assert CODE in arrived
    assert looks(session, cast) == ["visit card", "address", "address", "looked at the key safe"]


def test_the_card_ends_some_hours_after_the_leave_by_time_and_shows_nothing_then(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs, real_time: RealTime
) -> None:
    vi = client_as(cast.vi)
    vi.post(of(asked, "/accept"))
    vi.post(of(asked, "/arrive"))
    visit = session.scalars(select(Visit)).one()
    visit.leave_by -= 4 * HOUR
    session.flush()
    ended = text(vi, of(asked))
    for hidden in ("Ada", ADDRESS, CODE, WARNING, "Bring the shopping"):
        assert hidden not in ended
    assert "I am safe" in ended
    assert vi.post(of(asked, "/arrive")).status_code == 409


def test_saying_that_one_is_safe_ends_the_card(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs
) -> None:
    vi = client_as(cast.vi)
    vi.post(of(asked, "/accept"))
    visit = session.scalars(select(Visit)).one()
    assert vi.post(f"/visits/{visit.uuid}/safe").status_code == 303
    session.refresh(visit)
    assert visit.how is VisitEnd.SAFE
    assert ADDRESS not in text(vi, of(asked))


def test_a_card_that_nobody_accepts_ends(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs, now: datetime
) -> None:
    asked.due_at = now - 5 * HOUR
    session.flush()
    vi = client_as(cast.vi)
    assert "Bring the shopping" not in text(vi, of(asked))
    assert vi.post(of(asked, "/accept")).status_code == 409


def test_the_address_is_in_no_list_and_on_no_other_page_of_a_volunteer(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs, now: datetime
) -> None:
    call = FollowUp(
        kind=FollowUpKind.CALL, text="Ring", person_id=cast.ada.id, team_id=cast.befrienders.id,
        due_at=now + HOUR,
    )  # fmt: skip
    session.add(call)
    session.flush()
    vi = client_as(cast.vi)
    vi.post(f"/follow-ups/{call.uuid}/take")
    for path in ("/follow-ups?view=team", f"/follow-ups/{call.uuid}", f"/follow-ups/{asked.uuid}"):
        shown = vi.get(path, follow_redirects=True).get_data(as_text=True)
        assert ADDRESS not in shown, path
        assert "Marsh" not in shown, path


def test_an_impatient_volunteer_gets_nothing_by_pressing_ahead(
    cast: Cast, asked: FollowUp, client_as: ClientAs
) -> None:
    vi = client_as(cast.vi)
    refused = vi.post(of(asked, "/arrive"))
    assert refused.status_code == 409
    for hidden in (ADDRESS, CODE):
        assert hidden not in refused.get_data(as_text=True)


def test_another_volunteer_sees_nothing_of_what_somebody_has_accepted(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs, now: datetime
) -> None:
    moll = client_as(another(session, cast, now))
    vi = client_as(cast.vi)
    vi.post(of(asked, "/accept"))
    vi.post(of(asked, "/arrive"))
    for hidden in ("Ada", ADDRESS, CODE):
        assert hidden not in text(moll, of(asked))
    assert moll.post(of(asked, "/accept")).status_code == 409
    assert moll.post(of(asked, "/arrive")).status_code == 409
    assert ADDRESS not in text(moll, "/visits")
    visit = session.scalars(select(Visit)).one()
    assert moll.post(f"/visits/{visit.uuid}/safe").status_code == 404


def test_a_stranger_finds_no_card(cast: Cast, asked: FollowUp, client_as: ClientAs, session: Session) -> None:
    cast.mallory.role = Role.VOLUNTEER
    mallory = client_as(cast.mallory)
    assert text(mallory, of(asked), 404)
    assert mallory.post(of(asked, "/accept")).status_code == 404


def test_by_rest_it_is_the_same(cast: Cast, asked: FollowUp, api_as: ApiAs) -> None:
    vi, path = api_as(cast.vi), f"/api/v1/visit-cards/{asked.uuid}"
    before = vi.get(path).get_json()
    assert (before["state"], before["first_name"], before["address"]) == ("asked", "Ada", None)
    assert before["warnings"] == [WARNING]
    accepted = vi.post(f"{path}/accept", json={}).get_json()
    assert (accepted["state"], accepted["key_safe"]) == ("accepted", None)
    assert ADDRESS in accepted["address"]
    arrived = vi.post(f"{path}/arrive").get_json()
    assert arrived["key_safe"] == CODE
    visit = f"/api/v1/visits/{arrived['visit_id']}"
    assert vi.post(f"{visit}/extend").get_json()["leave_by"] > arrived["leave_by"]
    assert vi.post(f"{visit}/safe", json={}).get_json()["how"] == "safe"
    ended = vi.get(path).get_json()
    assert {name for name, value in ended.items() if value} == {"follow_up_id", "state"}
    assert vi.get("/api/v1/visits").get_json()["items"] == []


def test_calling_it_off_asks_the_team_again(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs, now: datetime
) -> None:
    vi, moll = client_as(cast.vi), client_as(another(session, cast, now))
    vi.post(of(asked, "/accept"))
    visit = session.scalars(select(Visit)).one()
    vi.post(f"/visits/{visit.uuid}/call-off")
    assert ADDRESS not in text(vi, of(asked))
    assert "Bring the shopping" in text(moll, of(asked))


def test_whose_induction_has_lapsed_is_told_so_and_gets_no_address(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs, now: datetime
) -> None:
    lapse(session, cast.vi, now)
    answer = client_as(cast.vi).post(of(asked, "/accept"))
    assert answer.status_code == 422
    said = answer.get_data(as_text=True)
    assert "Lone-worker induction" in said
    assert ADDRESS not in said


def test_every_page_of_whoever_is_on_a_visit_has_the_press_that_ends_it(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    row = FollowUp(
        kind=FollowUpKind.VISIT, text="Dress the leg", person_id=cast.ada.id, team_id=cast.nurses.id,
        due_at=now + HOUR,
    )  # fmt: skip
    session.add(row)
    session.flush()
    dev = client_as(cast.dev)
    late = dev.post(f"/follow-ups/{row.uuid}/take", data={"leave_by": "2020-01-01T10:00"})
    assert late.status_code == 422
    assert "still to come" in late.get_data(as_text=True)
    assert dev.post(f"/follow-ups/{row.uuid}/take").status_code == 303
    visit = session.scalars(select(Visit)).one()
    for path in ("/", "/people", "/visits"):
        assert f"/visits/{visit.uuid}/safe" in text(dev, path)
    assert f"/visits/{visit.uuid}/safe" not in text(client_as(cast.cora), "/")
    for act in ("arrive", "extend", "safe"):
        assert dev.post(f"/visits/{visit.uuid}/{act}").status_code == 303
    assert dev.post(f"/visits/{visit.uuid}/extend").status_code == 409
    assert "Nobody is on a visit" in text(dev, "/visits")


def test_the_alert_about_a_worker_tells_their_team_where_and_another_agency_not(
    session: Session, cast: Cast, client_as: ClientAs, api_as: ApiAs, now: datetime
) -> None:
    cast.dev.telephone = "+441632960777"
    row = FollowUp(
        kind=FollowUpKind.VISIT, text="Dress the leg", person_id=cast.ada.id, team_id=cast.nurses.id,
        due_at=now - 2 * HOUR,
    )  # fmt: skip
    session.add(row)
    session.flush()
    dev = client_as(cast.dev)
    dev.post(f"/follow-ups/{row.uuid}/take")
    visit = session.scalars(select(Visit)).one()
    visit.leave_by = now - timedelta(minutes=1)
    session.flush()
    lone_workers.step(session, now)
    alert = session.scalars(select(Alert).where(Alert.visit_id == visit.id)).one()
    shown = text(dev, f"/alerts/{alert.uuid}")
    for told in ("has not said that they are safe", ADDRESS, "01632 960 777"):
        assert told in shown
    assert "Responder card" not in shown
    assert "Dev" in text(dev, "/")
    told = api_as(cast.dev).get(f"/api/v1/alerts/{alert.uuid}").get_json()
    assert ADDRESS in told["worker"]["place"]
    for what in ("going", "contact", "close", "assign", "hand-over", "emergency"):
        assert "Dev" in text(dev, f"/alerts/{alert.uuid}/{what}")
    assert text(client_as(cast.cora), f"/alerts/{alert.uuid}", 404)
    lone_workers.asking.open_to(session, alert, lone_workers.Recipient(team_id=cast.coordinators.id), now)
    session.flush()
    theirs = text(client_as(cast.cora), f"/alerts/{alert.uuid}")
    assert "Dev" in theirs
    assert ADDRESS not in theirs
    assert api_as(cast.cora).get(f"/api/v1/alerts/{alert.uuid}").get_json()["worker"]["place"] is None
    dev.post(f"/alerts/{alert.uuid}/contact", data={"how": "spoke_to", "note": "He is well"})
    closed = {"cause": "true_acted", "action": "Rang him", "outcome": "settled_at_home"}
    assert api_as(cast.dev).post(f"/api/v1/alerts/{alert.uuid}/close", json=closed).status_code == 200
    assert "Rang him" in text(dev, f"/alerts/{alert.uuid}")


def test_how_to_get_in_is_told_on_arrival_alone_and_how_it_ended_can_be_said_after_the_card_has(
    session: Session, cast: Cast, asked: FollowUp, client_as: ClientAs
) -> None:
    card = session.scalars(select(ResponderCard).where(ResponderCard.person_id == cast.ada.id)).one()
    card.access, cast.ada_home.access_notes = "Key safe by the back door", "The front door sticks"
    session.flush()
    vi = client_as(cast.vi)
    vi.post(of(asked, "/accept"))
    accepted = text(vi, of(asked))
    vi.post(of(asked, "/arrive"))
    arrived = text(vi, of(asked))
    for told in ("back door", "front door"):
        assert told not in accepted
        assert told in arrived
    visit = session.scalars(select(Visit)).one()
    vi.post(f"/visits/{visit.uuid}/safe")
    assert f"/follow-ups/{asked.uuid}/complete" in text(vi, of(asked))
    vi.post(f"/follow-ups/{asked.uuid}/complete", data={"outcome": "done", "note": "All well"})
    assert "/complete" not in text(vi, of(asked))
