"""What is noticed without any pathway: silence, kit that fails, readings that cannot be believed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, text
from sqlalchemy.orm import Session

from care_plans.evaluating.among import among
from care_plans.judging.conditions import About, Event, Rule, Step
from care_plans.judging.rules import needed
from care_plans.judging.verdicts import Finding
from care_plans.severity import Class, Severity
from devices import kinds
from devices.measurement import Flags
from devices.models import Assignment, Device, DeviceWord, Expectation, HeardState, Reading, Series
from devices.subjects import Subject

BATTERY_LOW = 15.0
"""Percent at which a battery is reported: about a week left for most home sensors."""
DOUBTED_FOR = timedelta(hours=24)
"""How long a reading that cannot be believed asks to be repeated (H3)."""

_UNBELIEVABLE = text(f"(readings.flags & {int(Flags.BEYOND_ABSOLUTE)}) <> 0")
"""Written out, not as a parameter: so the index of just these readings can be used."""

SAFETY = {
    kind.code: Rule(
        key=f"safety.{kind.code}",
        name=kind.name,
        class_=Class.LIFE_SAFETY,
        about=About(kind.about),
        steps=(Step(Severity.RED, Event(kind.code)),),
        source="Hearthline hazard H1: a life-safety event pages while under 24 h old, plan or no plan.",
        pages_within=24 * 3600,
    )
    for kind in kinds.all_kinds()
    if kind.life_safety
}

SAFETY_NEEDS: dict[str, dict[str, int]] = {
    about.value: {
        kind: span for rule in SAFETY.values() if rule.about is about for kind, span in needed(rule).items()
    }
    for about in About
}
"""Of a person and of a home: which kinds these rules judge, and how many seconds back."""


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


def whose_kit(session: Session, subjects: Iterable[Subject], now: datetime) -> Whose:
    """These subjects with the kit that is theirs at `now`."""
    people = [subject.id for subject in subjects if subject.about == About.PERSON]
    homes = [subject.id for subject in subjects if subject.about == About.HOME]
    kit: dict[int, list[Subject]] = {}
    rows = session.execute(
        select(Assignment.device_id, Assignment.person_id, Assignment.home_id).where(
            or_(among(Assignment.person_id, people), among(Assignment.home_id, homes)),
            Assignment.period.contains(now),
        )
    )
    for device_id, person_id, home_id in rows:
        kit.setdefault(device_id, []).append(_owner(person_id, home_id))
    return Whose(people, homes, kit)


def silence(session: Session, whose: Whose) -> list[Noticed]:
    """What should have been heard of these subjects, or of their kit, and was not (H5, H6)."""
    people, homes, kit = whose.people, whose.homes, whose.kit
    rows = session.execute(
        select(Expectation, Device)
        .outerjoin(Device, Device.id == Expectation.device_id)
        .where(
            Expectation.ended_at.is_(None),
            Expectation.state == HeardState.MISSING,
            # Life-safety kit is seen to by `protection`, and a hub answers for its sensors.
            or_(Device.id.is_(None), and_(Device.life_safety.is_(False), Device.hub_id.is_(None))),
            or_(
                among(Expectation.person_id, people),
                among(Expectation.home_id, homes),
                among(Expectation.device_id, kit),
            ),
        )
    )
    found = []
    for expectation, device in rows:
        if expectation.device_id is None:
            found.append(_unheard_kind(expectation))
        else:
            found.extend(_unheard_kit(expectation, device, subject) for subject in kit[device.id])
    return found


def batteries(session: Session, whose: Whose, now: datetime) -> list[Noticed]:
    """Kit of these subjects whose battery is nearly empty."""
    kit = whose.kit
    rows = session.execute(
        select(Device, DeviceWord)
        .join(DeviceWord, DeviceWord.device_id == Device.id)
        .where(among(Device.id, kit), DeviceWord.battery <= BATTERY_LOW)
    )
    return [_low_battery(device, word, subject, now) for device, word in rows for subject in kit[device.id]]


def doubted(session: Session, whose: Whose, now: datetime) -> set[tuple[Subject, str]]:
    """The subjects and kinds with a reading of the last day beyond its absolute limits (H3)."""
    people, kit = whose.people, whose.kit
    rows = session.execute(
        select(Series.device_id, Series.person_id, Series.kind)
        .join(Reading, Reading.series_id == Series.id)
        .where(
            or_(among(Series.device_id, kit), among(Series.person_id, people)),
            _UNBELIEVABLE,
            Reading.measured_at >= now - DOUBTED_FOR,
        )
        .distinct()
    )
    found: set[tuple[Subject, str]] = set()
    for device_id, person_id, kind in rows:
        if device_id is not None:
            found.update((owner, kind) for owner in kit[device_id])
        elif person_id is not None:
            found.add((Subject(About.PERSON, person_id), kind))
    return found


def _owner(person_id: int | None, home_id: int | None) -> Subject:
    return Subject(About.PERSON, person_id) if person_id is not None else Subject(About.HOME, home_id or 0)


def _finding(severity: Severity, words: str, at: datetime, kind: str = "") -> Finding:
    return Finding(severity, words, at, kind, None, None, (), at)


def _unheard_kind(expectation: Expectation) -> Noticed:
    subject = _owner(expectation.person_id, expectation.home_id)
    kind = kinds.get(expectation.kind or "")
    return Noticed(
        subject,
        f"heard.{kind.code}",
        f"{kind.name} not heard",
        Class(kind.care_class),
        _finding(
            Severity.AMBER,
            f"No {kind.name[:1].lower()}{kind.name[1:]} reading: it was due and has not come",
            expectation.state_since,
            kind.code,
        ),
        "Ring, ask how they are, and ask for a reading. No answer: try again, then the no-reply steps.",
        timedelta(hours=24),
        began=expectation.state_since,
    )


def _unheard_kit(expectation: Expectation, device: Device, subject: Subject) -> Noticed:
    return Noticed(
        subject,
        f"kit.silent.{device.uuid}",
        "Kit not heard",
        Class.TECHNICAL,
        _finding(Severity.WATCH, f"{device.name} has not been heard", expectation.state_since),
        "Ask whether it is plugged in and in its place; book a visit if that does not help.",
        timedelta(hours=24),
        device.id,
        expectation.state_since,
    )


def _low_battery(device: Device, word: DeviceWord, subject: Subject, now: datetime) -> Noticed:
    return Noticed(
        subject,
        f"kit.battery.{device.uuid}",
        "Battery low",
        Class.TECHNICAL,
        _finding(
            Severity.AMBER if device.life_safety else Severity.WATCH,
            f"{device.name}: battery {word.battery or 0:.0f}%",
            word.heard_at or now,
        ),
        "Change the battery, or have it changed at the next visit.",
        timedelta(days=3),
        device.id,
    )
