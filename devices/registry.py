"""Kit we know: enrolled with a secret shown once, sensors behind hubs, routes of kit with fixed topics."""

import secrets
import string
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import journal, mosquitto
from core.embedded.broker_users import hash_password
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import decode, kit_expected, meanings, topics
from devices.models import Assignment, Device, DeviceState, DeviceWord, Route
from people.faults import day, number, one_of, read_fields, words, yes_no
from people.watching import Watched

SECRET_BYTES = 24
HASH_ROUNDS = 4
"""Rounds of bcrypt. They slow down guessing, and 192 random bits can't be guessed; but a whole fleet
reconnects at once after a power cut, and each device costs the broker a hash."""
KEY_LETTERS = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("01lo")))
EXPECTED_BY = ("silent_after_seconds", "model", "life_safety")
"""What tells how often kit should be heard."""
WILD = frozenset("+#/\x00")
LONGEST_ADDRESS = 128


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A device and the secret it signs in to the broker with, which is shown this once and never kept."""

    device: Device
    key: str
    secret: str

    @property
    def topic_prefix(self) -> str:
        """What every topic of the device begins with."""
        return f"{topics.ROOT}{self.key}"


@dataclass(frozen=True, slots=True)
class Kit:
    """A device as the kit page lists it: its last word, and whose it is now (None where it is nobody's)."""

    device: Device
    word: DeviceWord | None
    assignment: Assignment | None


def sorts_of_watching(value: Any) -> list[str]:
    """The sorts that are named, in a list or with commas between; "none" is no sort at all."""
    named = value.split(",") if isinstance(value, str) and not isinstance(value, Watched) else value
    known = [str(each).strip() for each in named if str(each).strip() not in ("", "none")]
    if set(known) - set(Watched):
        raise Invalid({"": f"Name any of: {', '.join(Watched)}; or none."})
    return [each.value for each in Watched if each in known]


def what_it_stands_on(value: Any) -> dict[str, str] | None:
    """How kit is read that is to be read as this kind; None where it is read as it says itself."""
    code = str(value).strip()
    if not code or code in meanings.INSTEAD:
        return None
    found = meanings.reads_as(code)
    if found is None:
        known = sorted({each for others in meanings.INSTEAD.values() for each in others})
        raise Invalid({"": f"Name one of: {', '.join([*meanings.INSTEAD, *known])}."})
    return found


READERS = {
    "name": words(),
    "model": words(),
    "serial": words(),
    "lot": words(),
    "room": words(),
    "life_safety": yes_no,
    "silent_after_seconds": number(60, 90 * 86_400),
    "state": one_of(DeviceState),
    "reserved_for": words(),
    "due_back_on": day,
    "calibrated_on": day,
    "calibration_due_on": day,
    "battery_changed_on": day,
    "watches": sorts_of_watching,
    "reads_as": what_it_stands_on,
}


def enrol(
    session: Session,
    given: Mapping[str, Any],
    *,
    now: datetime,
    actor: Actor,
    agency_id: int | None = None,
    key: str | None = None,
    owner_id: int | None = None,
) -> Enrolment:
    """Register a device or hub that signs in to the broker itself. `given` may hold what READERS read.

    `key` is made up where none is given; `owner_id` is the person whose own it is. Invalid for fields,
    Conflict for a key that is taken.
    """
    if key is not None and not topics.is_device_key(key):
        raise Invalid({"key": "Use 4 to 64 small letters, digits and hyphens, none at the ends."})
    device = _read(given, key, agency_id)
    secret = _new_secret(device, now)
    _add(session, device, "This key is taken by another device.")
    _tell(session, "enrolled", device, actor, owner_id=owner_id)
    return Enrolment(device, device.key or "", secret)


def enrol_without_secret(
    session: Session, given: Mapping[str, Any], *, actor: Actor, owner_id: int
) -> Device:
    """Register somebody's own kit whose readings are typed in: no broker lets it in. Invalid for fields."""
    device = _read(given, None, None)
    _add(session, device, "This key is taken by another device.")
    _tell(session, "enrolled", device, actor, owner_id=owner_id)
    return device


def enrol_sensor(
    session: Session,
    hub: Device,
    address: str,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    agency_id: int | None = None,
) -> Device:
    """Register a sensor that speaks through `hub`, by the address the hub gives it in its topics.

    The address is the sensor's own (IEEE, MAC), never a name somebody gave it: names change, and hold spaces
    that some brokers can't carry.
    """
    if hub.key is None:
        raise Invalid({"hub": "This is itself a sensor behind a hub."})
    bad = WILD.intersection(address) or any(letter.isspace() for letter in address)
    if bad or not 0 < len(address) <= LONGEST_ADDRESS:
        raise Invalid({"address": "Give the address the hub publishes, without spaces, +, # and /."})
    found = read_fields(given, READERS, required=("name", "model"), empty={"life_safety": False})
    device = Device(
        **{name: value for name, value in found.items() if value is not None},
        hub_id=hub.id,
        address=address,
        agency_id=agency_id if agency_id is not None else hub.agency_id,
    )
    _add(session, device, "A sensor with this address is registered behind this hub.")
    _tell(session, "enrolled", device, actor)
    return device


def change(
    session: Session, device: Device, given: Mapping[str, Any], *, now: datetime, actor: Actor
) -> Device:
    """Change what `given` names; Invalid for fields. Its state is moved by `kit_life.move`."""
    readers = {name: reader for name, reader in READERS.items() if name != "state"}
    found = read_fields(
        given, readers, required=("name", "model"), empty={"life_safety": False}, adding=False
    )
    for name, value in found.items():
        setattr(device, name, value)
    _tell(session, "changed", device, actor, fields=sorted(found))
    session.flush()
    if not found.keys().isdisjoint(EXPECTED_BY):
        kit_expected.expect_anew(session, [device.id], now)
    return device


def rotate(session: Session, device: Device, *, now: datetime, actor: Actor) -> Enrolment:
    """Give a device another secret, also after a revocation; the old one ends when the broker reloads."""
    if device.key is None:
        raise Invalid({"device": "A sensor behind a hub has no secret: rotate the hub's."})
    secret = _new_secret(device, now)
    device.revoked_at = None
    _tell(session, "rotated", device, actor)
    session.flush()
    return Enrolment(device, device.key, secret)


def revoke(session: Session, device: Device, *, now: datetime, actor: Actor) -> None:
    """Let a device speak no more: the broker refuses it, and what still comes from it is rejected."""
    if device.revoked_at is not None:
        raise Conflict("This device was revoked before.")
    device.revoked_at = now
    _tell(session, "revoked", device, actor)
    session.flush()


def add_route(
    session: Session, device: Device, topic_filter: str, format_name: str, *, actor: Actor
) -> Route:
    """Say that what comes under a fixed topic, outside our own, is this device's, in this format."""
    faults = {}
    levels = topic_filter.split("/")
    if device.key is None:
        faults["device"] = "A sensor behind a hub has no topics of its own."
    if not decode.knows(format_name):
        faults["format"] = f"Choose one of {', '.join(decode.format_names())}."
    if (
        topic_filter.startswith((topics.ROOT, "$"))
        or levels[0] in ("", "+", "#")
        or "#" in levels[:-1]
        or any(len(level) > 1 and WILD.intersection(level) for level in levels)
    ):
        faults["topic"] = "Give a topic of the kit's own, like glow/+/SENSOR/#, that begins with a word."
    if faults:
        raise Invalid(faults)
    route = Route(topic_filter=topic_filter, device_id=device.id, format=format_name)
    _add(session, route, "Another device has this topic.")
    _tell(session, "routed", device, actor)
    return route


def get(session: Session, uuid: UUID) -> Device:
    """The device with this UUID; NotFound if there is none."""
    found = session.scalars(
        select(Device).where(Device.uuid == uuid, Device.deleted_at.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_by_key(session: Session, key: str) -> Device | None:
    """The device with this broker user name, or None."""
    return session.scalars(select(Device).where(Device.key == key, Device.deleted_at.is_(None))).one_or_none()


def list_sensors(session: Session, hub_id: int) -> Sequence[Device]:
    """The sensors behind a hub, by name."""
    wanted = select(Device).where(Device.hub_id == hub_id, Device.deleted_at.is_(None))
    return session.scalars(wanted.order_by(Device.name, Device.id)).all()


def list_kit(
    session: Session,
    now: datetime,
    *,
    people: Collection[int] | None = None,
    homes: Collection[int] | None = None,
    agency_id: int | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[Kit]:
    """Kit in the order it was enrolled, beyond the device id `after`.

    What is now one of these people's, or one of these homes', or owned by the agency; all when none is given.
    """
    wanted = (
        select(Device, DeviceWord, Assignment)
        .outerjoin(DeviceWord, DeviceWord.device_id == Device.id)
        .outerjoin(
            Assignment,
            (Assignment.device_id == Device.id)
            & Assignment.period.contains(now)
            & Assignment.deleted_at.is_(None),
        )
        .where(Device.deleted_at.is_(None), Device.id > after)
        .order_by(Device.id)
        .limit(limit)
    )
    whose: list[ColumnElement[bool]] = []
    if people is not None:
        whose.append(Assignment.person_id.in_(people))
    if homes is not None:
        whose.append(Assignment.home_id.in_(homes))
    if agency_id is not None:
        whose.append(Device.agency_id == agency_id)
    if whose:
        wanted = wanted.where(or_(*whose))
    return [Kit(device, word, assignment) for device, word, assignment in session.execute(wanted)]


def _read(given: Mapping[str, Any], key: str | None, agency_id: int | None) -> Device:
    found = read_fields(given, READERS, required=("name", "model"), empty={"life_safety": False})
    told = {name: value for name, value in found.items() if value is not None}
    return Device(**told, key=key or _new_key(), agency_id=agency_id)


def _new_key() -> str:
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(12))


def _new_secret(device: Device, now: datetime) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    device.secret_hash = hash_password(secret, HASH_ROUNDS)
    device.mosquitto_hash = mosquitto.hash_password(secret)
    device.secret_set_at = now
    return secret


def _add(session: Session, row: Device | Route, taken: str) -> None:
    """Add a row; Conflict, said by `taken`, when another holds what must be its own."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as fault:
        if isinstance(fault.orig, UniqueViolation):
            raise Conflict(taken) from fault
        raise


def _tell(
    session: Session,
    what: str,
    device: Device,
    actor: Actor,
    fields: Sequence[str] = (),
    owner_id: int | None = None,
) -> None:
    journal.write(
        session,
        what,
        actor=actor,
        subject="device",
        subject_uuid=device.uuid,
        person_id=owner_id,
        details={"fields": list(fields)} if fields else None,
    )
