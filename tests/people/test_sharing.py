from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.journal import Actor
from people import choices, grants, sharing
from people.access import SEES_ALL, Extent, RecordClass, Viewer
from people.models.agencies import Staff, Team
from people.models.sharing import Override
from tests.cast import Cast

BY = Actor("a test")
DISSENT = {"decision": "dissent", "said_by": "Ada herself", "evidence": "Told Sol at the kitchen table"}


def viewer(staff: Staff, team: Team, *, everyone: bool = False) -> Viewer:
    return Viewer(
        staff.id, staff.uuid, staff.name, staff.agency_id, staff.role.value, frozenset({team.id}), everyone
    )


def test_each_sector_sees_what_its_work_needs(session: Session, cast: Cast, now: datetime) -> None:
    nurse = sharing.sees(session, viewer(cast.dev, cast.nurses), cast.ada.id, now)
    officer = sharing.sees(session, viewer(cast.hana, cast.landlord), cast.ada.id, now)
    assert nurse[RecordClass.VITALS] is Extent.FULL
    assert officer[RecordClass.VITALS] is Extent.CHECK
    assert officer[RecordClass.HOME_ENVIRONMENT] is Extent.FULL
    assert officer[RecordClass.PLAN] is Extent.CATEGORY
    assert nurse[RecordClass.RESTRICTED] is Extent.CHECK


def test_what_somebody_dissents_from_is_made_smaller_for_that_agency_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    said = {**DISSENT, "record_class": "vitals"}
    choices.choose(session, cast.ada, cast.health, said, by=cast.sol, actor=BY, now=now)
    assert sharing.team_sees(session, cast.nurses, cast.ada.id, now)[RecordClass.VITALS] is Extent.CHECK
    assert sharing.team_sees(session, cast.nurses, cast.ben.id, now)[RecordClass.VITALS] is Extent.FULL
    assert sharing.team_sees(session, cast.coordinators, cast.ada.id, now)[RecordClass.VITALS] is Extent.FULL


def test_what_rests_on_consent_gives_nothing_until_it_is_given(
    session: Session, cast: Cast, now: datetime
) -> None:
    given = {
        "purpose": "care", "record_class": "vitals", "extent": "full", "lawful_basis": "consent",
        "agreement": "Lunch club's own form",
    }  # fmt: skip
    grants.set_(session, cast.neighbours, given, by=cast.vi, actor=BY, now=now)
    assert sharing.team_sees(session, cast.befrienders, cast.ada.id, now)[RecordClass.VITALS] is Extent.CHECK
    said = {**DISSENT, "decision": "permit", "record_class": "vitals"}
    choices.choose(session, cast.ada, cast.neighbours, said, by=cast.sol, actor=BY, now=now)
    assert sharing.team_sees(session, cast.befrienders, cast.ada.id, now)[RecordClass.VITALS] is Extent.FULL


def test_who_broke_the_glass_sees_all_but_what_is_restricted_while_it_lasts(
    session: Session, cast: Cast, now: datetime
) -> None:
    until = now + timedelta(hours=1)
    session.add(
        Override(
            person_id=cast.ada.id, staff_id=cast.hana.id, at=now, until=until, reason="r", review_by=until
        )
    )
    session.flush()
    hana = viewer(cast.hana, cast.landlord)
    assert sharing.sees(session, hana, cast.ada.id, now) == SEES_ALL
    assert sharing.sees(session, hana, cast.ada.id, until)[RecordClass.VITALS] is Extent.CHECK


def test_the_installations_own_key_sees_all_but_what_is_restricted(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert (
        sharing.sees(session, viewer(cast.mallory, cast.strangers, everyone=True), cast.ada.id, now)
        == SEES_ALL
    )
