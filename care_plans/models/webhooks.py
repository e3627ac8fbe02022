"""Tables of webhooks: the addresses of other systems that agencies have set, and what was posted there."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text


class Happening(StrEnum):
    """What an address can be told of, by the name that stands in the message as its type."""

    ALERT_RAISED = "alert.raised"
    ALERT_WORSE = "alert.worse"
    ALERT_ASKED = "alert.asked"
    """A step of its ladder has asked a team, or somebody, of the agency."""
    ALERT_TAKEN = "alert.taken"
    ALERT_CONTACT = "alert.contact_made"
    ALERT_CLOSED = "alert.closed"
    FOLLOW_UP_MADE = "follow_up.made"
    FOLLOW_UP_CLOSED = "follow_up.closed"
    TEST = "test"


class Endpoint(Envelope, Base):
    """An address of one agency's system: what it is told of, its secret, and whether it works.

    `cursor` is the number of the last journal entry that was looked at for it. `team_id` mends it when it
    fails. `before_sealed` is the secret before this one, which signs as well until `before_until`.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("(off_at IS NULL) = (off_why IS NULL)", name="off"),
        CheckConstraint("(before_sealed IS NULL) = (before_until IS NULL)", name="before"),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    url: Mapped[str]
    events: Mapped[list[Any]]
    secret_sealed: Mapped[bytes]
    before_sealed: Mapped[bytes | None]
    before_until: Mapped[datetime | None]
    cursor: Mapped[int]
    rest_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    off_at: Mapped[datetime | None]
    off_why: Mapped[str | None]


class DeliveryState(StrEnum):
    """How far it got; withheld is what the agency no longer saw when it was to go."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    WITHHELD = "withheld"
    FAILED = "failed"


class Delivery(Base):
    """One message to one address: what happened to what, never what is said of it. Its `uuid` is its id."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("uuid"),
        Index("ix_webhook_deliveries_waiting", "send_after", postgresql_where=text("state = 'waiting'")),
        Index("ix_webhook_deliveries_endpoint", "endpoint_id", "id"),
    )

    id: Mapped[Key]
    uuid: Mapped[UUID] = mapped_column(default=uuid4)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id"))
    event: Mapped[Happening] = mapped_column(enum_text(Happening))
    about: Mapped[UUID | None]
    """The alert's or follow-up's outer id; None for a test."""
    happened_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    send_after: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[DeliveryState] = mapped_column(enum_text(DeliveryState), default=DeliveryState.WAITING)
    delivered_at: Mapped[datetime | None]
    fault: Mapped[str | None]
