"""How the staff of Westmere work: who answers which alert, how soon, and what they write when it is done."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from care_plans.alerts import alerts
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
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
SAID = {
    Class.LIFE_SAFETY: "Spoke through the unit, then in person. No injury found; sat with them until settled.",
    Class.CLINICAL: "Rang. A little more breathless or tired than usual; went through the plan and took readings again.",
    Class.HOME_SOCIAL: "Rang. The heating had been turned down to save money; talked it through.",
    Class.TECHNICAL: "Rang. Asked to check that it is plugged in and in its place.",
}
CLOSES: dict[Class, tuple[tuple[Cause, str, Outcome, int], ...]] = {
    Class.LIFE_SAFETY: (
        (Cause.TRUE_ACTED, "Helped up with the lifting cushion; checked over; falls nurse told.", Outcome.VISIT_MADE, 5),
        (Cause.FALSE_USER, "Pressed by mistake; showed again how it hangs.", Outcome.NONE, 4),
        (Cause.TRUE_ACTED, "Responder and ambulance attended.", Outcome.EMERGENCY_SERVICES, 1),
    ),
    Class.CLINICAL: (
        (Cause.TRUE_ACTED, "Rescue pack started with the practice's agreement; reading again tonight.", Outcome.TREATMENT_CHANGED, 4),
        (Cause.TRUE_ACTED, "Went through the plan; reading repeated and settled.", Outcome.ADVICE_GIVEN, 5),
        (Cause.TRUE_NO_ACTION, "Back to usual by the time we spoke.", Outcome.SETTLED_AT_HOME, 3),
        (Cause.FALSE_KIT, "Cold finger: warmed the hand and measured again.", Outcome.NONE, 2),
        (Cause.FALSE_THRESHOLD, "Usual for them; limit put down for the next plan review.", Outcome.NONE, 1),
    ),
    Class.HOME_SOCIAL: (
        (Cause.TRUE_ACTED, "Fuel voucher and heating check arranged.", Outcome.HOME_MADE_SAFE, 5),
        (Cause.TRUE_NO_ACTION, "Window had been open; warm again.", Outcome.SETTLED_AT_HOME, 3),
    ),
    Class.TECHNICAL: (
        (Cause.FALSE_KIT, "Battery changed.", Outcome.KIT_MENDED, 4),
        (Cause.FALSE_USER, "Unplugged while cleaning; plugged in again.", Outcome.KIT_MENDED, 3),
    ),
}  # fmt: skip

Act = Callable[[Session, datetime], None]


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    act: Act = field(compare=False)


class Shift:
    """What staff are going to do, by time; new alerts and follow-ups are taken up as they appear."""

    def __init__(self, westmere: Westmere) -> None:
        self._westmere = westmere
        self._chance = Random(SEED)  # noqa: S311 - a story, not a secret
        self._due: list[_Due] = []
        self._known: set[tuple[str, int]] = set()
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
            if self._is_new("alert", alert.id):
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
        self._plan(answered, self._contact(alert.id, name))
        closing = answered + timedelta(minutes=self._chance.uniform(25, 55))
        if alert.severity is Severity.WATCH or alert.class_ is Class.HOME_SOCIAL:
            closing += timedelta(hours=self._chance.uniform(1, 30))
        self._plan(closing, self._close(alert.id, name))

    def _take_up_follow_up(self, follow_up: FollowUp, now: datetime) -> None:
        if self._chance.random() < 0.1:
            return  # nobody gets to it: it is missed, and the team is told
        early = timedelta(minutes=self._chance.uniform(5, 240))
        at = max(now, follow_up.due_at - early)
        self._plan(at, self._complete(follow_up.id, follow_up.kind))

    def _contact(self, alert_id: int, name: str) -> Act:
        def act(session: Session, now: datetime) -> None:
            alert = session.get_one(Alert, alert_id)
            saw = alert.class_ is Class.LIFE_SAFETY and self._chance.random() < 0.5
            kind = ContactKind.SAW if saw else ContactKind.SPOKE_TO
            by = self._viewer(session, name, now)
            alerts.contact(session, alert, kind=kind, words=SAID[alert.class_], by=by, now=now)

        return act

    def _close(self, alert_id: int, name: str) -> Act:
        def act(session: Session, now: datetime) -> None:
            alert = session.get_one(Alert, alert_id)
            choices = CLOSES[alert.class_]
            weights = [weight for *_, weight in choices]
            cause, action, outcome, _ = self._chance.choices(choices, weights)[0]
            by = self._viewer(session, name, now)
            alerts.close(session, alert, cause=cause, action=action, outcome=outcome, by=by, now=now)

        return act

    def _complete(self, follow_up_id: int, kind: FollowUpKind) -> Act:
        def act(session: Session, now: datetime) -> None:
            follow_up = session.get_one(FollowUp, follow_up_id)
            name = self._name_in(follow_up.team_id)
            by = self._viewer(session, name, now)
            no_reply = kind is FollowUpKind.CALL and self._chance.random() < 0.1
            follow_ups.complete(
                session,
                follow_up,
                outcome=FollowUpOutcome.NO_REPLY if no_reply else FollowUpOutcome.DONE,
                remarks="No answer at either number; tried the daughter." if no_reply else "",
                by=by,
                now=now,
            )

        return act

    def _name_in(self, team_id: int) -> str:
        team = next(name for name, team in self._westmere.teams.items() if team.id == team_id)
        return MEMBERS.get(team, "Cora")

    def _viewer(self, session: Session, name: str, now: datetime) -> Viewer:
        return signing_in.viewer_of(session, self._westmere.staff[name], now)

    def _is_new(self, what: str, key: int) -> bool:
        if (what, key) in self._known:
            return False
        self._known.add((what, key))
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
