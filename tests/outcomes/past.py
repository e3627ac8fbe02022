"""A month of varied history made from a seed, row by row: plans, alerts with events, readings, progress."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert, AlertEvent, Cause, Outcome
from care_plans.models.goals import Goal, GoalProgress, GoalStatus, Need
from care_plans.models.plans import Plan, PlanPathway, PlanVersion, VersionState
from care_plans.models.rules import Monitoring
from care_plans.severity import Class, Severity
from devices import partitions
from devices.models import Assignment, Device, DeviceState, Reading, Series
from people.models.absences import Absence, Away
from people.models.agencies import Team
from people.models.caring import CareTeam
from people.models.homes import Home, Residency, Tenure
from people.models.people import Person, Sex
from tests.cast import Cast

FIRST = datetime(2026, 10, 12, tzinfo=UTC)
"""A Monday in summer time: the clocks go back on Sunday 25 October."""
PATHWAYS = ("copd", "heart_failure", "hypertension", "warm_dry_home")
MONITORING: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("oxygen", "spo2", "person", {"grace": 7200, "by": {"times": ["10:00"]}}),
    ("pressure", "systolic", "person", {"grace": 10800, "by": {"times": ["11:00", "21:00"]}}),
    (
        "weight",
        "weight",
        "person",
        {"grace": 3600, "by": {"times": ["01:30"], "weekdays": ["monday", "thursday", "sunday"]}},
    ),
    ("warmth", "room_temperature", "home", {"grace": 3600, "every": 7200}),
    ("movement", "motion", "home", {"grace": 0, "every": 43200}),
)
UNFIT = (2, 16, 512, 1024)


@dataclass
class Past:
    """Makes rows in `session` from one seed; what it made is there to be asked for."""

    session: Session
    cast: Cast
    now: datetime
    random: random.Random
    people: list[Person] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def some(self, start: datetime, end: datetime) -> datetime:
        """A moment between two, to the millisecond."""
        return start + timedelta(
            milliseconds=self.random.randrange(int((end - start).total_seconds() * 1000))
        )


def make(session: Session, cast: Cast, now: datetime, seed: int) -> Past:
    """Everything, for about ten people."""
    past = Past(session, cast, now, random.Random(seed))
    partitions.make_ahead(session, now)
    for number in range(9):
        _person(past, number)
    for person in past.people:
        _plan(past, person)
    for person in past.people:
        _kit(past, person)
    for person in past.people[::2]:
        _absences(past, person)
    for _ in range(220):
        _alert(past)
    session.flush()
    session.expire_all()
    return past


def _person(past: Past, number: int) -> None:
    rng, cast = past.random, past.cast
    dies = past.some(FIRST, past.now).date() if number == 3 else None
    person = past.add(
        Person(
            given_name=f"Given {number}",
            family_name=f"Family {number}",
            date_of_birth=date(1940, 1, 1 + number),
            sex=Sex.FEMALE,
            died_on=dies,
        )
    )
    past.people.append(person)
    if number != 5:  # nobody has written down where the sixth lives
        if number % 4 == 1:
            home = past.homes[-1]
        else:
            home = past.add(Home(address_line=f"{number} Elm Road", postcode="WM1 1AA", tenure=Tenure.OWNER))
            past.homes.append(home)
        moved = FIRST - timedelta(days=100 + number) if number % 3 else past.some(FIRST, past.now)
        past.add(Residency(person_id=person.id, home_id=home.id, period=Range(moved, None)))
    # Leading goes from one team to another, with a gap between for some.
    teams: list[Team] = [cast.coordinators, cast.nurses, cast.landlord]
    start = FIRST - timedelta(days=300)
    for team in rng.sample(teams, rng.randint(1, 3)):
        end = past.some(FIRST, past.now)
        if end <= start:
            break
        past.add(CareTeam(person_id=person.id, team_id=team.id, lead=True, period=Range(start, end)))
        start = end + timedelta(days=rng.choice((0, 2)))
    last = rng.choice([cast.social_workers, cast.befrienders])
    past.add(CareTeam(person_id=person.id, team_id=last.id, lead=True, period=Range(start, None)))
    past.add(
        CareTeam(person_id=person.id, team_id=cast.centre.id, period=Range(FIRST - timedelta(days=9), None))
    )


def _plan(past: Past, person: Person) -> None:
    rng, cast = past.random, past.cast
    if len(past.plans) == 7:
        return  # the last two have none
    plan = past.add(Plan(person_id=person.id))
    past.plans.append(plan)
    published = (
        FIRST - timedelta(days=rng.choice((1, 40))) if rng.random() < 0.6 else past.some(FIRST, past.now)
    )
    moments = sorted({published, *(past.some(published, past.now) for _ in range(rng.randint(0, 2)))})
    kept = rng.sample(MONITORING, rng.randint(2, 4))
    for number, at in enumerate(moments, 1):
        last = number == len(moments)
        version = past.add(
            PlanVersion(
                plan_id=plan.id,
                number=number,
                state=VersionState.PUBLISHED if last else VersionState.SUPERSEDED,
                drafted_by_id=cast.dev.id,
                published_at=at,
                superseded_at=None if last else moments[number],
            )
        )
        follows = rng.sample(PATHWAYS, rng.randint(1, 3))
        for code in follows:
            past.add(PlanPathway(version_id=version.id, pathway=code, pathway_version=1, title=code.title()))
        if number > 1 and rng.random() < 0.5:
            kept = rng.sample(MONITORING, rng.randint(1, 4))
        for key, kind, about, document in kept:
            past.add(
                Monitoring(
                    version_id=version.id, key=key, kind=kind, about=about, document=document,
                    pathway="copd" if kind == "spo2" else follows[0] if last else None,
                )
            )  # fmt: skip
        _goals(past, version, follows)
    past.add(PlanVersion(plan_id=plan.id, number=9, drafted_by_id=cast.dev.id))
    for key in ("first", "second", "third", "long_gone"):
        for _ in range(rng.randint(0, 9)):
            past.add(
                GoalProgress(
                    plan_id=plan.id, goal_key=key, at=past.some(FIRST - timedelta(days=9), past.now),
                    status=rng.choice(list(GoalStatus)),
                )
            )  # fmt: skip


def _goals(past: Past, version: PlanVersion, follows: list[str]) -> None:
    rng = past.random
    past.add(Need(version_id=version.id, key="need", pathway=rng.choice(follows), text="A need"))
    for key in ("first", "second", "third", "fourth")[: rng.randint(2, 4)]:
        past.add(
            Goal(
                version_id=version.id,
                need_key="need" if key != "second" else "lost",
                key=key,
                text=f"I want the {key}.",
                measure={"kind": "spo2"} if key != "fourth" else None,
            )
        )


def _absences(past: Past, person: Person) -> None:
    """Two times away, one after the other; the second may go on still."""
    middle = past.some(FIRST, past.now)
    for start, end in ((past.some(FIRST, middle), middle), (middle, past.now + timedelta(days=9))):
        past.add(
            Absence(
                person_id=person.id, why=Away.HOSPITAL, known_from="The ward", began_at=start, ends_at=end,
                recorded_at=start, recorded_by_id=past.cast.dev.id, confirmed_at=start,
                confirmed_by_id=past.cast.dev.id, begun_at=start,
                ended_at=past.some(start, min(end, past.now)),
            )
        )  # fmt: skip


def _kit(past: Past, person: Person) -> None:
    rng = past.random
    for kind, home, gap in (("spo2", False, 26), ("systolic", False, 9), ("weight", False, 30)):
        _series(past, kind, gap, person_id=person.id, home_id=None)
        if rng.random() < 0.4 and not home:
            series = past.add(Series(person_id=person.id, kind=kind))
            _readings(past, series.id, gap * 4)
    for home_row in past.homes:
        if rng.random() < 0.25:
            _series(past, "room_temperature", 1.7, person_id=None, home_id=home_row.id)
            _series(past, "motion", 7, person_id=None, home_id=home_row.id)


def _series(past: Past, kind: str, gap: float, *, person_id: int | None, home_id: int | None) -> None:
    key = f"kit-{past.random.getrandbits(60)}"
    device = past.add(Device(key=key, name=key, model="own", state=DeviceState.INSTALLED))
    start, end = FIRST - timedelta(days=5), None
    if past.random.random() < 0.5:
        start, end = past.some(FIRST, past.now), past.now
    past.add(Assignment(device_id=device.id, person_id=person_id, home_id=home_id, period=Range(start, end)))
    series = past.add(Series(device_id=device.id, kind=kind))
    _readings(past, series.id, gap)


def _readings(past: Past, series_id: int, gap: float) -> None:
    """Readings about every `gap` hours, now and then a day without, now and then one that can't be judged."""
    rng = past.random
    at = FIRST - timedelta(days=4)
    rows = []
    while True:
        pause = gap * rng.choice((0.4, 0.8, 1, 1, 1.1, 1.3)) if rng.random() > 0.04 else 24 + gap
        at += timedelta(milliseconds=int(pause * 3_600_000))
        if at >= past.now:
            break
        flags = rng.choice(UNFIT) if rng.random() < 0.07 else rng.choice((0, 0, 1, 8))
        rows.append(Reading(series_id=series_id, measured_at=at, value=1.0, flags=flags, batch_id=1))
    past.session.add_all(rows)
    past.session.flush()


def _alert(past: Past) -> None:
    rng, cast = past.random, past.cast
    raised = past.some(FIRST, past.now)
    about_home = rng.random() < 0.3
    person_id = None if about_home else rng.choice(past.people).id
    home_id = rng.choice(past.homes).id if about_home else None
    closed = past.some(raised, past.now) if rng.random() < 0.75 else None
    severity = rng.choice(list(Severity))
    alert = past.add(
        Alert(
            subject=rng.getrandbits(60),
            person_id=person_id,
            home_id=home_id,
            rule_key=f"rule.{rng.getrandbits(40)}",
            class_=rng.choice(list(Class)),
            severity=severity,
            name="An alert",
            words="Something",
            evidence=[],
            began_at=raised,
            raised_at=raised,
            pathway=rng.choice((*PATHWAYS, None)),
            rule={},
            ladder={},
            what_should_happen="Ring.",
            step_at=raised,
            escalate_after=raised,
            owner_team_id=rng.choice((None, None, cast.nurses.id, cast.landlord.id)),
            closed_at=closed,
            cause=rng.choice(list(Cause)) if closed else None,
            action="Rang." if closed else None,
            outcome=Outcome.NONE if closed else None,
            deleted_at=raised if rng.random() < 0.03 else None,
        )
    )
    event = _eventful(past, alert, raised)
    event("raised", timedelta(0), severity=rng.choice((severity, severity, Severity.AMBER)))
    for step in range(1, rng.choice((1, 1, 1, 2, 3, 4)) + 1):
        event("step", timedelta(minutes=9 * step), step=step, details={"repeats": False})
    if rng.random() < 0.3:
        event("step", timedelta(minutes=70), step=rng.choice((1, 3)), details={"repeats": True})
    if rng.random() < 0.3:
        event("worse", timedelta(minutes=30), severity=Severity.RED)
    for what, chance in (("acknowledged", 0.5), ("emergency", 0.2), ("contact", 0.6), ("contact", 0.3),
                         ("shelved", 0.2), ("shelf_ended", 0.1), ("reopened", 0.3)):  # fmt: skip
        if rng.random() < chance:
            event(what, timedelta(minutes=rng.choice((5, 20, 59, 60, 61, 239, 240, 241, 900))))


def _eventful(past: Past, alert: Alert, raised: datetime) -> Callable[..., None]:
    def event(
        what: str,
        after: timedelta,
        *,
        step: int = 1,
        severity: Severity | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        at = raised + after
        if at <= past.now:
            past.add(
                AlertEvent(
                    alert_id=alert.id, at=at, what=what, step=step, severity=severity or alert.severity,
                    words="", details=details or {},
                )
            )  # fmt: skip

    return event


def alert_of(session: Session, uuid: UUID) -> Alert:
    """The alert with this outer id."""
    return session.scalars(select(Alert).where(Alert.uuid == uuid)).one()
