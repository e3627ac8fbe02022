"""Which rules watch whom: published versions, read once and remembered, as they never change."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from care_plans.evaluating.among import among
from care_plans.judging.conditions import by_the_clock
from care_plans.judging.rules import About, Class, Rule, from_document, needed
from care_plans.models.goals import Goal
from care_plans.models.plans import PathwaySwitch, Plan, PlanVersion, VersionState
from care_plans.models.rules import Contingency, PlanLadder, PlanRule
from devices import kinds
from devices.subjects import Subject
from people import absences
from people.access import RecordClass
from people.models.homes import Residency

REMEMBERED = 20_000
ACTIVITY = kinds.of_class(RecordClass.ACTIVITY)


@dataclass(frozen=True, slots=True)
class Watch:
    """One rule of one published version, with all that its alert will carry."""

    rule: Rule
    document: Mapping[str, Any]
    version_id: int
    since: datetime
    pathway: str | None
    ladder: Mapping[str, Any]
    what_should_happen: str
    goal_key: str | None
    goal_text: str | None
    follow_up: Mapping[str, Any] | None
    needs: Mapping[str, int]
    """Which kinds the rule judges, and how many seconds back."""
    same_as: tuple[str, str]
    """Equal for rules that say the same."""
    by_clock: bool
    """Whether it asks for local days or hours."""


class Watches:
    """The rules of published versions, by version; a process keeps the ones it met last."""

    def __init__(self) -> None:
        self._by_version: OrderedDict[int, tuple[Watch, ...]] = OrderedDict()

    def of(self, session: Session, subjects: Iterable[Subject], now: datetime) -> dict[Subject, list[Watch]]:
        """For each subject the rules about it: a person's own, a home's from the plans of who lives there."""
        wanted = list(subjects)
        versions = _published(session, wanted, now)
        self._read(session, {version for of_one in versions.values() for version, _ in of_one})
        back = _back(session, wanted, now)
        return {
            subject: _one_of_each(
                _not_while_away(_not_before(watch, lived_there_from), back.get(subject))
                for version, lived_there_from in versions.get(subject, ())
                for watch in self._by_version[version]
                if watch.rule.about.value == subject.about
            )
            for subject in wanted
        }

    def _read(self, session: Session, versions: set[int]) -> None:
        for version in versions & self._by_version.keys():
            self._by_version.move_to_end(version)
        missing = versions - self._by_version.keys()
        if missing:
            self._by_version.update(_watches(session, missing))
        while len(self._by_version) > max(REMEMBERED, len(versions)):
            self._by_version.popitem(last=False)


def _back(session: Session, wanted: list[Subject], now: datetime) -> dict[Subject, datetime]:
    """When each subject was, or will be, back: a person from an absence, a home when not all are away."""
    people = [subject.id for subject in wanted if subject.about == About.PERSON]
    homes = [subject.id for subject in wanted if subject.about == About.HOME]
    of_people = absences.back_of_people(session, people) if people else {}
    of_homes = absences.back_in_homes(session, homes, now) if homes else {}
    found = {Subject("person", key): at for key, at in of_people.items()}
    return found | {Subject("home", key): at for key, at in of_homes.items()}


def switched_on(session: Session) -> frozenset[str]:
    """The pathways whose clinical rules a named clinician has switched on."""
    return frozenset(session.scalars(select(PathwaySwitch.pathway).where(PathwaySwitch.off_at.is_(None))))


def is_off(watch: Watch, switched: frozenset[str]) -> bool:
    """Whether a rule is clinical and nobody has taken responsibility for it yet."""
    return watch.rule.class_ is Class.CLINICAL and watch.pathway is not None and watch.pathway not in switched


def _published(
    session: Session, subjects: list[Subject], now: datetime
) -> dict[Subject, list[tuple[int, datetime | None]]]:
    """The versions in force for each subject; for a home, since when the person has lived there."""
    people = [subject.id for subject in subjects if subject.about == About.PERSON]
    homes = [subject.id for subject in subjects if subject.about == About.HOME]
    found: dict[Subject, list[tuple[int, datetime | None]]] = {}
    published = (
        select(Plan.person_id, PlanVersion.id)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .where(PlanVersion.state == VersionState.PUBLISHED)
    )
    if people:
        for person_id, version in session.execute(published.where(among(Plan.person_id, people))):
            found.setdefault(Subject("person", person_id), []).append((version, None))
    if homes:
        lived_in = (
            published.add_columns(Residency.home_id, func.lower(Residency.period))
            .join(Residency, Residency.person_id == Plan.person_id)
            .where(among(Residency.home_id, homes), Residency.period.contains(now))
        )
        for _person, version, home_id, since in session.execute(lived_in):
            found.setdefault(Subject("home", home_id), []).append((version, since))
    return found


def _watches(session: Session, versions: set[int]) -> dict[int, tuple[Watch, ...]]:
    found: dict[int, list[Watch]] = {version: [] for version in versions}
    in_force = _in_force_since(session, versions)
    rows = session.execute(
        select(
            PlanRule.version_id,
            PlanRule.key,
            PlanRule.pathway,
            cast(PlanRule.document, Text).label("document"),
            Contingency.what_should_happen,
            Contingency.goal_key,
            Contingency.follow_up,
            cast(PlanLadder.document, Text).label("ladder"),
            Goal.text.label("goal_text"),
        )
        .join(
            Contingency,
            (Contingency.version_id == PlanRule.version_id) & (Contingency.key == PlanRule.contingency_key),
        )
        .join(
            PlanLadder,
            (PlanLadder.version_id == PlanRule.version_id) & (PlanLadder.key == Contingency.ladder_key),
        )
        .outerjoin(Goal, (Goal.version_id == PlanRule.version_id) & (Goal.key == Contingency.goal_key))
        .where(among(PlanRule.version_id, versions))
        .order_by(PlanRule.id)
    )
    for row in rows:
        document, rule, needs, same_as, by_clock = _rule_said(row.document)
        found[row.version_id].append(
            Watch(
                rule=rule,
                document=document,
                version_id=row.version_id,
                since=in_force[row.version_id, row.key],
                pathway=row.pathway,
                ladder=_said(row.ladder),
                what_should_happen=row.what_should_happen,
                goal_key=row.goal_key,
                goal_text=row.goal_text,
                follow_up=row.follow_up,
                needs=needs,
                same_as=same_as,
                by_clock=by_clock,
            )
        )
    return {version: tuple(watches) for version, watches in found.items()}


def _in_force_since(session: Session, versions: set[int]) -> dict[tuple[int, str], datetime]:
    """Since when each rule of these versions has been in force: publishing a plan anew starts none afresh."""
    this = aliased(PlanVersion)
    rows = session.execute(
        select(this.id, PlanVersion.number, PlanVersion.published_at, PlanRule.key)
        .join(PlanVersion, (PlanVersion.plan_id == this.plan_id) & (PlanVersion.number <= this.number))
        .outerjoin(PlanRule, PlanRule.version_id == PlanVersion.id)
        .where(among(this.id, versions), PlanVersion.published_at.is_not(None))
        .order_by(this.id, PlanVersion.number)
    ).all()
    since: dict[tuple[int, str], datetime] = {}
    for version, of_version in groupby(rows, key=lambda row: row[0]):
        running: dict[str, datetime] = {}
        for _number, of_one in groupby(of_version, key=lambda row: row[1]):
            running = {key: running.get(key, at) for _, _, at, key in of_one if at and key}
        since |= {(version, key): at for key, at in running.items()}
    return since


# Most people on a pathway have its rules and ladder word for word: they are read, and kept, once for all.


@lru_cache(REMEMBERED)
def _rule_said(text: str) -> tuple[Mapping[str, Any], Rule, Mapping[str, int], tuple[str, str], bool]:
    document = orjson.loads(text)
    rule = from_document(document)
    return document, rule, needed(rule), (rule.key, repr(rule.steps)), by_the_clock(rule)


@lru_cache(REMEMBERED)
def _said(text: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = orjson.loads(text)
    return document


def _not_before(watch: Watch, moment: datetime | None) -> Watch:
    """Nothing is missing in a home from before somebody whom the rule is for lived there."""
    return watch if moment is None or moment <= watch.since else replace(watch, since=moment)


def _not_while_away(watch: Watch, back: datetime | None) -> Watch:
    """Silence of somebody away counts from when they are back (H15); an empty home's, of who moves there."""
    if back is None or (watch.rule.about is About.HOME and not watch.needs.keys() <= ACTIVITY):
        return watch
    return _not_before(watch, back)


def _one_of_each(watches: Iterable[Watch]) -> list[Watch]:
    """Two people in one home may be on the same pathway with the same limits: that rule is judged once.

    It is the one that has been in force for longer: who comes later does not start the waiting afresh.
    """
    once: dict[tuple[str, str], Watch] = {}
    for watch in watches:
        same = once.setdefault(watch.same_as, watch)
        if watch.since < same.since:
            once[watch.same_as] = watch
    return list(once.values())
