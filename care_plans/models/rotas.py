"""Tables of rotas: a team's layers of turns, and who covers for whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope


class TeamRota(Envelope, Base):
    """The rota of a team: its time zone, and its layers as care_plans.rotas.documents writes them."""

    __tablename__ = "rotas"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), unique=True)
    zone: Mapped[str]
    layers: Mapped[list[Any]]


class RotaCover(Envelope, Base):
    """Somebody who takes over a time of a team's rota, who wrote that down, and why."""

    __tablename__ = "rota_covers"
    __table_args__ = (
        Index("ix_rota_covers_team", "team_id", "ends_at"),
        CheckConstraint("ends_at > starts_at", name="period"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    why: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
