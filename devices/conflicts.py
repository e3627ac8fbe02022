"""Readings that contradict another of the same moment: the first stays, and the other is shown beside it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from devices import assignments, kinds, shared_kinds
from devices.models import Device, Reading, ReadingConflict, Series
from people.access import Viewer

LOOKS_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Contradicted:
    """One moment for which a device gave two values: the one that counts, and the other."""

    kind: str
    at: datetime
    kept: float
    other: float


def shown(session: Session, viewer: Viewer, device: Device, now: datetime) -> list[Contradicted]:
    """Those of the last weeks, since whoever has the device has it, of kinds that the viewer is shown."""
    held = assignments.find(session, device.id, now)
    if held is None:
        return []
    seen = shared_kinds.of(session, viewer, held.person_id, held.home_id, now)
    began = held.period.lower or now
    codes = seen.full(kind.code for kind in kinds.all_kinds())
    return of_device(session, device, codes, max(began, now - LOOKS_BACK))


def of_device(
    session: Session, device: Device, codes: Collection[str], since: datetime, *, limit: int = 20
) -> list[Contradicted]:
    """Those of these kinds measured from `since` on, the latest first; more than one value may be told."""
    rows = session.execute(
        select(Series.kind, ReadingConflict.measured_at, Reading.value, ReadingConflict.value)
        .join(Series, Series.id == ReadingConflict.series_id)
        .join(
            Reading,
            and_(
                Reading.series_id == ReadingConflict.series_id,
                Reading.measured_at == ReadingConflict.measured_at,
            ),
        )
        .where(Series.device_id == device.id, Series.kind.in_(codes), ReadingConflict.measured_at >= since)
        .order_by(ReadingConflict.measured_at.desc(), ReadingConflict.id.desc())
        .limit(limit)
    )
    return [Contradicted(*row) for row in rows]
