"""How each rule last stood for each subject, and when time alone asks to look again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from care_plans.evaluating.among import among
from care_plans.judging.verdicts import Finding, Judged, Nothing, Unknown
from care_plans.models.rules import Judgement
from devices.subjects import Subject

WHOLE = "*"
"""Stands in place of a rule's key for a subject that could not be judged at all."""


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


# One statement for all, of arrays: written out row by row, reading the statement takes longer than the work.
# A row that says the same is not even locked. A later time to look again need not be written while an earlier
# one stands: that one comes, finds nothing new, and sets the next.
_KEEP = """
INSERT INTO judgements AS j (subject, rule_key, verdict, words, since, judged_at, judge_at)
SELECT t.subject, t.rule_key, t.verdict, t.words, %b, %b, t.judge_at
FROM unnest(%b::int8[], %b::text[], %b::text[], %b::text[], %b::timestamptz[])
  AS t (subject, rule_key, verdict, words, judge_at)
LEFT JOIN judgements was ON was.subject = t.subject AND was.rule_key = t.rule_key
WHERE was.verdict IS DISTINCT FROM t.verdict
  OR was.words IS DISTINCT FROM t.words
  OR was.judge_at IS DISTINCT FROM t.judge_at
    AND (was.judge_at > %b AND was.judge_at < t.judge_at) IS NOT TRUE
ON CONFLICT (subject, rule_key) DO UPDATE SET
  verdict = excluded.verdict,
  words = excluded.words,
  since = CASE WHEN j.verdict = excluded.verdict THEN j.since ELSE excluded.since END,
  judged_at = excluded.judged_at,
  judge_at = excluded.judge_at
"""


def keep(session: Session, saying: Iterable[Said], now: datetime) -> None:
    """Write down what was said; of what was said twice of one rule, the last."""
    once = {(each.subject.number, each.rule_key): each for each in saying}
    if not once:
        return
    rows = [(*key, each.standing.value, each.words, each.judge_at) for key, each in sorted(once.items())]
    columns = [list(column) for column in zip(*rows, strict=True)]
    session.connection().exec_driver_sql(_KEEP, (now, now, *columns, now))


def forget_faults(session: Session, subjects: Iterable[Subject]) -> None:
    """Drop what was kept of subjects that could not be judged before and now were."""
    session.execute(
        delete(Judgement).where(
            among(Judgement.subject, [subject.number for subject in subjects]), Judgement.rule_key == WHOLE
        ),
        execution_options={"synchronize_session": False},
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
