"""How the staff of Westmere work: who answers which alert, how soon, and what they write when it is done."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from care_plans.alerts import alerts
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.reached import Came
from care_plans.ringing import attempts, ending
from care_plans.ringing.attempts import Given
from care_plans.severity import Class, Severity
from care_plans.work import agenda, follow_ups
from core.errors import HearthlineError
from people import signing_in
from people.access import Viewer

SEED = 1948

# class → who answers
ANSWERS = {
    Class.LIFE_SAFETY: ("Osei", "Cora"),
    Class.CLINICAL: ("Dev", "Maeve", "Cora"),
    Class.HOME_SOCIAL: ("Hana", "Imran"),
    Class.TECHNICAL: ("Imran", "Cora"),
}
# severity → minutes until somebody answers: usual, and the long tail
SOON = {Severity.RED: (4, 35), Severity.AMBER: (20, 150), Severity.WATCH: (90, 900)}
STORY: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("shift.yaml").read_text("utf-8"))
"""What they say and write, by class of alert."""

TODAY, UNANSWERED = timedelta(hours=5), 0.4
"""What came up this late in the story is still open at its end, and some of it nobody has answered yet."""

STILL_WATCHED = timedelta(hours=14)
"""Somebody who is ill, and a watch that is back from the shelf, stay on the board so long before the end."""

Act = Callable[[Session, datetime], None]


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    act: Act = field(compare=False)


class Shift:
    """What staff are going to do, by time; new alerts and follow-ups are taken up as they appear."""

    def __init__(self, westmere: Westmere, ends: datetime) -> None:
        self._westmere = westmere
        self._ends = ends
        self._chance = Random(SEED)  # noqa: S311 - a story, not a secret
        self._due: list[_Due] = []
        self._known: set[tuple[object, ...]] = set()
        self._taken_up: dict[int, int] = {}
        self._number = 0

    def next_at(self) -> datetime | None:
        """When somebody does something next."""
        return self._due[0].at if self._due else None

    def act(self, session: Session) -> None:
        """Do what is next; somebody who finds it done or refused leaves it."""
        due = heapq.heappop(self._due)
        try:
            with session.begin_nested():
                due.act(session, due.at)
        except HearthlineError:
            return

    def look_at_the_board(self, session: Session, now: datetime) -> None:
        """Take up what has appeared since the last look."""
        for alert in session.scalars(select(Alert).where(Alert.closed_at.is_(None)).order_by(Alert.id)):
            # What got worse or came back is answered anew.
            if self._is_new("alert", alert.id, alert.severity, alert.times_raised):
                self._take_up_alert(alert, now)
        for follow_up in session.scalars(
            select(FollowUp).where(FollowUp.done_at.is_(None)).order_by(FollowUp.id)
        ):
            if self._is_new("follow-up", follow_up.id):
                self._take_up_follow_up(follow_up, now)

    def _take_up_alert(self, alert: Alert, now: datetime) -> None:
        usual, tail = SOON[alert.severity]
        minutes = usual * self._chance.lognormvariate(0, 0.6)
        if self._chance.random() < 0.12:
            minutes = tail * (1 + self._chance.random())
        answered = now + timedelta(minutes=minutes)
        name = self._chance.choice(ANSWERS[alert.class_])
        left = self._ends - now
        if left < TODAY and self._chance.random() < UNANSWERED:
            return
        self._plan(answered, self._contact(alert.id, name))
        if left < TODAY or (alert.class_ is Class.CLINICAL and left < STILL_WATCHED):
            return
        turn = self._taken_up[alert.id] = self._taken_up.get(alert.id, 0) + 1
        decided = answered + timedelta(minutes=self._chance.uniform(25, 55))
        self._plan(decided, self._decide(alert.id, name, turn))

    def _take_up_follow_up(self, follow_up: FollowUp, now: datetime) -> None:
        if self._chance.random() < 0.1:
            return  # nobody gets to it: it is missed, and the team is told
        early = timedelta(minutes=self._chance.uniform(5, 240))
        at = max(now, follow_up.due_at - early)
        self._plan(at, self._complete(follow_up.id))

    def _contact(self, alert_id: int, name: str) -> Act:
        def act(session: Session, now: datetime) -> None:
            alert = session.get_one(Alert, alert_id)
            saw = alert.class_ is Class.LIFE_SAFETY and self._chance.random() < 0.5
            kind = ContactKind.SAW if saw else ContactKind.SPOKE_TO
            by = self._viewer(session, name, now)
            alerts.contact(session, alert, kind=kind, words=STORY[alert.class_]["said"], by=by, now=now)

        return act

    def _decide(self, alert_id: int, name: str, turn: int) -> Act:
        """Close it; but what lasts for days rests, and is looked at again until it has cleared."""

        def act(session: Session, now: datetime) -> None:
            if self._taken_up[alert_id] != turn:
                return
            alert = session.get_one(Alert, alert_id)
            reason = STORY[alert.class_].get("rests", {}).get(alert.name)
            if reason is None or alert.cleared_at is not None:
                self._close(session, alert, name, now)
                return
            if alert.severity is Severity.WATCH and self._ends - now < STILL_WATCHED:
                return
            rest = min(alerts.SHELVED_AT_MOST[alert.severity], timedelta(days=self._chance.uniform(1, 3)))
            by = self._viewer(session, name, now)
            alerts.shelve(session, alert, until=now + rest, reason=reason, by=by, now=now)
            again = now + rest + timedelta(minutes=self._chance.uniform(5, 40))
            self._plan(again, self._decide(alert_id, name, turn))

        return act

    def _close(self, session: Session, alert: Alert, name: str, now: datetime) -> None:
        ways = STORY[alert.class_]["closes"]
        way = self._chance.choices(ways, [each["weight"] for each in ways])[0]
        alerts.close(
            session,
            alert,
            cause=Cause(way["cause"]),
            action=way["action"],
            outcome=Outcome(way["outcome"]),
            by=self._viewer(session, name, now),
            now=now,
        )

    def _complete(self, follow_up_id: int) -> Act:
        def act(session: Session, now: datetime) -> None:
            follow_up = session.get_one(FollowUp, follow_up_id)
            name = self._name_in(follow_up.team_id)
            by = self._viewer(session, name, now)
            if agenda.is_call(follow_up):
                self._ring(session, follow_up, by, now)
                return
            follow_ups.complete(session, follow_up, outcome=FollowUpOutcome.DONE, remarks="", by=by, now=now)

        return act

    def _ring(self, session: Session, follow_up: FollowUp, by: Viewer, now: datetime) -> None:
        """Most answer at once, some at the second call; now and then nobody does that day."""
        if self._chance.random() < 0.1:
            words = "No answer at either number; tried the daughter."
            no_reply = FollowUpOutcome.NO_REPLY
            ending.complete(session, follow_up, outcome=no_reply, remarks=words, by=by, now=now)
            return
        if self._chance.random() < 0.2:
            again = now + timedelta(minutes=self._chance.uniform(12, 30))
            attempts.record(session, follow_up, Given(Came.NO_ANSWER), by=by, now=now)
            self._plan(again, self._answered(follow_up.id, by))
            return
        attempts.record(session, follow_up, Given(Came.WELL), by=by, now=now)

    def _answered(self, follow_up_id: int, by: Viewer) -> Act:
        def act(session: Session, now: datetime) -> None:
            follow_up = session.get_one(FollowUp, follow_up_id)
            if follow_up.done_at is None:
                attempts.record(session, follow_up, Given(Came.WELL), by=by, now=now)

        return act

    def _name_in(self, team_id: int) -> str:
        team = next(name for name, team in self._westmere.teams.items() if team.id == team_id)
        return MEMBERS.get(team, "Cora")

    def _viewer(self, session: Session, name: str, now: datetime) -> Viewer:
        return signing_in.viewer_of(session, self._westmere.staff[name], now)

    def _is_new(self, *what: object) -> bool:
        if what in self._known:
            return False
        self._known.add(what)
        return True

    def _plan(self, at: datetime, act: Act) -> None:
        self._number += 1
        heapq.heappush(self._due, _Due(at, self._number, act))


MEMBERS = {
    "Westmere hub": "Cora",
    "Adult social work": "Sol",
    "Community nurses": "Dev",
    "Neighbourhood officers": "Hana",
    "Repairs": "Hana",
    "Befrienders": "Vi",
    "Responders": "Osei",
    "Receiving centre": "Osei",
}
