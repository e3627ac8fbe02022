"""Whoever sees somebody at all is told that they can't call for help with their kit."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.web import unprotected as shown
from care_plans.evaluating import protection
from care_plans.models.alerts import Alert
from care_plans.models.protecting import Interim
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.protecting import interims
from care_plans.protecting.interims import Unprotected
from care_plans.protection_states import Lack
from core.zones import UK
from devices.models import Device
from people.models.caring import AlertSight, CareTeam
from people.models.sharing import SharingBasis
from tests.app.conftest import ClientAs
from tests.care_plans.protecting import unprotected
from tests.care_plans.protecting.unprotected import HOUR
from tests.cast import Cast

SAID = "Ada’s Pendant has not worked since 06:46, 1 h ago: Ada can’t call for help with it."
WHO = ("cora", "dev", "hana", "sol")


@pytest.fixture
def pendant(session: Session, cast: Cast, now: datetime) -> Device:
    """Ada's, which has failed an hour ago."""
    made = unprotected.pendant(session, cast)
    unprotected.fails(session, made, now - HOUR)
    protection.step(session, now)
    interims.step(session, now)
    return made


def visit(session: Session, cast: Cast, now: datetime) -> FollowUp:
    """One that Neighbourly's volunteers are asked to make."""
    since = session.query(CareTeam.period).limit(1).scalar()
    session.add(CareTeam(person_id=cast.ada.id, team_id=cast.befrienders.id, lead=False, period=since))
    row = FollowUp(
        kind=FollowUpKind.VISIT, text="Bring the shopping", person_id=cast.ada.id,
        team_id=cast.befrienders.id, due_at=now + HOUR,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def alert_of(session: Session) -> Alert:
    return session.query(Alert).filter_by(rule_key=interims.UNPROTECTED).one()


def pages(session: Session, cast: Cast, now: datetime) -> dict[str, str]:
    mend = session.query(FollowUp).filter_by(person_id=cast.ada.id, kind=FollowUpKind.REPAIR).one()
    return {
        "person": f"/people/{cast.ada.uuid}",
        "alert": f"/alerts/{alert_of(session).uuid}",
        "aside": f"/alerts/{alert_of(session).uuid}/aside",
        "follow-up": f"/follow-ups/{mend.uuid}",
        "visit card": f"/follow-ups/{visit(session, cast, now).uuid}/card",
    }


@pytest.mark.usefixtures("pendant")
@pytest.mark.parametrize("who", WHO)
def test_every_agency_that_sees_them_is_told_wherever_it_sees_them(
    who: str, session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    found = pages(session, cast, now)
    client = client_as(getattr(cast, who))
    assert {name for name, path in found.items() if SAID not in client.get(path).text} == set()


@pytest.mark.usefixtures("pendant")
def test_an_agency_to_which_no_reading_is_shared_is_told_as_well(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    session.query(SharingBasis).filter_by(agency_id=cast.housing.id).delete()
    assert SAID in client_as(cast.hana).get(f"/people/{cast.ada.uuid}").text


@pytest.mark.usefixtures("pendant")
def test_a_volunteer_is_told_on_the_card_and_led_nowhere(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    text = client_as(cast.vi).get(f"/follow-ups/{visit(session, cast, now).uuid}/card").text
    assert SAID in text
    assert "Marsh" not in text
    assert "/interim" not in text


@pytest.mark.usefixtures("pendant")
def test_whoever_rings_is_told_before_they_ring(cast: Cast, client_as: ClientAs) -> None:
    assert SAID in client_as(cast.cora).get("/calls").text


@pytest.mark.usefixtures("pendant")
def test_whoever_is_only_paged_for_an_alert_is_told_on_it(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    session.query(CareTeam).filter_by(team_id=cast.nurses.id).delete()
    alert, period = alert_of(session), Range(now - HOUR, None)
    session.add(AlertSight(person_id=cast.ada.id, alert_id=alert.id, staff_id=cast.dev.id, period=period))
    session.flush()
    assert SAID in client_as(cast.dev).get(f"/alerts/{alert_of(session).uuid}").text


@pytest.mark.usefixtures("pendant")
def test_mallory_is_told_nothing(session: Session, cast: Cast, client_as: ClientAs, now: datetime) -> None:
    found = pages(session, cast, now)
    client = client_as(cast.mallory)
    assert {client.get(path).status_code for path in found.values()} == {404}


def test_nothing_is_said_of_whoever_is_protected(session: Session, cast: Cast, client_as: ClientAs) -> None:
    unprotected.pendant(session, cast)
    assert "call for help with" not in client_as(cast.cora).get(f"/people/{cast.ada.uuid}").text


def plan(now: datetime, **given: object) -> Unprotected:
    told = {
        "lack": Lack.DOWN, "kit": "Pendant", "since": now - HOUR, "alone": True,
        "call_times": ["10:00", "18:00"], "replace_by": now + 9 * HOUR,
    }  # fmt: skip
    return Unprotected(uuid4(), "Ada", Interim(**{**told, **given}))


def said(now: datetime, **given: object) -> shown.Banner:
    [banner] = shown.banners([plan(now, **given)], now, UK)
    return banner


def test_it_says_when_they_are_rung_and_by_when_it_is_replaced(now: datetime) -> None:
    banner = said(now)
    assert (banner.calls, banner.replaced) == (
        "Interim: calls at 10:00 and 18:00.",
        "Replacement due today 16:46.",
    )
    assert not banner.late


def test_a_replacement_that_is_late_is_said_to_be(now: datetime) -> None:
    banner = said(now, replace_by=now - HOUR)
    assert (banner.late, banner.replaced) == (True, "Replacement was due today 06:46, 1 h late.")


def test_several_pieces_are_named_together(now: datetime) -> None:
    assert said(now, kit="Pendant, Smoke alarm").lacks.startswith(
        "Ada’s Pendant and Smoke alarm have not worked"
    )


def test_what_is_called_back_is_not_to_be_relied_on(now: datetime) -> None:
    banner = said(now, lack=Lack.RECALLED, call_times=[], replace_by=now + timedelta(days=2))
    assert "was called back 06:46, 1 h ago, and may fail" in banner.lacks
    assert (banner.calls, banner.replaced[:31]) == (
        "Interim: no calls agreed.",
        "To be swapped or checked by Tue",
    )


def test_that_nobody_could_be_asked_is_said(now: datetime) -> None:
    assert said(now, replace_by=None).replaced.startswith("No replacement is asked for")


def test_who_lives_alone_comes_first(now: datetime) -> None:
    shared, alone = plan(now, alone=False, since=now - 9 * HOUR), plan(now)
    assert [each.person_uuid for each in shown.banners([shared, alone], now, UK)] == [
        alone.person_uuid,
        shared.person_uuid,
    ]
