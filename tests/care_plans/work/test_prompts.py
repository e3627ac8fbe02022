from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert, Cause, Outcome
from care_plans.models.work import FollowUpKind, FollowUpOutcome
from care_plans.ringing import no_replies
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups, prompts
from devices import subjects
from people import signing_in
from tests.cast import Cast

DAY = timedelta(days=1)
ACCUSES = ("abuse", "neglect", "controls", "guilty", "suspect", "harms")


def unanswered(session: Session, cast: Cast, at: datetime) -> None:
    row = follow_ups.make(
        session, kind=FollowUpKind.VISIT, text="See Ada", team_id=cast.nurses.id, person_id=cast.ada.id,
        due_at=at, now=at,
    )  # fmt: skip
    follow_ups.complete(
        session, row, outcome=FollowUpOutcome.NO_REPLY, remarks="Nobody came to the door",
        by=signing_in.viewer_of(session, cast.dev, at), now=at,
    )  # fmt: skip


def silent(session: Session, cast: Cast, at: datetime, number: int) -> None:
    session.add(
        Alert(
            subject=subjects.home(cast.ada_home.id).number, home_id=cast.ada_home.id,
            rule_key=f"kit.silent.{number}", class_=Class.TECHNICAL, severity=Severity.WATCH, name="Silent",
            words="Silent", evidence=[], began_at=at, raised_at=at, rule={},
            ladder={"key": "kit", "name": "Kit", "steps": []}, what_should_happen="", step_at=at,
            closed_at=at, owner_team_id=cast.coordinators.id, cause=Cause.FALSE_KIT, action="Plugged it in",
            outcome=Outcome.KIT_MENDED,
        )
    )  # fmt: skip
    session.flush()


def test_three_times_unanswered_in_two_weeks_is_a_question(
    session: Session, cast: Cast, now: datetime
) -> None:
    for days in (1, 5, 20):
        unanswered(session, cast, now - days * DAY)
    assert prompts.of(session, cast.ada.id, None, now) == ()
    unanswered(session, cast, now - 2 * DAY)
    [prompt] = prompts.of(session, cast.ada.id, None, now)
    assert "3 times" in prompt.seen
    assert "Have you thought" in prompt.question
    assert prompts.of(session, cast.ben.id, None, now) == ()


def test_kit_that_falls_silent_again_and_again_is_a_question(
    session: Session, cast: Cast, now: datetime
) -> None:
    for number in range(3):
        silent(session, cast, now - number * DAY, number)
    [prompt] = prompts.of(session, cast.ada.id, cast.ada_home.id, now)
    assert "unplugs" in prompt.question


def test_no_question_accuses_anybody(session: Session, cast: Cast, now: datetime) -> None:
    for number in range(3):
        unanswered(session, cast, now - number * DAY)
        silent(session, cast, now - number * DAY, number)
    found = prompts.of(session, cast.ada.id, cast.ada_home.id, now)
    assert len(found) == 2
    for prompt in found:
        assert not [word for word in ACCUSES if word in f"{prompt.seen} {prompt.question}".lower()]


def test_being_looked_for_because_they_do_not_answer_counts_as_not_being_reached(
    session: Session, cast: Cast, now: datetime
) -> None:
    for days in (1, 2):
        unanswered(session, cast, now - days * DAY)
    assert prompts.of(session, cast.ada.id, cast.ada_home.id, now) == ()
    no_replies.begin(session, cast.ada, team_id=cast.nurses.id, words="No answer", now=now)
    [prompt] = prompts.of(session, cast.ada.id, cast.ada_home.id, now)
    assert "3 times" in prompt.seen
