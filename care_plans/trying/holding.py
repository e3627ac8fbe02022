"""Two forms of a rule held against the recorded past of people and homes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.evaluating import past
from care_plans.evaluating.among import among
from care_plans.judging.replay import replay
from care_plans.judging.rules import Rule
from care_plans.models.alerts import Alert, Cause
from care_plans.trying.comparing import Pair, compare
from devices.subjects import Subject

DAYS = 90
"""How far back a change is tried: a season, so that a bad week is in it."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that there was: when it was raised, until when it was open, and what it was closed as."""

    at: datetime
    until: datetime | None
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class Tried:
    """Each finding of the past under both rules, with the alert there was at that time, if there was one.

    `since` is when the first reading was measured that could be judged, None where there is none.
    """

    since: datetime | None
    readings: int
    pairs: tuple[tuple[Pair, Raised | None], ...]


def try_out(
    session: Session, asked: Mapping[Subject, Rule], after: Rule, now: datetime
) -> dict[Subject, Tried]:
    """Hold the rule that each has, and `after`, against their last `DAYS` days; nothing is written."""
    start = now - timedelta(days=DAYS)
    raised = _raised(session, list(asked), after.key, start)
    found: dict[Subject, Tried] = {}
    zones = past.zones(session, list(asked), now)
    for subject, tracks in past.tracks(session, {after, *asked.values()}, list(asked), start, now):
        measured = [at for track in tracks.values() for at in track.times if at >= start.timestamp()]
        pairs = compare(
            replay(asked[subject], tracks, start, now, zone=zones[subject]),
            replay(after, tracks, start, now, zone=zones[subject]),
        )
        theirs = raised.get(subject.number, [])
        found[subject] = Tried(
            since=datetime.fromtimestamp(min(measured), UTC) if measured else None,
            readings=len(measured),
            pairs=tuple((pair, _at_that_time(pair, theirs)) for pair in pairs),
        )
    return found


def _raised(
    session: Session, asked: Sequence[Subject], rule_key: str, start: datetime
) -> dict[int, list[Raised]]:
    rows = session.execute(
        select(Alert.subject, Alert.raised_at, Alert.closed_at, Alert.cause)
        .where(
            among(Alert.subject, [subject.number for subject in asked]),
            Alert.rule_key == rule_key,
            or_(Alert.closed_at.is_(None), Alert.closed_at >= start),
        )
        .order_by(Alert.raised_at)
    )
    found: dict[int, list[Raised]] = {}
    for number, at, until, cause in rows:
        found.setdefault(number, []).append(Raised(at, until, cause))
    return found


def _at_that_time(pair: Pair, raised: Sequence[Raised]) -> Raised | None:
    ended = [each.until for each in (pair.before, pair.after) if each is not None]
    until = None if None in ended else max(filter(None, ended))
    return next(
        (
            one
            for one in raised
            if (until is None or one.at <= until) and (one.until is None or one.until >= pair.began)
        ),
        None,
    )
