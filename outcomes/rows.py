"""The rows behind a figure, so that every number can be traced to what happened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from care_plans.documents import duration_text
from care_plans.seen import showing
from devices import kinds
from outcomes import figures, reckoning
from outcomes.alert_parts import UnderPlan
from outcomes.alerts_raised import OPEN, AlertRaised
from outcomes.figures import ALL
from outcomes.goal_parts import GoalAt
from outcomes.ground import Ground
from outcomes.measures import Measure
from outcomes.reading_parts import Heard
from outcomes.reckoning import Breakdown, Part
from outcomes.weeks import Week
from people import reach
from people.access import Extent, RecordClass
from people.models.homes import Home
from people.models.people import Person
from people.reach import Reach


@dataclass(frozen=True, slots=True)
class Row:
    """One row: when, whose, what in words, and what it adds to the numerator and to the denominator.

    Where `of` is time it is in microseconds. `person_uuid`, `alert_uuid` and `who` are None for somebody who
    may not see whom it is about.
    """

    at: datetime
    who: str | None
    what: str
    met: int
    of: int
    person_uuid: UUID | None = None
    alert_uuid: UUID | None = None


def behind(
    ground: Ground, measure: Measure, breakdown: Breakdown = ALL, week: Week | None = None
) -> list[Part]:
    """What makes the measure's figures in these weeks (or in one of them), newest first; the sums are they.

    Whoever may not see the people gets nothing of a week whose figure is suppressed.
    """
    parts = [part for part in figures.parts(ground, measure) if breakdown.takes(part)]
    chosen = ground.weeks if week is None else (week,)
    found: list[Part] = []
    for one, own in zip(chosen, reckoning.by_week(parts, chosen), strict=True):
        told = reckoning.figure(measure, own, one.start, one.end, ground.now, few=ground.sight.few)
        if not told.suppressed:
            found += own
    return sorted(found, key=lambda part: part.at, reverse=True)


def tell(ground: Ground, parts: Sequence[Part]) -> list[Row]:
    """These as rows to read, in their order; no name and no link for whoever may not see the people."""
    people = {one for part in parts for one in part.people}
    named = ground.sight.names
    names = names_of(ground, people) if named else {}
    alerts = [part.source for part in parts if isinstance(part.source, AlertRaised)]
    homes = homes_of(ground, {alert.home_id for alert in alerts}) if named else {}
    seen = reach.read(ground.session, ground.sight.viewer, people, (), ground.now)
    return [_row(part, names, homes, ground, seen) for part in parts]


def shown(part: Part, seen: Reach) -> bool:
    """Whether what a row says is shared with the reader in full: figures count all, a row opens one."""
    match part.source:
        case AlertRaised() as alert:
            return alert_shown(alert, seen)
        case Heard() as heard:
            kind = kinds.find(heard.expected.watch.kind)
            of = kind.record_class if kind else RecordClass.VITALS
        case _:
            of = RecordClass.PLAN
    return all(seen.of(one, None, of) is Extent.FULL for one in part.people)


def alert_shown(alert: AlertRaised, seen: Reach) -> bool:
    """Whether an alert is shared with the reader in full, of everybody whom it is about."""
    of = showing.class_of(alert.kind, alert.class_)
    return all(seen.of(one, None, of) is Extent.FULL for one in alert.people)


def _row(
    part: Part, names: dict[int, tuple[UUID, str]], homes: dict[int, str], ground: Ground, seen: Reach
) -> Row:
    source = part.source
    shared = not ground.sight.names or shown(part, seen)
    who, person_uuid = None, None
    if ground.sight.names:
        known = [names[one] for one in part.people if one in names]
        person_uuid = known[0][0] if len(known) == 1 else None
        who = ", ".join(name for _, name in known)
        if isinstance(source, AlertRaised) and source.home_id is not None:
            who = homes.get(source.home_id, who)
    return Row(
        part.at,
        who,
        words(part, ground.zone, named=ground.sight.names, shared=shared),
        part.met,
        part.of,
        person_uuid,
        source.uuid if ground.sight.names and isinstance(source, AlertRaised) else None,
    )


def words(part: Part, zone: str, *, named: bool, shared: bool = True) -> str:
    """What a row says, in words. `named`: the reader may see whose it is, so its own words may be used.

    `shared`: what it is about is shared with the reader in full.
    """
    match part.source:
        case AlertRaised() as alert:
            return _alert(alert, part, named=named, shared=shared)
        case UnderPlan(start=start, end=end):
            return f"{(end - start).total_seconds() / 86400:.2f} days under a published plan"
        case Heard() as heard:
            return _heard(heard, part, zone, shared=shared)
        case GoalAt(text=text, status=status):
            goal = f"“{text}”" if named and shared else "a goal"
            return f"{goal}: {status.value.replace('_', ' ') if status else 'not known'}"
        case _:
            raise TypeError(f"no words for a {type(part.source).__name__}")


def _heard(heard: Heard, part: Part, zone: str, *, shared: bool) -> str:
    one = heard.expected
    kind = _kind(one.watch.kind) if shared else "A reading that is not shared with your agency"
    by = one.until.astimezone(ZoneInfo(zone))
    if one.watch.by is not None:
        return f"{kind}, {'heard' if part.met else 'not heard'} by {by:%H:%M} on {by.day} {by:%b}"
    silent = [f"{until.astimezone(ZoneInfo(zone)):%H:%M}" for until in sorted(heard.missed)]
    not_by = f", not by {', '.join(silent)}" if silent else ""
    every = f"every {duration_text(int(one.watch.every.total_seconds()))}"
    return f"{kind} {every} on {by.day} {by:%b}, {part.met} of {part.of} heard{not_by}"


def _kind(code: str) -> str:
    kind = kinds.find(code)
    return kind.name if kind else code


def _alert(alert: AlertRaised, part: Part, *, named: bool, shared: bool) -> str:
    what = alert.name if named else f"{alert.class_.value.replace('_', ' ')} alert"
    what = what if shared else "Alert, not shared with your agency"
    said = [f"{what}, {alert.severity.value}"]
    said += _contacts(alert)
    if alert.steps:
        said.append(f"{alert.steps} step{'s' if alert.steps > 1 else ''} past the first")
    said.append("still open" if alert.cause == OPEN else f"closed as {alert.cause.replace('_', ' ')}")
    return ", ".join(said)


def _contacts(alert: AlertRaised) -> list[str]:
    """Each wait for a contact, in the order they were asked for."""
    if not any(ask.contact_at for ask in alert.asks):
        return ["no contact"] if alert.asks else []
    waits = [ask.contact_at - ask.at if ask.contact_at else None for ask in alert.asks]
    told = [f"{wait.total_seconds() / 60:.0f} min" if wait is not None else "none" for wait in waits]
    return ["contact after " + ", then ".join(told)]


def names_of(ground: Ground, ids: Collection[int]) -> dict[int, tuple[UUID, str]]:
    """Outer key and name of those of these people whom the reader may see."""
    rows = ground.session.execute(
        select(Person.id, Person.uuid, Person.given_name, Person.family_name).where(
            Person.id.in_(ids), ground.sight.of_person(Person.id)
        )
    )
    return {id_: (uuid, f"{given} {family}") for id_, uuid, given, family in rows}


def homes_of(ground: Ground, ids: Collection[int | None]) -> dict[int, str]:
    """The address of each of these homes."""
    known = [each for each in ids if each is not None]
    rows = ground.session.execute(select(Home.id, Home.address_line).where(Home.id.in_(known)))
    return {row.id: row.address_line for row in rows}
