"""Who led, and who lived where, at any moment."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from outcomes import ties
from people.models.agencies import Team
from people.models.caring import CareTeam
from people.models.homes import Residency
from tests.cast import Cast

DAY = timedelta(days=1)


def led(session: Session, cast: Cast, team: Team, start: datetime, end: datetime | None) -> None:
    session.add(CareTeam(person_id=cast.ada.id, team_id=team.id, lead=True, period=Range(start, end)))
    session.flush()


def test_the_leading_agency_is_that_of_the_moment(session: Session, cast: Cast, now: datetime) -> None:
    found = ties.read(session)
    assert found.agency_of(cast.ada.id, now) == cast.hub.id
    assert found.agency_of(cast.ada.id, now - 401 * DAY) is None
    assert found.agency_of(-1, now) is None


def test_of_two_that_lead_the_one_that_has_led_longer_counts(
    session: Session, cast: Cast, now: datetime
) -> None:
    led(session, cast, cast.befrienders, now - 900 * DAY, now - 2 * DAY)
    found = ties.read(session)
    assert found.agency_of(cast.ada.id, now - 3 * DAY) == cast.neighbours.id
    assert found.agency_of(cast.ada.id, now - 2 * DAY) == cast.hub.id
    stretches = list(found.stretches(cast.ada.id, now - 4 * DAY, now))
    assert stretches == [
        (now - 4 * DAY, now - 2 * DAY, cast.neighbours.id),
        (now - 2 * DAY, now, cast.hub.id),
    ]


def test_who_has_lived_longest_in_a_home_comes_first(session: Session, cast: Cast, now: datetime) -> None:
    before = ties.read(session)
    assert before.residents_of(cast.ada_home.id, now) == (cast.ada.id,)
    residency = session.query(Residency).filter_by(person_id=cast.ben.id).one()
    residency.period = Range(now - 500 * DAY, now - 5 * DAY)
    session.flush()
    session.add(Residency(person_id=cast.ben.id, home_id=cast.ada_home.id, period=Range(now - 5 * DAY, None)))
    session.flush()
    found = ties.read(session)
    assert found.residents_of(cast.ada_home.id, now) == (cast.ada.id, cast.ben.id)
    assert found.residents_of(cast.ada_home.id, now - 6 * DAY) == (cast.ada.id,)
    assert found.home_of(cast.ben.id, now - 6 * DAY) == cast.ben_home.id
    assert found.home_of(cast.ben.id, now) == cast.ada_home.id
    assert found.changes_of(cast.ben.id, now - 9 * DAY, now) == {now - 5 * DAY}
