"""In which formats kit speaks, written down as it does; what was seen of it since its secret was set."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from devices import format_titles, models_of_kit, own_kit, placing
from devices.enrolment import Mark, Refused, Seen, Spoken
from devices.joining_models import HeardWay, Way
from devices.models import Assignment, Device, DeviceWord, Reading, Rejected, Series
from people import scoping

MOVES_BY = timedelta(seconds=30)
"""How often what is heard all the time is written down; whoever watches for it waits no longer."""

EVER = datetime(2020, 1, 1, tzinfo=UTC)
"""Since when kit is looked at of which it was not kept when its secret was set: longer than readings are."""

Key = tuple[int, str]
"""A device and the name of a format."""
Heard = tuple[datetime, int]
"""When it was last heard, and its marks."""

_WRITE = """
INSERT INTO heard_ways AS h (device_id, format, last_at, marks)
SELECT * FROM unnest(%b::int8[], %b::text[], %b::timestamptz[], %b::int8[])
ON CONFLICT (device_id, format) DO UPDATE SET
  last_at = greatest(h.last_at, excluded.last_at),
  marks = excluded.marks | CASE
    WHEN h.last_at < (SELECT d.secret_set_at FROM devices d WHERE d.id = h.device_id) THEN 0 ELSE h.marks END
"""


def write(session: Session, ways: Mapping[Key, Heard]) -> None:
    """Write down what was heard, in the order of the keys: so two workers never wait in a ring."""
    if ways:
        keys = sorted(ways)
        ids, formats = [device_id for device_id, _ in keys], [name for _, name in keys]
        said = [ways[key] for key in keys]
        asked = (ids, formats, [at for at, _ in said], [marks for _, marks in said])
        session.connection().exec_driver_sql(_WRITE, asked)


class Ways:
    """Remembers what was written down lately, to spare writes."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._known: dict[Key, Heard] = {}

    def worth_writing(self, ways: Mapping[Key, Heard]) -> dict[Key, Heard]:
        """Those that say more than was written, or say it again after long enough."""
        return {key: each for key, each in ways.items() if self._is_news(key, each)}

    def written(self, ways: Mapping[Key, Heard]) -> None:
        """Remember what was written; call it once the transaction has committed."""
        if len(self._known) > self._most:
            self._known.clear()
        self._known.update(ways)

    def _is_news(self, key: Key, heard: Heard) -> bool:
        before = self._known.get(key)
        return before is None or bool(heard[1] & ~before[1]) or heard[0] - before[0] >= MOVES_BY


def look(session: Session, device: Device) -> Seen | None:
    """All that was seen of a device since its secret was set; None for a sensor, or kit that is read by hand.

    Of readings no value is told; of such as are somebody's, only those whose class the viewer sees.
    """
    own = own_kit.find(session, device)
    if device.key is None or (own is not None and own.own.way is Way.BY_HAND):
        return None
    since = device.secret_set_at or EVER
    word = session.get(DeviceWord, device.id)
    found = placing.list_found(session, device)
    model = models_of_kit.model_called(device.model)
    alarms = {model.alarm_1, model.alarm_2} - {None} if device.life_safety else set()
    return Seen(
        key=device.key,
        since=since,
        heard_at=word.heard_at if word else None,
        spoken=_spoken(session, device, since),
        stored=_stored(session, device, since),
        refused=_refused(session, device, since),
        placed=sum(each.device is not None for each in found),
        waiting=sum(each.device is None and each.found.left_at is None for each in found),
        protects=device.life_safety,
        awaited=frozenset(own.sort.kinds[:2] if own else filter(None, alarms)),
    )


def _spoken(session: Session, device: Device, since: datetime) -> list[Spoken]:
    rows = session.scalars(
        select(HeardWay)
        .where(HeardWay.device_id == device.id, HeardWay.last_at >= since)
        .order_by(HeardWay.format)
    )
    return [
        Spoken(each.format, format_titles.title(each.format), each.last_at, Mark(each.marks)) for each in rows
    ]


def _stored(session: Session, device: Device, since: datetime) -> dict[str, datetime]:
    """When each kind was last measured: what is nobody's, and what is somebody's as far as it is shown."""
    theirs = or_(Device.id == device.id, Device.hub_id == device.id)
    newest = (
        select(Reading.measured_at)
        .where(Reading.series_id == Series.id, Reading.measured_at >= since)
        .order_by(Reading.measured_at.desc())
        .limit(1)
        .lateral("newest")
    )
    asked = (
        select(Series.kind, func.max(newest.c.measured_at).label("at"))
        .join(Device, Device.id == Series.device_id)
        .join(newest, newest.c.measured_at.is_not(None))
        .where(theirs)
        .group_by(Series.kind)
    )
    held = select(Assignment.id).where(Assignment.device_id == Device.id, Assignment.deleted_at.is_(None))
    found = {row.kind: row.at for row in session.execute(asked)}
    with scoping.lifted(session):  # kit that was never anybody's tells of nobody
        found |= {row.kind: row.at for row in session.execute(asked.where(~held.exists()))}
    return found


def _refused(session: Session, device: Device, since: datetime) -> list[Refused]:
    rows = session.execute(
        select(Rejected.code, func.max(Rejected.reason), func.count(), func.max(Rejected.received_at))
        .where(Rejected.device_id == device.id, Rejected.received_at >= since, Rejected.settled_at.is_(None))
        .group_by(Rejected.code)
        .order_by(func.count().desc(), Rejected.code)
    )
    return [Refused(code, reason, count, at) for code, reason, count, at in rows]
