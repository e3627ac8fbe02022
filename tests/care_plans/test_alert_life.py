"""The life of alerts, whatever happens to them in whatever order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, auditor, deadlines, escalation, lone_workers
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, AlertEvent, Cause, ContactKind, Outcome
from care_plans.severity import Class, Severity
from core.errors import Conflict, Invalid, NotAllowed
from tests.care_plans.alerting import cora, dev, hana, raised
from tests.cast import Cast

KEYS = ("a.oxygen", "b.pendant", "c.cold")
CLASSES = dict(zip(KEYS, (Class.CLINICAL, Class.LIFE_SAFETY, Class.HOME_SOCIAL), strict=True))
STARTS = ("raised", "worse", "reopened")
REACHED = ("contact", "emergency")

minutes = st.sampled_from([1, 5, 14, 31, 61, 130, 300, 1500])
a_while = st.sampled_from([3, 10, 20, 45])
a_key = st.sampled_from(KEYS)
severities = st.sampled_from(list(Severity))
moves = st.one_of(
    st.tuples(st.just("raise"), a_key, severities, minutes),
    st.tuples(st.sampled_from(["wait", "die"]), minutes),
    st.tuples(st.just("jump"), st.sampled_from([-60, -5, 5, 60, 1500])),
    st.tuples(st.sampled_from(["acknowledge", "going", "hand_over", "shelve"]), a_key, a_while),
    st.tuples(st.sampled_from(["acknowledge", "clear", "contact", "emergency"]), a_key),
    st.tuples(st.sampled_from(["accept", "assign", "comment", "decline", "see_all", "close"]), a_key),
)


class World:
    """Ada's alerts, a clock, and what must hold of them."""

    def __init__(self, session: Session, cast: Cast, now: datetime) -> None:
        self.session, self.cast, self.now = session, cast, now
        self.worst: dict[str, Severity] = {}

    def open(self, key: str) -> Alert | None:
        return self.session.scalar(select(Alert).where(Alert.rule_key == key, Alert.closed_at.is_(None)))

    def make(self, move: str, *more: Any) -> None:
        if move == "raise":
            self._raise(*more)
        elif move == "wait":
            self._wait(*more)
        elif move == "die":
            self._die(*more)
        elif move == "jump":
            self.now += timedelta(minutes=more[0])
        elif (alert := self.open(more[0])) is not None:
            with suppress(Invalid, Conflict, NotAllowed):
                self._act(alert, move, *more[1:])

    def _raise(self, key: str, severity: Severity, ago: int) -> None:
        before = self.open(key)
        dealt_with = before is not None and (before.contact_at or before.emergency_at)
        if before is None or (before.cleared_at and dealt_with):
            self.worst[key] = severity
        else:
            self.worst[key] = max(self.worst[key], severity, key=lambda each: each.rank)
        paused = before is not None and deadlines.held(before) is not None
        worse = before is not None and severity.rank > before.severity.rank
        alert = alerts.raise_(
            self.session,
            raised(self.cast, self.now, severity, CLASSES[key], ago=timedelta(minutes=ago), key=key),
            self.now,
        )
        if paused and worse:
            assert deadlines.held(alert) is None, "something worse ends every pause"

    def _die(self, length: int) -> None:
        """The process dies before what it did is committed; another one, which remembers nothing, goes on."""
        self.now += timedelta(minutes=length)
        with forgotten(self.session):
            escalation.step(self.session, self.now)
        self._wait(0)

    def _wait(self, length: int) -> None:
        self.now += timedelta(minutes=length)
        lone_workers.step(self.session, self.now)
        escalation.step(self.session, self.now)
        assert not escalation.step(self.session, self.now), "nothing is left that is due"
        assert auditor.audit(self.session, self.now) == []

    def _act(self, alert: Alert, move: str, length: int = 30) -> None:
        session, cast, now = self.session, self.cast, self.now
        until = now + timedelta(minutes=length)
        acts: dict[str, Callable[[], object]] = {
            "clear": lambda: alerts.clear(session, alert, "Back within limits", now),
            "acknowledge": lambda: alerts.acknowledge(session, alert, by=dev(cast), now=now, until=until),
            "going": lambda: alerts.going(session, alert, until=until, by=dev(cast), now=now),
            "shelve": lambda: alerts.shelve(
                session, alert, until=until, reason="Known", by=cora(cast), now=now
            ),
            "contact": lambda: alerts.contact(
                session, alert, kind=ContactKind.SPOKE_TO, words="Well", by=dev(cast), now=now
            ),
            "emergency": lambda: alerts.emergency(
                session, alert, at=now, reference="WM-1", by=dev(cast), now=now
            ),
            "assign": lambda: alerts.assign(
                session, alert, to=Recipient(team_id=cast.landlord.id), by=cora(cast), now=now
            ),
            "comment": lambda: alerts.comment(session, alert, words="Rang", by=cora(cast), now=now),
            "hand_over": lambda: alerts.hand_over(
                session, alert, team_id=cast.landlord.id, reason="Cold", by=cora(cast), now=now,
                accept_by=until,
            ),
            "accept": lambda: alerts.accept(session, alert, by=hana(cast), now=now),
            "decline": lambda: alerts.decline(session, alert, reason="Not ours", by=hana(cast), now=now),
            "close": lambda: alerts.close(
                session, alert, cause=Cause.TRUE_ACTED, action="Seen", outcome=Outcome.NONE,
                by=cora(cast), now=now,
            ),
            "see_all": lambda: alerts.see_all(session, [alert], by=cora(cast), now=now),
        }  # fmt: skip
        acts[move]()

    def check(self) -> None:
        every = self.session.scalars(select(Alert).where(Alert.visit_id.is_(None))).all()
        still_open = [alert for alert in every if alert.closed_at is None]
        assert len({alert.rule_key for alert in still_open}) == len(still_open)
        for alert in still_open:
            assert alert.escalate_after is not None, "an open alert always has a deadline"
            assert alert.severity is self.worst[alert.rule_key], "nothing worse is hidden"
            if deadlines.standing(alert).pressing:
                self._check_pressing(alert)
        for alert in every:
            if alert.closed_at is not None and deadlines.standing(alert).pressing:
                assert self._reached(alert), "a pressing alert closes only after somebody was reached"

    def _check_pressing(self, alert: Alert) -> None:
        assert alert.shelved_until is None, "what is pressing is never shelved"
        if self._reached(alert):
            return
        assert deadlines.held(alert) is None, "only a contact or emergency services stop its ladder"
        assert alert.escalate_after is not None
        wait = timedelta(seconds=deadlines.current_step(alert).wait) if alert.step else timedelta(0)
        latest = max(alert.step_at + wait, alert.going_until or alert.step_at)
        assert alert.escalate_after <= max(latest, self.now)

    def _reached(self, alert: Alert) -> bool:
        """Whether somebody was reached since it was raised, came back or got worse."""
        said = self.session.scalars(
            select(AlertEvent.what).where(AlertEvent.alert_id == alert.id).order_by(AlertEvent.id)
        ).all()
        start = max(place for place, what in enumerate(said) if what in STARTS)
        return any(what in REACHED for what in said[start:])


@contextmanager
def forgotten(session: Session) -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    point = session.begin_nested()
    try:
        yield
    finally:
        point.rollback()
        session.expire_all()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.tuples(severities, severities, severities), happening=st.lists(moves, min_size=10, max_size=25)
)
def test_an_open_alert_is_always_somebodys_by_a_deadline_and_nothing_worse_is_hidden(
    session: Session,
    cast: Cast,
    now: datetime,
    first: tuple[Severity, ...],
    happening: list[tuple[str, ...]],
) -> None:
    with forgotten(session):
        world = World(session, cast, now)
        for key, severity in zip(KEYS, first, strict=True):
            world.make("raise", key, severity, 1)
        for move in happening:
            world.make(*move)
            world.check()


def test_a_red_climbs_to_its_last_step_through_everything_but_a_contact(
    session: Session, cast: Cast, now: datetime
) -> None:
    world = World(session, cast, now)
    world.make("raise", KEYS[0], Severity.RED, 1)
    for move in ("acknowledge", "hand_over", "shelve", "going"):
        world.make(move, KEYS[0], 30)
        world.check()
    for move in ("accept", "assign", "comment", "clear", "see_all", "close"):
        world.make(move, KEYS[0])
        world.check()
    for _ in range(4):
        world.make("wait", 31)
        world.check()
    alert = world.open(KEYS[0])
    assert alert is not None
    assert alert.step == 3
    world.make("contact", KEYS[0])
    assert deadlines.held(alert) is deadlines.Hold.DECIDE
