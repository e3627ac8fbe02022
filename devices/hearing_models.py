"""Tables of how kit is heard: when it was not, when we did not listen, and by which hubs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key, enum_text


class Why(StrEnum):
    """Why kit was not heard."""

    UNHEARD = "unheard"
    """It should have been, and was not."""
    WORK = "work"
    """Somebody worked on it, or on its hub."""


class Silence(Base):
    """A time in which a piece of kit was not heard; `until` is None while it goes on."""

    __tablename__ = "silences"
    __table_args__ = (
        Index("ix_silences_device", "device_id", "since"),
        Index("uq_silences_open", "device_id", "why", unique=True, postgresql_where=text("until IS NULL")),
    )

    id: Mapped[Key]
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    why: Mapped[Why] = mapped_column(enum_text(Why))


class Listened(Base):
    """A stretch in which intake heard what kit publishes; between two of them the silence was ours."""

    __tablename__ = "listened"

    id: Mapped[Key]
    since: Mapped[datetime]
    until: Mapped[datetime]


class AlsoHeard(Base):
    """A sensor that another hub hears too: what that hub says of the address is this device's."""

    __tablename__ = "also_heard"

    hub_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    since: Mapped[datetime]
