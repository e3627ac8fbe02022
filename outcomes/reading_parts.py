"""What each expected reading adds: what plans in force expected to hear, and whether it came in time."""

from datetime import timedelta

from sqlalchemy import select

from care_plans.models.plans import Monitoring
from care_plans.work import recurrence
from devices import subjects
from devices.subjects import Subject
from outcomes import heard
from outcomes.ground import Ground
from outcomes.occasions import Occasion, Watch, joined, occasions
from outcomes.reckoning import Part


def readings_as_expected(ground: Ground) -> list[Part]:
    """Each reading that fell due in these weeks and is decided by now."""
    due = occasions(watches(ground), ground.since, ground.until, ground.now)
    expected = [(one, subject) for one in due if (subject := _subject(ground, one)) is not None]
    lines = heard.lines(ground.session, {one.watch.kind for one, _ in expected})
    in_time = heard.heard(
        ground.session,
        [(lines.get((one.watch.kind, subject), []), one.after, one.until) for one, subject in expected],
    )
    return [
        Part(
            one.due,
            (one.watch.person_id,),
            (one.watch.pathway,) if one.watch.pathway else (),
            ground.ties.agency_of(one.watch.person_id, one.due),
            met=int(number in in_time),
            of=1,
            source=one,
        )
        for number, (one, _) in enumerate(expected)
    ]


def watches(ground: Ground) -> list[Watch]:
    """The monitoring of the versions in force; one that goes on unchanged from version to version is one."""
    versions = {version.version_id: version for version in ground.plans}
    rows = ground.session.scalars(
        select(Monitoring).where(Monitoring.version_id.in_(list(versions))).order_by(Monitoring.id)
    )
    found = []
    for row in rows:
        version = versions[row.version_id]
        calendar, every = row.document.get("by"), row.document.get("every")
        found.append(
            Watch(
                version.plan_id,
                version.person_id,
                row.key,
                row.kind,
                row.about,
                row.pathway,
                recurrence.from_document(calendar) if calendar else None,
                timedelta(seconds=every) if every else None,
                timedelta(seconds=row.document["grace"]),
                version.start,
                version.end,
            )
        )
    return joined(found)


def _subject(ground: Ground, one: Occasion) -> Subject | None:
    if one.watch.about == "person":
        return subjects.person(one.watch.person_id)
    home_id = ground.ties.home_of(one.watch.person_id, one.due)
    return None if home_id is None else subjects.home(home_id)
