"""A plan of somebody's own: five different rules for each of four kinds, instead of a pathway's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app import trial
from bench.caseload import Member
from care_plans.judging.rules import (
    About,
    Change,
    Condition,
    Direction,
    Mean,
    Rule,
    Step,
    Threshold,
    Usual,
    to_document,
)
from care_plans.models.rules import Contingency, PlanLadder, PlanRule
from care_plans.plan import drafts, publish
from care_plans.severity import Class, Severity
from core.db import Db
from people.models.agencies import Staff
from people.models.people import Person

HOUR = 3600
DAY = 24 * HOUR
ANSWER = "own.answer"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind shows when all is well, in steps of what up or down; what is too much, and far too much."""

    calm: float
    step: float
    much: float
    far: float


KINDS: Mapping[str, Kind] = {
    "spo2": Kind(94.0, 0.5, 90.0, 85.0),
    "pulse": Kind(70.0, 2.0, 110.0, 130.0),
    "body_temperature": Kind(36.4, 0.1, 38.0, 39.0),
    "respiratory_rate": Kind(15.0, 0.5, 21.0, 25.0),
}
STEPS = 4
"""Readings of who is well are calm, or up to so many steps less one above it."""
RULES_A_KIND = 5
RULES = RULES_A_KIND * len(KINDS)
EACH_THEIR_OWN = """
UPDATE rules
SET document = jsonb_set(document, '{name}', to_jsonb((document ->> 'name') || ' of ' || version_id))
"""


def rules_of(code: str, kind: Kind) -> list[Rule]:
    """A limit at once, one passed twice, a change in a day, a mean of three days, and what is unusual."""
    low = kind.far < kind.calm
    half = (kind.calm + kind.much) / 2
    moved = abs(kind.much - kind.calm)
    way = Direction.DOWN if low else Direction.UP

    def beyond(limit: float, *, times: int = 1, within: int | None = None) -> Threshold:
        if low:
            return Threshold(code, below=limit, times=times, within=within)
        return Threshold(code, above=limit, times=times, within=within)

    well = Threshold(code, above=half) if low else Threshold(code, below=half)
    asked: dict[str, tuple[Severity, Condition, Condition | None]] = {
        "far": (Severity.RED, beyond(kind.far), None),
        "twice": (Severity.AMBER, beyond(kind.much, times=2, within=12 * HOUR), None),
        "moved": (Severity.AMBER, Change(code, moved, DAY, way), None),
        "mean": (Severity.WATCH, Mean(beyond(half), 3 * DAY, 4), None),
        "unusual": (Severity.WATCH, Usual(code, moved, 7 * DAY, 7, way), well),
    }
    return [
        Rule(
            key=f"own.{code}_{name}",
            name=f"{code} {name}",
            class_=Class.CLINICAL,
            about=About.PERSON,
            steps=(Step(severity, when),),
            source="Made up to be measured.",
            clear=clear,
        )
        for name, (severity, when, clear) in asked.items()
    ]


def give(db: Db, member: Member) -> None:
    """Give them a plan of their own instead of the pathway they were taken on."""
    with db.transaction() as session:
        by = session.scalars(select(Staff).where(Staff.name == trial.CLINICIAN)).one()
        set_rules(session, session.get_one(Person, member.person_id), by, db.clock.now())


def set_rules(session: Session, person: Person, by: Staff, now: datetime) -> None:
    """Publish a version of their plan that has these rules and no others, on a ladder that calls at once."""
    draft = drafts.open_draft(session, person, by)
    ladder = session.scalars(select(PlanLadder).where(PlanLadder.version_id == draft.id)).one()
    ladder.document = _without_the_board(ladder.document)
    for there in (PlanRule, Contingency):
        session.execute(delete(there).where(there.version_id == draft.id))
    session.add(
        Contingency(
            version_id=draft.id,
            key=ANSWER,
            name="Measured",
            what_should_happen="Ring, and ask how they are.",
            ladder_key=ladder.key,
        )
    )
    session.add_all(
        PlanRule(
            version_id=draft.id,
            contingency_key=ANSWER,
            key=rule.key,
            position=position,
            class_=rule.class_,
            about=rule.about.value,
            document=to_document(rule),
        )
        for position, rule in enumerate(rule for code, kind in KINDS.items() for rule in rules_of(code, kind))
    )
    session.flush()
    publish.publish(session, person, by=by, now=now, reason="To be measured")


def _without_the_board(document: Mapping[str, Any]) -> dict[str, Any]:
    """The ladder from its first step on that queues a message."""
    steps = [step for step in document["steps"] if step["way"] != "board"]
    return {**document, "steps": [{**step, "position": n} for n, step in enumerate(steps, 1)]}


def make_each_their_own(session: Session) -> None:
    """No two people's rules are the same word for word, as they are when a pathway lays them."""
    session.execute(text(EACH_THEIR_OWN))
