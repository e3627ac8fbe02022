"""What is noticed without any pathway: silence, kit that fails, readings that cannot be believed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, null, or_, select, text, union
from sqlalchemy.orm import Session, aliased

from care_plans.evaluating.among import among
from care_plans.judging.conditions import About, Event, Rule, Step
from care_plans.judging.rules import needed
from care_plans.judging.verdicts import Finding
from care_plans.severity import Class, Severity
from devices import kinds, works
from devices.measurement import Flags
from devices.models import Assignment, Device, DeviceWord, Expectation, HeardState, Reading, Series
from devices.silence import down_of
from devices.subjects import Subject
from devices.whose import HELD, not_given_away

DOUBTED_FOR = timedelta(hours=24)
"""How long a reading that cannot be believed asks to be repeated (H3)."""

_UNBELIEVABLE = text(f"(readings.flags & {int(Flags.BEYOND_ABSOLUTE)}) <> 0")
"""Written out, not as a parameter: so the index of just these readings can be used."""

HEARD_AGAIN = "Heard from again, or expected no more."
ENDS: Mapping[str, str] = {
    "kit.battery.": "The battery is no longer low.",
    "kit.fault.": "It reports no fault any more.",
    "kit.": HEARD_AGAIN,
    "heard.": HEARD_AGAIN,
    "whose.": "It is known whose they are, or too long ago to ask.",
}

LOOKED_FOR = 7 * 86400
"""How far back (seconds) a life-safety event is looked for: a hub may come back after days. What is more than
a day old opens an alert quietly."""

SAFETY = {
    kind.code: Rule(
        key=f"safety.{kind.code}",
        name=kind.name,
        class_=Class.LIFE_SAFETY,
        about=About(kind.about),
        steps=(Step(Severity.RED, Event(kind.code, LOOKED_FOR)),),
        source="Hearthline hazard H1: a life-safety event pages while under 24 h old, plan or no plan.",
        pages_within=24 * 3600,
    )
    for kind in kinds.all_kinds()
    if kind.life_safety
}

SAFETY_NEEDS = {kind: needed(rule)[kind] for kind, rule in SAFETY.items()}
"""How many seconds back these rules look."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A finding that no plan asked for, with what to do about it."""

    subject: Subject
    rule_key: str
    name: str
    class_: Class
    finding: Finding
    what_should_happen: str
    again_after: timedelta
    """How long after it was dealt with the same still matters enough to be raised again."""
    device_id: int | None = None
    began: datetime | None = None
    """When this went wrong, where that is known: what began after the last was dealt with is new."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Subjects by inner key, and their kit with whose it is."""

    people: Sequence[int]
    homes: Sequence[int]
    kit: Mapping[int, Sequence[Subject]]


def words_of_end(rule_key: str) -> str | None:
    """What is said when something of that key is noticed no more; None where that alone ends nothing."""
    return next((words for prefix, words in ENDS.items() if rule_key.startswith(prefix)), None)


def whose_kit(session: Session, subjects: Iterable[Subject], now: datetime) -> Whose:
    """These subjects with the kit that is theirs at `now`."""
    people = [subject.id for subject in subjects if subject.about == About.PERSON]
    homes = [subject.id for subject in subjects if subject.about == About.HOME]
    kit: dict[int, list[Subject]] = {}
    rows = session.execute(
        select(Assignment.device_id, Assignment.person_id, Assignment.home_id).where(
            or_(among(Assignment.person_id, people), among(Assignment.home_id, homes)),
            Assignment.deleted_at.is_(None),
            Assignment.period.contains(now),
        )
    )
    for device_id, person_id, home_id in rows:
        kit.setdefault(device_id, []).append(_owner(person_id, home_id))
    return Whose(people, homes, kit)


def dangers(session: Session, whose: Whose, now: datetime) -> dict[Subject, list[str]]:
    """The life-safety kinds of which these subjects' kit, as far back as is looked, has ever spoken.

    Whatever the kind is usually about: a pull cord may be given to a home, and a smoke alarm to a person.
    """
    since = now - timedelta(seconds=LOOKED_FOR)
    rows: Iterable[Any] = session.execute(
        union(
            select(Assignment.person_id, Assignment.home_id, Series.kind)
            .join(Series, Series.device_id == Assignment.device_id)
            .where(_lately(whose, since), Series.kind.in_(SAFETY)),
            select(Series.person_id, cast(null(), BigInteger), Series.kind).where(
                among(Series.person_id, whose.people), Series.kind.in_(SAFETY)
            ),
        )
    )
    found: dict[Subject, list[str]] = {}
    for person_id, home_id, kind in rows:
        found.setdefault(_owner(person_id, home_id), []).append(kind)
    return {subject: sorted(kinds) for subject, kinds in found.items()}


def silence(session: Session, whose: Whose, now: datetime) -> list[Noticed]:
    """What should have been heard of these subjects, or of their kit, and was not (H5, H6).

    Life-safety kit is seen to by `protection`, and a hub that is down answers for its sensors.
    """
    people, homes, kit = whose.people, whose.homes, whose.kit
    rows = session.execute(
        select(Expectation, Device)
        .outerjoin(Device, Device.id == Expectation.device_id)
        .where(
            Expectation.ended_at.is_(None),
            Expectation.state == HeardState.MISSING,
            or_(Device.id.is_(None), Device.life_safety.is_(False)),
            or_(
                among(Expectation.person_id, people),
                among(Expectation.home_id, homes),
                among(Expectation.device_id, kit),
            ),
        )
    ).all()
    excused = _excused(session, [row[0] for row in rows if row[0].device_id is not None], now)
    excused |= works.under_way(session, [row[1].id for row in rows if row[1] is not None], now)
    found = []
    for expectation, device in rows:
        if expectation.device_id is None:
            found.append(_unheard_kind(expectation, now))
        elif device.id not in excused:
            found.extend(_unheard_kit(expectation, device, subject, now) for subject in kit[device.id])
    return found


def _excused(session: Session, unheard: Iterable[Expectation], now: datetime) -> set[int]:
    """The sensors among it whose hub is down, or is back for less time than they may be silent."""
    every = {each.device_id: each.every_seconds or 0 for each in unheard if each.device_id is not None}
    if not every:
        return set()
    hub_word = aliased(DeviceWord)
    sensors = session.execute(
        select(Device.id, Device.hub_id, hub_word.online_changed_at)
        .outerjoin(hub_word, hub_word.device_id == Device.hub_id)
        .where(among(Device.id, every), Device.hub_id.is_not(None))
    ).all()
    down = down_of(session, {row.hub_id for row in sensors}, now)
    return {
        row.id
        for row in sensors
        if row.hub_id in down
        or (
            row.online_changed_at is not None
            and row.online_changed_at + timedelta(seconds=every[row.id]) > now
        )
    }


def doubted(session: Session, whose: Whose, now: datetime) -> set[tuple[Subject, str]]:
    """The subjects and kinds with a reading of the last day beyond its absolute limits (H3)."""
    since, held = now - DOUBTED_FOR, HELD.c
    of_anybody = (
        select(held.person_id, held.home_id, held.kind)
        .join(Reading, and_(Reading.series_id == held.series_id, _UNBELIEVABLE, Reading.measured_at >= since))
        .where(held.period.contains(Reading.measured_at), not_given_away(HELD))
    )
    rows: Iterable[Any] = session.execute(
        union(
            of_anybody.where(among(held.person_id, whose.people)),
            of_anybody.where(among(held.home_id, whose.homes)),
        )
    )
    return {(_owner(person_id, home_id), kind) for person_id, home_id, kind in rows}


def _lately(whose: Whose, since: datetime) -> ColumnElement[bool]:
    """The assignments of kit that is these subjects', or was since then and may still speak of that time."""
    until = func.upper(Assignment.period)
    return and_(
        or_(among(Assignment.person_id, whose.people), among(Assignment.home_id, whose.homes)),
        Assignment.deleted_at.is_(None),
        or_(until.is_(None), until > since),
    )


def _owner(person_id: int | None, home_id: int | None) -> Subject:
    return Subject(About.PERSON, person_id) if person_id is not None else Subject(About.HOME, home_id or 0)


def finding(severity: Severity, words: str, at: datetime, now: datetime, kind: str = "") -> Finding:
    """What began at `at` and is still so."""
    return Finding(severity, words, at, kind, None, None, (), now)


def _unheard_kind(expectation: Expectation, now: datetime) -> Noticed:
    subject = _owner(expectation.person_id, expectation.home_id)
    kind = kinds.get(expectation.kind or "")
    return Noticed(
        subject,
        f"heard.{kind.code}",
        f"{kind.name} not heard",
        Class(kind.care_class),
        finding(
            Severity.AMBER,
            f"No {kind.name[:1].lower()}{kind.name[1:]} reading: it was due and has not come",
            expectation.state_since,
            now,
            kind.code,
        ),
        "Ring, ask how they are, and ask for a reading. No answer: try again, then the no-reply steps.",
        timedelta(hours=24),
        began=expectation.state_since,
    )


def _unheard_kit(expectation: Expectation, device: Device, subject: Subject, now: datetime) -> Noticed:
    return Noticed(
        subject,
        f"kit.silent.{device.uuid}",
        "Kit not heard",
        Class.TECHNICAL,
        finding(Severity.WATCH, f"{device.name} has not been heard", expectation.state_since, now),
        "Ask whether it is plugged in and in its place; book a visit if that does not help.",
        timedelta(hours=24),
        device.id,
        expectation.state_since,
    )
