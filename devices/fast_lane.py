"""What the life-safety lane listens to: the topics of all kit that is registered as protecting somebody."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ARRAY, BigInteger, ColumnElement, and_, any_, literal, or_, select
from sqlalchemy.orm import Session, aliased

from devices import fast_topics, known_mappings
from devices.formats.announced import Announced
from devices.hearing_models import AlsoHeard
from devices.joining_models import HeardWay
from devices.models import Device, Route
from devices.speakers import Speakers


@dataclass(slots=True)
class _Key:
    """A device that publishes: whether it protects itself, and which sensors behind it do."""

    id: int
    key: str
    protects: bool = False
    addresses: list[str] = field(default_factory=list)
    formats: set[str] = field(default_factory=set)


def topics(session: Session, speakers: Speakers) -> list[str]:
    """The filters of all kit that protects, under our own topics, in the order of registration."""
    keys = _keys(session)
    for device_id, name in session.execute(
        select(HeardWay.device_id, HeardWay.format).where(
            HeardWay.device_id == any_(literal(list(keys), ARRAY(BigInteger)))
        )
    ):
        keys[device_id].formats.add(name)
    announced = speakers.announced_by(session, [each.id for each in keys.values() if each.addresses])
    found: list[str] = []
    for one in keys.values():
        if one.protects:
            found += fast_topics.of_device(one.key, one.formats)
        elif one.addresses:
            known = announced.get(one.id, Announced())
            told = {address: known.topics_of(address) for address in one.addresses}
            found += fast_topics.of_sensors(one.key, one.formats, one.addresses, told, known_mappings.find)
    return found


def routes(session: Session) -> Sequence[str]:
    """The fixed topics of kit that protects, or that speaks for sensors which do."""
    hub = aliased(Device)
    sensors = select(Device.hub_id).where(_protects())
    return session.scalars(
        select(Route.topic_filter)
        .join(hub, hub.id == Route.device_id)
        .where(hub.deleted_at.is_(None), or_(hub.life_safety, hub.id.in_(sensors)))
        .order_by(Route.id)
    ).all()


def _keys(session: Session) -> dict[int, _Key]:
    """The devices with keys that protect, or speak for sensors which do, in the order of registration."""
    hub = aliased(Device)
    behind = select(Device.id, Device.hub_id, Device.address).where(Device.hub_id.is_not(None), _protects())
    also = select(AlsoHeard.device_id, AlsoHeard.hub_id, AlsoHeard.address).join(
        Device, Device.id == AlsoHeard.device_id
    )
    sensors = behind.union_all(also.where(_protects())).subquery()
    rows = session.execute(
        select(hub.id, hub.key, hub.life_safety, sensors.c.address)
        .outerjoin(sensors, sensors.c.hub_id == hub.id)
        .where(
            hub.key.is_not(None),
            hub.deleted_at.is_(None),
            hub.revoked_at.is_(None),
            or_(hub.life_safety, sensors.c.id.is_not(None)),
        )
        .order_by(hub.id, sensors.c.id)
    )
    keys: dict[int, _Key] = {}
    for id_, key, protects, address in rows:
        one = keys.setdefault(id_, _Key(id_, key or "", protects))
        if address is not None:
            one.addresses.append(address)
    return keys


def _protects() -> ColumnElement[bool]:
    return and_(Device.life_safety, Device.deleted_at.is_(None), Device.revoked_at.is_(None))
