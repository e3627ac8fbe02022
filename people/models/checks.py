"""The table of checks and inductions that whoever visits must have, and how long each holds."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope


class StaffCheck(Envelope, Base):
    """That a member of staff had a check or an induction: of one name the one that was done last counts."""

    __tablename__ = "staff_checks"
    __table_args__ = (
        Index("ix_staff_checks_staff", "staff_id", "valid_until"),
        CheckConstraint("valid_until >= done_on", name="period"),
    )

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    done_on: Mapped[date]
    valid_until: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
