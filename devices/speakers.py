"""Whose word a message is: from its topic to the device, its sensors, their models and its time zone."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Row, Text, any_, literal, select, text, true
from sqlalchemy.orm import Session

from core.zones import UK
from devices import models_of_kit, topics
from devices.formats import discovery
from devices.formats.announced import Announced
from devices.hearing_models import AlsoHeard
from devices.models import Announcement, Device, FoundSensor, Route

FORGET_AFTER = 10.0
"""Seconds after which what is known of a device is read again, so that a change counts soon everywhere."""
FORGET_UNKNOWN_AFTER = 5.0
MOST_KNOWN = 50_000


@dataclass(frozen=True, slots=True)
class Speaker:
    """A device that publishes: itself, and the sensors that speak through it.

    `zone` is the time zone of the home it stands in. `sensors` maps the addresses behind a hub to device ids;
    `models` maps them, and "" for the device itself, to the names of their models: what was registered, or
    what the hub says where that is nothing we know. `shared` are the devices that other hubs hear too.
    `reads_as` says what their kinds are read as where that is other than they say (devices.meanings); until
    `listens_until` it may tell of sensors that are not registered (Arrival.hears); `announced` is what has
    been said of messages to come.
    """

    device_id: int
    revoked: bool = False
    zone: str = UK
    sensors: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    reads_as: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    listens_until: datetime | None = None
    shared: frozenset[int] = frozenset()
    announced: Announced = field(default_factory=Announced, compare=False)


class Said(NamedTuple):
    """What a topic stands for: who speaks, in which format, and the rest that is the decoder's."""

    speaker: Speaker
    format: str
    rest: str


class Nobody(NamedTuple):
    """Why a topic stands for no device: a stable code, and a sentence for a technician."""

    code: str
    reason: str
    device_id: int | None = None


UNKNOWN_TOPIC = Nobody("unknown_topic", "No device and no route has this topic; see the list of topics.")
UNKNOWN_DEVICE = Nobody("unknown_device", "No device is registered under the key in this topic.")
REVOKED = "The secret of this device was revoked; rotate it to let the device speak again."

# The home a device stands in: its own, or that of the person who has it.
_ZONES = text(
    """
    SELECT DISTINCT ON (a.device_id) a.device_id, h.time_zone
    FROM assignments a
    LEFT JOIN residencies r ON r.person_id = a.person_id AND r.period @> :now
    JOIN homes h ON h.id = coalesce(a.home_id, r.home_id)
    WHERE a.device_id = ANY(:ids) AND a.deleted_at IS NULL AND a.period @> :now
    """
)


# Changes when anything that a device announced does.
_MARKS = text(
    """
    SELECT device_id, md5(string_agg(topic || md5(document), ' ' ORDER BY topic)) AS mark
    FROM announcements WHERE device_id = ANY(:ids) GROUP BY device_id
    """
)


class Speakers:
    """Remembers who speaks under which topic; asks the database for what it doesn't know, many at once."""

    def __init__(self) -> None:
        self._known: dict[str, Said | Nobody] = {}
        self._unknown: dict[str, Nobody] = {}
        self._announced: dict[int, tuple[str, Announced]] = {}
        self._read_at = 0.0
        self._unknown_since = 0.0

    def missing(self, wanted: Iterable[str]) -> set[str]:
        """Those of the topics that have to be learnt, or learnt again because it was long ago."""
        monotonic = time.monotonic()
        if monotonic - self._read_at > FORGET_AFTER or len(self._known) > MOST_KNOWN:
            self._known.clear()
            self._read_at = monotonic
        if monotonic - self._unknown_since > FORGET_UNKNOWN_AFTER or len(self._unknown) > MOST_KNOWN:
            self._unknown.clear()
            self._unknown_since = monotonic
        known, unknown = self._known, self._unknown
        return {topic for topic in wanted if topic not in known and topic not in unknown}

    def of(self, topic: str) -> Said | Nobody:
        """Who speaks under a topic that was learnt."""
        return self._known.get(topic) or self._unknown[topic]

    def learn(self, session: Session, missing: set[str], now: datetime) -> None:
        """Find out about all of these topics in a few statements."""
        routes = _routes(session) if any(not topic.startswith(topics.ROOT) for topic in missing) else []
        parsed = {topic: topics.parse(topic, routes) for topic in missing}
        keys = {said.device_key for said in parsed.values() if said is not None}
        speakers = _speakers(session, keys, now)
        announced = self.announced_by(session, [each.device_id for each in speakers.values()])
        for key, each in speakers.items():
            if each.device_id in announced:
                speakers[key] = replace(each, announced=announced[each.device_id])
        for topic, said in parsed.items():
            speaker = speakers.get(said.device_key) if said is not None else None
            if said is None:
                self._unknown[topic] = UNKNOWN_TOPIC
            elif speaker is None:
                self._unknown[topic] = UNKNOWN_DEVICE
            elif speaker.revoked:
                self._unknown[topic] = Nobody("revoked", REVOKED, speaker.device_id)
            else:
                self._known[topic] = Said(speaker, said.format, said.rest)

    def announced_by(self, session: Session, device_ids: Collection[int]) -> dict[int, Announced]:
        """What these have announced, who has at all; read again only where it is no longer what was read."""
        if not device_ids:
            return {}
        marks: dict[int, str] = {
            row.device_id: row.mark for row in session.execute(_MARKS, {"ids": list(device_ids)})
        }
        changed = [each for each, mark in marks.items() if self._announced.get(each, ("", None))[0] != mark]
        if changed:
            documents: dict[int, dict[str, bytes]] = {}
            rows = select(Announcement.device_id, Announcement.topic, Announcement.document)
            for device_id, topic, document in session.execute(
                rows.where(Announcement.device_id == any_(literal(changed, ARRAY(BigInteger))))
            ):
                documents.setdefault(device_id, {})[topic] = document
            if len(self._announced) > MOST_KNOWN:
                self._announced.clear()
            for each, some in documents.items():
                self._announced[each] = (marks[each], discovery.remembered(some))
        return {each: self._announced[each][1] for each in marks}


def find(session: Session, topic: str, now: datetime) -> Said | Nobody:
    """Who speaks under one topic, read afresh."""
    speakers = Speakers()
    speakers.learn(session, {topic}, now)
    return speakers.of(topic)


def _routes(session: Session) -> list[topics.Route]:
    rows = session.execute(
        select(Route.topic_filter, Device.key, Route.format)
        .join(Device, Device.id == Route.device_id)
        .where(Device.key.is_not(None), Device.deleted_at.is_(None))
        .order_by(Route.id)
    )
    return [topics.Route(topic_filter, key or "", format_name) for topic_filter, key, format_name in rows]


def _speakers(session: Session, keys: set[str], now: datetime) -> dict[str, Speaker]:
    """One query by `= ANY` of each kind: the number of keys in it doesn't change the statement."""
    if not keys:
        return {}
    found = session.execute(
        select(
            Device.id, Device.key, Device.model, Device.revoked_at, Device.reads_as, Device.listens_until
        ).where(Device.key == any_(literal(sorted(keys), ARRAY(Text))), Device.deleted_at.is_(None))
    ).all()
    ids = [row.id for row in found]
    zones = {row.device_id: row.time_zone for row in session.execute(_ZONES, {"ids": ids, "now": now})}
    sensors: dict[int, dict[str, int]] = {}
    models: dict[int, dict[str, str]] = {row.id: {"": row.model} for row in found}
    reads_as: dict[int, dict[str, dict[str, str]]] = {
        row.id: {"": row.reads_as} for row in found if row.reads_as
    }
    shared: dict[int, set[int]] = {}
    for hub_id, address, device_id, model, said, meant, is_shared in _behind(session, ids):
        if hub_id is not None and address is not None:
            if is_shared:
                shared.setdefault(hub_id, set()).add(device_id)
            sensors.setdefault(hub_id, {})[address] = device_id
            if meant:
                reads_as.setdefault(hub_id, {})[address] = meant
            models[hub_id][address] = said if said and not models_of_kit.is_known(model) else model
    return {
        row.key or "": Speaker(
            device_id=row.id,
            revoked=row.revoked_at is not None,
            zone=zones.get(row.id, UK),
            sensors=sensors.get(row.id, {}),
            models=models[row.id],
            reads_as=reads_as.get(row.id, {}),
            listens_until=row.listens_until,
            shared=frozenset(shared.get(row.id, ())),
        )
        for row in found
    }


def _behind(session: Session, hub_ids: list[int]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The sensors behind these hubs, and then those of other hubs that they hear too.

    Hub, address, device, model, the hub's own word for it, what it is read as, whether several hubs hear it.
    """
    ids = any_(literal(hub_ids, ARRAY(BigInteger)))
    live = (Device.deleted_at.is_(None), Device.revoked_at.is_(None))
    several = select(AlsoHeard.device_id).where(AlsoHeard.device_id == Device.id).exists()
    own = (
        select(
            Device.hub_id,
            Device.address,
            Device.id,
            Device.model,
            FoundSensor.model,
            Device.reads_as,
            several,
        )
        .outerjoin(
            FoundSensor, (FoundSensor.hub_id == Device.hub_id) & (FoundSensor.address == Device.address)
        )
        .where(Device.hub_id == ids, *live)
    )
    also = (
        select(
            AlsoHeard.hub_id, AlsoHeard.address, Device.id, Device.model, FoundSensor.model, Device.reads_as,
            true(),
        )
        .join(Device, Device.id == AlsoHeard.device_id)
        .outerjoin(
            FoundSensor,
            (FoundSensor.hub_id == AlsoHeard.hub_id) & (FoundSensor.address == AlsoHeard.address),
        )
        .where(AlsoHeard.hub_id == ids, *live)
    )  # fmt: skip
    yield from session.execute(own)
    yield from session.execute(also)
