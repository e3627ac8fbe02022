"""The table of checks of kit that is somebody's own, against kit that is known to be right."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from care_plans.models.work import FollowUp
from core.db import Base, Key, enum_text


class Found(StrEnum):
    """What a check found."""

    RIGHT = "right"
    NOT_RIGHT = "not_right"
    CANT_TELL = "cant_tell"


class OwnKitCheck(Base):
    """A check of somebody's own kit: asked of a team by a time (its follow-up), and what came of it."""

    __tablename__ = "own_kit_checks"

    id: Mapped[Key]
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    asked_at: Mapped[datetime]
    follow_up_id: Mapped[int] = mapped_column(ForeignKey(FollowUp.id))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    found: Mapped[Found | None] = mapped_column(enum_text(Found))
    compared: Mapped[list[Any] | None] = mapped_column(JSONB)
    """What both said, as [kind, theirs, ours]."""
    remarks: Mapped[str | None]
    counts_from: Mapped[datetime | None]
    """From when on its readings count in full; None unless it was found right."""
