"""Whom and what somebody may see, and when they no longer may."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.errors import NotFound
from people import residencies, visible
from people.models.agencies import TeamMember
from people.models.caring import AlertSight, CareTeam
from people.models.homes import Home, Residency
from people.models.people import Person
from tests.cast import Cast
from tests.people.looking import BY, as_viewer, journal

DAY = timedelta(days=1)


def people_of(session: Session, cast: Cast, name: str, now: datetime) -> set[str]:
    viewer = as_viewer(session, getattr(cast, name), now)
    seen = session.scalars(select(Person).where(Person.id.in_(visible.person_ids(viewer, now))))
    return {person.given_name for person in seen}


@pytest.mark.parametrize(
    ("name", "seen"),
    [("cora", {"Ada", "Ben"}), ("dev", {"Ada", "Ben"}), ("vi", set()), ("mallory", set())],
)
def test_a_team_in_the_care_team_sees_and_nobody_else(
    session: Session, cast: Cast, now: datetime, name: str, seen: set[str]
) -> None:
    assert people_of(session, cast, name, now) == seen


def test_sight_ends_with_the_teams_care(session: Session, cast: Cast, now: datetime) -> None:
    care = session.scalars(
        select(CareTeam).where(CareTeam.person_id == cast.ada.id, CareTeam.team_id == cast.coordinators.id)
    ).one()
    care.period = Range(care.period.lower, now)
    assert people_of(session, cast, "cora", now) == {"Ben"}
    assert people_of(session, cast, "cora", now - DAY) == {"Ada", "Ben"}


def test_sight_ends_with_ones_time_in_the_team(session: Session, cast: Cast, now: datetime) -> None:
    member = session.scalars(select(TeamMember).where(TeamMember.staff_id == cast.cora.id)).one()
    member.period = Range(member.period.lower, now)
    assert people_of(session, cast, "cora", now) == set()


def test_a_stranger_and_an_unknown_id_are_answered_alike(session: Session, cast: Cast, now: datetime) -> None:
    mallory = as_viewer(session, cast.mallory, now)
    for uuid in (cast.ada.uuid, cast.ada_home.uuid):
        with pytest.raises(NotFound):
            visible.get_person(session, mallory, uuid, now)
        with pytest.raises(NotFound):
            visible.get_home(session, mallory, uuid, now)


def test_somebody_erased_is_in_nobodys_sight(session: Session, cast: Cast, now: datetime) -> None:
    cast.ada.deleted_at = now
    with pytest.raises(NotFound):
        visible.get_person(session, as_viewer(session, cast.cora, now), cast.ada.uuid, now)


def test_sight_of_everybody_is_for_an_operators_token(session: Session, cast: Cast, now: datetime) -> None:
    operator = replace(as_viewer(session, cast.mallory, now), everyone=True)
    assert visible.get_person(session, operator, cast.ada.uuid, now) is cast.ada
    assert visible.get_home(session, operator, cast.ada_home.uuid, now) is cast.ada_home


def test_a_landlord_sees_a_home_only_through_the_care_team(
    session: Session, cast: Cast, now: datetime
) -> None:
    hana = as_viewer(session, cast.hana, now)
    assert visible.get_home(session, hana, cast.ada_home.uuid, now) is cast.ada_home
    for care in session.scalars(select(CareTeam).where(CareTeam.team_id == cast.landlord.id)):
        care.period = Range(care.period.lower, now)
    session.flush()
    assert cast.ada_home.landlord_agency_id == cast.hana.agency_id
    with pytest.raises(NotFound):
        visible.get_home(session, hana, cast.ada_home.uuid, now)


def test_a_home_goes_out_of_sight_when_somebody_else_moves_in(
    session: Session, cast: Cast, now: datetime
) -> None:
    cora = as_viewer(session, cast.cora, now)
    residencies.move_out(session, cast.ada, now - DAY, actor=BY)
    assert visible.get_home(session, cora, cast.ada_home.uuid, now)  # empty: the kit is still to be fetched
    stranger = Person(given_name="Eve", family_name="Stranger", date_of_birth=cast.ada.date_of_birth)
    session.add(stranger)
    session.flush()
    session.add(Residency(person_id=stranger.id, home_id=cast.ada_home.id, period=Range(now, None)))
    session.flush()
    with pytest.raises(NotFound):
        visible.get_home(session, cora, cast.ada_home.uuid, now)


def test_a_home_that_nobody_lived_in_tells_of_nobody(session: Session, cast: Cast, now: datetime) -> None:
    home = Home(address_line="1 New Street", postcode="WM1 1AB")
    session.add(home)
    session.flush()
    assert visible.get_home(session, as_viewer(session, cast.mallory, now), home.uuid, now) is home


def test_a_sight_opens_one_alert_for_its_time_and_not_the_person(
    session: Session, cast: Cast, now: datetime
) -> None:
    for alert_id, team, period in (
        (11, cast.befrienders, Range(now - DAY, now + DAY)),
        (12, cast.befrienders, Range(now - DAY, now)),
        (13, cast.strangers, Range(now - DAY, now + DAY)),
    ):
        session.add(AlertSight(person_id=cast.ada.id, alert_id=alert_id, team_id=team.id, period=period))
    session.add(
        AlertSight(person_id=cast.ada.id, alert_id=14, staff_id=cast.vi.id, period=Range(now, now + DAY))
    )
    vi = as_viewer(session, cast.vi, now)
    assert set(session.scalars(visible.alert_ids_by_sight(vi, now))) == {11, 14}
    with pytest.raises(NotFound):
        visible.get_person(session, vi, cast.ada.uuid, now)


def test_a_look_is_written_down(session: Session, cast: Cast, now: datetime) -> None:
    visible.record_look(session, as_viewer(session, cast.cora, now), cast.ada)
    assert journal(session) == [("looked at", "person")]


def test_a_part_that_is_fetched_again_and_again_is_one_look_in_a_quarter_of_an_hour(
    session: Session, cast: Cast, now: datetime
) -> None:
    cora = as_viewer(session, cast.cora, now)
    for _ in range(3):
        visible.record_part(session, cora, cast.ada, now, at_what="readings")
    assert journal(session) == [("looked at", "person")]
    visible.record_part(session, cora, cast.ada, now + timedelta(minutes=15), at_what="readings")
    visible.record_part(session, as_viewer(session, cast.dev, now), cast.ada, now, at_what="readings")
    visible.record_part(session, cora, cast.ben, now, at_what="readings")
    assert len(journal(session)) == 4
