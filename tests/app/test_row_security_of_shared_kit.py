"""The second wall around kit that Ada and Ben share: who sees one does not see the other's readings."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from devices import doubts, kit_users, owners
from devices.models import Device
from devices.shared_kit_models import Owner
from people.models.agencies import Staff
from tests.app.test_row_security import as_web, count, viewer
from tests.cast import Cast
from tests.devices import shared
from tests.devices.kit import CORA
from tests.devices.shared import weighs

WEIGHTS = text(
    "SELECT r.value FROM readings r JOIN series s ON s.id = r.series_id WHERE s.kind = 'weight' ORDER BY 1"
)
HELD = text(
    "SELECT r.value FROM held_series h "
    "JOIN readings r ON r.series_id = h.series_id AND h.period @> r.measured_at "
    "WHERE h.person_id IN (SELECT id FROM people) AND h.kind = 'weight' ORDER BY 1"
)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scale(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada is user one, Ben two; one weight is nobody's, one Ben's as Cora said. Dev cares for Ada alone."""
    made = shared.scale(session, cast)
    session.execute(
        text("DELETE FROM care_teams WHERE person_id = :ben AND team_id = :team"),
        {"ben": cast.ben.id, "team": cast.nurses.id},
    )
    for number, who in ((1, cast.ada), (2, cast.ben)):
        kit_users.set_down(session, made, number, who.id, now=now, actor=CORA)
    weighs(session, 61.0, 1, now - MINUTE)
    weighs(session, 92.0, 2, now - MINUTE)
    weighs(session, 70.0, None, now - 2 * MINUTE)
    weighs(session, 93.0, None, now - 3 * MINUTE)
    say(session, made, cast.ben.id, now - 3 * MINUTE)
    return made


def say(session: Session, scale: Device, person_id: int, at: datetime, channel: str = "") -> None:
    owners.say(session, scale, channel, at, Owner.PERSON, now=at + MINUTE, actor=CORA, person_id=person_id)


def seen(session: Session, who: Staff, now: datetime) -> list[float]:
    with as_web(session, viewer(session, who, now), now) as connection:
        return list(connection.execute(WEIGHTS).scalars())


def test_who_sees_both_sees_all_of_it_also_what_is_nobodys(
    session: Session, cast: Cast, scale: Device, now: datetime
) -> None:
    assert seen(session, cast.cora, now) == [61.0, 70.0, 92.0, 93.0]


def test_who_sees_ada_alone_sees_hers_alone(
    session: Session, cast: Cast, scale: Device, now: datetime
) -> None:
    assert seen(session, cast.dev, now) == [61.0]


def test_who_sees_the_home_and_no_vital_signs_sees_nobodys(
    session: Session, cast: Cast, scale: Device, now: datetime
) -> None:
    assert seen(session, cast.hana, now) == []


@pytest.mark.parametrize("name", ["vi", "mallory"])
def test_a_stranger_sees_nothing_of_it(
    session: Session, cast: Cast, scale: Device, now: datetime, name: str
) -> None:
    who = getattr(cast, name)
    assert seen(session, who, now) == []
    with as_web(session, viewer(session, who, now), now) as connection:
        assert (count(connection, "kit_users"), count(connection, "reading_owners")) == (0, 0)


def test_one_moment_that_is_adas_is_seen_and_not_the_rest_of_its_line(
    session: Session, cast: Cast, scale: Device, now: datetime
) -> None:
    say(session, scale, cast.ada.id, now - 2 * MINUTE)
    assert seen(session, cast.dev, now) == [61.0, 70.0]


def test_one_moment_of_adas_number_that_was_bens_is_not_seen(
    session: Session, cast: Cast, scale: Device, now: datetime
) -> None:
    for n in (4, 5, 6):
        weighs(session, 61.0, 1, now - n * MINUTE)
    weighs(session, 91.0, 1, now)
    doubts.note(session, [scale.id], [], now)
    assert seen(session, cast.dev, now) == [61.0] * 4
    say(session, scale, cast.ben.id, now, "user 1")
    assert seen(session, cast.dev, now) == [61.0] * 4
    assert 91.0 in seen(session, cast.cora, now)


def test_whose_they_are_is_read_by_the_same_limits(
    session: Session, cast: Cast, scale: Device, now: datetime
) -> None:
    with as_web(session, viewer(session, cast.dev, now), now) as connection:
        assert list(connection.execute(HELD).scalars()) == [61.0]
        assert (count(connection, "kit_users"), count(connection, "reading_owners")) == (1, 0)
    with as_web(session, viewer(session, cast.cora, now), now) as connection:
        assert list(connection.execute(HELD).scalars()) == [61.0, 92.0, 93.0]
