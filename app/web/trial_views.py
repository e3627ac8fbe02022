"""What another form of a rule would have found of the past, of one person or of everybody, for pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.web.alert_words import CAUSES
from care_plans.judging import describing
from care_plans.judging.conditions import About, conditions, kinds_of
from care_plans.judging.replay import Episode
from care_plans.judging.rules import Rule, from_document
from care_plans.models.trying import RuleTrial
from care_plans.pathways import reading
from care_plans.plan.whole import RuleRead
from care_plans.severity import Severity
from care_plans.trying import holding, proposing
from care_plans.trying.comparing import Change, Pair
from care_plans.trying.everybody import Found, OfPerson, Told
from care_plans.trying.holding import Raised, Tried
from core.errors import NotAllowed
from devices import kinds, subjects
from outcomes.precision import TRUE
from people import named, residencies, unseen
from people.access import RecordClass, Viewer
from people.class_words import CLASSES
from people.models.people import Person
from people.named import Named


@dataclass(frozen=True, slots=True)
class PairShown:
    """One finding of the past: see plan_edit.html."""

    change: str
    before: str | None
    after: str | None
    began: datetime
    later: datetime | None
    words: str
    closed_as: str | None


@dataclass(frozen=True, slots=True)
class TrialShown:
    """What was tried: how often each rule found something, what changes, what must give pause."""

    days: int
    since: datetime | None
    readings: int
    before: str
    after: str
    same: int
    changed: tuple[PairShown, ...]
    true_missed: int


def proposed(row: RuleRead, given: Mapping[str, str]) -> Rule:
    """The rule with the limits that were typed; Invalid with each fault at its field."""
    personal = tuple(limit.personal for limit in row.limits)
    return from_document(proposing.with_limits(row.rule.document, personal, given))


def try_out(
    session: Session, person: Person, row: RuleRead, after: Rule, viewer: Viewer, now: datetime
) -> TrialShown:
    """Try it on the person's past, or their home's; NotAllowed where its readings are not shared in full."""
    before = from_document(row.rule.document)
    for kind in {kind for leaf in conditions(before) for kind in kinds_of(leaf)}:
        record_class = RecordClass(kinds.get(kind).record_class)
        if not unseen.shown(session, viewer, person, record_class, now):
            raise NotAllowed(f"{CLASSES[record_class]}: not shared with {viewer.agency or 'your agency'}.")
    home = residencies.find_home(session, person, now)
    of_home = before.about is About.HOME and home is not None
    subject = subjects.home(home.id) if of_home and home else subjects.person(person.id)
    return shown(holding.try_out(session, {subject: before}, after, now)[subject])


def shown(tried: Tried) -> TrialShown:
    """What changes, the missed first and the latest of each first; what stays the same is counted."""
    order = [Change.MISSED, Change.MOVED, Change.ADDED]
    changed = [each for each in tried.pairs if each[0].change is not Change.SAME]
    changed.sort(key=lambda each: each[0].began, reverse=True)
    changed.sort(key=lambda each: order.index(each[0].change))
    return TrialShown(
        days=holding.DAYS,
        since=tried.since,
        readings=tried.readings,
        before=_counted([pair.before for pair, _ in tried.pairs if pair.before is not None]),
        after=_counted([pair.after for pair, _ in tried.pairs if pair.after is not None]),
        same=len(tried.pairs) - len(changed),
        changed=tuple(_pair(pair, raised) for pair, raised in changed),
        true_missed=sum(
            pair.change is Change.MISSED and raised is not None and raised.cause in TRUE
            for pair, raised in changed
        ),
    )


def _counted(episodes: list[Episode]) -> str:
    """For example "5 times, 2 of them red"."""
    if not episodes:
        return "never"
    by = Counter(episode.severity for episode in episodes)
    bad = [f"{by[severity]} {severity.value}" for severity in (Severity.RED, Severity.AMBER) if by[severity]]
    times = "once" if len(episodes) == 1 else f"{len(episodes)} times"
    return f"{times} ({', '.join(bad)})" if bad else times


def _pair(pair: Pair, raised: Raised | None) -> PairShown:
    moved = pair.before is not None and pair.after is not None and pair.before.began != pair.after.began
    return PairShown(
        change=pair.change.value,
        before=pair.before.severity.value if pair.before else None,
        after=pair.after.severity.value if pair.after else None,
        began=pair.shown.began,
        later=pair.after.began if moved and pair.after else None,
        words=pair.shown.found.words,
        closed_as=CAUSES[raised.cause] if raised and raised.cause else None,
    )


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One trial in a list: see rule_try.html."""

    uuid: UUID
    words: str
    by: str
    at: datetime
    finished: bool


@dataclass(frozen=True, slots=True)
class PersonTried:
    """What becomes of one person's findings: see rule_trial.html."""

    uuid: UUID
    name: str
    before: int
    after: int
    missed: int
    true_missed: int
    added: int


def line(row: RuleTrial, by: str) -> TrialLine:
    """A trial as one line."""
    steps = describing.step_words(from_document(row.document))
    words = "; ".join(f"{severity.value}: {words}" for severity, words in steps)
    return TrialLine(row.uuid, words, by, row.asked_at, row.finished_at is not None)


def trial(session: Session, told: Told, zone: str) -> dict[str, Any]:
    """One trial whole: see rule_trial.html."""
    row = told.row
    usual, other = from_document(row.usual), from_document(row.document)
    found = [(each, one) for each in told.of_people for one in each.found]
    people = [
        _person(each) for each in told.of_people if any(one.change is not Change.SAME for one in each.found)
    ]
    names = named.teams(session, {each.team_id for each in told.of_people if each.team_id})
    return {
        "uuid": row.uuid,
        "pathway": row.pathway,
        "title": reading.get(row.pathway).title,
        "rule_key": row.rule_key,
        "name": usual.name,
        "usual": [(severity.value, words) for severity, words in describing.step_words(usual)],
        "other": [(severity.value, words) for severity, words in describing.step_words(other)],
        "clears": describing.condition_words(other.clear) if other.clear else None,
        "by": told.asked_by,
        "at": row.asked_at,
        "days": row.days,
        "finished": row.finished_at is not None,
        "people": told.people,
        "done": told.done,
        "failed": told.failed,
        "readings": told.readings,
        "own_limits": row.own_limits,
        "by_severity": [
            (severity.value, _times(found, "before", severity), _times(found, "after", severity))
            for severity in sorted(Severity, key=lambda each: -each.rank)
        ],
        "changes": Counter(one.change.value for _, one in found),
        "true_missed": sum(_true_missed(one) for _, one in found),
        "hours": _hours(found, names, zone),
        "parts": PARTS,
        "persons": sorted(people, key=lambda each: (-each.true_missed, -each.missed, -each.added, each.name)),
    }


PARTS = ("0 to 6", "6 to 12", "12 to 18", "18 to 24")
"""Parts of the day by local hours, as the table of teams has them."""


def _times(found: Sequence[tuple[OfPerson, Found]], which: str, severity: Severity) -> int:
    return sum(getattr(one, which) == severity.value for _, one in found)


def _true_missed(one: Found) -> bool:
    return one.change is Change.MISSED and one.cause in TRUE


def _hours(
    found: Sequence[tuple[OfPerson, Found]], names: Mapping[int | None, Named], zone: str
) -> list[tuple[str, list[tuple[int, int]]]]:
    """By team that the first step tells: how often in each part of the day, as it is and as it would be."""
    counted: dict[str, list[list[int]]] = {}
    for each, one in found:
        team = names[each.team_id].name if each.team_id in names else "Somebody by name"
        row = counted.setdefault(team, [[0, 0] for _ in PARTS])
        if one.before is not None:
            row[one.at.astimezone(ZoneInfo(zone)).hour // 6][0] += 1
        if one.after is not None:
            row[(one.at_after or one.at).astimezone(ZoneInfo(zone)).hour // 6][1] += 1
    return [(name, [(before, after) for before, after in row]) for name, row in sorted(counted.items())]


def _person(each: OfPerson) -> PersonTried:
    changes = Counter(one.change for one in each.found)
    return PersonTried(
        uuid=each.person.uuid,
        name=f"{each.person.given_name} {each.person.family_name}",
        before=sum(one.before is not None for one in each.found),
        after=sum(one.after is not None for one in each.found),
        missed=changes[Change.MISSED],
        true_missed=sum(_true_missed(one) for one in each.found),
        added=changes[Change.ADDED],
    )
