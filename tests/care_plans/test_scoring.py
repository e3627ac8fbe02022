"""Who may switch NEWS2 on, for whom, and how (H13)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from care_plans import scoring
from care_plans.evaluating import unread
from care_plans.judging.news2 import Scale
from care_plans.models.scoring import News2Use
from care_plans.models.work import FollowUp, FollowUpOutcome
from care_plans.plan import enrol
from care_plans.work import follow_ups
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.models import JournalEntry
from devices import subjects
from people.access import RecordClass
from people.models.caring import CareTeam
from people.models.people import ResponderCard
from tests.care_plans.alerting import cora, dev, viewer
from tests.cast import Cast
from tests.people.looking import unshare


def told(now: datetime, **more: Any) -> dict[str, Any]:
    """All that has to be said, and what a test says otherwise."""
    review = now.date() + timedelta(days=14)
    return {"scale": Scale.ONE, "why": "Stepping down from ward 4", "review_on": review} | more


def use(session: Session, cast: Cast, now: datetime, **more: Any) -> News2Use:
    return scoring.switch_on(session, cast.ada, told(now, **more), by=dev(cast), now=now)


def faults(session: Session, cast: Cast, now: datetime, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        use(session, cast, now, **more)
    return dict(refused.value.fields)


def test_a_clinician_switches_it_on_on_the_record_and_the_team_is_asked_to_review_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = use(session, cast, now, usual=3, usual_on=now.date() - timedelta(days=20))
    assert (row.scale, row.within, row.usual, row.on_by_id, row.off_at) == (
        Scale.ONE, 3600, 3, cast.dev.id, None,
    )  # fmt: skip
    entry = session.scalars(select(JournalEntry).where(JournalEntry.what == "switched on")).one()
    assert (entry.by, entry.subject, entry.person_id) == ("Dev", "NEWS2", cast.ada.id)
    asked = session.scalars(select(FollowUp).where(FollowUp.text == scoring.REVIEW)).one()
    assert (asked.person_id, asked.due_at.date()) == (cast.ada.id, row.review_on)
    assert (row.review_id, asked.team_id) == (asked.id, cast.coordinators.id)
    assert scoring.reviewers_of(session, row) == "Coordinators"
    assert subjects.person(cast.ada.id) in unread.claim(session, 10)


def test_nobody_but_a_clinician_switches_it_on_or_off(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        scoring.switch_on(session, cast.ada, told(now), by=cora(cast), now=now)
    use(session, cast, now)
    with pytest.raises(NotAllowed):
        scoring.switch_off(session, cast.ada, "No more", by=cora(cast), now=now)


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False)])
def test_it_is_refused_until_the_sixteenth_birthday(
    session: Session, cast: Cast, now: datetime, days: int, refused: bool
) -> None:
    today = now.date()
    cast.ada.date_of_birth = date(today.year - 16, today.month, today.day) - timedelta(days=days)
    if refused:
        with pytest.raises(Conflict, match="under 16"):
            use(session, cast, now, pregnant=False)
    else:
        assert use(session, cast, now, pregnant=False).off_at is None


def test_it_is_refused_in_pregnancy_and_asks_everybody_of_that_age(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.ada.date_of_birth = date(now.year - 30, 1, 1)
    assert faults(session, cast, now, pregnant=True) == {"pregnant": scoring.PREGNANT}
    assert faults(session, cast, now).keys() == {"pregnant"}
    assert use(session, cast, now, pregnant=False).person_id == cast.ada.id


def test_it_is_refused_at_the_end_of_life_by_card_and_by_plan(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ben, "end_of_life", by=cast.dev, now=now)
    assert scoring.refusal(session, cast.ben, now) == scoring.DYING
    assert scoring.refusal(session, cast.ada, now) is None
    card = session.scalar(select(ResponderCard).where(ResponderCard.person_id == cast.ada.id))
    if card is None:
        session.add(ResponderCard(person_id=cast.ada.id, end_of_life=True))
    else:
        card.end_of_life = True
    session.flush()
    with pytest.raises(Conflict, match="end of life"):
        use(session, cast, now)


def test_that_somebody_is_dying_is_told_to_nobody_who_does_not_see_the_plan(
    session: Session, cast: Cast, now: datetime
) -> None:
    """Measurements are shared more widely than the plan, which alone says so."""
    enrol.enrol(session, cast.ada, "end_of_life", by=cast.dev, now=now)
    assert scoring.told_refusal(session, cast.ada, dev(cast), now) == scoring.DYING
    unshare(session, cast.health.id, RecordClass.PLAN)
    session.flush()
    assert scoring.told_refusal(session, cast.ada, dev(cast), now) == scoring.NOT_USED
    with pytest.raises(Conflict) as refused:
        use(session, cast, now)
    assert "end of life" not in str(refused.value)


def test_it_is_refused_after_a_death(session: Session, cast: Cast, now: datetime) -> None:
    cast.ada.died_on = now.date()
    with pytest.raises(Conflict):
        use(session, cast, now)


def test_the_second_scale_says_who_found_the_target(session: Session, cast: Cast, now: datetime) -> None:
    assert faults(session, cast, now, scale=Scale.TWO).keys() == {"scale_why"}
    row = use(session, cast, now, scale=Scale.TWO, scale_why="Target 88 to 92 %, respiratory clinic, 3 May")
    assert row.scale is Scale.TWO


def test_a_usual_score_has_its_day_and_a_review_is_to_come(
    session: Session, cast: Cast, now: datetime
) -> None:
    today = now.date()
    assert faults(session, cast, now, usual=3).keys() == {"usual_on"}
    assert faults(session, cast, now, usual_on=today).keys() == {"usual"}
    assert faults(session, cast, now, usual=3, usual_on=today + timedelta(days=1)).keys() == {"usual_on"}
    assert faults(session, cast, now, review_on=today).keys() == {"review_on"}
    assert faults(session, cast, now, review_on=today + timedelta(days=400)).keys() == {"review_on"}
    assert faults(session, cast, now, within_minutes=5).keys() == {"within_minutes"}
    assert faults(session, cast, now, why="").keys() == {"why"}


def test_setting_it_otherwise_keeps_how_it_was(session: Session, cast: Cast, now: datetime) -> None:
    use(session, cast, now)
    later = now + timedelta(hours=2)
    scoring.switch_on(session, cast.ada, told(later, within_minutes=240), by=dev(cast), now=later)
    after, before = scoring.list_of(session, cast.ada)
    assert (after.row.within, after.row.off_at, after.on_by) == (14400, None, "Dev")
    assert (before.row.off_at, before.row.off_why, before.off_by) == (later, scoring.OTHERWISE, "Dev")
    assert scoring.find(session, cast.ada) is after.row


def test_switching_it_off_says_why_and_only_once(session: Session, cast: Cast, now: datetime) -> None:
    use(session, cast, now)
    with pytest.raises(Invalid):
        scoring.switch_off(session, cast.ada, " ", by=dev(cast), now=now)
    row = scoring.switch_off(session, cast.ada, "The stay is over", by=dev(cast), now=now)
    assert (row.off_why, row.off_by_id, scoring.find(session, cast.ada)) == (
        "The stay is over", cast.dev.id, None,
    )  # fmt: skip
    with pytest.raises(NotFound):
        scoring.switch_off(session, cast.ada, "Again", by=dev(cast), now=now)


def leaderless(session: Session) -> None:
    session.execute(update(CareTeam).values(lead=False))


def test_where_no_team_leads_the_clinicians_own_is_asked_to_review_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    leaderless(session)
    row = use(session, cast, now)
    assert scoring.reviewers_of(session, row) == "Community nurses"


def test_it_is_not_switched_on_where_nobody_would_be_asked_to_review_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    before = use(session, cast, now)
    leaderless(session)
    by = viewer(cast.dev, cast.strangers)
    with pytest.raises(Conflict, match="nobody would be asked to review this"):
        scoring.switch_on(session, cast.ada, told(now), by=by, now=now)
    assert scoring.find(session, cast.ada) is before


def reviews(session: Session) -> list[tuple[FollowUpOutcome | None, str | None]]:
    rows = session.execute(
        select(FollowUp.outcome, FollowUp.remarks)
        .where(FollowUp.text == scoring.REVIEW)
        .order_by(FollowUp.id)
    )
    return [(outcome, remarks) for outcome, remarks in rows]


def test_one_review_is_asked_for_and_ends_with_the_setting(
    session: Session, cast: Cast, now: datetime
) -> None:
    use(session, cast, now)
    later = now + timedelta(hours=2)
    use(session, cast, later, within_minutes=240)
    ended = (FollowUpOutcome.NOT_NEEDED, scoring.ANOTHER_REVIEW)
    assert reviews(session) == [ended, (None, None)]
    scoring.switch_off(session, cast.ada, "The stay is over", by=dev(cast), now=later)
    assert reviews(session) == [ended, (FollowUpOutcome.NOT_NEEDED, scoring.NO_REVIEW)]


def test_a_review_that_is_done_stays_done(session: Session, cast: Cast, now: datetime) -> None:
    row = use(session, cast, now)
    asked = session.get_one(FollowUp, row.review_id)
    follow_ups.complete(session, asked, outcome=FollowUpOutcome.DONE, remarks="", by=cora(cast), now=now)
    scoring.switch_off(session, cast.ada, "Over", by=dev(cast), now=now + timedelta(hours=1))
    assert reviews(session) == [(FollowUpOutcome.DONE, None)]


def test_a_review_has_passed_the_day_after_while_it_is_on(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = use(session, cast, now)
    days = [now + timedelta(days=number) for number in (14, 15)]
    assert [scoring.review_passed(row, day) for day in days] == [False, True]
    scoring.switch_off(session, cast.ada, "Over", by=dev(cast), now=days[1])
    assert not scoring.review_passed(row, days[1])
