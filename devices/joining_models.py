"""Tables of how kit joins us: how it has spoken since it was enrolled, codes to claim it, people's own."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text


class HeardWay(Base):
    """A format in which a device has spoken lately, and how: what the enrolment test looks at."""

    __tablename__ = "heard_ways"
    __table_args__ = ({"postgresql_with": {"fillfactor": "60"}},)

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True, autoincrement=False)
    format: Mapped[str] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]
    marks: Mapped[int]
    """What was noticed of its messages, bit by bit (devices.enrolment.Mark)."""


class ClaimCode(Envelope, Base):
    """A code by which whoever holds it takes over a piece of kit, once and within a day; its hash alone."""

    __tablename__ = "claim_codes"
    __table_args__ = (
        Index(
            "uq_claim_codes_in_force",
            "device_id",
            unique=True,
            postgresql_where=text("used_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    for_home: Mapped[bool]
    """Whether the kit becomes the home's, not the person's."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ClaimTry(Base):
    """A code that did not fit, and who entered it; forgotten after a day."""

    __tablename__ = "claim_tries"
    __table_args__ = (Index("ix_claim_tries_claimant", "claimant", "at"),)

    id: Mapped[Key]
    claimant: Mapped[str]
    """"staff" or "account", and the inner key."""
    at: Mapped[datetime]


class Way(StrEnum):
    """How the readings of somebody's own kit come."""

    BY_HAND = "by_hand"
    BY_ITSELF = "by_itself"


class OwnKit(Base):
    """Kit that is somebody's own, and when what it measured counts in full: while staff found it right."""

    __tablename__ = "own_kit"

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True, autoincrement=False)
    sort: Mapped[str]
    way: Mapped[Way] = mapped_column(enum_text(Way))
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    checked: Mapped[list[Range[datetime]]] = mapped_column(TSTZMULTIRANGE)
    """The times in which it was checked and found right."""
