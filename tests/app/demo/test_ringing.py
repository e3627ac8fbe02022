"""The calls of the demo place."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo import ringing
from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.models.ringing import NoReply
from care_plans.reached import Found
from care_plans.ringing import attempts, no_replies, terms
from people.models.people import Person
from tests.cast import Cast


def place(session: Session, cast: Cast, homes: int) -> list[Laid]:
    """So many homes with somebody who lives alone in each."""
    born = cast.ada.date_of_birth
    others = [
        Person(given_name=f"Person {n}", family_name="Lowe", date_of_birth=born) for n in range(homes - 2)
    ]
    people = [cast.ada, cast.ben, *others]
    session.add_all(people)
    session.flush()
    return [Laid(None, None, cast.ada_home, [person], {}) for person in people]  # type: ignore[arg-type]


def lay(session: Session, cast: Cast, homes: int, now: datetime) -> list[Laid]:
    westmere = Westmere({}, {"Westmere hub": cast.coordinators}, {"Cora": cast.cora, "Osei": cast.dev})
    laid = place(session, cast, homes)
    ringing.lay(session, westmere, laid, now)
    return laid


def test_some_are_to_be_rung_one_was_tried_twice_and_one_was_found_yesterday(
    session: Session, cast: Cast, now: datetime
) -> None:
    laid = lay(session, cast, 6, now)
    [found] = session.scalars(select(NoReply)).all()
    assert (found.person_id, found.ended) == (laid[3].people[0].id, Found.SEEN)
    assert attempts.how_it_stands(session, cast.ben.id, cast.coordinators.id, now).failed == 2
    assert terms.find_of_person(session, laid[2].people[0].id) is not None


def test_in_a_larger_place_somebody_is_looked_for_now(session: Session, cast: Cast, now: datetime) -> None:
    laid = lay(session, cast, ringing.MANY, now)
    assert no_replies.find_open(session, laid[8].people[0].id) is not None


def test_a_very_small_place_has_calls_and_no_more(session: Session, cast: Cast, now: datetime) -> None:
    lay(session, cast, 2, now)
    assert session.scalars(select(NoReply)).all() == []
