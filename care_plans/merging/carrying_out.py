"""The worker's part: brings two records together as it was decided, or parts them again, row by row."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from care_plans import scoring
from care_plans.alerts import closing
from care_plans.evaluating import unread
from care_plans.merging import questions
from care_plans.merging.questions import STAYS
from care_plans.models.alerts import Alert
from care_plans.models.plans import Plan, VersionState
from care_plans.models.rules import Judgement, Schedule
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.plan import drafts, expecting
from care_plans.protecting import interims
from care_plans.ringing import no_replies
from care_plans.work import follow_ups, part_in_care
from core import undoing
from core.errors import Invalid
from core.undoing import Around, Place, place_of
from devices import subjects
from devices.models import Expectation, Series, Unread
from devices.unread import wake
from people import joining, merging
from people.models.identity import Merge, MergeState
from people.models.people import Person

log = logging.getLogger(__name__)

REVIEW_WITHIN = timedelta(hours=4)
CHANGED = "Something changed before it could be done: decide again."
REVIEW = (
    "Two records were one person, each with a plan in force. The other plan is not watched any more: take "
    "what it asked for into this one, or say that it is not needed."
)


def step(session: Session, now: datetime) -> bool:
    """Do the next that was asked, if any is: bring two together, or part two."""
    merge = merging.claim(session, MergeState.ASKED)
    if merge is not None:
        try:
            with session.begin_nested():
                bring_together(session, merge, now)
        except Invalid as fault:
            session.expire_all()
            log.warning("merge refused", extra={"merge_id": merge.id})
            merging.refuse(session, merge, _words(fault), now)
        return True
    merge = merging.claim(session, MergeState.UNDOING)
    if merge is not None:
        part(session, merge, now)
        return True
    return False


def bring_together(session: Session, merge: Merge, now: datetime) -> None:
    """Move every row of the one record to the other, and write down what was done to each.

    Invalid when something is open that was not when it was decided.
    """
    kept, gone = _held(session, merge)
    decided = questions.settled(session, kept, gone, merge.decisions, now)
    around = _around(session, kept, gone)
    before = undoing.look(session, around)
    stay = joining.join(session, kept, gone, decided, now)
    two_plans = (
        drafts.find_published(session, kept) is not None and drafts.find_published(session, gone) is not None
    )
    stay |= _plan(session, kept, gone, now)
    _alerts(session, decided["alerts"], merge, now)
    no_replies.step(session, now)  # of two by which they are looked for, the one whose alert ended ends too
    _series(session, kept, gone, merge)
    _schedules(session, kept, gone)
    _scores(session, kept, gone, merge, now)
    _judgements(session, gone)
    _interim(session, kept, gone, now)
    session.flush()
    stayed = undoing.repoint(session, "people", gone.id, kept.id, leave_out=merging.OWN, stay=stay)
    mine, theirs = subjects.person(kept.id).number, subjects.person(gone.id).number
    session.execute(
        update(Alert).where(Alert.person_id == kept.id, Alert.subject == theirs).values(subject=mine)
    )
    session.expire_all()
    expecting.follow(session, kept, now)
    if two_plans:
        _ask_for_review(session, kept, now)
    wake(session, [subjects.person(kept.id)], now)
    session.flush()
    changes = undoing.difference(before, undoing.look(session, around))
    merging.keep_changes(session, changes, merge_id=merge.id)
    merging.done(session, merge, changes, stayed, now)


def part(session: Session, merge: Merge, now: datetime) -> None:
    """Let every row be as it was before; what somebody changed since stays with the record it is on."""
    kept, gone = _held(session, merge)
    left = undoing.put_back(session, merging.kept_changes(session, merge_id=merge.id))
    for person in (kept, gone):
        expecting.follow(session, person, now)
    wake(session, [subjects.person(kept.id), subjects.person(gone.id)], now)
    merging.undone(session, merge, left, now)


def _held(session: Session, merge: Merge) -> tuple[Person, Person]:
    """Both records, which nobody judges and nobody writes about until this is committed."""
    ids = sorted((merge.kept_id, merge.gone_id))
    for key in ids:
        unread.lock(session, subjects.person(key))
    rows = session.scalars(
        select(Person).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    found = {row.id: row for row in rows}
    return found[merge.kept_id], found[merge.gone_id]


def _around(session: Session, kept: Person, gone: Person) -> Around:
    plans = session.scalars(select(Plan.id).where(Plan.person_id.in_((kept.id, gone.id))))
    numbers = [subjects.person(each.id).number for each in (kept, gone)]
    return Around(
        "people",
        (kept.id, gone.id),
        merging.OWN,
        {
            ("expectations", "source"): [f"plan:{key}" for key in plans],
            ("judgements", "subject"): numbers,
        },
    )


def _plan(session: Session, kept: Person, gone: Person, now: datetime) -> set[Place]:
    """One plan stays in force; the other, if there is one, is kept as the history of the record that goes."""
    mine, theirs = questions.find_plan(session, kept), questions.find_plan(session, gone)
    if mine is None or theirs is None:
        return set()
    published = drafts.find_published(session, gone)
    if published is not None:
        published.state, published.superseded_at = VersionState.SUPERSEDED, now
        session.execute(update(Schedule).where(Schedule.version_id == published.id).values(next_at=None))
    theirs.reckon_at = None
    session.execute(
        update(Expectation)
        .where(Expectation.source == f"plan:{theirs.id}", Expectation.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.flush()
    return {place_of("plans", id=theirs.id)}


def _alerts(session: Session, decided: Mapping[str, str], merge: Merge, now: datetime) -> None:
    """Of two open alerts of one rule one stays, and the other is closed as its duplicate."""
    for uuid, choice in decided.items():
        alert = session.scalars(select(Alert).where(Alert.uuid == UUID(uuid))).one()
        if choice not in (questions.STAYS, questions.JOINS):
            continue
        other = merge.kept_id if alert.person_id == merge.gone_id else merge.gone_id
        twin = session.scalars(
            select(Alert).where(
                Alert.person_id == other, Alert.rule_key == alert.rule_key, Alert.closed_at.is_(None)
            )
        ).one()
        stays, joins = (alert, twin) if choice == STAYS else (twin, alert)
        closing.close_as_duplicate(session, joins, stays, by_staff_id=merge.asked_by_id, now=now)


def _series(session: Session, kept: Person, gone: Person, merge: Merge) -> None:
    """What was typed in for the one record stands beside what was typed in for the other."""
    taken = {
        (row.channel, row.kind) for row in session.scalars(select(Series).where(Series.person_id == kept.id))
    }
    for row in session.scalars(select(Series).where(Series.person_id == gone.id)):
        if (row.channel, row.kind) in taken:
            row.channel = f"{row.channel} merged {merge.id}".strip()
    session.flush()


def _schedules(session: Session, kept: Person, gone: Person) -> None:
    """Of the same thing asked for both at the same time, the second is no more one of a schedule."""
    mine = select(FollowUp.schedule_key, FollowUp.due_at).where(
        FollowUp.person_id == kept.id, FollowUp.schedule_key.is_not(None)
    )
    taken = {tuple(row) for row in session.execute(mine)}
    theirs = select(FollowUp).where(FollowUp.person_id == gone.id, FollowUp.schedule_key.is_not(None))
    for row in session.scalars(theirs):
        if (row.schedule_key, row.due_at) in taken:
            row.schedule_key = None
    session.flush()


def _scores(session: Session, kept: Person, gone: Person, merge: Merge, now: datetime) -> None:
    """How NEWS2 is set for the record that stays goes on; so does the other's where that has none."""
    theirs = scoring.find(session, gone)
    if theirs is not None and scoring.find(session, kept) is not None:
        theirs.off_at, theirs.off_by_id, theirs.off_why = now, merge.asked_by_id, joining.TWICE
        follow_ups.settle(session, theirs.review_id, words=joining.TWICE, by=None, now=now)
    session.flush()


def _interim(session: Session, kept: Person, gone: Person, now: datetime) -> None:
    """Of two plans for getting by without protection the one of the record that stays goes on."""
    theirs = interims.find(session, gone.id)
    if theirs is not None and interims.find(session, kept.id) is not None:
        interims.end(session, theirs, joining.TWICE, now)


def _judgements(session: Session, person: Person) -> None:
    """Judged anew: how rules stood for one record says nothing of both."""
    number = subjects.person(person.id).number
    session.execute(delete(Judgement).where(Judgement.subject == number))
    session.execute(delete(Unread).where(Unread.subject == number))


def _ask_for_review(session: Session, kept: Person, now: datetime) -> None:
    team_id = part_in_care.leading_team(session, kept.id, None, now)
    if team_id is not None:
        follow_ups.make(
            session, kind=FollowUpKind.REVIEW, text=REVIEW, team_id=team_id,
            due_at=now + REVIEW_WITHIN, now=now, person_id=kept.id,
        )  # fmt: skip


def _words(fault: Invalid) -> str:
    return " ".join([CHANGED, *dict.fromkeys(fault.fields.values())])
