"""Who shares a home, as far as whoever asks may know."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from people import households
from people.models.caring import CareTeam
from people.models.homes import Residency
from tests.care_plans.alerting import cora, hana
from tests.cast import Cast


def test_somebody_alone_has_a_home_and_nobody_else(session: Session, cast: Cast, now: datetime) -> None:
    household = households.of(session, cora(cast), cast.ada.id, now)
    assert (household.home, household.others, household.unseen) == (cast.ada_home, (), 0)


def test_somebody_who_lives_nowhere_we_know_has_none(session: Session, cast: Cast, now: datetime) -> None:
    household = households.of(session, cora(cast), cast.ada.id, now - timedelta(days=500))
    assert (household.home, household.others) == (None, ())


def test_whoever_is_out_of_sight_is_counted_and_not_named(
    session: Session, cast: Cast, now: datetime
) -> None:
    stay = session.query(Residency).filter_by(person_id=cast.ben.id).one()
    session.delete(stay)
    session.flush()
    session.add(
        Residency(
            person_id=cast.ben.id, home_id=cast.ada_home.id, period=Range(now - timedelta(days=9), None)
        )
    )
    session.flush()
    assert households.of(session, hana(cast), cast.ada.id, now).others == (cast.ben,)
    for row in session.query(CareTeam).filter_by(person_id=cast.ben.id, team_id=cast.landlord.id):
        session.delete(row)
    session.flush()
    blind = replace(hana(cast))
    household = households.of(session, blind, cast.ada.id, now)
    assert (household.others, household.unseen) == ((), 1)
