"""The table of kit that was found to watch somebody who has not agreed to it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key


class Unagreed(Base):
    """An assignment that watches without an agreement: when that was found, and when it ends by itself."""

    __tablename__ = "unagreed_kit"

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), unique=True)
    found_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
