"""All that is needed to judge the subjects of one claim, read in a handful of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from care_plans.evaluating import kit_troubles, made, nobodys, noticed, scores
from care_plans.evaluating.among import among
from care_plans.evaluating.judgements import Standing
from care_plans.evaluating.made import Wanted, whose_readings
from care_plans.evaluating.noticed import Noticed
from care_plans.evaluating.scores import Setting
from care_plans.evaluating.watching import Watch, Watches, switched_on
from care_plans.evaluating.zones import zones_of
from care_plans.judging import news2
from care_plans.judging.conditions import About
from care_plans.judging.rules import Track
from care_plans.models.alerts import Alert
from care_plans.models.rules import Judgement
from care_plans.severity import Class, Severity
from devices import doubts, readings
from devices.readings import Want
from devices.subjects import Subject
from people.models.homes import Residency

AHEAD = timedelta(days=1)
"""A device's clock may be this far ahead of ours and its readings still count."""
SETTLED_FOR = timedelta(days=9)
"""How far back a closed alert still says which readings were dealt with; longer than rules look back."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The last alert of a rule that was closed: when, how bad, and since when all is well, where it is."""

    at: datetime
    severity: Severity
    well_since: datetime | None = None


@dataclass(frozen=True)
class AtHand:
    """What was read for one claim."""

    now: datetime
    watches: Mapping[Subject, list[Watch]]
    switched: frozenset[str]
    tracks: Mapping[tuple[Subject, str], Track]
    home_of: Mapping[Subject, Subject]
    open: Mapping[Subject, Mapping[str, Alert]]
    settled: Mapping[tuple[Subject, str], datetime]
    dealt_with: Mapping[tuple[Subject, str], Mapping[Severity, datetime]]
    resting: Mapping[tuple[Subject, str], Closed]
    noticed: Mapping[Subject, list[Noticed]]
    doubted: Mapping[Subject, list[str]]
    dangers: Mapping[Subject, list[str]]
    scored: Mapping[Subject, Setting]
    zones: Mapping[Subject, str]
    """Of those of whom a rule asks for local days or hours."""

    def tracks_for(self, kinds: Iterable[str], subject: Subject) -> dict[str, Track]:
        """The tracks of these kinds that a rule judges for `subject`: a person's may look at their home."""
        found = {}
        for kind in kinds:
            track = self.tracks.get((self.whose(subject, kind), kind))
            if track is not None:
                found[kind] = track
        return found

    def whose(self, subject: Subject, kind: str) -> Subject:
        """Whose readings of `kind` a rule about `subject` looks at."""
        return whose_readings(self.home_of, subject, kind)


def read(session: Session, watches: Watches, subjects: Sequence[Subject], now: datetime) -> AtHand:
    """Read for `subjects`; the number of statements does not grow with them."""
    watched = watches.of(session, subjects, now)
    home_of = homes_of(session, subjects, now)
    whose = noticed.whose_kit(session, subjects, now)
    doubts.note(session, whose.kit, whose.people, now)
    doubted: dict[Subject, list[str]] = {}
    for subject, kind in sorted(noticed.doubted(session, whose, now)):
        doubted.setdefault(subject, []).append(kind)
    seen: dict[Subject, list[Noticed]] = {}
    dangers = noticed.dangers(session, whose, now)
    zones = zones_of(session, subjects, home_of)
    questions = nobodys.asked(session, whose, zones, now)
    for each in [
        *noticed.silence(session, whose, now),
        *kit_troubles.batteries(session, whose, now),
        *kit_troubles.faults(session, whose, now),
        *questions,
    ]:
        seen.setdefault(each.subject, []).append(each)
    scored = scores.settings(session, _asking_for_scores(watched))
    settled, dealt_with = _settled(session, subjects, now)
    wanted = _wanted(watched, home_of, doubted, dangers, scored)
    tracks = tracks_of(session, wants_of(wanted, now), now + AHEAD)
    made.add(session, tracks, wanted, scored, home_of)
    return AtHand(
        now=now,
        watches=watched,
        switched=switched_on(session),
        tracks=tracks,
        home_of=home_of,
        open=_open(session, subjects),
        settled=settled,
        dealt_with=dealt_with,
        resting=_resting(session, watched, now),
        noticed=seen,
        doubted=doubted,
        dangers=dangers,
        scored=scored,
        zones=zones_of(session, _asking_for_the_clock(watched), home_of),
    )


def _asking_for_scores(watched: Mapping[Subject, list[Watch]]) -> list[Subject]:
    return [
        subject
        for subject, watches in watched.items()
        if any(not news2.MADE.isdisjoint(watch.needs) for watch in watches)
    ]


def _asking_for_the_clock(watched: Mapping[Subject, list[Watch]]) -> list[Subject]:
    return [subject for subject, watches in watched.items() if any(watch.by_clock for watch in watches)]


def _wanted(
    watched: Mapping[Subject, list[Watch]],
    home_of: Mapping[Subject, Subject],
    doubted: Mapping[Subject, list[str]],
    dangers: Mapping[Subject, list[str]],
    scored: Mapping[Subject, Setting],
) -> Wanted:
    wanted = Wanted()
    for subject, watches in watched.items():
        needs: dict[str, int] = {}
        for watch in watches:
            for kind, back in watch.needs.items():
                if needs.get(kind, -1) < back:
                    needs[kind] = back
        for asked, back in needs.items():
            wanted.add(home_of, subject, asked, back, scored.get(subject))
        for kind in dangers.get(subject, ()):
            wanted.need(subject, kind, noticed.SAFETY_NEEDS[kind])
        for kind in doubted.get(subject, ()):
            wanted.need(subject, kind, int(noticed.DOUBTED_FOR.total_seconds()))
    return wanted


def wants_of(wanted: Wanted, moment: datetime) -> list[Want]:
    """What is wanted, counted back from a moment."""
    return [Want(*key, moment - timedelta(seconds=span)) for key, span in wanted.spans.items()]


def tracks_of(session: Session, wants: Sequence[Want], until: datetime) -> dict[tuple[Subject, str], Track]:
    """The readings of every want, ready to be judged; a want without any is left out."""
    columns = readings.tracks(session, wants, until)
    return {
        (subject, kind): Track(
            kind,
            found.times,
            found.values,
            found.flags,
            # Rooms are judged each by itself; a person's readings are theirs, whichever kit took them.
            found.sources if subject.about == "home" else (),
        )
        for (subject, kind), found in columns.items()
    }


def homes_of(session: Session, subjects: Iterable[Subject], now: datetime) -> dict[Subject, Subject]:
    """The home that each person lives in."""
    people = [subject.id for subject in subjects if subject.about == About.PERSON]
    rows = session.execute(
        select(Residency.person_id, Residency.home_id).where(
            among(Residency.person_id, people), Residency.period.contains(now)
        )
    )
    return {Subject(About.PERSON, person): Subject(About.HOME, home) for person, home in rows}


def _open(session: Session, subjects: Sequence[Subject]) -> dict[Subject, dict[str, Alert]]:
    by_number = {subject.number: subject for subject in subjects}
    found: dict[Subject, dict[str, Alert]] = {}
    for alert in session.scalars(
        select(Alert).where(among(Alert.subject, by_number), Alert.closed_at.is_(None))
    ):
        found.setdefault(by_number[alert.subject], {})[alert.rule_key] = alert
    return found


def _settled(
    session: Session, subjects: Sequence[Subject], now: datetime
) -> tuple[dict[tuple[Subject, str], datetime], dict[tuple[Subject, str], dict[Severity, datetime]]]:
    """Up to when what was measured was dealt with; and, where life is not at stake, as how bad."""
    by_number = {subject.number: subject for subject in subjects}
    rows = session.execute(
        select(
            Alert.subject,
            Alert.rule_key,
            Alert.class_,
            Alert.severity,
            Alert.kind,
            Alert.closed_at,
            Alert.evidence,
        )
        .where(among(Alert.subject, by_number), Alert.closed_at > now - SETTLED_FOR)
        .order_by(Alert.closed_at)
    )
    found: dict[tuple[Subject, str], datetime] = {}
    dealt: dict[tuple[Subject, str], dict[Severity, datetime]] = {}
    for number, rule_key, class_, severity, kind, closed_at, evidence in rows:
        subject, shown = by_number[number], shown_until(evidence)
        if class_ is not Class.LIFE_SAFETY or shown is None:
            found[subject, rule_key] = closed_at
            as_bad = (each for each in Severity if each.rank <= severity.rank)
            dealt.setdefault((subject, rule_key), {}).update(dict.fromkeys(as_bad, closed_at))
            continue
        # A press can reach us after the alert was closed: only what it showed is settled (H1).
        keys = {rule_key, noticed.SAFETY[kind].key} if kind in noticed.SAFETY else {rule_key}
        found |= {(subject, key): max(shown, found.get((subject, key), shown)) for key in keys}
    return found, dealt


def _resting(
    session: Session, watched: Mapping[Subject, list[Watch]], now: datetime
) -> dict[tuple[Subject, str], Closed]:
    """Of the rules that rest after they were dealt with, the last alert that was closed."""
    keys = {
        (subject.number, watch.rule.key): subject
        for subject, watches in watched.items()
        for watch in watches
        if watch.rule.again_after is not None
    }
    if not keys:
        return {}
    numbers = {number for number, _ in keys}
    rules = sorted({rule_key for _, rule_key in keys})
    rows = session.execute(
        select(Alert.subject, Alert.rule_key, Alert.closed_at, Alert.severity, Judgement.since)
        .outerjoin(
            Judgement,
            and_(
                Judgement.subject == Alert.subject,
                Judgement.rule_key == Alert.rule_key,
                Judgement.verdict == Standing.NOTHING,
            ),
        )
        .where(among(Alert.subject, numbers), Alert.rule_key.in_(rules), Alert.closed_at > now - SETTLED_FOR)
        .order_by(Alert.closed_at)
    )
    return {
        (keys[number, rule_key], rule_key): Closed(closed_at, severity, since)
        for number, rule_key, closed_at, severity, since in rows
        if closed_at is not None and (number, rule_key) in keys
    }


def shown_until(evidence: Sequence[Sequence[Any]] | None) -> datetime | None:
    """When the newest reading that an alert rests on was measured."""
    return max((datetime.fromisoformat(at) for _kind, at, _value in evidence or ()), default=None)
