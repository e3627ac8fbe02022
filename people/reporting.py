"""Who said no to being counted: the consent to planning and reporting is apart from that to care."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from people.access import Purpose
from people.models.sharing import Decision, SharingChoice


def left_out(agency_id: int, now: datetime) -> Select[int]:
    """Inner keys of the people whom an agency's figures leave out at `now`.

    The choice that names more (this agency, planning) counts before one that names less, then the later one;
    what somebody says of one class of record alone is about looking, not about being counted.
    """
    named = func.num_nonnulls(SharingChoice.agency_id, SharingChoice.purpose)
    latest = (SharingChoice.began_at.desc(), SharingChoice.id.desc())
    decisive = (
        select(SharingChoice.person_id, SharingChoice.decision)
        .ext(distinct_on(SharingChoice.person_id))
        .where(
            SharingChoice.record_class.is_(None),
            or_(SharingChoice.purpose.is_(None), SharingChoice.purpose == Purpose.PLANNING),
            or_(SharingChoice.agency_id.is_(None), SharingChoice.agency_id == agency_id),
            SharingChoice.began_at <= now,
            or_(SharingChoice.ended_at.is_(None), SharingChoice.ended_at > now),
            SharingChoice.deleted_at.is_(None),
        )
        .order_by(SharingChoice.person_id, named.desc(), *latest)
        .subquery()
    )
    return select(decisive.c.person_id).where(decisive.c.decision == Decision.DISSENT)
