"""Contradictions between a plan's pathways: settled by keeping one side, or let stand with a reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.judging.rules import from_document
from care_plans.models.goals import Goal
from care_plans.models.plans import Acceptance, PlanPathway, PlanVersion
from care_plans.models.rules import Advice, Contingency, PlanRule
from care_plans.pathways import naming, reading
from care_plans.plan import answering, changing, contradictions, edits, merging
from care_plans.plan.contradictions import About, Aim, Asked, Contradiction, Side, Told
from care_plans.plan.parts import Part
from core.errors import Invalid, NotFound
from people.models.agencies import Staff
from people.models.people import Person

OWN = "own"


@dataclass(frozen=True, slots=True)
class Standing:
    """A contradiction, and who let it stand and why, if anybody did."""

    contradiction: Contradiction
    accepted: Acceptance | None


def standing(session: Session, version: PlanVersion) -> list[Standing]:
    """Every contradiction of a version, those that are let stand too."""
    accepted = {
        row.key: row for row in session.scalars(select(Acceptance).where(Acceptance.version_id == version.id))
    }
    return [Standing(each, accepted.get(each.key)) for each in _find(session, version)]


def unsettled(session: Session, version: PlanVersion) -> list[Contradiction]:
    """Those that keep a draft from being published."""
    return [each.contradiction for each in standing(session, version) if each.accepted is None]


def accept(
    session: Session, person: Person, draft: PlanVersion, key: str, reason: str, *, by: Staff, now: datetime
) -> None:
    """Let both stand, with a reason; NotFound when they contradict each other no more."""
    found = _get(session, draft, key)
    if not reason.strip():
        raise Invalid({"reason": "Say why both are right for this person, and who decided."})
    if session.scalar(select(Acceptance).where(Acceptance.version_id == draft.id, Acceptance.key == key)):
        return
    session.add(
        Acceptance(
            version_id=draft.id, key=key, words=found.words, reason=reason.strip(), by_id=by.id, at=now
        )
    )
    edits.change(
        session, draft, person, "let a contradiction stand", by,
        {"key": key, "title": found.words, "reason": reason.strip()},
    )  # fmt: skip


def keep(
    session: Session,
    person: Person,
    draft: PlanVersion,
    key: str,
    side_key: str,
    reason: str,
    *,
    by: Staff,
    now: datetime,
) -> None:
    """Let one side hold for all: the other triggers go, the other goals take its target. With a reason.

    Of advice about what happens at a trigger that both ask for, the side that holds also answers it.
    """
    found = _get(session, draft, key)
    kept = next((side for side in found.sides if side.key == side_key), None)
    faults = {}
    if kept is None:
        faults["keep"] = "Choose which of these is to hold."
    if not reason.strip():
        faults["reason"] = "Say why this one is right for this person, and who decided."
    if faults or kept is None:
        raise Invalid(faults)
    others = [side for side in found.sides if side.key != side_key]
    match found.about:
        case About.LIMIT:
            _keep_rule(session, draft, kept, others)
        case About.TARGET:
            _keep_target(session, draft, kept, others)
        case About.ADVICE:
            _answer_as(session, draft, person, kept, now)
            _keep_advice(session, draft, others)
    edits.change(
        session, draft, person, "settled a contradiction", by,
        {
            "key": key, "title": f"{found.words}: {kept.words}", "reason": reason.strip(),
            "instead_of": [side.words for side in others],
        },
    )  # fmt: skip


def _get(session: Session, version: PlanVersion, key: str) -> Contradiction:
    for each in _find(session, version):
        if each.key == key:
            return each
    raise NotFound("The plan has no such contradiction: somebody has settled it.")


def _find(session: Session, version: PlanVersion) -> list[Contradiction]:
    rules: list[PlanRule] = changing.list_rows(session, version, Part.TRIGGERS)
    goals: list[Goal] = changing.list_rows(session, version, Part.GOALS)
    advice = session.scalars(select(Advice).where(Advice.version_id == version.id).order_by(Advice.id))
    follows = session.scalars(select(PlanPathway.pathway).where(PlanPathway.version_id == version.id)).all()
    return contradictions.find(
        [Asked(row.pathway or OWN, from_document(row.document)) for row in rules],
        [
            Aim(
                naming.code_of(row.key, follows),
                row.key,
                row.measure["kind"],
                row.measure["sense"] == "at_least",
                row.measure["target"],
            )
            for row in goals
            if row.measure and row.measure["counts"] == "days_met"
        ],
        [Told(row.pathway, row.key, row.topic, row.stance, row.words) for row in advice],
    )


def _keep_rule(session: Session, draft: PlanVersion, kept: Side, others: list[Side]) -> None:
    """The other rules go, and contingencies that nothing triggers then; who asked for them stays known."""
    rule = changing.get(session, draft, Part.TRIGGERS, kept.key)
    answer = changing.get(session, draft, Part.CONTINGENCIES, rule.contingency_key)
    for side in others:
        gone = changing.get(session, draft, Part.TRIGGERS, side.key)
        of: Contingency = changing.get(session, draft, Part.CONTINGENCIES, gone.contingency_key)
        session.delete(gone)
        session.flush()
        if side.pathway not in (OWN, rule.pathway):
            rule.also_by = merging.asked_too(rule.also_by, side.pathway)
            answer.also_by = merging.asked_too(answer.also_by, side.pathway)
        left = select(PlanRule.id).where(PlanRule.version_id == draft.id, PlanRule.contingency_key == of.key)
        if of.key != answer.key and session.scalar(left.limit(1)) is None:
            session.delete(of)
    session.flush()
    for ladder in changing.unused_ladders(session, draft):
        session.delete(ladder)
    session.flush()


def _keep_target(session: Session, draft: PlanVersion, kept: Side, others: list[Side]) -> None:
    goal: Goal = changing.get(session, draft, Part.GOALS, kept.key)
    measure = goal.measure or {}
    for side in others:
        other: Goal = changing.get(session, draft, Part.GOALS, side.key)
        other.measure = {
            **(other.measure or {}),
            **{name: measure[name] for name in ("kind", "counts", "sense", "target")},
        }
        if merging.same_words(other.text, goal.text):
            goal.also_by = merging.asked_too(goal.also_by, side.pathway)
            changing.rebind(session, draft, other.key, goal.key)
            session.delete(other)
    session.flush()


def _answer_as(session: Session, draft: PlanVersion, person: Person, kept: Side, now: datetime) -> None:
    """One trigger has one ladder: that of the pathway whose advice about it holds."""
    topic = session.scalar(select(Advice.topic).where(Advice.version_id == draft.id, Advice.key == kept.key))
    for row in changing.list_rows(session, draft, Part.TRIGGERS):
        kinds_asked = {step["when"].get("kind") for step in row.document["steps"]}
        if topic in kinds_asked and kept.pathway in (row.pathway, *(row.also_by or [])):
            answering.answer_as(session, draft, person, reading.get(kept.pathway), row, now)
    for ladder in changing.unused_ladders(session, draft):
        session.delete(ladder)
    session.flush()


def _keep_advice(session: Session, draft: PlanVersion, others: list[Side]) -> None:
    for side in others:
        row = session.scalar(select(Advice).where(Advice.version_id == draft.id, Advice.key == side.key))
        if row is not None:
            session.delete(row)
    session.flush()
