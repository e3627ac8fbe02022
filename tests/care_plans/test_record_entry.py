from datetime import datetime

from sqlalchemy.orm import Session

from care_plans import record_entry
from care_plans.alerts import alerts
from care_plans.models.alerts import Cause, Outcome
from care_plans.models.work import FollowUpKind, FollowUpOutcome
from care_plans.referral_states import Result
from care_plans.referrals import answering
from care_plans.work import follow_ups
from tests.care_plans.alerting import raised
from tests.care_plans.referrals.referring import HOUR, send, viewer
from tests.cast import Cast


def test_a_done_referral_says_who_what_when_and_how_it_ended(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, sol = send(session, cast, now, to=cast.social_workers), viewer(session, cast.sol, now)
    answering.accept(session, row, by=sol, now=now)
    answering.finish(session, row, result=Result.HELPED, note="Rail\nfitted.", by=sol, now=now + HOUR)
    text = record_entry.of_referral(session, sol, row, now + HOUR)
    assert text.splitlines()[:2] == [
        "Person: Ada Marsh, born 4 May 1948", "What: Referral: Look at the bathroom rail, please.",
    ]  # fmt: skip
    assert "Note: Rail fitted." in text
    assert "Ended: 22 November 2026, 08:46" in text
    assert "Codes: hearthline:referral=referral; outcome=helped" in text
    other = record_entry.of_referral(session, viewer(session, cast.hana, now), row, now + HOUR)
    assert "Rail fitted" not in other


def test_a_closed_alert_says_no_more_than_the_agency_sees(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert, dev = alerts.raise_(session, raised(cast, now), now), viewer(session, cast.dev, now)
    alert.closed_at, alert.closed_by_id, alert.cause = now, cast.dev.id, Cause.TRUE_ACTED
    alert.action, alert.outcome = "Rang and gave advice", Outcome.ADVICE_GIVEN
    session.flush()
    assert alert.words in record_entry.of_alert(session, dev, alert, now)
    landlord = record_entry.of_alert(session, viewer(session, cast.hana, now), alert, now)
    assert record_entry.NOT_SHARED in landlord
    assert alert.words not in landlord
    assert "Rang and gave advice" not in landlord


def test_a_done_follow_up_says_its_outcome(session: Session, cast: Cast, now: datetime) -> None:
    dev = viewer(session, cast.dev, now)
    row = follow_ups.make(
        session, kind=FollowUpKind.CALL, text="Ring Ada", team_id=cast.nurses.id, due_at=now + HOUR, now=now,
        person_id=cast.ada.id,
    )  # fmt: skip
    follow_ups.complete(
        session, row, outcome=FollowUpOutcome.DONE, remarks="She is well.", by=dev, now=now + HOUR
    )
    text = record_entry.of_follow_up(session, dev, row, now + HOUR)
    assert "What: Call: Ring Ada" in text
    assert "Note: She is well." in text
    assert "By: Dev" in text


def test_empty_parts_are_left_out() -> None:
    assert record_entry.written((("A", "b  c\nd"), ("E", None), ("F", ""))) == "A: b c d"
