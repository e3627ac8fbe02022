"""By which clock days and hours are told for whom: that of the home somebody lives in."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating.among import among
from devices.subjects import Subject
from people.models.homes import Home


def zones_of(
    session: Session, subjects: Collection[Subject], home_of: Mapping[Subject, Subject]
) -> dict[Subject, str]:
    """The time zone of each one's home; those who live nowhere we know are left out."""
    homes = {
        subject: subject.id if subject.about == "home" else home_of[subject].id
        for subject in subjects
        if subject.about == "home" or subject in home_of
    }
    if not homes:
        return {}
    rows = session.execute(select(Home.id, Home.time_zone).where(among(Home.id, set(homes.values()))))
    zone_of = {home_id: zone for home_id, zone in rows}  # noqa: C416 - rows are no pairs to the checker
    return {subject: zone_of[home_id] for subject, home_id in homes.items() if home_id in zone_of}
