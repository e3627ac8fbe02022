"""How much of which alerts somebody is shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.seen import extents
from care_plans.severity import Class, Severity
from devices import subjects
from people import choices, reach
from people.access import Extent, RecordClass
from tests.app.raising import raise_
from tests.care_plans.alerting import dev, hana, vi
from tests.cast import Cast
from tests.people.looking import BY


def test_one_alert_is_shown_to_each_agency_by_its_own_basis(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    assert extents.of_one(session, dev(cast), alert, now).full
    assert extents.of_one(session, hana(cast), alert, now).extent is Extent.CHECK
    assert extents.of_one(session, vi(cast), alert, now).extent is Extent.CHECK
    assert extents.of(session, dev(cast), [], now) == {}


def test_a_home_hides_what_one_of_those_who_live_there_keeps_to_themselves(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = raise_(
        session, cast, now, Severity.AMBER, Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id),
        key="warm_dry_home.cold",
    )  # fmt: skip
    alert.kind = "room_temperature"
    session.flush()
    assert extents.record_class(alert) is RecordClass.HOME_ENVIRONMENT
    assert extents.of_one(session, hana(cast), alert, now).full
    no = {"decision": "dissent", "record_class": "home_environment", "said_by": "Ada", "evidence": "Said so"}
    choices.choose(session, cast.ada, cast.housing, no, by=cast.sol, actor=BY, now=now)
    assert extents.of_one(session, hana(cast), alert, now).extent is Extent.CHECK
    to_them = extents.to_receiver(session, alert, now, team_id=cast.landlord.id, staff_id=None)
    assert to_them.extent is Extent.CHECK
    seen = reach.read(session, dev(cast), [], [cast.ada_home.id], now)
    assert extents.among(seen, alert).full


def test_a_receiver_is_a_team_or_a_member_of_staff(session: Session, cast: Cast, now: datetime) -> None:
    alert = raise_(session, cast, now)
    team = extents.to_receiver(session, alert, now, team_id=cast.landlord.id, staff_id=None)
    nurse = extents.to_receiver(session, alert, now, team_id=None, staff_id=cast.dev.id)
    assert (team.extent, nurse.extent) == (Extent.CHECK, Extent.FULL)
