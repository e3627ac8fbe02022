"""How each rule last stood for each subject, and when time alone asks to look again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from care_plans.judging.verdicts import Finding, Judged, Nothing, Unknown
from care_plans.models.plans import Judgement
from devices.subjects import Subject


class Standing(StrEnum):
    """A verdict in one word, as kept and shown."""

    FINDING = "finding"
    UNKNOWN = "unknown"
    NOTHING = "nothing"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Said:
    """What judging said of one rule for one subject."""

    subject: Subject
    rule_key: str
    standing: Standing
    words: str
    judge_at: datetime | None


def said(subject: Subject, rule_key: str, judged: Judged) -> Said:
    """A verdict as it is kept."""
    match judged.verdict:
        case Finding(words=words):
            return Said(subject, rule_key, Standing.FINDING, words, judged.judge_at)
        case Unknown(words=words):
            return Said(subject, rule_key, Standing.UNKNOWN, words, judged.judge_at)
        case Nothing(words=words):
            return Said(subject, rule_key, Standing.NOTHING, words, judged.judge_at)


def keep(session: Session, saying: Sequence[Said], now: datetime) -> None:
    """Write down what was said, one statement for all; a row that says the same already is left alone."""
    if not saying:
        return
    rows = [
        {
            "subject": each.subject.number,
            "rule_key": each.rule_key,
            "verdict": each.standing.value,
            "words": each.words,
            "since": now,
            "judged_at": now,
            "judge_at": each.judge_at,
        }
        for each in saying
    ]
    statement = insert(Judgement).values(rows)
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Judgement.subject, Judgement.rule_key],
            set_={
                "verdict": new.verdict,
                "words": new.words,
                "since": case((Judgement.verdict == new.verdict, Judgement.since), else_=new.since),
                "judged_at": new.judged_at,
                "judge_at": new.judge_at,
            },
            where=or_(
                Judgement.verdict != new.verdict,
                Judgement.words != new.words,
                Judgement.judge_at.is_distinct_from(new.judge_at),
            ),
        )
    )


def forget_others(session: Session, subject: Subject, rule_keys: Iterable[str]) -> None:
    """Drop the judgements of rules that no longer watch `subject`."""
    session.execute(
        delete(Judgement).where(
            Judgement.subject == subject.number, Judgement.rule_key.not_in(list(rule_keys))
        )
    )


def list_for(session: Session, subjects: Iterable[Subject]) -> list[Judgement]:
    """How every rule stands for these subjects, unknown first."""
    numbers = [subject.number for subject in subjects]
    return list(
        session.scalars(
            select(Judgement)
            .where(Judgement.subject.in_(numbers))
            .order_by(Judgement.verdict.desc(), Judgement.rule_key)
        )
    )
