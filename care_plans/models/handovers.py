"""The table of what one shift of a team tells the next."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope


class ShiftHandover(Envelope, Base):
    """What somebody told the next shift, and who took over by name. `open_alerts` is how many stood then."""

    __tablename__ = "shift_handovers"
    __table_args__ = (
        Index("ix_shift_handovers_team", "team_id", "given_at"),
        CheckConstraint("(taken_at IS NULL) = (taken_by_id IS NULL)", name="taken"),
        CheckConstraint("taken_by_id <> given_by_id", name="other"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    words: Mapped[str]
    open_alerts: Mapped[int]
    given_at: Mapped[datetime]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
