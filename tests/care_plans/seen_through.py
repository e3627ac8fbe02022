"""A person on one pathway, what their simulated kit says, and the work that follows, until all is closed.

Everything is the product's own: messages are decoded and stored by a line of intake, judged by an evaluator,
and answered by the actions that pages and API call; only the broker between kit and intake is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from threading import Event

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo import agreeing
from care_plans.alerts import alerts
from care_plans.evaluating.evaluate import Evaluator
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.pathways import switches
from care_plans.plan import enrol
from care_plans.severity import Severity
from care_plans.work import follow_ups
from core.clock import Clock
from core.db import Db
from core.journal import Actor
from devices import assignments, partitions, registry
from devices.inbox import Inbox, Message
from devices.line import Line
from devices.models import Device
from devices.overlap import Overlap
from devices.simulator.homes import emissions
from devices.simulator.house import Home
from devices.simulator.kit import About
from devices.simulator.lent import home_on
from devices.simulator.speaking import Emission
from people import signing_in
from people.access import Viewer
from people.models.agencies import Staff, Team, TeamMember
from tests.cast import Cast
from tests.cast import make as make_cast
from tests.conftest import NOW

BEFORE = timedelta(days=9)
BEGAN = timedelta(days=5)
STRIDE = timedelta(hours=1)
BY = Actor("simulated home")


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it."""

    pathway: str
    rule_key: str
    words: str
    severity: Severity
    what_should_happen: str
    follow_up: str
    team: str
    late: timedelta
    closed: bool

    @property
    def row(self) -> str:
        """A line of the table: pathway, trigger, severity, follow-up, whether all is closed."""
        closed = "closed" if self.closed else "OPEN"
        done = f"{self.follow_up} by {self.team}"
        return f"{self.pathway:15} {self.words:72} {self.severity:6} {done:26} {closed}"


def see_through(db: Db, pathway: str, rule_key: str) -> Seen:
    """Enrol Ada, let her kit speak until the alert of this rule has its follow-up, and do the work."""
    start = NOW - BEFORE
    home = home_on(pathway, "w900", NOW - BEGAN)
    with standing_at(db, start).transaction() as session:
        partitions.make_ahead(session, NOW)
        cast = make_cast(session)
        for spec in home.kit:
            _enrol(session, cast, home, spec.key_suffix, start)
        enrol.enrol(session, cast.ada, pathway, by=cast.dev, now=start, agreed_with="Ada, at home")
        switches.switch_on(session, pathway, by=cast.dev, reason="Approved for the trial", now=start)
    for until in _live(db, home):
        with standing_at(db, until).transaction() as session:
            alert = session.scalar(select(Alert).where(Alert.rule_key == rule_key))
            if alert is not None and _asked(session, alert):
                return _work(session, pathway, alert, until + timedelta(minutes=5))
    raise AssertionError(f"{pathway}: nothing of {rule_key} was found")


def standing_at(db: Db, at: datetime) -> Db:
    """The same database at another time."""
    return Db(db.engine, Clock(at, at, 0.0), db.vault)


def _enrol(session: Session, cast: Cast, home: Home, suffix: str, now: datetime) -> None:
    spec = next(each for each in home.kit if each.key_suffix == suffix)
    given = {"name": spec.name, "model": spec.model, "room": spec.room, "life_safety": spec.life_safety}
    if spec.hub is None:
        device = registry.enrol(session, given, now=now, actor=BY, key=home.device_key(spec)).device
    else:
        hub = session.scalars(select(Device).where(Device.key == home.device_key(spec))).one()
        device = registry.enrol_sensor(session, hub, spec.address or "", given, actor=BY)
    mine = spec.about is About.PERSON
    agreeing.agree_to(session, {device: [cast.ada]}, by=cast.sol, actor=BY, now=now)
    assignments.assign(
        session, device, start=now, now=now, actor=BY,
        person_id=cast.ada.id if mine else None, home_id=None if mine else cast.ada_home.id,
    )  # fmt: skip


def _live(db: Db, home: Home) -> Iterator[datetime]:
    """Let the kit speak, some hours at a time: each time all is stored and judged."""
    said = emissions(home, NOW - BEGAN - STRIDE, NOW)
    for _, of_one in groupby(said, key=lambda each: (each.at - NOW) // STRIDE):
        messages = list(of_one)
        until = messages[-1].at
        here = standing_at(db, until)
        _store(here, messages)
        evaluator = Evaluator(here)
        while evaluator.step():
            pass
        yield until


def _store(db: Db, said: list[Emission]) -> None:
    line = Line(db, Inbox(), Overlap(timedelta(seconds=10)), safety=False, most=500, linger=0.0)
    line.inbox.put([Message(each.topic, each.payload, each.retained, each.at) for each in said])
    while line.work(Event(), 0.0):
        pass
    assert line.counts.rejected == 0, "the simulator says nothing that can't be read"


def _asked(session: Session, alert: Alert) -> FollowUp | None:
    return session.scalar(
        select(FollowUp).where(
            FollowUp.alert_id == alert.id, FollowUp.text.not_like("Look at what came late%")
        )
    )


def _work(session: Session, pathway: str, alert: Alert, now: datetime) -> Seen:
    """Take the follow-up, speak to Ada, do what was asked, and close the alert."""
    follow_up = _asked(session, alert)
    assert follow_up is not None
    team = session.get_one(Team, follow_up.team_id)
    by = _somebody_of(session, team, now)
    alerts.acknowledge(session, alert, by=by, now=now)
    alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words="Sitting up, talking.", by=by, now=now)
    _finish(session, follow_up, by, now)
    alerts.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Went through the plan.", outcome=Outcome.VISIT_MADE,
        by=by, now=now,
    )  # fmt: skip
    return Seen(
        pathway=pathway,
        rule_key=alert.rule_key,
        words=alert.words,
        severity=alert.severity,
        what_should_happen=alert.what_should_happen,
        follow_up=follow_up.kind.value,
        team=team.name,
        late=timedelta(0) if not alert.late else now - alert.began_at,
        closed=alert.closed_at is not None and follow_up.done_at is not None,
    )


def _finish(session: Session, follow_up: FollowUp, by: Viewer, now: datetime) -> None:
    follow_ups.take(session, follow_up, by=by, now=now)
    follow_ups.complete(
        session, follow_up, outcome=FollowUpOutcome.DONE, remarks="Done as the plan says.", by=by, now=now
    )


def _somebody_of(session: Session, team: Team, now: datetime) -> Viewer:
    staff = session.scalars(
        select(Staff).join(TeamMember, TeamMember.staff_id == Staff.id).where(TeamMember.team_id == team.id)
    ).first()
    assert staff is not None, f"nobody works in {team.name}"
    return signing_in.viewer_of(session, staff, now)
