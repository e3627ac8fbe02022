"""The recorded past of people and homes, as rules would have been given it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.evaluating import at_hand, made, scores
from care_plans.evaluating.among import among
from care_plans.evaluating.made import Wanted, whose_readings
from care_plans.evaluating.zones import zones_of
from care_plans.judging.rules import Rule, Track, needed
from core.zones import UK
from devices.subjects import Subject
from people.models.homes import Residency

_ALWAYS = datetime.min.replace(tzinfo=UTC)


def tracks(
    session: Session, rules: Iterable[Rule], subjects: Sequence[Subject], start: datetime, end: datetime
) -> Iterator[tuple[Subject, dict[str, Track]]]:
    """For each subject what these rules would have been given from `start` to `end`, by kind.

    Of somebody's home it is what was measured since they lived there; a score is set as it is set now.
    """
    home_of = at_hand.homes_of(session, subjects, end)
    moved_in = _moved_in(session, subjects, end)
    scored = scores.settings(session, subjects)
    needs: dict[str, int] = {}
    for rule in rules:
        needs |= {kind: max(span, needs.get(kind, 0)) for kind, span in needed(rule).items()}
    wanted = Wanted()
    for subject in subjects:
        for asked, back in needs.items():
            wanted.add(home_of, subject, asked, back, scored.get(subject))
    found = at_hand.tracks_of(session, at_hand.wants_of(wanted, start), end)
    made.add(session, found, wanted, scored, home_of)
    for subject in subjects:
        given: dict[str, Track] = {}
        for kind in needs:
            whose = whose_readings(home_of, subject, kind)
            track = found.get((whose, kind))
            if track is not None:
                since = _ALWAYS if whose == subject else moved_in.get(subject, _ALWAYS)
                given[kind] = track if since == _ALWAYS else track.between(since.timestamp(), end.timestamp())
        yield subject, given


def zones(session: Session, subjects: Sequence[Subject], now: datetime) -> dict[Subject, str]:
    """By which clock each is judged."""
    known = zones_of(session, subjects, at_hand.homes_of(session, subjects, now))
    return {subject: known.get(subject, UK) for subject in subjects}


def _moved_in(session: Session, subjects: Sequence[Subject], now: datetime) -> dict[Subject, datetime]:
    people = [subject.id for subject in subjects if subject.about == "person"]
    rows = session.execute(
        select(Residency.person_id, func.lower(Residency.period)).where(
            among(Residency.person_id, people), Residency.period.contains(now)
        )
    )
    return {Subject("person", person_id): since for person_id, since in rows if since is not None}
