"""NEWS2 in the words of pages: the score in its parts, and how it is set, as far as vitals are shared."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.web.words import date_only, initial_capital
from care_plans import scoring
from care_plans.evaluating import scores
from care_plans.judging.news2 import Risk, Scale, Score
from care_plans.judging.words import span_text, value_text
from care_plans.models.scoring import News2Use
from devices import kinds
from people.models.people import Person

LOOKS = {Risk.LOW: "kit", Risk.LOW_MEDIUM: "watch", Risk.MEDIUM: "amber", Risk.HIGH: "red"}
SCALES = {
    Scale.ONE: "Scale 1",
    Scale.TWO: "Scale 2, for a target of 88 to 92 %",
}
SPINE = "Spinal cord injury: blood pressure, pulse, breathing and temperature may mislead. See the person."


@dataclass(frozen=True, slots=True)
class PartShown:
    """One of the seven: its value in words and when it was taken, or None; its points, or None."""

    name: str
    value: str | None
    at: datetime | None
    points: int | None


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """A score with its band, how that looks (severity or kit), its parts, and what is usual for them."""

    words: str
    band: str
    look: str
    parts: tuple[PartShown, ...]
    within: str
    beside: tuple[str, ...]


def standing(session: Session, person: Person, row: News2Use, now: datetime) -> ScoreShown:
    """The score of somebody for whom it is switched on, as it stands now."""
    setting = scores.setting_of(row)
    score = scores.now_of(session, person.id, setting, now)
    return ScoreShown(
        words=score.words,
        band=band(score),
        look=LOOKS[score.risk],
        parts=tuple(
            PartShown(
                name=kinds.get(part.kind).name,
                value=initial_capital(value_text(part.kind, part.taken.value)) if part.taken else None,
                at=datetime.fromtimestamp(part.taken.at, now.tzinfo) if part.taken else None,
                points=part.points,
            )
            for part in score.parts
        ),
        within=span_text(row.within),
        beside=beside(row, now),
    )


def band(score: Score) -> str:
    """The chart's band: "medium", "at least medium"; "" where nothing is known."""
    if not any(part.taken for part in score.parts):
        return ""
    return score.risk.value if score.complete else f"at least {score.risk.value}"


def beside(row: News2Use, now: datetime) -> tuple[str, ...]:
    """What has to be read with the score: what is usual for them, the scale, what may mislead or is late."""
    usual = "Their usual has not been found yet: find it while they are well."
    if row.usual is not None and row.usual_on is not None:
        usual = f"Usual for them: {row.usual}, on {date_only(row.usual_on)}."
    told = [usual]
    if row.scale is Scale.TWO:
        told.append(f"{SCALES[Scale.TWO]}: {(row.scale_why or '').rstrip('.')}.")
    if row.spinal_injury:
        told.append(SPINE)
    return (*told, *_late(row, now))


def _late(row: News2Use, now: datetime) -> tuple[str, ...]:
    if not scoring.review_passed(row, now):
        return ()
    return (f"Review was due on {date_only(row.review_on)}: is it still right for them?",)


def in_short(session: Session, person: Person, now: datetime) -> str | None:
    """The score in a line, for the person's page; None where it is not switched on or not used."""
    row = scoring.find(session, person)
    if row is None or scoring.refusal(session, person, now) is not None:
        return None
    score = scores.now_of(session, person.id, scores.setting_of(row), now)
    told = ": ".join(filter(None, (score.words, band(score))))
    return ". ".join((told, *_late(row, now)))
