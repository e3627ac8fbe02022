"""NEWS2 for one person: a named clinician switches it on within its bounds, with a review and an end (H13).

It is a ward's score. Nobody has it by default; it is refused under 16, in pregnancy and at the end of life,
for which it was not made (RCP 2017), and a change of how it is set is another entry on the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from care_plans.judging.news2 import HIGHEST, TOTAL, Scale
from care_plans.judging.rules import from_document, needed
from care_plans.messages import about
from care_plans.models.plans import Plan, PlanPathway, PlanVersion, VersionState
from care_plans.models.rules import Contingency, Judgement, PlanRule
from care_plans.models.scoring import News2Use
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.work import follow_ups, part_in_care, recurrence
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from devices import subjects
from devices.unread import wake
from people import scoping, unseen, visible
from people.access import RecordClass, Viewer
from people.changes import in_conflict, note
from people.faults import LINES, day, number, one_of, read_fields, words, yes_no
from people.models.agencies import Role, Staff, Team
from people.models.caring import CareTeam
from people.models.people import Person, ResponderCard

LEAST_AGE = 16
ASKED_UNDER = 56
"""Below this age, a default to be confirmed, pregnancy is asked about whatever the record says of sex."""
LONGEST = timedelta(days=366)
WITHIN = 60
"""Minutes that a measurement counts for where nobody says otherwise; a default to be approved."""
MORNING = time(10)

READERS = {
    "scale": one_of(Scale),
    "scale_why": words(LINES),
    "within_minutes": number(15, 24 * 60),
    "usual": number(0, 20),
    "usual_on": day,
    "pregnant": yes_no,
    "spinal_injury": yes_no,
    "why": words(LINES),
    "review_on": day,
}
REQUIRED = ("scale", "why", "review_on")
EMPTY = {"within_minutes": WITHIN, "spinal_injury": False}

TOO_YOUNG = "NEWS2 is not for anybody under 16."
DYING = "NEWS2 is not used at the end of life."
DEAD = "Their death is recorded."
NOT_USED = "NEWS2 is not used for this person: ask the team that leads their care."
PREGNANT = "NEWS2 is not for pregnancy: use the maternity score of your service."
NOT_CLINICIAN = "Only a clinician can take responsibility for this."
REVIEW = "NEWS2 is switched on for them: is it still right, on this scale, and what is their usual now?"
OTHERWISE = "Set otherwise."
ANOTHER_REVIEW = "NEWS2 is set otherwise, which has a review of its own."
NO_REVIEW = "NEWS2 is switched off: there is nothing to review."
NO_REVIEWER = (
    "No team leads their care, and none of yours is in it: nobody would be asked to review this. "
    "Let a team lead first."
)


@dataclass(frozen=True, slots=True)
class Told:
    """A use of the score with the names of those who switched it on and off."""

    row: News2Use
    on_by: str
    off_by: str | None


def find(session: Session, person: Person) -> News2Use | None:
    """How it is set for the person now; None where nobody has switched it on."""
    return session.scalar(select(News2Use).where(News2Use.person_id == person.id, News2Use.off_at.is_(None)))


def list_of(session: Session, person: Person) -> list[Told]:
    """Every setting there was, the latest first."""
    on_by, off_by = aliased(Staff), aliased(Staff)
    rows = session.execute(
        select(News2Use, on_by.name, off_by.name)
        .join(on_by, on_by.id == News2Use.on_by_id)
        .outerjoin(off_by, off_by.id == News2Use.off_by_id)
        .where(News2Use.person_id == person.id)
        .order_by(News2Use.on_at.desc(), News2Use.id.desc())
    )
    return [Told(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Response:
    """A rule of the plan in force that looks at the score: what it asks for, and how it stands now."""

    name: str
    what_should_happen: str
    verdict: str | None
    words: str


def responses(session: Session, person: Person) -> list[Response]:
    """What the person's own plan asks for by the score: never what a ward would do (H13)."""
    rows = session.execute(
        select(PlanRule, Contingency.what_should_happen, Judgement.verdict, Judgement.words)
        .join(
            Contingency,
            (Contingency.version_id == PlanRule.version_id) & (Contingency.key == PlanRule.contingency_key),
        )
        .join(PlanVersion, PlanVersion.id == PlanRule.version_id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .outerjoin(
            Judgement,
            (Judgement.rule_key == PlanRule.key) & (Judgement.subject == subjects.person(person.id).number),
        )
        .where(Plan.person_id == person.id, PlanVersion.state == VersionState.PUBLISHED)
        .order_by(PlanRule.id)
    )
    return [
        Response(rule.name, what, verdict, words_ or "")
        for row, what, verdict, words_ in rows
        if not {TOTAL, HIGHEST}.isdisjoint(needed(rule := from_document(row.document)))
    ]


def age(person: Person, now: datetime) -> int:
    """Whole years."""
    born, today = person.date_of_birth, now.date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@scoping.past
def refusal(session: Session, person: Person, now: datetime) -> str | None:
    """Why nobody may switch it on for this person; None where a clinician may."""
    if person.died_on is not None:
        return DEAD
    if age(person, now) < LEAST_AGE:
        return TOO_YOUNG
    dying = session.scalar(select(Person.id).where(Person.id == person.id, at_the_end_of_life()))
    return DYING if dying is not None else None


def told_refusal(session: Session, person: Person, viewer: Viewer, now: datetime) -> str | None:
    """The same in words for whoever asks: the end of life is told to nobody who does not see the plan."""
    why_not = refusal(session, person, now)
    if why_not == DYING and not unseen.shown(session, viewer, person, RecordClass.PLAN, now):
        return NOT_USED
    return why_not


def at_the_end_of_life() -> ColumnElement[bool]:
    """Whether somebody's card, or their plan in force, says that they are at the end of life."""
    card = exists().where(ResponderCard.person_id == Person.id, ResponderCard.end_of_life)
    plan = (
        exists()
        .where(
            Plan.person_id == Person.id,
            PlanVersion.plan_id == Plan.id,
            PlanVersion.state == VersionState.PUBLISHED,
            PlanPathway.version_id == PlanVersion.id,
            PlanPathway.pathway == "end_of_life",
        )
        .correlate(Person)
    )
    return or_(card, plan)


@scoping.past
def switch_on(
    session: Session, person: Person, given: Mapping[str, Any], *, by: Viewer, now: datetime
) -> News2Use:
    """Use the score for this person, or set it otherwise; a team is asked to review it.

    NotAllowed but for clinicians who see the person's vitals; Conflict for whom it is not meant, and where no
    team could be asked; Invalid with every field that is wrong.
    """
    _check(session, person, by, now)
    why_not = told_refusal(session, person, by, now)
    if why_not is not None:
        raise Conflict(why_not)
    values = read_fields(given, READERS, required=REQUIRED, empty=EMPTY)
    _refuse(values, age(person, now), now.date())
    reviewers = _reviewers(session, person, by, now)
    before = find(session, person)
    if before is not None:
        _end(session, before, OTHERWISE, ANOTHER_REVIEW, by, now)
        session.flush()
    row = News2Use(
        person_id=person.id,
        review_id=_ask_for_review(session, person, reviewers, values["review_on"], now),
        within=values.pop("within_minutes") * 60,
        on_at=now,
        on_by_id=by.staff_id,
        **{name: value for name, value in values.items() if name != "pregnant"},
    )
    with in_conflict(session, "uq_news2_uses_on", "Somebody else has set it meanwhile."):
        session.add(row)
    _note(session, "switched on", row, by, now)
    return row


@scoping.past
def switch_off(session: Session, person: Person, why: str, *, by: Viewer, now: datetime) -> News2Use:
    """Use it no more. NotFound when it is off; Invalid without a reason."""
    _check(session, person, by, now)
    row = find(session, person)
    if row is None:
        raise NotFound("NEWS2 is off already.")
    if not why.strip():
        raise Invalid({"why": "Say why."})
    _end(session, row, why.strip(), NO_REVIEW, by, now)
    _note(session, "switched off", row, by, now)
    return row


@scoping.past
def reviewers_of(session: Session, row: News2Use) -> str | None:
    """The team that has been asked to review it; None of settings from before that was written down."""
    query = select(Team.name).join(FollowUp, FollowUp.team_id == Team.id)
    return session.scalar(query.where(FollowUp.id == row.review_id))


def review_passed(row: News2Use, now: datetime) -> bool:
    """Whether it is on still, though its day of review is over."""
    return row.off_at is None and row.review_on < now.date()


def _check(session: Session, person: Person, by: Viewer, now: datetime) -> None:
    if by.role != Role.CLINICIAN:
        raise NotAllowed(NOT_CLINICIAN)
    unseen.refuse(session, by, person, RecordClass.VITALS, now)


def _refuse(values: Mapping[str, Any], years: int, today: date) -> None:
    faults = {}
    if values["scale"] is Scale.TWO and not values.get("scale_why"):
        faults["scale_why"] = (
            "Say who found that their target is 88 to 92 %, and when: scale 2 is for nobody else."
        )
    if values.get("pregnant"):
        faults["pregnant"] = PREGNANT
    elif values.get("pregnant") is None and years < ASKED_UNDER:
        faults["pregnant"] = "Ask, and say."
    if (values.get("usual") is None) != (values.get("usual_on") is None):
        missing = "usual" if values.get("usual") is None else "usual_on"
        faults[missing] = "Give the score and the day it was found, or neither."
    if values.get("usual_on") is not None and values["usual_on"] > today:
        faults["usual_on"] = "This day has not come yet."
    if not today < values["review_on"] <= today + LONGEST:
        faults["review_on"] = "Choose a day to come, within a year."
    if faults:
        raise Invalid(faults)


def _end(session: Session, row: News2Use, why: str, review: str, by: Viewer, now: datetime) -> None:
    row.off_at, row.off_by_id, row.off_why = now, by.staff_id, why
    follow_ups.settle(session, row.review_id, words=review, by=by, now=now)


def _reviewers(session: Session, person: Person, by: Viewer, now: datetime) -> int:
    """The team that leads the care, or else one in it that `by` is in. Conflict where there is neither."""
    leading = part_in_care.leading_team(session, person.id, None, now)
    if leading is not None:
        return leading
    own = session.scalar(
        select(CareTeam.team_id)
        .where(
            CareTeam.person_id == person.id,
            CareTeam.team_id.in_(by.team_ids),
            CareTeam.period.contains(now),
        )
        .order_by(CareTeam.team_id)
        .limit(1)
    )
    if own is None:
        raise Conflict(NO_REVIEWER)
    return own


def _ask_for_review(session: Session, person: Person, team_id: int, on: date, now: datetime) -> int:
    zone = about.find(session, person.id, None, now).zone
    asked = follow_ups.make(
        session, kind=FollowUpKind.REVIEW, text=REVIEW, team_id=team_id, person_id=person.id, now=now,
        due_at=recurrence.moment(on, MORNING, zone),
    )  # fmt: skip
    return asked.id


def _note(session: Session, what: str, row: News2Use, by: Viewer, now: datetime) -> None:
    note(session, what, row, "NEWS2", actor=visible.actor(by), person_id=row.person_id)
    wake(session, [subjects.person(row.person_id)], now)
