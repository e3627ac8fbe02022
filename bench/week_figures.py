"""The figures of a simulated week: loads by shift, what each rule was worth, and which truths were found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.week_desk import shift_of
from bench.week_homes import HOUR
from bench.week_laying import Laid
from bench.week_running import Judge
from bench.week_truth import Claim, Knower, Worth, is_about, reds, rule_of
from care_plans.alerts.events import What
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.messages import Message
from care_plans.models.work import FollowUp
from care_plans.severity import Severity
from core.db import Db
from devices.measurement import Flags
from devices.models import Device, Reading, Series
from devices.simulator.scenarios import Truth
from outcomes.desk import ASKS, Load, load
from people.models.agencies import Team, TeamMember

A_SHIFT = 8 * HOUR
TOO_MANY = 12
"""Alerts that one person should not have to take in a shift: one every forty minutes."""
RED_WITHIN = timedelta(minutes=15)
"""How soon after it could be known a red state has to stand as a red alert."""
LATE_WITHIN = 12 * HOUR
"""How long after that, or after what it had to be noticed by, it still counts as found, late."""
KEPT_UNDER_ARRIVAL = "readings dated 1970"
UNCLOCKED = int(Flags.NO_CLOCK | Flags.CLOCK_CORRECTED)


@dataclass(frozen=True, slots=True)
class Seen:
    """An alert of the week with what it was worth."""

    claim: Claim
    knower: Knower
    worth: Worth
    severity: Severity
    closed_at: datetime | None
    contact_at: datetime | None
    reds: tuple[datetime, ...]
    times_raised: int

    @property
    def rule(self) -> str:
        """Its rule, without the kit it was about."""
        return rule_of(self.claim.rule_key)

    def stood(self, start: datetime, end: datetime) -> bool:
        """Whether it was raised by `end` and not closed before `start`."""
        return self.claim.at <= end and (self.closed_at is None or self.closed_at >= start)


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """What one team's person on duty had in a shift: means and the busiest."""

    team: str
    shifts: int
    alerts: float
    most: int
    messages: float
    most_messages: int
    too_many: int
    floods: int
    busiest_ten: int


@dataclass(frozen=True, slots=True)
class RuleWorth:
    """One rule: how often it was raised and what that was worth; medians in minutes from the truth.

    Of each home the first alert alone tells how soon: what is raised again was known already.
    """

    rule: str
    raised: int
    true: int
    nothing_to_do: int
    to_raised: float | None
    to_contact: float | None
    on_stable: int

    @property
    def precision(self) -> float:
        """The share that was true, with something to do or not."""
        return (self.true + self.nothing_to_do) / self.raised


@dataclass(frozen=True, slots=True)
class Missed:
    """A truth that was found late or never, and what stood instead."""

    home: str
    what: str
    at: datetime
    instead: str


@dataclass(slots=True)
class Truths:
    """How many there were of one sort, and what became of them."""

    total: int = 0
    in_time: int = 0
    late: list[Missed] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the report tells of one week."""

    loads: Sequence[TeamLoad]
    rules: Sequence[RuleWorth]
    truths: Truths
    reds: Truths
    alerts: int
    by_severity: Mapping[Severity, int]
    missed_follow_ups: int
    follow_ups: int

    @property
    def alerts_a_shift(self) -> float:
        """Alerts that one person was asked about in one shift, over all teams."""
        shifts = sum(each.shifts for each in self.loads)
        return sum(each.alerts * each.shifts for each in self.loads) / shifts if shifts else 0.0


def count(
    db: Db,
    laid: Sequence[Laid],
    knowers: Sequence[Knower],
    shifts: set[tuple[int, datetime]],
    start: datetime,
    end: datetime,
) -> Figures:
    """Count what stands in the database after the week."""
    judge = Judge(laid, knowers)
    with db.transaction() as session:
        seen = _seen(session, judge)
        follow_up = Counter(each.missed_at is not None for each in session.scalars(select(FollowUp)))
        return Figures(
            loads=_loads(session, shifts),
            rules=_rules(seen),
            truths=_truths(session, laid, seen, start, end),
            reds=_reds(laid, seen, start, end),
            alerts=len(seen),
            by_severity=Counter(each.severity for each in seen),
            missed_follow_ups=follow_up[True],
            follow_ups=follow_up.total(),
        )


def _seen(session: Session, judge: Judge) -> list[Seen]:
    events: dict[int, list[AlertEvent]] = {}
    for event in session.scalars(select(AlertEvent).order_by(AlertEvent.id)):
        events.setdefault(event.alert_id, []).append(event)
    found = []
    for alert in session.scalars(select(Alert).order_by(Alert.id)):
        of_one = events[alert.id]
        contacts = [event.at for event in of_one if event.what == What.CONTACT]
        red = (event.at for event in of_one if event.what in ASKS and event.severity is Severity.RED)
        found.append(
            Seen(
                claim=judge.claim(alert),
                knower=judge.knower(alert),
                worth=judge.worth(alert),
                severity=alert.severity,
                closed_at=alert.closed_at,
                contact_at=min(contacts, default=None),
                reds=tuple(red),
                times_raised=alert.times_raised,
            )
        )
    return found


def _loads(session: Session, shifts: set[tuple[int, datetime]]) -> list[TeamLoad]:
    """By team, of the shifts that somebody stood: what is asked while nobody is there is in no figure."""
    names = {team.id: team.name for team in session.scalars(select(Team))}
    teams = {member.staff_id: member.team_id for member in session.scalars(select(TeamMember))}
    asked: dict[tuple[int, datetime], list[datetime]] = {}
    steps = session.scalars(select(AlertEvent).where(AlertEvent.what == What.STEP))
    for step in steps:
        if step.team_id is not None and not step.details.get("repeats"):
            asked.setdefault((step.team_id, shift_of(step.at)), []).append(step.at)
    sent: Counter[tuple[int, datetime]] = Counter()
    for message in session.scalars(select(Message)):
        team = message.team_id if message.team_id is not None else teams.get(message.staff_id or 0)
        if team is not None:
            sent[team, shift_of(message.queued_at)] += 1
    found = []
    for team in sorted({team for team, _ in shifts}):
        own = sorted(at for one, at in shifts if one == team)
        loads = [load(sorted(asked.get((team, at), [])), at, at + A_SHIFT) for at in own]
        found.append(_team_load(names[team], loads, [sent[team, at] for at in own]))
    return [each for each in found if each.most or each.most_messages]


def _team_load(name: str, loads: Sequence[Load], messages: Sequence[int]) -> TeamLoad:
    presented = [each.presented for each in loads]
    return TeamLoad(
        team=name,
        shifts=len(loads),
        alerts=sum(presented) / len(loads),
        most=max(presented),
        messages=sum(messages) / len(loads),
        most_messages=max(messages),
        too_many=sum(each > TOO_MANY for each in presented),
        floods=sum(each.floods for each in loads),
        busiest_ten=max(each.busiest for each in loads),
    )


def _rules(seen: Sequence[Seen]) -> list[RuleWorth]:
    by_rule: dict[str, list[Seen]] = {}
    for each in seen:
        by_rule.setdefault(each.rule, []).append(each)
    return [_rule(rule, of_one) for rule, of_one in sorted(by_rule.items(), key=lambda one: -len(one[1]))]


def _rule(rule: str, seen: Sequence[Seen]) -> RuleWorth:
    to_raised, to_contact, told = [], [], set[str]()
    for each in seen:
        truths = [t for t in each.knower.place.scenario.truths if is_about(t, each.claim)]
        if each.worth is not Worth.TRUE or not truths or each.knower.place.said in told:
            continue
        told.add(each.knower.place.said)  # what is raised again later was known already
        earliest = min(truth.earliest for truth in truths)
        to_raised.append((each.claim.at - earliest).total_seconds() / 60)
        if each.contact_at is not None:
            to_contact.append((each.contact_at - earliest).total_seconds() / 60)
    worth = Counter(each.worth for each in seen)
    return RuleWorth(
        rule=rule,
        raised=len(seen),
        true=worth[Worth.TRUE],
        nothing_to_do=worth[Worth.NOTHING_TO_DO],
        to_raised=median(to_raised) if to_raised else None,
        to_contact=median(to_contact) if to_contact else None,
        on_stable=sum(each.knower.place.scenario.name == "stable" for each in seen),
    )


def _truths(
    session: Session, laid: Sequence[Laid], seen: Sequence[Seen], start: datetime, end: datetime
) -> Truths:
    """Every truth of every course; in time is one whose alert stood between its earliest and its latest."""
    found = Truths()
    for one in laid:
        own = [each for each in seen if each.knower.place is one.place]
        for truth in one.place.scenario.truths:
            if truth.earliest >= end:
                continue
            about = [each for each in own if is_about(truth, each.claim)]
            late = [each for each in about if each.stood(truth.by, truth.by + LATE_WITHIN)]
            kept = truth.what.startswith(KEPT_UNDER_ARRIVAL) and _kept(session, one, truth)
            found.total += 1
            if kept or any(each.stood(truth.earliest, truth.by) for each in about):
                found.in_time += 1
            elif late:
                at = min(each.claim.at for each in late)
                words = f"raised {_after(at, truth.by)} after its latest, {truth.by:%d %H:%M}"
                found.late.append(Missed(one.place.said, truth.what, truth.earliest, words))
            elif truth.by > end:
                found.undecided += 1
            else:
                found.missed.append(
                    Missed(one.place.said, truth.what, truth.earliest, _instead(own, truth.by))
                )
    return found


def _reds(laid: Sequence[Laid], seen: Sequence[Seen], start: datetime, end: datetime) -> Truths:
    """Every red state; in time is one for which a red alert stood a quarter of an hour after it was known."""
    found = Truths()
    for one in laid:
        own = [each for each in seen if each.knower.place is one.place]
        for red in reds(one.place, start, end):
            due = red.known_from + RED_WITHIN
            if due > end:
                continue
            found.total += 1
            about = [
                at
                for each in own
                if not each.claim.of_silence and each.claim.kinds & red.kinds
                for at in each.reds
                if each.closed_at is None or each.closed_at >= red.at
            ]
            first = min(about, default=None)
            if first is not None and first <= due:
                found.in_time += 1
            elif first is not None and first <= due + LATE_WITHIN:
                words = f"red {_after(first, red.known_from)} after it was known"
                found.late.append(Missed(one.place.said, red.what, red.at, words))
            else:
                found.missed.append(Missed(one.place.said, red.what, red.at, _instead(own, red.at)))
    return found


def _kept(session: Session, one: Laid, truth: Truth) -> bool:
    """Whether readings with an unbelievable time of their own were stored by when they came."""
    return bool(
        session.scalar(
            select(Reading.series_id)
            .join(Series, Series.id == Reading.series_id)
            .join(Device, Device.id == Series.device_id)
            .where(
                Device.id.in_(one.devices),
                Reading.measured_at >= truth.earliest,
                Reading.measured_at <= truth.by,
                Reading.flags.op("&")(UNCLOCKED) != 0,
            )
            .limit(1)
        )
    )


def _instead(seen: Sequence[Seen], at: datetime) -> str:
    near = [each for each in seen if each.stood(at - 6 * HOUR, at + 6 * HOUR)]
    said = ", ".join(
        f"{each.rule} ({each.severity.value}, {each.claim.at:%d %H:%M}"
        f"{f' to {each.closed_at:%d %H:%M}' if each.closed_at else ''})"
        for each in near[:6]
    )
    return f"around it stood: {said or 'nothing'}"


def _after(at: datetime, since: datetime) -> str:
    minutes = round((at - since).total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"
