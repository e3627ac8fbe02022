"""Scores that are made of readings: for whom, of what, as tracks to judge, and a finding in its parts."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans import scoring
from care_plans.evaluating.among import among
from care_plans.judging import news2
from care_plans.judging.news2 import INPUTS, MADE, Scale, Score
from care_plans.judging.rules import Finding, Track
from care_plans.judging.telling import moment_of
from care_plans.models.scoring import News2Use
from devices import readings, subjects
from devices.readings import Want
from devices.subjects import Subject
from people.models.people import Person

NOT_ON = "Nobody is watching this now: NEWS2 is not switched on for this person."
STOPPED = "Nobody is watching this now: NEWS2 is not used at the end of life, nor after a death."
_HALF_A_MILLISECOND = 0.0005


@dataclass(frozen=True, slots=True)
class Setting:
    """How the score is set for somebody; `within` is in seconds. `stopped`: it is not used at present."""

    scale: Scale
    within: int
    usual: int | None
    usual_on: date | None
    stopped: bool


def setting_of(row: News2Use, *, stopped: bool = False) -> Setting:
    """How a row says it is set."""
    return Setting(row.scale, row.within, row.usual, row.usual_on, stopped)


def settings(session: Session, concerned: Iterable[Subject]) -> dict[Subject, Setting]:
    """How the score is set for each of these for whom somebody has switched it on."""
    people = [subject.id for subject in concerned if subject.about == "person"]
    if not people:
        return {}
    stopped = (Person.died_on.is_not(None) | scoring.at_the_end_of_life()).label("stopped")
    rows = session.execute(
        select(News2Use, stopped)
        .join(Person, Person.id == News2Use.person_id)
        .where(among(News2Use.person_id, people), News2Use.off_at.is_(None))
    )
    return {subjects.person(row.person_id): setting_of(row, stopped=off) for row, off in rows}


def off_words(needs: Iterable[str], setting: Setting | None) -> str | None:
    """Why a rule that needs these kinds judges nothing for somebody; None where it judges."""
    if MADE.isdisjoint(needs):
        return None
    if setting is None:
        return NOT_ON
    return STOPPED if setting.stopped else None


def behind(kind: str, span: int, setting: Setting | None) -> Iterator[tuple[str, int]]:
    """Which kinds are read, and how many seconds back, to judge `kind` over `span` seconds."""
    if kind not in MADE:
        yield kind, span
    elif setting is not None and not setting.stopped:
        yield from ((each, span + setting.within) for each in INPUTS)


def add(tracks: MutableMapping[tuple[Subject, str], Track], set_for: Mapping[Subject, Setting]) -> None:
    """Put the score's own tracks beside those of its measurements."""
    for subject, setting in set_for.items():
        if setting.stopped:
            continue
        made = news2.over_time(_inputs(tracks, subject), setting.scale, setting.within)
        tracks.update({(subject, kind): track for kind, track in made.items() if track.times})


def explained(
    finding: Finding,
    tracks: Mapping[tuple[Subject, str], Track],
    subject: Subject,
    setting: Setting | None,
) -> Finding:
    """A finding of the score in its parts, beside what is usual for the person; any other as it is."""
    if finding.kind not in MADE or setting is None:
        return finding
    moment = finding.at.timestamp() + _HALF_A_MILLISECOND
    score = news2.at(
        _inputs(tracks, subject),
        moment,
        setting.scale,
        setting.within,
        confirmed=not finding.unconfirmed,
    )
    taken = [(part.kind, part.taken) for part in score.parts if part.taken is not None]
    evidence = sorted((moment_of(one.at), kind, one.value) for kind, one in taken)
    return replace(
        finding,
        words=f"{score.words}: {score.breakdown}{_beside(setting)}",
        evidence=tuple((kind, at, value) for at, kind, value in evidence),
    )


def now_of(session: Session, person_id: int, setting: Setting, now: datetime) -> Score:
    """The score of somebody as it stands at `now`."""
    subject = subjects.person(person_id)
    since = now - timedelta(seconds=setting.within)
    columns = readings.tracks(session, [Want(subject, kind, since) for kind in INPUTS], now)
    tracks = {kind: Track(kind, one.times, one.values, one.flags) for (_, kind), one in columns.items()}
    return news2.at(tracks, now.timestamp(), setting.scale, setting.within)


def _beside(setting: Setting) -> str:
    if setting.usual is None or setting.usual_on is None:
        return ""
    return f". Usual for them: {setting.usual} ({setting.usual_on.day} {setting.usual_on:%B %Y})"


def _inputs(tracks: Mapping[tuple[Subject, str], Track], subject: Subject) -> dict[str, Track]:
    return {kind: tracks[subject, kind] for kind in INPUTS if (subject, kind) in tracks}
