"""A changed rule of a pathway tried on the past of everybody who follows it, a few people at a time."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from care_plans.judging.conditions import About, conditions, kinds_of
from care_plans.judging.rules import Rule, from_document
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.rules import Contingency, PlanLadder, PlanRule
from care_plans.models.trying import RuleTrial, RuleTrialPerson
from care_plans.pathways import reading
from care_plans.pathways.shape import Trigger
from care_plans.trying import holding
from care_plans.trying.comparing import Change, Pair
from care_plans.trying.holding import DAYS, Raised
from core.errors import Conflict, NotFound
from devices import kinds, subjects
from devices.subjects import Subject
from people import residencies, sharing, visible
from people.access import Extent, RecordClass, Viewer
from people.models.agencies import Staff
from people.models.people import Person

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError)
"""The database is away, or in a deadlock: these are tried again."""
AT_ONCE = 10
"""People tried in one step: what waits for it waits a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of the past under both rules, and what the alert there was had been closed as."""

    change: Change
    before: str | None
    after: str | None
    at: datetime
    at_after: datetime | None
    words: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class OfPerson:
    """What was found of one person whom the viewer sees; `team_id` is whom the first step of theirs tells."""

    person: Person
    team_id: int | None
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A trial as the viewer may see it: how far it is, and what it found of whom they see in full."""

    row: RuleTrial
    asked_by: str
    people: int
    done: int
    failed: int
    readings: int
    of_people: tuple[OfPerson, ...]


def ask(
    session: Session,
    pathway: str,
    trigger: Trigger,
    document: Mapping[str, Any],
    *,
    by: Viewer,
    now: datetime,
) -> RuleTrial:
    """Have the rule as `document` says tried on all whose plan holds it and whom the asker sees in full.

    Conflict where there is nobody. Of a home only one of its people is asked about.
    """
    usual = trigger.rule
    rows = _holders(session, usual.key, by, now)
    seen = _in_full(session, by, pathway, usual, [person.id for person, *_ in rows], now)
    taken: set[int] = set()
    waiting: list[RuleTrialPerson] = []
    own = 0
    for person, rule, ladder in rows:
        if person.id not in seen:
            continue
        if rule.set_at is not None:
            own += 1
            continue
        if usual.about is About.HOME:
            home = residencies.find_home(session, person, now)
            if home is None or home.id in taken:
                continue
            taken.add(home.id)
        team = next((step.get("team") for step in ladder.get("steps", ())), None)
        waiting.append(RuleTrialPerson(person_id=person.id, rule=rule.document, team_id=team))
    if not waiting:
        raise Conflict("Nobody whom you see in full has this rule with the pathway's own limits.")
    trial = RuleTrial(
        pathway=pathway, rule_key=usual.key, usual=dict(trigger.document), document=dict(document), days=DAYS,
        own_limits=own, asked_by_id=by.staff_id, asked_at=now,
    )  # fmt: skip
    session.add(trial)
    session.flush()
    for each in waiting:
        each.trial_id = trial.id
    session.add_all(waiting)
    session.flush()
    return trial


def step(session: Session, now: datetime) -> bool:
    """Try the oldest trial on its next few people; whether any is left to be tried."""
    trial = session.scalar(
        select(RuleTrial)
        .where(RuleTrial.finished_at.is_(None))
        .order_by(RuleTrial.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if trial is None:
        return False
    waiting = session.scalars(
        select(RuleTrialPerson)
        .where(RuleTrialPerson.trial_id == trial.id, RuleTrialPerson.readings.is_(None))
        .order_by(RuleTrialPerson.person_id)
        .limit(AT_ONCE)
    ).all()
    try:
        with session.begin_nested():
            _try(session, trial, waiting, now)
    except PASSING:
        raise
    except Exception:
        # Somebody's rows are at fault: one by one, so that everybody else is tried, and they are counted.
        for each in waiting:
            _try_alone(session, trial, each, now)
    if len(waiting) < AT_ONCE:
        trial.finished_at = now
    session.flush()
    return True


def _try(session: Session, trial: RuleTrial, waiting: Sequence[RuleTrialPerson], now: datetime) -> None:
    after = from_document(trial.document)
    whose = {each.person_id: _subject(session, each.person_id, after, now) for each in waiting}
    asked = {whose[each.person_id]: from_document(each.rule) for each in waiting}
    tried = holding.try_out(session, asked, after, trial.asked_at)
    for each in waiting:
        of_one = tried[whose[each.person_id]]
        each.readings, each.found = of_one.readings, [_kept(pair, was) for pair, was in of_one.pairs]
    session.flush()


def _try_alone(session: Session, trial: RuleTrial, each: RuleTrialPerson, now: datetime) -> None:
    try:
        with session.begin_nested():
            _try(session, trial, [each], now)
    except PASSING:
        raise
    except Exception:
        log.exception("a rule could not be tried", extra={"person": each.person_id, "rule": trial.rule_key})
        each.readings, each.found = 0, None


def find(session: Session, uuid: UUID, viewer: Viewer, now: datetime) -> Told:
    """One trial; NotFound for one that there is not."""
    row = session.execute(
        select(RuleTrial, Staff.name)
        .join(Staff, Staff.id == RuleTrial.asked_by_id)
        .where(RuleTrial.uuid == uuid)
    ).one_or_none()
    if row is None:
        raise NotFound
    trial, asked_by = row
    rows = session.execute(
        select(RuleTrialPerson, Person)
        .join(Person, Person.id == RuleTrialPerson.person_id)
        .where(RuleTrialPerson.trial_id == trial.id, Person.id.in_(visible.person_ids(viewer, now)))
        .order_by(Person.family_name, Person.given_name, Person.id)
    ).all()
    usual = from_document(trial.document)
    seen = _in_full(session, viewer, trial.pathway, usual, [person.id for _, person in rows], now)
    shown = [(each, person) for each, person in rows if person.id in seen]
    return Told(
        row=trial,
        asked_by=asked_by,
        people=len(shown),
        done=sum(each.readings is not None for each, _ in shown),
        failed=sum(each.readings is not None and each.found is None for each, _ in shown),
        readings=sum(each.readings or 0 for each, _ in shown),
        of_people=tuple(
            OfPerson(person, each.team_id, tuple(_found(one) for one in each.found or ()))
            for each, person in shown
        ),
    )


def list_of_rule(session: Session, rule_key: str, limit: int = 10) -> list[tuple[RuleTrial, str]]:
    """The latest trials of a rule, with who asked for them."""
    rows = session.execute(
        select(RuleTrial, Staff.name)
        .join(Staff, Staff.id == RuleTrial.asked_by_id)
        .where(RuleTrial.rule_key == rule_key)
        .order_by(RuleTrial.asked_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def _kept(pair: Pair, raised: Raised | None) -> list[Any]:
    return [
        pair.change.value,
        pair.before.severity.value if pair.before else None,
        pair.after.severity.value if pair.after else None,
        pair.shown.began.isoformat(),
        pair.after.began.isoformat() if pair.after else None,
        pair.shown.found.words,
        raised.cause.value if raised and raised.cause else None,
    ]


def _found(row: Sequence[Any]) -> Found:
    change, before, after, at, at_after, words, cause = row
    later = datetime.fromisoformat(at_after) if at_after else None
    return Found(Change(change), before, after, datetime.fromisoformat(at), later, words, cause)


def _holders(
    session: Session, rule_key: str, viewer: Viewer, now: datetime
) -> list[tuple[Person, PlanRule, Mapping[str, Any]]]:
    rows = session.execute(
        select(Person, PlanRule, PlanLadder.document)
        .join(Plan, Plan.person_id == Person.id)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanRule, PlanRule.version_id == PlanVersion.id)
        .join(
            Contingency,
            (Contingency.version_id == PlanRule.version_id) & (Contingency.key == PlanRule.contingency_key),
        )
        .join(
            PlanLadder,
            (PlanLadder.version_id == PlanRule.version_id) & (PlanLadder.key == Contingency.ladder_key),
        )
        .where(
            PlanVersion.state == VersionState.PUBLISHED,
            PlanRule.key == rule_key,
            Person.id.in_(visible.person_ids(viewer, now)),
            Person.deleted_at.is_(None),
        )
        .order_by(Person.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _in_full(
    session: Session, viewer: Viewer, pathway: str, rule: Rule, people: Collection[int], now: datetime
) -> set[int]:
    """Those of whom the viewer sees the plan, what its pathway gives away, and all that the rule judges."""
    asked = {
        RecordClass(kinds.get(kind).record_class) for leaf in conditions(rule) for kind in kinds_of(leaf)
    }
    asked |= {RecordClass.PLAN, reading.get(pathway).record_class}
    sees = sharing.sees_all(session, viewer, sorted(people), now)
    return {key for key in people if all(sees[key][each] is Extent.FULL for each in asked)}


def _subject(session: Session, person_id: int, rule: Rule, now: datetime) -> Subject:
    if rule.about is About.PERSON:
        return subjects.person(person_id)
    home = residencies.find_home(session, session.get_one(Person, person_id), now)
    return subjects.home(home.id) if home else subjects.person(person_id)
