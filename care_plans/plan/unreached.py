"""Whom a ladder of a draft would ask in vain: no reason to refuse it, and worth a look before that night."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts import ladder as ladders
from care_plans.alerts.ladder import LadderStep, Way
from care_plans.models.plans import PlanVersion
from care_plans.models.rules import PlanLadder
from care_plans.plan import changing
from care_plans.plan.parts import Part
from people import checks, teams
from people.models.agencies import Staff, Team

NO_NUMBER = "Nobody at {name} has a telephone number here: this step calls, and would only write."
NOBODY_THERE = "Nobody is in {name} now, and it has no mailbox: this step would reach nobody."
NOT_NOW = "{name} can't be asked now: they have left, or a check or an induction of theirs has lapsed."


def doubts(
    session: Session, draft: PlanVersion, now: datetime, *, unrung: str | None = None
) -> dict[str, str]:
    """What to look at, by the place of the step ("ladders.<key>.steps.<position>").

    `unrung` says what a step that calls does where no telephone is set; its place is "ladders".
    """
    laid: list[PlanLadder] = changing.list_rows(session, draft, Part.LADDERS)
    calls = any(step.way is Way.CALL for row in laid for step in ladders.from_document(row.document).steps)
    return ({"ladders": unrung} if unrung and calls else {}) | {
        f"ladders.{row.key}.steps.{step.position}": f"“{row.document['name']}”, step {step.position}: {words}"
        for row in laid
        for step in ladders.from_document(row.document).steps
        for words in _of_step(session, step, now)
    }


def _of_step(session: Session, step: LadderStep, now: datetime) -> Iterator[str]:
    if step.staff is not None:
        who = session.get_one(Staff, step.staff)
        if who.left_at is not None or not checks.may_be_asked(session, who.id, now):
            yield NOT_NOW.format(name=who.name)
        elif step.way is Way.CALL and not who.telephone:
            yield NO_NUMBER.format(name=who.name)
    elif step.team is not None and not step.receiving_centre:
        yield from _of_team(session, session.get_one(Team, step.team), step.way, now)


def _of_team(session: Session, team: Team, way: Way, now: datetime) -> Iterator[str]:
    inside = [each.staff for each in teams.members(session, team, now)]
    if not inside and not team.email and not team.telephone:
        yield NOBODY_THERE.format(name=team.name)
    elif way is Way.CALL and not team.telephone and not any(each.telephone for each in inside):
        yield NO_NUMBER.format(name=team.name)
