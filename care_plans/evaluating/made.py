"""Kinds that are made of other readings: what is read to judge them, and their tracks beside those."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.evaluating import scores
from care_plans.evaluating.scores import Setting
from care_plans.evaluating.zones import zones_of
from care_plans.judging import damp, home_pressure
from care_plans.judging.rules import Finding, Track
from care_plans.judging.telling import moment_of
from core.zones import UK
from devices import kinds
from devices.subjects import Subject

Tracks = MutableMapping[tuple[Subject, str], Track]
SHOWN = 6
"""How many of the measurements behind a mean its finding names: the latest."""


@dataclass
class Wanted:
    """What is to be read for a claim, (whose, kind) to seconds back, and what is made of it, for whom."""

    spans: dict[tuple[Subject, str], int] = field(default_factory=dict)
    made: set[tuple[Subject, str]] = field(default_factory=set)

    def add(
        self,
        home_of: Mapping[Subject, Subject],
        subject: Subject,
        asked: str,
        span: int,
        setting: Setting | None,
    ) -> None:
        """A rule about `subject` looks at `asked` over `span` seconds."""
        if asked in home_pressure.MEANS or asked == damp.SURFACE_HUMIDITY:
            self.made.add((whose_readings(home_of, subject, asked), asked))
        for kind, back in behind(asked, span, setting):
            self.need(whose_readings(home_of, subject, kind), kind, back)

    def need(self, whose: Subject, kind: str, back: int) -> None:
        """Read this kind of theirs so many seconds back."""
        self.spans[whose, kind] = max(self.spans.get((whose, kind), 0), back)


def whose_readings(home_of: Mapping[Subject, Subject], subject: Subject, kind: str) -> Subject:
    """Whose readings of `kind` a rule about `subject` looks at: a person's may look at their home's."""
    if subject.about == "person" and kinds.get(kind).about == "home":
        return home_of.get(subject, subject)
    return subject


def behind(kind: str, span: int, setting: Setting | None) -> Iterator[tuple[str, int]]:
    """Which kinds are read, and how many seconds back, to judge `kind` over `span` seconds."""
    if kind in home_pressure.MEANS:
        yield home_pressure.MEANS[kind], span + home_pressure.SPAN
    elif kind == damp.SURFACE_HUMIDITY:
        yield from ((each, span + damp.SPAN) for each in damp.INPUTS)
    else:
        yield from scores.behind(kind, span, setting)


def add(
    session: Session,
    tracks: Tracks,
    wanted: Wanted,
    scored: Mapping[Subject, Setting],
    home_of: Mapping[Subject, Subject],
) -> None:
    """Put what is made beside what it is made of."""
    scores.add(tracks, scored)
    measuring = {subject for subject, kind in wanted.made if kind in home_pressure.MEANS}
    zones = zones_of(session, measuring, home_of)
    for subject in measuring:
        zone = zones.get(subject, UK)
        made = home_pressure.over_time(_of(tracks, subject, home_pressure.MEANS.values()), zone)
        tracks.update({(subject, kind): track for kind, track in made.items()})
    for home in {subject for subject, kind in wanted.made if kind == damp.SURFACE_HUMIDITY}:
        track = damp.over_time(_of(tracks, home, damp.INPUTS))
        if track is not None:
            tracks[home, damp.SURFACE_HUMIDITY] = track


def explained(
    finding: Finding,
    tracks: Mapping[tuple[Subject, str], Track],
    subject: Subject,
    whose: Subject,
    setting: Setting | None,
) -> Finding:
    """A finding of what was made, told by what was measured; any other as it is.

    `whose` readings the finding's kind is made of: the home's of somebody, or their own.
    """
    if finding.kind in home_pressure.MEANS:
        behind_it = tracks[whose, home_pressure.MEANS[finding.kind]]
        return replace(
            finding,
            words=f"{finding.words} (of the last {home_pressure.DAYS} days, without the first measured)",
            evidence=_latest(behind_it, finding, SHOWN),
        )
    if finding.kind == damp.SURFACE_HUMIDITY:
        evidence = [
            each
            for kind in damp.INPUTS
            if (whose, kind) in tracks
            for each in _latest(_beside(tracks[whose, kind], finding.source), finding, 1)
        ]
        return replace(finding, evidence=tuple(sorted(evidence, key=lambda each: each[1])))
    return scores.explained(finding, tracks, subject, setting)


def _beside(track: Track, room: str) -> Track:
    """What was measured in this room; the weather is the same beside all of them."""
    return track if track.kind == damp.OUTSIDE else track.of_source(room)


def _latest(track: Track, finding: Finding, count: int) -> tuple[tuple[str, datetime, float], ...]:
    until = finding.at.timestamp() + 1
    points = track.shown or track.firm
    rows = [(at, value) for at, value in zip(*points, strict=True) if at <= until][-count:]
    return tuple((track.kind, moment_of(at), value) for at, value in rows)


def _of(
    tracks: Mapping[tuple[Subject, str], Track], subject: Subject, codes: Iterable[str]
) -> dict[str, Track]:
    return {kind: tracks[subject, kind] for kind in codes if (subject, kind) in tracks}
