"""Tables of kit and what it says: devices, assignments, series, readings, and what could not be read."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Identity, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text
from devices.protecting import LineType, Urgency
from people.access import RecordClass


class DeviceState(StrEnum):
    """Where a piece of kit is in its life."""

    IN_STOCK = "in_stock"
    RESERVED = "reserved"
    INSTALLED = "installed"
    RECOVERED = "recovered"
    CLEANED = "cleaned"
    IN_REPAIR = "in_repair"
    LOST = "lost"
    RETIRED = "retired"


class Device(Envelope, Base):
    """A piece of kit: a hub or device with its own broker secret, or a sensor behind a hub."""

    __tablename__ = "devices"
    __table_args__ = (
        CheckConstraint("(hub_id IS NULL) = (address IS NULL)", name="address_behind_hub"),
        CheckConstraint("(hub_id IS NULL) <> (key IS NULL)", name="key_or_hub"),
        Index(
            "uq_devices_hub_address",
            "hub_id",
            "address",
            unique=True,
            postgresql_where=text("hub_id IS NOT NULL"),
        ),
        CheckConstraint("num_nonnulls(work_starts, work_ends, work_why) IN (0, 3)", name="work_whole"),
        Index("ix_devices_work_ends", "work_ends", postgresql_where=text("work_ends IS NOT NULL")),
    )

    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    key: Mapped[str | None] = mapped_column(unique=True)
    hub_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    address: Mapped[str | None]
    name: Mapped[str]
    model: Mapped[str]
    serial: Mapped[str | None]
    lot: Mapped[str | None]
    room: Mapped[str | None]
    life_safety: Mapped[bool] = mapped_column(default=False)
    state: Mapped[DeviceState] = mapped_column(enum_text(DeviceState), default=DeviceState.IN_STOCK)
    state_since: Mapped[datetime | None]
    """Since when it is so; None for kit from before this was kept."""
    reserved_for: Mapped[str | None]
    due_back_on: Mapped[date | None]
    calibrated_on: Mapped[date | None]
    calibration_due_on: Mapped[date | None]
    battery_changed_on: Mapped[date | None]
    secret_hash: Mapped[str | None]
    mosquitto_hash: Mapped[str | None]
    """Of the same secret, in Mosquitto's form; None where it was set before that was kept."""
    secret_set_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    silent_after_seconds: Mapped[int | None]
    last_test_press_at: Mapped[datetime | None]
    watches: Mapped[list[Any] | None]
    """The sorts of watching it was said to do (people.watching); None where nobody said."""
    listens_until: Mapped[datetime | None]
    """Until when somebody looks for new sensors behind it (devices.placing)."""
    reads_as: Mapped[dict[str, Any] | None]
    """What its kinds are read as where it stands, where that is other than it says (devices.meanings)."""
    work_starts: Mapped[datetime | None]
    work_ends: Mapped[datetime | None]
    work_why: Mapped[str | None]
    """Work on it that is planned or under way, in which its silence calls nobody (devices.works)."""


class Recall(Envelope, Base):
    """A model, or one lot of it, that its maker or an authority calls back."""

    __tablename__ = "recalls"

    model: Mapped[str]
    lot: Mapped[str | None]
    reason: Mapped[str]
    reference: Mapped[str | None]
    """The notice's own number."""
    urgency: Mapped[Urgency] = mapped_column(
        enum_text(Urgency), default=Urgency.WEEK, server_default=Urgency.WEEK.value
    )
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AlarmLine(Envelope, Base):
    """How the alarms of a home reach whoever answers them."""

    __tablename__ = "alarm_lines"

    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"), unique=True)
    line: Mapped[LineType | None] = mapped_column(enum_text(LineType))
    provider: Mapped[str | None]
    centre: Mapped[str | None]
    """The alarm receiving centre that answers."""
    migrates_on: Mapped[date | None]
    """When the line is, or was, moved to a digital one."""
    tested_on: Mapped[date | None]
    """When an alarm was last tried from the button to a voice."""
    battery_hours: Mapped[int | None]


class DeviceWord(Base):
    """The last that a device let us know of itself: narrow, updated often, never history."""

    __tablename__ = "device_words"
    __table_args__ = ({"postgresql_with": {"fillfactor": "60"}},)

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True, autoincrement=False)
    heard_at: Mapped[datetime | None]
    online: Mapped[bool | None]
    online_changed_at: Mapped[datetime | None]
    battery: Mapped[float | None]
    firmware: Mapped[str | None]
    speaks_every_seconds: Mapped[float | None]
    """How often kit that sleeps in between says it speaks."""


class KitState(Base):
    """What kit last said of its power, a line or a fault of its own: one row for each, never history."""

    __tablename__ = "kit_states"
    __table_args__ = (Index("ix_kit_states_kind", "kind", "value"),)

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(Float(53))
    since: Mapped[datetime]
    """Since when it has said the same."""
    at: Mapped[datetime]
    """When it last said something new."""
    turned: Mapped[bool]
    """Whether it ever said otherwise: kit that runs on batteries has never been on the mains."""
    confirmed: Mapped[bool]
    """False where only a state that was sent again shows it (H2)."""


class FoundSensor(Base):
    """A sensor that a hub speaks for or lists, whether it is registered here or not."""

    __tablename__ = "found_sensors"

    hub_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str | None]
    name: Mapped[str | None]
    first_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    """When it last measured something; None where the hub only lists it."""
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    """What it measured in the last of its messages, by kind."""
    left_at: Mapped[datetime | None]
    """Since when staff have said that it is no concern of ours: a neighbour's."""


class Announcement(Base):
    """What a hub has announced of later messages, by the topic that said so (formats.discovery)."""

    __tablename__ = "announcements"

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[bytes]


class Assignment(Envelope, Base):
    """Whose a device was, from when to when: a person's or a home's, never two at once."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (home_id IS NULL)", name="person_or_home"),
        ExcludeConstraint(
            (text("int8range(device_id, device_id, '[]')"), "&&"),
            (Column("period"), "&&"),
            name="ex_assignments_no_overlap",
            using="gist",
        ),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"), index=True)
    purpose: Mapped[str | None]
    goal_key: Mapped[str | None]
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class Route(Base):
    """A fixed topic of kit that can't be configured, and the device and format it stands for."""

    __tablename__ = "routes"

    id: Mapped[Key]
    topic_filter: Mapped[str] = mapped_column(unique=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    format: Mapped[str]


class Series(Base):
    """One line of readings: a device (or a person whose readings are typed in), a channel and a kind."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("(device_id IS NULL) <> (person_id IS NULL)", name="device_or_entry"),
        Index(
            "uq_series_device",
            "device_id",
            "channel",
            "kind",
            unique=True,
            postgresql_where=text("device_id IS NOT NULL"),
        ),
        Index(
            "uq_series_entry",
            "person_id",
            "channel",
            "kind",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]


class KindClass(Base):
    """Which class of record a kind of reading is, and whether it is of one body (Kind), for the database."""

    __tablename__ = "kind_classes"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record_class: Mapped[RecordClass] = mapped_column(enum_text(RecordClass))
    of_body: Mapped[bool] = mapped_column(server_default=text("false"))


class Batch(Base):
    """Readings that were received and stored together."""

    __tablename__ = "batches"

    id: Mapped[Key]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime]


class Reading(Base):
    """A value at a time. Partitioned by UTC month; person and home are found through assignments."""

    __tablename__ = "readings"
    __table_args__ = (
        Index(
            "ix_readings_unbelievable", "series_id", "measured_at", postgresql_where=text("(flags & 2) <> 0")
        ),
        {"postgresql_partition_by": "RANGE (measured_at)"},
    )

    series_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measured_at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(Float(53))
    flags: Mapped[int] = mapped_column(SmallInteger, default=0)
    batch_id: Mapped[int]


class ReadingConflict(Base):
    """The same series and time again with another value: kept and visible, the first stays."""

    __tablename__ = "reading_conflicts"

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    measured_at: Mapped[datetime]
    value: Mapped[float] = mapped_column(Float(53))
    flags: Mapped[int] = mapped_column(SmallInteger)
    batch_id: Mapped[int]


class ReadingOriginalTime(Base):
    """The time a device gave where we could not believe it."""

    __tablename__ = "reading_original_times"

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    measured_at: Mapped[datetime]
    original: Mapped[datetime]


class MessageSeen(Base):
    """A device's own message id with a hash of the payload, so that the same message twice is known."""

    __tablename__ = "messages_seen"

    device_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    payload_hash: Mapped[bytes] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(index=True)


class Rejected(Base):
    """A message that could not be read, kept with its reason until somebody mends the cause."""

    __tablename__ = "rejected"
    __table_args__ = (Index("ix_rejected_open", "id", postgresql_where=text("settled_at IS NULL")),)

    id: Mapped[Key]
    uuid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    received_at: Mapped[datetime]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    topic: Mapped[str]
    payload_sealed: Mapped[bytes | None]
    size: Mapped[int]
    retained: Mapped[bool] = mapped_column(default=False)
    code: Mapped[str]
    reason: Mapped[str]
    where: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=1)
    settled_at: Mapped[datetime | None]
    settled_how: Mapped[str | None]


class NotKept(Base):
    """How many messages of unknown kit or sensors were counted and not kept, by day."""

    __tablename__ = "not_kept"
    __table_args__ = (
        Index("uq_not_kept", "day", "device_id", "code", unique=True, postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Key]
    day: Mapped[date]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    code: Mapped[str]
    messages: Mapped[int]
    last_at: Mapped[datetime]


class Unread(Base):
    """Subjects that somebody must judge: insert-only for those who wake, deleted by the evaluator."""

    __tablename__ = "unread"
    __table_args__ = (Index("ix_unread_subject", "subject"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    subject: Mapped[int]
    at: Mapped[datetime]


class HeardState(StrEnum):
    """How an expectation stands: late comes before missing."""

    HEARD = "heard"
    LATE = "late"
    MISSING = "missing"


class Expectation(Base):
    """What should be heard, of whom or what, and by when. Care plans write it, devices read it."""

    __tablename__ = "expectations"
    __table_args__ = (
        Index("ix_expectations_due", "expected_by", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("num_nonnulls(person_id, home_id, device_id) = 1", name="one_subject"),
    )

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    kind: Mapped[str | None]
    source: Mapped[str]
    calendar: Mapped[dict[str, Any] | None]
    every_seconds: Mapped[int | None]
    grace_seconds: Mapped[int]
    expected_by: Mapped[datetime]
    state: Mapped[HeardState] = mapped_column(enum_text(HeardState), default=HeardState.HEARD)
    state_since: Mapped[datetime]
    last_heard_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
