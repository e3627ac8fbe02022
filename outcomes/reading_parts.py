"""What each expected reading adds: what plans in force expected to hear, and whether it came in time."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from care_plans.models.rules import Monitoring
from care_plans.work import recurrence
from care_plans.work.recurrence import moment
from devices import subjects
from devices.subjects import Subject
from outcomes import heard, occasions
from outcomes.ground import Ground
from outcomes.occasions import DAY, Expected, Watch
from outcomes.reckoning import Part
from people import absences


@dataclass(frozen=True, slots=True)
class Heard:
    """Readings expected in a row, within one local day, and until when those that were not heard were due."""

    expected: Expected
    missed: frozenset[datetime]


def readings_as_expected(ground: Ground) -> list[Part]:
    """Each reading that fell due in these weeks and is decided by now; those at intervals, day by day."""
    asked = [
        (one, subject)
        for one in occasions.expected(watches(ground), lambda watch: _moves(ground, watch), ground.now)
        if (subject := _subject(ground, one)) is not None
    ]
    lines = heard.lines(ground.session, {one.watch.kind for one, _ in asked})
    missed = heard.missed(
        ground.session, [(one, lines.get((one.watch.kind, subject), [])) for one, subject in asked]
    )
    midnights = _midnights(ground)
    cuts: dict[int, list[datetime]] = {}
    found = []
    for (one, _), silent in zip(asked, missed, strict=True):
        person_id = one.watch.person_id
        if person_id not in cuts:
            changes = ground.ties.changes_of(person_id, ground.since, ground.until)
            cuts[person_id] = sorted({*midnights, *changes})
        found += [
            _part(ground, piece, silent.intersection(piece.untils()))
            for piece in occasions.pieces(one, cuts[person_id])
        ]
    return found


def _part(ground: Ground, one: Expected, silent: frozenset[datetime]) -> Part:
    return Part(
        one.due,
        (one.watch.person_id,),
        (one.watch.pathway,) if one.watch.pathway else (),
        ground.ties.agency_of(one.watch.person_id, one.due),
        met=one.times - len(silent),
        of=one.times,
        source=Heard(one, silent),
    )


def watches(ground: Ground) -> list[Watch]:
    """The monitoring of the versions in force; one that goes on unchanged from version to version is one.

    Of somebody who was away nothing was expected meanwhile (H15).
    """
    versions = {version.version_id: version for version in ground.plans}
    rows = ground.session.scalars(
        select(Monitoring).where(Monitoring.version_id.in_(list(versions))).order_by(Monitoring.id)
    )
    away = absences.spans(ground.session)
    found: list[Watch] = []
    for row in rows:
        version = versions[row.version_id]
        calendar, every = row.document.get("by"), row.document.get("every")
        watch = Watch(
            version.plan_id,
            version.person_id,
            row.key,
            row.kind,
            row.about,
            row.pathway,
            recurrence.from_document(calendar) if calendar else None,
            timedelta(seconds=every) if every else DAY,
            timedelta(seconds=row.document["grace"]),
            version.start,
            version.end,
        )
        found += occasions.without(watch, away.get(version.person_id, ()) if row.about == "person" else ())
    return occasions.joined(found)


def _midnights(ground: Ground) -> list[datetime]:
    days = 7 * len(ground.weeks) + 1
    return [moment(ground.weeks[0].monday + timedelta(days=day), time(0), ground.zone) for day in range(days)]


def _moves(ground: Ground, watch: Watch) -> list[datetime]:
    """The weeks asked for, cut where the home that is watched becomes another."""
    moves: set[datetime] = set()
    if watch.about == "home":
        moves = ground.ties.changes_of(watch.person_id, ground.since, ground.until)
    return sorted({ground.since, ground.until, *moves})


def _subject(ground: Ground, one: Expected) -> Subject | None:
    if one.watch.about == "person":
        return subjects.person(one.watch.person_id)
    home_id = ground.ties.home_of(one.watch.person_id, one.due)
    return None if home_id is None else subjects.home(home_id)
