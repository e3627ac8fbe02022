"""Unknown traffic is kept up to a bound and counted beyond it, so that nobody can fill the database."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from devices import visible
from devices.gather import UNKNOWN_SENSOR, Refusal
from devices.models import Device, NotKept
from people.access import Viewer

UNKNOWN = frozenset({"unknown_topic", "unknown_device", "revoked", "not_announced", UNKNOWN_SENSOR})
"""Codes of messages that are nobody's: they can come without end, and nothing but their sender is wrong."""
MOST_OF_KIT = 200
"""Messages of one code and one piece of kit that are kept until somebody settles them."""
MOST_OF_NOBODY = 2000
"""The same of all kit together that nobody knows."""
SHOWN_FOR = timedelta(days=7)

# How many there are, looked at no further than the bound.
_OPEN = text(
    """
    SELECT a.n, (SELECT count(*) FROM (
      SELECT FROM rejected r
      WHERE r.settled_at IS NULL AND r.code = a.code AND r.device_id IS NOT DISTINCT FROM a.device_id
      LIMIT :most
    ) AS r)
    FROM unnest(CAST(:devices AS int8[]), CAST(:codes AS text[])) WITH ORDINALITY AS a (device_id, code, n)
    """
)
_COUNT = text(
    """
    INSERT INTO not_kept AS k (day, device_id, code, messages, last_at)
    SELECT * FROM unnest(CAST(:days AS date[]), CAST(:devices AS int8[]), CAST(:codes AS text[]),
      CAST(:counts AS int8[]), CAST(:lasts AS timestamptz[]))
    ON CONFLICT (day, device_id, code) DO UPDATE SET
      messages = k.messages + excluded.messages, last_at = greatest(k.last_at, excluded.last_at)
    """
)

Sort = tuple[int | None, str]
"""A piece of kit (None is nobody's) and a code."""


def within_bounds(session: Session, refusals: Sequence[Refusal]) -> list[Refusal]:
    """Those of `refusals` that are kept; what goes beyond the bounds is counted by day, kit and code.

    A danger to life is always kept, whoever's it is.
    """
    sorts = sorted({_sort(each) for each in refusals if _is_bounded(each)}, key=_order)
    if not sorts:
        return list(refusals)
    room = _room(session, sorts)
    kept: list[Refusal] = []
    beyond: list[Refusal] = []
    for each in refusals:
        sort = _sort(each)
        if _is_bounded(each):
            (kept if room[sort] > 0 else beyond).append(each)
            room[sort] -= 1
        else:
            kept.append(each)
    _count(session, beyond)
    return kept


def list_not_kept(
    session: Session, viewer: Viewer, now: datetime
) -> list[tuple[str | None, str, int, datetime]]:
    """What was counted lately of kit in sight: its name, the code, how many, when last; the most first."""
    counted = func.sum(NotKept.messages)
    rows = session.execute(
        select(Device.name, NotKept.code, counted, func.max(NotKept.last_at))
        .outerjoin(Device, Device.id == NotKept.device_id)
        .where(NotKept.last_at >= now - SHOWN_FOR, _in_sight(viewer, now))
        .group_by(Device.id, Device.name, NotKept.code)
        .order_by(counted.desc())
        .limit(20)
    )
    return [(name, code, int(count), last_at) for name, code, count, last_at in rows]


def _in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    return NotKept.device_id.is_(None) | NotKept.device_id.in_(visible.device_ids(viewer, now))


def _room(session: Session, sorts: Sequence[Sort]) -> dict[Sort, int]:
    devices, codes = [device for device, _ in sorts], [code for _, code in sorts]
    asked = {"devices": devices, "codes": codes, "most": MOST_OF_NOBODY}
    found = {number: count for number, count in session.execute(_OPEN, asked)}  # noqa: C416
    return {sort: _most(sort) - found[number] for number, sort in enumerate(sorts, start=1)}


def _most(sort: Sort) -> int:
    return MOST_OF_NOBODY if sort[0] is None else MOST_OF_KIT


def _count(session: Session, beyond: Sequence[Refusal]) -> None:
    if not beyond:
        return
    counts = Counter((each.message.received_at.date(), *_sort(each)) for each in beyond)
    lasts: dict[tuple[object, ...], datetime] = {}
    for each in beyond:
        key = (each.message.received_at.date(), *_sort(each))
        lasts[key] = max(lasts.get(key, each.message.received_at), each.message.received_at)
    keys = sorted(counts, key=lambda key: (key[0], _order(key[1:])))
    columns = {
        "days": [day for day, _, _ in keys],
        "devices": [device for _, device, _ in keys],
        "codes": [code for _, _, code in keys],
        "counts": [counts[key] for key in keys],
        "lasts": [lasts[key] for key in keys],
    }
    session.execute(_COUNT, columns)


def _is_bounded(refusal: Refusal) -> bool:
    return refusal.code in UNKNOWN and not refusal.danger


def _sort(refusal: Refusal) -> Sort:
    return refusal.device_id, refusal.code


def _order(sort: Sort) -> tuple[int, str]:
    return sort[0] or 0, sort[1]
