"""The page of recalls: who has what is called back, and how far each piece is dealt with."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.protecting import RecallWork
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.protecting import recalls
from care_plans.work import follow_ups
from devices import kit_life
from devices.models import Device, Recall
from people.signing_in import viewer_of
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.protecting import unprotected
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import CORA


@pytest.fixture
def pendant(session: Session, cast: Cast) -> Device:
    """Ada's, of a lot."""
    return unprotected.pendant(session, cast, lot="L7")


@pytest.fixture
def called(session: Session, cast: Cast, pendant: Device, now: datetime) -> Recall:
    """Ada's pendant is called back, and Ben's, which somebody is asked about."""
    other = kit.device(session, "bens-pendant", name="Pendant", model=pendant.model, life_safety=True)
    kit.give(session, other, person_id=cast.ben.id)
    made = kit_life.recall(session, model=pendant.model, reason="May fail", now=now, actor=CORA)
    recalls.step(session, now)
    return made


def test_a_recall_shows_who_has_it_and_stands_on_the_kit(
    cast: Cast, client_as: ClientAs, pendant: Device
) -> None:
    client = client_as(cast.cora)
    empty = client.get("/kit/recalls")
    assert h1(empty) == "Recalls"
    assert "Nothing is called back" in empty.text

    form = {
        "model": "hl-p1",
        "lot": "L7",
        "reason": "Its battery may burn",
        "reference": "MDR 0001",
        "urgency": "day",
    }
    client.post("/kit/recalls", data=form)

    page = client.get("/kit/recalls").text
    assert "Its battery may burn" in page
    assert f"/people/{cast.ada.uuid}" in page
    assert "Called back: Its battery may burn" in client.get(f"/kit/{pendant.uuid}").text
    assert f"/people/{cast.ada.uuid}" not in client_as(cast.mallory).get("/kit/recalls").text


def test_what_is_wrong_with_a_recall_is_said(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).post("/kit/recalls", data={"model": "", "reason": "x"})

    assert answer.status_code == 422


def test_a_recall_ends(cast: Cast, client_as: ClientAs, session: Session, pendant: Device) -> None:
    called = kit_life.recall(session, model="HL-P1", reason="Burns", now=NOW, actor=CORA)
    client = client_as(cast.cora)

    client.post(f"/kit/recalls/{called.uuid}/end")

    session.refresh(called)
    assert called.ended_at is not None
    assert "Over since" in client.get("/kit/recalls").text


@pytest.mark.usefixtures("called")
def test_it_says_of_each_piece_who_is_asked_and_by_when(cast: Cast, client_as: ClientAs) -> None:
    text = client_as(cast.cora).get("/kit/recalls").text
    assert text.count("Asked of Coordinators") == 2
    assert "0 of 2 pieces swapped, collected or checked" in text
    assert "Withdraw it" in text


@pytest.mark.usefixtures("called")
def test_what_was_done_shows_as_progress(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    check(session, cast, now)
    text = client_as(cast.cora).get("/kit/recalls").text
    assert "1 of 2 pieces swapped, collected or checked" in text
    assert ">Checked</a>" in text


def check(session: Session, cast: Cast, now: datetime) -> None:
    """Somebody looks at Ada's."""
    cora = viewer_of(session, cast.cora, now)
    asked = session.scalars(select(FollowUp).where(FollowUp.person_id == cast.ada.id)).one()
    follow_ups.complete(session, asked, outcome=FollowUpOutcome.DONE, remarks="", by=cora, now=now)
    recalls.step(session, now)


def test_what_was_still_open_when_it_was_withdrawn_is_said_to_be_undone(
    session: Session, cast: Cast, client_as: ClientAs, called: Recall, now: datetime
) -> None:
    check(session, cast, now)
    client = client_as(cast.cora)
    client.post(f"/kit/recalls/{called.uuid}/end")
    recalls.step(session, now)
    text = client.get("/kit/recalls").text
    assert "1 of 2 pieces swapped, collected or checked; 1 left undone when it was withdrawn." in text


def test_what_is_with_nobody_is_not_to_be_given_out(
    session: Session, cast: Cast, client_as: ClientAs, called: Recall
) -> None:
    kit.device(session, "spare", model=called.model, agency_id=cast.cora.agency_id)
    assert "Do not give it out" in client_as(cast.cora).get("/kit/recalls").text


@pytest.mark.usefixtures("called")
def test_each_follow_up_leads_to_its_recall(session: Session, cast: Cast, client_as: ClientAs) -> None:
    asked = session.scalars(select(FollowUp).join(RecallWork, RecallWork.follow_up_id == FollowUp.id)).first()
    assert asked is not None
    assert "From a recall" in client_as(cast.cora).get(f"/follow-ups/{asked.uuid}").text
