"""The ladder of somebody who does not answer."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts.ladder import Way, faults
from care_plans.ringing import steps
from care_plans.ringing.procedure import DEFAULT, Act, ProcedureStep
from care_plans.severity import Class
from people.models.agencies import Team, TeamRole
from people.models.caring import CareTeam
from tests.cast import Cast


def teams(session: Session, cast: Cast, now: datetime, terms: object = DEFAULT) -> list[int | None]:
    built = steps.ladder(session, cast.ada.id, cast.coordinators.id, terms, now)  # type: ignore[arg-type]
    return [each.team for each in built.steps]


def test_the_team_that_rang_rings_on_somebody_goes_and_whoever_is_always_there_decides(
    session: Session, cast: Cast, now: datetime
) -> None:
    built = steps.ladder(session, cast.ada.id, cast.coordinators.id, DEFAULT, now)
    assert [each.team for each in built.steps] == [
        cast.coordinators.id, cast.coordinators.id, cast.nurses.id, cast.centre.id,
    ]  # fmt: skip
    assert [each.wait for each in built.steps] == [900, 900, 2700, 1800]
    assert "a named person decides and rings" in built.steps[-1].words
    assert all(each.way is Way.CALL for each in built.steps)


def test_it_could_be_published_for_life_safety(session: Session, cast: Cast, now: datetime) -> None:
    for person in (cast.ada, cast.ben):
        built = steps.ladder(session, person.id, cast.coordinators.id, DEFAULT, now)
        assert faults(built, Class.LIFE_SAFETY) == []


def test_without_a_key_holder_that_step_is_left_out(session: Session, cast: Cast, now: datetime) -> None:
    built = steps.ladder(session, cast.ben.id, cast.coordinators.id, DEFAULT, now)
    assert [each.position for each in built.steps] == [1, 2, 3]
    assert "key" not in built.steps[0].words


def test_responders_go_where_some_care_for_them(session: Session, cast: Cast, now: datetime) -> None:
    responders = Team(agency_id=cast.receiving.id, name="Responders", role=TeamRole.RESPONDERS)
    session.add(responders)
    session.flush()
    period = session.query(CareTeam.period).filter(CareTeam.person_id == cast.ada.id).first()
    assert period is not None
    session.add(CareTeam(person_id=cast.ada.id, team_id=responders.id, period=period[0]))
    session.flush()
    assert teams(session, cast, now)[2] == responders.id


def test_a_team_that_was_agreed_has_its_step(session: Session, cast: Cast, now: datetime) -> None:
    terms = replace(
        DEFAULT,
        steps=(ProcedureStep(Act.VISIT, 30, team=cast.landlord.id), ProcedureStep(Act.WELFARE_CHECK, 20)),
    )
    assert teams(session, cast, now, terms) == [cast.landlord.id, cast.centre.id]


def test_where_the_last_team_goes_home_at_night_one_that_does_not_follows_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit, last = ProcedureStep(Act.VISIT, 30), ProcedureStep(Act.WELFARE_CHECK, 20, team=cast.landlord.id)
    terms = replace(DEFAULT, steps=(visit, last))
    assert teams(session, cast, now, terms) == [cast.nurses.id, cast.landlord.id, cast.centre.id]


def test_somebody_in_nobodys_care_is_looked_for_by_whoever_rang(
    session: Session, cast: Cast, now: datetime
) -> None:
    session.query(CareTeam).filter(CareTeam.person_id == cast.ada.id).delete()
    built = steps.ladder(session, cast.ada.id, cast.coordinators.id, DEFAULT, now)
    assert {each.team for each in built.steps[:-1]} == {cast.coordinators.id}
    assert faults(built, Class.LIFE_SAFETY) == []


def test_no_step_names_anybody_around_them_or_tells_what_was_agreed(
    session: Session, cast: Cast, now: datetime
) -> None:
    noted = tuple(replace(each, words="Mo next door has the spare key") for each in DEFAULT.steps)
    built = steps.ladder(session, cast.ada.id, cast.coordinators.id, replace(DEFAULT, steps=noted), now)
    words = " ".join(each.words for each in built.steps)
    assert "Beth" not in words
    assert "Mo" not in words.split()
