"""How rules last stood."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.evaluating import judgements
from care_plans.evaluating.judgements import Said, Standing
from care_plans.judging.verdicts import Judged, Unknown
from care_plans.models.rules import Judgement
from devices import subjects

ADA = subjects.person(1)
LATER = timedelta(hours=1)


def said(standing: Standing, words: str = "", judge_at: datetime | None = None) -> Said:
    return Said(ADA, "copd.oxygen_low", standing, words, judge_at)


def kept(session: Session) -> Judgement:
    session.expire_all()
    return session.get_one(Judgement, (ADA.number, "copd.oxygen_low"))


def test_it_keeps_since_when_a_verdict_has_stood(session: Session, now: datetime) -> None:
    judgements.keep(session, [said(Standing.UNKNOWN, "no reading")], now)
    judgements.keep(session, [said(Standing.UNKNOWN, "still none")], now + LATER)
    assert (kept(session).since, kept(session).words) == (now, "still none")
    judgements.keep(session, [said(Standing.NOTHING)], now + 2 * LATER)
    assert kept(session).since == now + 2 * LATER


def test_a_verdict_that_says_the_same_is_not_written_again(session: Session, now: datetime) -> None:
    judgements.keep(session, [said(Standing.NOTHING)], now)
    judgements.keep(session, [said(Standing.NOTHING)], now + LATER)
    assert kept(session).judged_at == now


def test_unknown_is_kept_as_unknown_and_not_as_well(session: Session, now: datetime) -> None:
    verdict = judgements.said(ADA, "copd.oxygen_low", Judged(Unknown("No reading since Friday"), now + LATER))
    judgements.keep(session, [verdict], now)
    assert (kept(session).verdict, kept(session).words, kept(session).judge_at) == (
        "unknown", "No reading since Friday", now + LATER,
    )  # fmt: skip


def test_of_what_is_said_twice_of_one_rule_the_last_is_kept(session: Session, now: datetime) -> None:
    judgements.keep(session, [said(Standing.UNKNOWN), said(Standing.FINDING, "low")], now)
    assert (kept(session).verdict, kept(session).words) == ("finding", "low")


def test_a_time_to_look_again_is_kept_until_it_comes_or_an_earlier_one_is_set(
    session: Session, now: datetime
) -> None:
    first = now + 2 * LATER
    judgements.keep(session, [said(Standing.NOTHING, judge_at=first)], now)
    judgements.keep(session, [said(Standing.NOTHING, judge_at=first + LATER)], now + LATER)
    assert kept(session).judge_at == first, "it comes, and finds the next"
    judgements.keep(session, [said(Standing.NOTHING, judge_at=first + LATER)], first)
    assert kept(session).judge_at == first + LATER
    judgements.keep(session, [said(Standing.NOTHING, judge_at=first)], now + LATER)
    assert kept(session).judge_at == first
    judgements.keep(session, [said(Standing.NOTHING)], now + LATER)
    assert kept(session).judge_at is None


def test_rules_that_no_longer_watch_are_forgotten(session: Session, now: datetime) -> None:
    judgements.keep(session, [said(Standing.NOTHING)], now)
    judgements.forget_others(session, ADA, ["copd.pulse"])
    assert judgements.list_for(session, [ADA]) == []
