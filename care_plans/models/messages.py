"""The table of messages: what is to be said to whom, and what came back."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.channel import Channel
from core.db import Base, Envelope, enum_text


class MessageState(StrEnum):
    """How far it got."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """It was no longer needed when its turn came."""


class Message(Envelope, Base):
    """Words to a team or a member of staff; sent at least once, always with the same Message-ID."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_waiting", "send_after", postgresql_where=text("state = 'waiting'")),
        Index("ix_messages_sent", "sent_at", postgresql_where=text("state = 'sent'")),
        Index("ix_messages_after", "after_id", postgresql_where=text("after_id IS NOT NULL")),
        CheckConstraint("num_nonnulls(team_id, staff_id, contact_id) = 1", name="one_recipient"),
    )

    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"))
    important: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It waits for no quiet hours, and goes by itself."""
    after_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """The same words by the way that comes before this one: not sent if they were seen by then."""
    subject: Mapped[str]
    body: Mapped[str]
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When it was to go at first: later than queued where it was held, or another way comes before it."""
    send_after: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[MessageState] = mapped_column(enum_text(MessageState), default=MessageState.WAITING)
    sent_at: Mapped[datetime | None]
    sent_in: Mapped[UUID | None]
    """The letter that it went in, where that was one for several messages."""
    maybe_twice: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A sender died between sending it and recording that: it was sent again under the same id."""
    delivered_at: Mapped[datetime | None]
    """When it reached the telephone, as far as the network says so: that is not yet read."""
    fault: Mapped[str | None]
