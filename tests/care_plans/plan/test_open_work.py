"""Open work that a plan caused, looked at when the plan changes."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.plans import PlanVersion, WorkDecision, WorkReview
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.plan import drafts, enrol, open_work, publish
from care_plans.plan.open_work import Decided
from care_plans.severity import Severity
from core.errors import Invalid
from tests.app.adas import _alert
from tests.care_plans.planning import viewer_of
from tests.cast import Cast


@pytest.fixture
def first(session: Session, cast: Cast, now: datetime) -> PlanVersion:
    return enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)


@pytest.fixture
def call(session: Session, cast: Cast, now: datetime, first: PlanVersion) -> FollowUp:
    row = FollowUp(
        kind=FollowUpKind.CALL, text="Monthly call", person_id=cast.ada.id, team_id=cast.nurses.id,
        schedule_key="copd.monthly_call", due_at=now + timedelta(hours=3),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def red(session: Session, cast: Cast, now: datetime, first: PlanVersion) -> Alert:
    row = _alert(cast, now)
    row.version_id = first.id
    session.add(row)
    session.flush()
    return row


def again(session: Session, cast: Cast, now: datetime, decided: dict) -> PlanVersion:  # type: ignore[type-arg]
    drafts.open_draft(session, cast.ada, cast.dev)
    viewer = viewer_of(cast.dev, cast.nurses.id)
    return publish.publish(
        session, cast.ada, by=cast.dev, now=now, reason="Reviewed", decided=decided, viewer=viewer
    )


def test_what_nobody_decided_is_kept_and_stays_to_be_looked_at(
    session: Session, cast: Cast, now: datetime, call: FollowUp, red: Alert
) -> None:
    second = again(session, cast, now, {})
    rows = session.scalars(select(WorkReview).where(WorkReview.version_id == second.id)).all()
    assert {(row.decision, row.chosen) for row in rows} == {(WorkDecision.KEEP, False)}
    assert len(rows) == 2
    assert call.done_at is None
    assert red.closed_at is None
    assert red.version_id != second.id, "an alert keeps the version that raised it"
    assert {piece.uuid for piece, _ in open_work.unseen_work(session, second)} == {call.uuid, red.uuid}


def test_it_is_cancelled_or_replaced_with_a_reason(
    session: Session, cast: Cast, now: datetime, call: FollowUp
) -> None:
    again(session, cast, now, {call.uuid: Decided(WorkDecision.REPLACE, "Too long", "Ring for 5 minutes")})
    assert (call.outcome, call.remarks) == (FollowUpOutcome.NOT_NEEDED, "The plan changed: Too long")
    new = session.scalars(select(FollowUp).where(FollowUp.text == "Ring for 5 minutes")).one()
    assert (new.team_id, new.person_id, new.done_at) == (cast.nurses.id, cast.ada.id, None)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Decided(WorkDecision.CANCEL), "Say why"),
        (Decided(WorkDecision.REPLACE, "Too long"), "Say what is to be done instead"),
    ],
)
def test_without_a_reason_nothing_is_published(
    session: Session, cast: Cast, now: datetime, call: FollowUp, said: Decided, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        again(session, cast, now, {call.uuid: said})
    assert words in refused.value.fields[f"open_work.{call.uuid}"]


def test_a_red_alert_ends_on_its_own_page_alone(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    assert red.severity is Severity.RED
    with pytest.raises(Invalid, match="own page"):
        again(session, cast, now, {red.uuid: Decided(WorkDecision.CANCEL, "No")})


def test_what_is_not_there_is_said(session: Session, cast: Cast, now: datetime, call: FollowUp) -> None:
    with pytest.raises(Invalid, match="not open any more"):
        again(session, cast, now, {uuid4(): Decided(WorkDecision.KEEP)})


def test_what_was_kept_unseen_is_looked_at_later(
    session: Session, cast: Cast, now: datetime, call: FollowUp
) -> None:
    second = again(session, cast, now, {})
    open_work.look_again(
        session, cast.ada, second, {call.uuid: Decided(WorkDecision.CANCEL, "She rings herself")},
        by=cast.dev, viewer=viewer_of(cast.dev, cast.nurses.id), now=now,
    )  # fmt: skip
    assert call.outcome is FollowUpOutcome.NOT_NEEDED
    assert open_work.unseen_work(session, second) == []


def test_what_the_draft_does_not_ask_for_any_more_is_told(
    session: Session, cast: Cast, now: datetime, call: FollowUp, first: PlanVersion
) -> None:
    draft = drafts.open_draft(session, cast.ada, cast.dev)
    call.schedule_key = "copd.gone"
    session.flush()
    (piece,) = open_work.list_open(session, cast.ada, first.plan_id, draft)
    assert (piece.still, piece.words, piece.team) == (False, "Monthly call", "Community nurses")
