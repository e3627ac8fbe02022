"""Tables of what was answered: one row for each time a form was filled in; a correction is another row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, enum_text
from people.access import RecordClass


class FillState(StrEnum):
    """How far a filled form is."""

    DRAFT = "draft"
    COMPLETE = "complete"


class AnsweredBy(StrEnum):
    """Whose answers they are."""

    PERSON = "person"
    REPRESENTATIVE = "representative"
    """Family, a friend, an attorney or an advocate speaking for the person."""
    CARER = "carer"
    """Somebody who cares for them without pay, about themselves."""
    STAFF = "staff"
    """What staff saw or found."""


class AskedBy(StrEnum):
    """How they were asked; every form can be asked by staff in each of these ways (H24)."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    PAPER = "paper"
    OWN_PAGE = "own_page"
    """The person themselves, signed in to their own page: nobody asked."""


class FilledForm(Envelope, Base):
    """A form as somebody filled it in, by its code and version.

    `answers` are by question key; `scores` as `people.forms.scoring` made them when it was completed, so that
    a later version of the form rewrites nothing. A correction is a row that `supersedes` this one. One that
    was entered in error stays, with the reason. Without staff and agency the person filled it in on their own
    page.
    """

    __tablename__ = "filled_forms"
    __table_args__ = (
        Index("ix_filled_forms_person", "person_id", "answered_at"),
        CheckConstraint("(state = 'complete') = (completed_at IS NOT NULL)", name="completed"),
        CheckConstraint("(mistaken_at IS NULL) = (mistake IS NULL)", name="mistake"),
        CheckConstraint(
            "(asked_by = 'own_page') = (staff_id IS NULL) AND (staff_id IS NULL) = (agency_id IS NULL)",
            name="by",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form_code: Mapped[str]
    form_version: Mapped[int]
    record_class: Mapped[RecordClass] = mapped_column(enum_text(RecordClass))
    state: Mapped[FillState] = mapped_column(enum_text(FillState))
    answers: Mapped[dict[str, Any]]
    scores: Mapped[list[Any] | None]
    answered_by: Mapped[AnsweredBy] = mapped_column(enum_text(AnsweredBy))
    answered_by_name: Mapped[str | None]
    asked_by: Mapped[AskedBy] = mapped_column(enum_text(AskedBy))
    answered_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    completed_at: Mapped[datetime | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("filled_forms.id"), unique=True)
    superseded_at: Mapped[datetime | None]
    mistaken_at: Mapped[datetime | None]
    mistake: Mapped[str | None]
