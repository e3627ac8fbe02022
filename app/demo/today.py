"""What is going on in Westmere this morning: something handed on, something overdue, something to do."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.alerts import alerts
from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUpKind
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
from core.errors import HearthlineError
from people import signing_in
from people.access import Viewer


def stir(session: Session, westmere: Westmere, laid: list[Laid], now: datetime) -> None:
    """Let staff be in the middle of things."""
    cora = signing_in.viewer_of(session, westmere.staff["Cora"], now)
    _hand_on(session, westmere, now)
    person = laid[0].people[0]
    follow_ups.make(
        session,
        kind=FollowUpKind.CALL,
        text="Ring back about the lunch club lift on Thursday.",
        team_id=westmere.teams["Westmere hub"].id,
        due_at=now - timedelta(hours=2),
        now=now - timedelta(hours=20),
        person_id=person.id,
        by=cora,
    )
    if len(laid) > 1:
        follow_ups.make(
            session,
            kind=FollowUpKind.VISIT,
            text="Look at the hall rug and the bathroom rail.",
            team_id=westmere.teams["Adult social work"].id,
            due_at=now + timedelta(hours=3),
            now=now - timedelta(hours=1),
            person_id=laid[1].people[0].id,
            by=cora,
        )


def _hand_on(session: Session, westmere: Westmere, now: datetime) -> None:
    """Cora asks housing to take the newest cold home, if there is one still hers to hand on."""
    open_ = session.scalars(
        select(Alert)
        .where(
            Alert.closed_at.is_(None),
            Alert.class_ == Class.HOME_SOCIAL,
            Alert.severity == Severity.AMBER,
            Alert.handed_to_team_id.is_(None),
        )
        .order_by(Alert.shelved_until.is_not(None), Alert.raised_at.desc())
    )
    cora = signing_in.viewer_of(session, westmere.staff["Cora"], now)
    for alert in open_:
        if _handed(session, alert, westmere, cora, now):
            return


def _handed(session: Session, alert: Alert, westmere: Westmere, by: Viewer, now: datetime) -> bool:
    try:
        with session.begin_nested():
            alerts.hand_over(
                session,
                alert,
                team_id=westmere.teams["Neighbourhood officers"].id,
                reason="Heating not used since Friday; please look at the boiler and the windows.",
                accept_by=now + timedelta(minutes=45),
                by=by,
                now=now,
            )
    except HearthlineError:
        return False
    return True
