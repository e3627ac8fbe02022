"""Tables of who has to do with a person: care teams, and the sight of one alert."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key


class CareTeam(Base):
    """A team's legitimate relationship to a person, from when to when."""

    __tablename__ = "care_teams"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(person_id, person_id, '[]')"), "&&"),
            (text("int8range(team_id, team_id, '[]')"), "&&"),
            (Column("period"), "&&"),
            name="ex_care_teams_no_overlap",
            using="gist",
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    lead: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class AlertSight(Base):
    """The timed relationship a ladder step or dispatch gives its recipient, for one alert only (H10)."""

    __tablename__ = "alert_sights"
    __table_args__ = (
        CheckConstraint("(team_id IS NULL) <> (staff_id IS NULL)", name="one_recipient"),
        Index("ix_alert_sights_alert_id", "alert_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Nobody of an alert about a worker."""
    alert_id: Mapped[int]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
