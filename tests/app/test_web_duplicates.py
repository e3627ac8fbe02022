"""The pages on which a human says whether two records are one person."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.merging import carrying_out
from core.db import vault_of
from people import likeness
from people.models.identity import Merge, MergeState, Pair, PairState
from people.models.people import Contact, Person
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.merging import twice
from tests.cast import Cast


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    person = twice.lay(session, cast, now)
    likeness.step(session, now)
    return person


def pair_of(session: Session) -> Pair:
    return session.scalars(select(Pair)).one()


def test_pairs_are_listed_with_what_fits_and_what_does_not(
    cast: Cast, client_as: ClientAs, session: Session, again: Person
) -> None:
    answer = client_as(cast.cora).get("/people/duplicates")
    assert h1(answer) == "Might be the same person"
    assert "Ada Marsh and Ada Marsh" in answer.text
    assert "day and month of birth the other way round" in answer.text
    assert "1 pair might be one person" in client_as(cast.cora).get("/people").text
    assert "Nobody stands twice" in client_as(cast.mallory).get("/people/duplicates").text


def test_of_one_out_of_sight_only_whom_to_ask_is_told(
    cast: Cast, client_as: ClientAs, session: Session, again: Person
) -> None:
    answer = client_as(cast.hana).get("/people/duplicates")
    assert "ask Westmere Hub" in answer.text
    assert "Adelaide" not in answer.text
    assert f"/people/duplicates/{pair_of(session).uuid}" not in answer.text


def test_two_records_are_brought_together_and_parted_again(
    cast: Cast, client_as: ClientAs, session: Session, again: Person, now: datetime
) -> None:
    alert = twice.raise_(session, cast, again, now)
    cora, path = client_as(cast.cora), f"/people/duplicates/{pair_of(session).uuid}"
    page = cora.get(path)
    assert h1(page) == "The same person?"
    assert "Adelaide" in page.text
    assert f"alerts.{alert.uuid}" in page.text
    refused = cora.post(f"{path}/merge", data={"why": "", "keep": str(cast.ada.uuid)})
    assert refused.status_code == 422
    assert "Say of this alert what becomes of it." in refused.text
    assert f'href="#alerts.{alert.uuid}"' in refused.text
    given = {"why": "She says so.", "keep": str(cast.ada.uuid), f"alerts.{alert.uuid}": "theirs"}
    done = cora.post(f"{path}/merge", data={**given, "fields.date_of_birth": "gone"})
    assert (done.status_code, done.headers["Location"]) == (303, f"/people/{cast.ada.uuid}/merges")
    assert "Being brought together now" in cora.get(f"/people/{cast.ada.uuid}/merges").text
    session.expire_all()
    assert carrying_out.step(session, now)
    history = cora.get(f"/people/{cast.ada.uuid}/merges").text
    assert "Brought together" in history
    moved = cora.get(f"/people/{again.uuid}")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"/people/{cast.ada.uuid}")
    assert "Records brought together" in cora.get(f"/people/{cast.ada.uuid}").text
    merge = session.scalars(select(Merge)).one()
    undo = f"/people/{cast.ada.uuid}/merges/{merge.uuid}/undo"
    assert cora.post(undo, data={}).status_code == 422
    assert cora.post(undo, data={f"why_{merge.uuid}": "Cousins."}).status_code == 303
    session.expire_all()
    assert carrying_out.step(session, now)
    session.expire_all()
    assert session.scalars(select(Merge.state)).one() is MergeState.UNDONE
    assert "Parted again" in cora.get(f"/people/{cast.ada.uuid}/merges").text
    assert cora.get(f"/people/{again.uuid}").status_code == 200


def test_two_people_stay_two_with_a_reason(
    cast: Cast, client_as: ClientAs, session: Session, again: Person
) -> None:
    cora, path = client_as(cast.cora), f"/people/duplicates/{pair_of(session).uuid}"
    refused = cora.post(f"{path}/different", data={})
    assert refused.status_code == 422
    assert "Say how you know that they are two people." in refused.text
    assert cora.post(f"{path}/different", data={"why_different": "Cousins."}).status_code == 303
    session.expire_all()
    assert pair_of(session).state is PairState.DIFFERENT
    assert "This is decided" in cora.get(path).text
    second = cora.post(f"{path}/merge", data={"why": "One", "keep": str(cast.ada.uuid)})
    assert second.status_code == 409


def test_the_other_record_can_be_kept(
    cast: Cast, client_as: ClientAs, session: Session, again: Person
) -> None:
    path = f"/people/duplicates/{pair_of(session).uuid}"
    page = client_as(cast.cora).get(f"{path}?keep={again.uuid}").text
    assert f'name="keep" value="{again.uuid}"' in page
    assert f"?keep={cast.ada.uuid}" in page


def test_whoever_is_known_is_shown_before_somebody_is_taken_on(
    cast: Cast, client_as: ClientAs, session: Session, again: Person
) -> None:
    new = {
        "given_name": "Ada", "family_name": "Marsh", "born": "1948-05-04", "sex": "female",
        "telephone": "01632 960 114", "team": str(cast.coordinators.uuid),
    }  # fmt: skip
    cora = client_as(cast.cora)
    asked = cora.post("/people/new", data=new)
    assert asked.status_code == 409
    assert "Is it one of these?" in asked.text
    assert f'href="/people/{cast.ada.uuid}"' in asked.text
    assert 'value="Marsh"' in asked.text
    added = cora.post("/people/new", data={**new, "anyway": "Her cousin of the same name."})
    assert added.status_code == 303


def test_of_somebody_out_of_sight_no_name_is_told_before_somebody_is_taken_on(
    cast: Cast, client_as: ClientAs, session: Session, again: Person
) -> None:
    new = {
        "given_name": "Ada", "family_name": "Marsh", "born": "1948-05-04", "telephone": "01632 960 114",
        "team": str(cast.strangers.uuid),
    }  # fmt: skip
    asked = client_as(cast.mallory).post("/people/new", data=new)
    assert asked.status_code == 409
    assert "known to another agency" in asked.text
    assert "ask Westmere Hub" in asked.text
    assert str(cast.ada.uuid) not in asked.text


def test_a_relatives_number_finds_the_person_and_says_whose_it_is(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:

    contact = session.scalars(select(Contact)).one()
    contact.telephone_blind = vault_of(session).blind("+441632960777")
    session.flush()
    answer = client_as(cast.cora).post("/people/search", data={"q": "01632 960777"})
    assert "Ada Marsh" in answer.text
    assert "The number of Beth Marsh (daughter)" in answer.text
