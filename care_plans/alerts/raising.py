"""What judging does to alerts: raises one for a subject and rule, worsens, re-opens and clears it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from psycopg.errors import UniqueViolation
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from care_plans.alerts import asking, closing, copies, deadlines, events, lateness, moves
from care_plans.alerts.deadlines import Hold
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Due, Ladder, asked_from, to_document
from care_plans.alerts.moves import Move
from care_plans.messages import about
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUpKind
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
from care_plans.work.hours import by_working_hours
from devices import alarm_lines, works
from devices.subjects import Subject

TRIES = 3
NOT_CONFIRMED = (
    "Not confirmed: a state that was sent again, or their own kit that nobody has checked, shows it."
)
NO_LONGER_HELD = "what you had recorded no longer holds its ladder."


@dataclass(frozen=True, slots=True)
class AskedFollowUp:
    """The follow-up that a contingency asks for with its alert; `due_in` in seconds."""

    kind: FollowUpKind
    text: str
    team_id: int
    due_in: int


class Finding(Protocol):
    """What judging found (care_plans.judging.verdicts.Finding), as far as an alert needs it."""

    @property
    def severity(self) -> Severity:
        """How bad it is."""

    @property
    def words(self) -> str:
        """What it is, as a sentence."""

    @property
    def at(self) -> datetime:
        """When the worst, or triggering, reading was measured."""

    @property
    def latest(self) -> datetime:
        """When the newest reading that shows it was measured."""

    @property
    def kind(self) -> str:
        """The kind of that reading; empty where it is about no kind."""

    @property
    def value(self) -> float | None:
        """Its value in `unit`."""

    @property
    def unit(self) -> str | None:
        """The unit as people write it."""

    @property
    def evidence(self) -> Sequence[tuple[str, datetime, float]]:
        """The readings that made it: kind, time, value."""

    @property
    def unconfirmed(self) -> bool:
        """Whether only states that were sent again (H2), or kit that nobody has checked (H3), show it."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A finding with all that its alert will carry; `rule` is the rule's document, empty without one."""

    subject: Subject
    rule_key: str
    name: str
    class_: Class
    finding: Finding
    ladder: Ladder
    what_should_happen: str
    rule: Mapping[str, Any] = field(default_factory=dict)
    pages_within: int = 6 * 3600
    goal_key: str | None = None
    goal_text: str | None = None
    pathway: str | None = None
    version_id: int | None = None
    device_id: int | None = None
    worker_id: int | None = None
    follow_up: AskedFollowUp | None = None
    copied: bool = False
    """Whether it rests on copies alone of a call to somebody else (H9)."""


def raise_(session: Session, raised: Raised, now: datetime) -> Alert:
    """The one open alert of this subject and rule: opened, worsened, re-opened or brought up to date.

    The caller holds the subject's lock; should two raise at once all the same, one alert comes of it.
    """
    for _ in range(TRIES):
        alert = session.scalar(
            select(Alert)
            .where(
                Alert.subject == raised.subject.number,
                Alert.rule_key == raised.rule_key,
                Alert.closed_at.is_(None),
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if alert is not None:
            return _again(session, alert, raised, now)
        try:
            with session.begin_nested():
                alert = _new(session, raised, now)
                session.add(alert)
                session.flush()
        except IntegrityError as fault:
            if not isinstance(fault.orig, UniqueViolation):
                raise
            continue  # somebody else opened it between our look and our insert
        words = NOT_CONFIRMED if alert.unconfirmed else alert.words
        events.write(session, alert, What.RAISED, now, words=words, details=_times(raised))
        _start(session, alert, raised, now)
        return alert
    raise AssertionError("an open alert was neither found nor could be opened")


def clear(session: Session, alert: Alert, words: str, now: datetime) -> None:
    """Readings no longer show what the alert says. It stays open until somebody closes it.

    Only a watch goes by itself: a technical one at once, another once somebody has seen it. A pressing alert
    keeps its ladder, and one of life-safety is never cleared by readings at all.
    """
    session.refresh(alert, with_for_update=True)
    if moves.why_not(Move.CLEAR, deadlines.standing(alert)) is not None:
        return
    alert.cleared_at = now
    events.write(session, alert, What.CLEARED, now, words=words)
    if alert.severity is Severity.WATCH and (
        alert.class_ is Class.TECHNICAL or alert.acknowledged_at is not None
    ):
        closing.close_by_itself(session, alert, now)
        return
    if deadlines.held(alert) is Hold.CLEARED:
        alert.step_at = now
    deadlines.set_deadline(alert, now)


def _new(session: Session, raised: Raised, now: datetime) -> Alert:
    alert = Alert(
        subject=raised.subject.number,
        person_id=raised.subject.id if raised.subject.about == "person" else None,
        home_id=raised.subject.id if raised.subject.about == "home" else None,
        visit_id=raised.subject.id if raised.subject.about == "visit" else None,
        worker_id=raised.worker_id,
        rule_key=raised.rule_key,
        severity=raised.finding.severity,
        began_at=raised.finding.at,
        raised_at=now,
        step=0,
        step_at=now,
        escalate_after=now,
        unconfirmed=raised.finding.unconfirmed,
        late=False,
        times_raised=1,
    )
    _copy(session, alert, raised, now)
    _tell(alert, raised.finding)
    return alert


def _copy(session: Session, alert: Alert, raised: Raised, now: datetime) -> None:
    """What raised it, as it is now: later edits of the plan do not rewrite what this alert was."""
    with session.no_autoflush:  # half moved: what it is now may not stand together with what it was held by
        alert.may_be_test = bool(works.around(session, [raised.subject], raised.finding.at, now))
        alert.copied = raised.copied
        alert.centre = alarm_lines.find_centre(session, raised.subject, now) if raised.copied else None
        ladder = copies.asks_first(raised.ladder, raised.class_, alert.centre)
        alert.ladder = to_document(_by_its_clock(session, alert, ladder, now))
    alert.class_ = raised.class_
    alert.name = raised.name
    alert.rule = dict(raised.rule)
    alert.what_should_happen = copies.to_do(alert.centre, raised.what_should_happen)
    alert.goal_key, alert.goal_text = raised.goal_key, raised.goal_text
    alert.pathway, alert.version_id = raised.pathway, raised.version_id
    alert.device_id = raised.device_id
    alert.step = min(alert.step, len(ladder.steps))  # the plan's ladder may have become shorter


def _by_its_clock(session: Session, alert: Alert, ladder: Ladder, now: datetime) -> Ladder:
    """The ladder with the clock of the home, where a step of it is for some hours alone."""
    if all(step.between is None for step in ladder.steps):
        return ladder
    return replace(ladder, zone=about.of_alert(session, alert, now).zone)


def _tell(alert: Alert, finding: Finding) -> None:
    alert.words = finding.words
    alert.kind, alert.value, alert.unit = finding.kind or None, finding.value, finding.unit
    alert.evidence = [[kind, at.isoformat(), value] for kind, at, value in finding.evidence]


def _again(session: Session, alert: Alert, raised: Raised, now: datetime) -> Alert:
    finding = raised.finding
    if alert.unconfirmed and not finding.unconfirmed:
        alert.unconfirmed = False
        events.write(session, alert, What.CONFIRMED, now, words=finding.words)
    if not alert.copied and raised.copied and _reached_at(alert) is None:
        raised = replace(raised, copied=False)  # what is being answered here is not handed back to another
    if alert.copied and not raised.copied and _reached_at(alert) is None:
        _ours_to_answer(session, alert, raised, now)
    elif alert.cleared_at is not None or _pressed_again(alert, raised):
        _reopen(session, alert, raised, now)
    elif finding.severity.rank > alert.severity.rank:
        alert.severity = finding.severity
        running = _is_running(alert)
        _copy(session, alert, raised, now)
        _tell(alert, finding)
        paused = _unhold(alert)
        event = events.write(session, alert, What.WORSE, now, words=finding.words, details=_times(raised))
        if paused:
            asking.tell_owner(session, alert, event, f"It is worse: {NO_LONGER_HELD}", now)
        _start_again(session, alert, raised, now, running=running)
    elif finding.severity is alert.severity:
        _refresh(alert, raised)
        if alert.late and alert.step == 0 and _pages(raised, now):
            _start(session, alert, raised, now)
    return alert


def _ours_to_answer(session: Session, alert: Alert, raised: Raised, now: datetime) -> None:
    """What came as a copy has come to us itself: its ladder begins in full, whoever else was called (H9)."""
    alert.severity = max(alert.severity, raised.finding.severity, key=lambda each: each.rank)
    alert.cleared_at = None
    _copy(session, alert, raised, now)
    _tell(alert, raised.finding)
    _unhold(alert)
    words = f"It reached us itself and is no copy any more. {raised.finding.words}"
    events.write(session, alert, What.CONFIRMED, now, words=words, details=_times(raised))
    _start_again(session, alert, raised, now, running=False)


def _reached_at(alert: Alert) -> datetime | None:
    return max((at for at in (alert.contact_at, alert.emergency_at) if at is not None), default=None)


def _pressed_again(alert: Alert, raised: Raised) -> bool:
    """Whether life-safety began anew after somebody had been reached: the next fall is not the last one."""
    reached = _reached_at(alert)
    if reached is None or raised.finding.unconfirmed:
        return False
    return raised.class_ is Class.LIFE_SAFETY and raised.finding.at > reached


def _reopen(session: Session, alert: Alert, raised: Raised, now: datetime) -> None:
    """It is back. A red that has not cleared, or that nobody dealt with, stays red whatever comes back.

    A ladder that is being climbed goes on from where it is: what comes and goes unanswered must not keep
    calling the first step for ever.
    """
    finding = raised.finding
    dealt_with = alert.contact_at is not None or alert.emergency_at is not None
    running = _is_running(alert)
    before = alert.severity
    if (dealt_with and alert.cleared_at is not None) or finding.severity.rank > alert.severity.rank:
        alert.severity = finding.severity
    worse = finding.severity.rank > before.rank
    alert.cleared_at = None
    alert.times_raised += 1
    alert.began_at = finding.at
    _copy(session, alert, raised, now)
    _tell(alert, finding)
    shelved = alert.shelved_until is not None and not worse
    goes_on = shelved or (running and not worse)
    paused = False if goes_on else _unhold(alert)
    event = events.write(session, alert, What.REOPENED, now, words=finding.words, details=_times(raised))
    if paused:
        asking.tell_owner(session, alert, event, f"It is back: {NO_LONGER_HELD}", now)
    if shelved:
        deadlines.set_deadline(alert, now)
    elif goes_on:
        _go_on(session, alert, raised, now)
    else:
        _start_again(session, alert, raised, now, running=running)


def _refresh(alert: Alert, raised: Raised) -> None:
    """The latest words and evidence, with the worst value there has been; nobody is called again for it."""
    worst, unit = alert.value, alert.unit
    _tell(alert, raised.finding)
    newest = raised.finding.value
    if worst is not None and newest is not None and unit == alert.unit:
        low = _low_is_worse(raised.rule, raised.finding.kind)
        alert.value = min(worst, newest) if low else max(worst, newest)


def _low_is_worse(part: object, kind: str) -> bool:
    """Whether a rule's document, or a part of it, has a lower limit for this kind."""
    if isinstance(part, Mapping):
        here = part.get("kind") == kind and ("below" in part or "at_or_below" in part)
        return here or any(_low_is_worse(each, kind) for each in part.values())
    return isinstance(part, list | tuple) and any(_low_is_worse(each, kind) for each in part)


def _unhold(alert: Alert) -> bool:
    """Something worse, or back again, ends every pause; whether there was one.

    What was recorded before stays in the events.
    """
    paused = alert.seen_until or alert.shelved_until or alert.going_until
    reached = alert.contact_at or alert.emergency_at
    alert.acknowledged_at = alert.seen_until = alert.shelved_until = alert.going_until = None
    alert.contact_at = alert.contact = alert.emergency_at = alert.emergency_reference = None
    return paused is not None or reached is not None


def _pages(raised: Raised, now: datetime) -> bool:
    within = timedelta(seconds=raised.pages_within)
    return lateness.pages(raised.class_, raised.finding.severity, raised.finding.latest, now, within)


def _is_running(alert: Alert) -> bool:
    return alert.step > 0 and deadlines.held(alert) is None


def _start_again(session: Session, alert: Alert, raised: Raised, now: datetime, *, running: bool) -> None:
    """Begin the ladder anew; what comes too late to call anybody for leaves one that runs as it is."""
    if running and not _pages(raised, now):
        _go_on(session, alert, raised, now)
    else:
        _start(session, alert, raised, now)


def _start(session: Session, alert: Alert, raised: Raised, now: datetime) -> None:
    """Begin the ladder, or open quietly what comes too late to call anybody for (H1)."""
    alert.step = 0
    alert.late = not _pages(raised, now)
    if alert.late:
        _open_quietly(session, alert, raised, now)
    else:
        alert.step_at = now
        first = asked_from(deadlines.ladder_of(alert), 1, now, alert.times_raised)
        asking.begin_step(session, alert, Due(first, now), now)
    _go_on(session, alert, raised, now)


def _go_on(session: Session, alert: Alert, raised: Raised, now: datetime) -> None:
    """What is to be done besides, and the next deadline, wherever its ladder stands."""
    if raised.follow_up is not None:
        _ask_for_follow_up(session, alert, raised.follow_up, now)
    deadlines.set_deadline(alert, now)
    session.flush()


def _open_quietly(session: Session, alert: Alert, raised: Raised, now: datetime) -> None:
    """A follow-up in working hours instead of a call; its ladder begins if nobody has looked by then."""
    zone = about.of_alert(session, alert, now).zone
    alert.step_at = by_working_hours(now, zone)
    team_id = next((step.team for step in raised.ladder.steps if step.team is not None), None)
    if team_id is not None:
        text = f"Look at what came late: {raised.name}."
        asked = AskedFollowUp(FollowUpKind.CHECK, text, team_id, int((alert.step_at - now).total_seconds()))
        _ask_for_follow_up(session, alert, asked, now)


def _ask_for_follow_up(session: Session, alert: Alert, asked: AskedFollowUp, now: datetime) -> None:
    """Make it once: not again while the same is still to be done for this alert."""
    if not follow_ups.is_asked(session, alert.id, asked.text, asked.team_id):
        asking.open_to(session, alert, Recipient(team_id=asked.team_id), now)
        follow_ups.make(
            session,
            kind=asked.kind,
            text=asked.text,
            team_id=asked.team_id,
            due_at=now + timedelta(seconds=asked.due_in),
            now=now,
            person_id=alert.person_id,
            home_id=alert.home_id,
            alert_id=alert.id,
            goal_key=alert.goal_key,
        )


def _times(raised: Raised) -> dict[str, str]:
    return {"at": raised.finding.at.isoformat(), "latest": raised.finding.latest.isoformat()}
