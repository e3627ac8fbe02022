"""The table of NEWS2 in use: for whom a clinician has switched it on, how it is set, and until when (H13)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.judging.news2 import Scale
from core.db import Base, Envelope, enum_text


class News2Use(Envelope, Base):
    """NEWS2 as one clinician has set it for one person; another setting is another row, and this one ends.

    `within` is how many seconds old a measurement may be and still count. `usual` is the person's own score
    when they are well, and `usual_on` when it was found. `review_id` is the follow-up for its review.
    """

    __tablename__ = "news2_uses"
    __table_args__ = (
        Index("uq_news2_uses_on", "person_id", unique=True, postgresql_where=text("off_at IS NULL")),
        CheckConstraint("scale = '1' OR scale_why IS NOT NULL", name="scale_why"),
        CheckConstraint("within BETWEEN 900 AND 86400", name="within"),
        CheckConstraint("usual BETWEEN 0 AND 20", name="usual"),
        CheckConstraint("(usual IS NULL) = (usual_on IS NULL)", name="usual_on"),
        CheckConstraint("(off_at IS NULL) = (off_why IS NULL)", name="off"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    scale: Mapped[Scale] = mapped_column(enum_text(Scale))
    scale_why: Mapped[str | None]
    within: Mapped[int]
    usual: Mapped[int | None]
    usual_on: Mapped[date | None]
    spinal_injury: Mapped[bool]
    why: Mapped[str]
    review_on: Mapped[date]
    review_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    on_at: Mapped[datetime]
    on_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    off_at: Mapped[datetime | None]
    off_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    off_why: Mapped[str | None]
