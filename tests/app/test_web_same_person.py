"""Bringing together two records that nobody had proposed."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from people.models.caring import CareTeam
from people.models.identity import Pair, PairState
from people.models.people import Person, Sex
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast


def other_name(session: Session, cast: Cast, now: datetime) -> Person:
    """Ada under her maiden name, with another birthday: no machine takes them for one."""
    row = Person(given_name="Adeline", family_name="Thorne", date_of_birth=date(1950, 1, 1), sex=Sex.FEMALE)
    session.add(row)
    session.flush()
    session.add(CareTeam(person_id=row.id, team_id=cast.coordinators.id, lead=True, period=Range(now, None)))
    session.flush()
    return row


def test_the_other_record_is_found_compared_and_brought_together(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    other = other_name(session, cast, now)
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/same-as"
    assert path in cora.get(f"/people/{cast.ada.uuid}").text
    assert h1(cora.get(path)) == "The same person as Ada Marsh"
    found = cora.post(f"{path}/search", data={"q": "thorne"})
    assert f'value="{other.uuid}"' in found.text
    assert "Nobody else fits" in cora.post(f"{path}/search", data={"q": "marsh"}).text
    answer = cora.post(path, data={"other": str(other.uuid)})
    pair = session.scalars(select(Pair)).one()
    assert (answer.status_code, answer.location) == (303, f"/people/duplicates/{pair.uuid}")
    page = cora.get(answer.location)
    assert "Not likely one person" in page.text
    assert "another date of birth" in page.text
    again = cora.post(path, data={"other": str(other.uuid)})
    assert again.location == answer.location
    asked = cora.post(
        f"{answer.location}/merge", data={"why": "She showed both letters.", "keep": str(cast.ada.uuid)}
    )
    assert asked.status_code == 303


def test_two_who_were_said_to_be_two_are_asked_about_anew(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    other = other_name(session, cast, now)
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/same-as"
    pair_page = cora.post(path, data={"other": str(other.uuid)}).location
    assert cora.post(f"{pair_page}/different", data={"why_different": "Cousins"}).status_code == 303
    assert cora.post(path, data={"other": str(other.uuid)}).location == pair_page
    assert session.scalars(select(Pair).execution_options(populate_existing=True)).one().state is (
        PairState.PROPOSED
    )


def test_nobody_is_compared_with_themself_or_with_somebody_out_of_sight(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora, path = client_as(cast.cora), f"/people/{cast.ada.uuid}/same-as"
    itself = cora.post(path, data={"other": str(cast.ada.uuid)})
    assert itself.status_code == 422
    assert "This is the record you came from" in itself.text
    assert cora.post(path, data={"other": "?"}).status_code == 422
    assert client_as(cast.dev).get(path).status_code == 403
    assert session.scalars(select(Pair)).all() == []
