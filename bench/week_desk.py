"""Those who answer in a simulated week: whoever is on duty takes up what they are asked, one by one."""

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.week_truth import Worth
from care_plans.alerts import alerts, deadlines
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, AlertEvent, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.rotas import rotas
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
from core.errors import HearthlineError
from core.zones import UK
from devices.simulator.chance import stream
from people import signing_in
from people.access import Viewer
from people.models.agencies import Staff, Team

TAKES_UP = {Severity.RED: 2.0, Severity.AMBER: 8.0, Severity.WATCH: 45.0}
"""Minutes, about, until somebody who is free takes up what they are asked; twice as long at night."""
WORKS = {Severity.RED: (3, 25), Severity.AMBER: (5, 14), Severity.WATCH: (1, 4)}
"""Minutes from taking it up to having reached somebody, and to being done with it."""
MOST_A_SHIFT = 40
"""Alerts that one person takes up in a shift; beyond these, only what is pressing."""
RESTS = {Severity.AMBER: timedelta(hours=20), Severity.WATCH: timedelta(days=3)}
"""How long what lasts until somebody mends it (a cold home, kit) stays on the shelf; twice at most."""
SHIFT_BEGINS = (7, 15, 23)

Act = Callable[[Session, datetime], None]
Judge = Callable[[Alert], Worth]


@dataclass(slots=True)
class OnDuty:
    """Somebody on duty for a team in one shift: what they have taken up, and until when they are busy."""

    staff_id: int
    since: datetime
    taken: int = 0
    busy_until: datetime | None = None


@dataclass(slots=True)
class Waiting:
    """An alert that a team was asked about, and when somebody who is free will take it up."""

    alert_id: int
    severity: Severity
    at: datetime


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    act: Act = field(compare=False)


class Desk:
    """All who answer. `judge` tells what an alert was worth: it is what they find when they get there."""

    def __init__(self, seed: int, judge: Judge) -> None:
        self._chance: Random = stream("desk", seed)
        self._judge = judge
        self._numbers = count()
        self._read_to = 0
        self._duty: dict[int, OnDuty] = {}
        self._looked_at: datetime | None = None
        self._waiting: dict[int, dict[int, Waiting]] = {}
        self._due: list[_Due] = []
        self._shelved: Counter[int] = Counter()
        self._viewers: dict[int, Viewer] = {}
        self._teams: list[int] = []
        self.refused: Counter[str] = Counter()
        self.worked: set[tuple[int, datetime]] = set()
        """Each shift that somebody stood, as (team, its beginning)."""

    def work(self, session: Session, now: datetime) -> None:
        """Do what is due, hear what was asked, and let whoever is free take up what waits."""
        self._change_shifts(session, now)
        while self._due and self._due[0].at <= now:
            self._do(session, heapq.heappop(self._due).act, now)
        self._hear(session, now)
        for team_id, one in self._duty.items():
            if one.busy_until is None or one.busy_until <= now:
                self._take_next(session, team_id, one, now)

    def follow_up(self, session: Session, now: datetime) -> None:
        """Complete what has to be done within the hour, where the team has somebody on duty."""
        soon = select(FollowUp).where(FollowUp.done_at.is_(None), FollowUp.due_at <= now + timedelta(hours=1))
        for each in session.scalars(soon.order_by(FollowUp.id)).all():
            one = self._duty.get(each.team_id)
            if one is not None:
                self._do(session, self._complete(each, one.staff_id), now)

    def _complete(self, each: FollowUp, staff_id: int) -> Act:
        def act(session: Session, now: datetime) -> None:
            by = self._viewer(session, staff_id, now)
            follow_ups.complete(session, each, outcome=FollowUpOutcome.DONE, remarks="", by=by, now=now)

        return act

    def _change_shifts(self, session: Session, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._looked_at == hour:
            return
        self._looked_at = hour
        self._teams = self._teams or list(session.scalars(select(Team.id).order_by(Team.id)))
        on = rotas.on_duty(session, self._teams, now)
        begun = shift_of(now)
        for team_id in self._teams:
            staff_id = on.get(team_id)
            if staff_id is None:
                self._duty.pop(team_id, None)
            elif team_id not in self._duty or self._duty[team_id].since != begun:
                self._duty[team_id] = OnDuty(staff_id, begun)
                self.worked.add((team_id, begun))

    def _hear(self, session: Session, now: datetime) -> None:
        rows = session.execute(
            select(AlertEvent.id, AlertEvent.alert_id, AlertEvent.team_id, AlertEvent.severity)
            .where(AlertEvent.id > self._read_to, AlertEvent.what == What.STEP)
            .order_by(AlertEvent.id)
        ).all()
        for number, alert_id, team_id, severity in rows:
            self._read_to = number
            if team_id is None or severity is None:
                continue
            minutes = TAKES_UP[severity] * self._chance.lognormvariate(0, 0.5) * (2 if at_night(now) else 1)
            asked = self._waiting.setdefault(team_id, {})
            if alert_id not in asked or asked[alert_id].severity.rank < severity.rank:
                asked[alert_id] = Waiting(alert_id, severity, now + timedelta(minutes=minutes))

    def _take_next(self, session: Session, team_id: int, one: OnDuty, now: datetime) -> None:
        asked = self._waiting.get(team_id, {})
        ready = [each for each in asked.values() if each.at <= now]
        for each in sorted(ready, key=lambda each: (-each.severity.rank, each.at)):
            if one.taken >= MOST_A_SHIFT and each.severity is not Severity.RED:
                return
            del asked[each.alert_id]
            alert = session.get_one(Alert, each.alert_id, populate_existing=True)
            if self._is_anybodys(alert, now):
                continue
            one.taken += 1
            reached, done = WORKS[alert.severity]
            one.busy_until = now + timedelta(minutes=done)
            self._do(session, self._acknowledge(alert, one.staff_id), now)
            if deadlines.standing(alert).pressing or alert.severity is Severity.AMBER:
                self._plan(now + timedelta(minutes=reached), self._contact(alert.id, one.staff_id))
            self._plan(one.busy_until, self._end(alert.id, one.staff_id))
            return

    def _is_anybodys(self, alert: Alert, now: datetime) -> bool:
        """Whether it is closed, rests, or somebody has it already."""
        seen = alert.seen_until is not None and alert.seen_until > now
        reached = alert.contact_at is not None
        return alert.closed_at is not None or alert.shelved_until is not None or reached or seen

    def _acknowledge(self, alert: Alert, staff_id: int) -> Act:
        def act(session: Session, now: datetime) -> None:
            by = self._viewer(session, staff_id, now)
            alerts.acknowledge(session, alert, by=by, now=now)

        return act

    def _contact(self, alert_id: int, staff_id: int) -> Act:
        def act(session: Session, now: datetime) -> None:
            alert, by = session.get_one(Alert, alert_id), self._viewer(session, staff_id, now)
            if alert.closed_at is None and alert.class_ is not Class.TECHNICAL:
                words = "Spoken to, and told what comes next."
                alerts.contact(session, alert, kind=ContactKind.SPOKE_TO, words=words, by=by, now=now)

        return act

    def _end(self, alert_id: int, staff_id: int) -> Act:
        """Close it; but what lasts until it is mended rests, at most twice."""

        def act(session: Session, now: datetime) -> None:
            alert, by = session.get_one(Alert, alert_id), self._viewer(session, staff_id, now)
            if alert.closed_at is not None:
                return
            lasts = alert.class_ in (Class.HOME_SOCIAL, Class.TECHNICAL) and alert.cleared_at is None
            if lasts and not deadlines.standing(alert).pressing and self._shelved[alert_id] < len(RESTS):
                self._shelved[alert_id] += 1
                until = now + RESTS[alert.severity]
                reason = "Somebody is coming to see to it."
                alerts.shelve(session, alert, until=until, reason=reason, by=by, now=now)
                return
            cause, outcome = found(self._judge(alert), alert)
            action = "Done as the plan says."
            alerts.close(session, alert, cause=cause, action=action, outcome=outcome, by=by, now=now)

        return act

    def _do(self, session: Session, act: Act, now: datetime) -> None:
        """Do it; what the product refuses is counted, and told in the report."""
        try:
            with session.begin_nested():
                act(session, now)
        except HearthlineError as fault:
            self.refused[f"{type(fault).__name__}: {getattr(fault, 'fields', None) or fault}"] += 1

    def _plan(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._due, _Due(at, next(self._numbers), act))

    def _viewer(self, session: Session, staff_id: int, now: datetime) -> Viewer:
        if staff_id not in self._viewers:
            self._viewers[staff_id] = signing_in.viewer_of(session, session.get_one(Staff, staff_id), now)
        return self._viewers[staff_id]


def found(worth: Worth, alert: Alert) -> tuple[Cause, Outcome]:
    """What somebody who looked into it writes down."""
    if worth is Worth.TRUE:
        mended = {Class.TECHNICAL: Outcome.KIT_MENDED, Class.HOME_SOCIAL: Outcome.HOME_MADE_SAFE}
        return Cause.TRUE_ACTED, mended.get(alert.class_, Outcome.VISIT_MADE)
    if worth is Worth.NOTHING_TO_DO:
        return Cause.TRUE_NO_ACTION, Outcome.NONE
    causes: Mapping[Class, Cause] = {
        Class.TECHNICAL: Cause.FALSE_KIT, Class.LIFE_SAFETY: Cause.FALSE_USER,
    }  # fmt: skip
    return causes.get(alert.class_, Cause.FALSE_THRESHOLD), Outcome.NONE


def shift_of(at: datetime) -> datetime:
    """When the shift of that time began."""
    local = at.astimezone(ZoneInfo(UK))
    today = [local.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in SHIFT_BEGINS]
    begun = [each for each in today if each <= local]
    return begun[-1] if begun else today[-1] - timedelta(days=1)


def at_night(at: datetime) -> bool:
    """Whether it is the night shift's time."""
    return shift_of(at).hour == SHIFT_BEGINS[-1]
