"""Tables of who somebody is: numbers, who might be the same, records brought together, deaths, warnings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text


class IdentifierKind(StrEnum):
    """Whose number it is. The NHS number in force stands on the person; one that is not, stands here."""

    NHS = "nhs"
    CHI = "chi"
    """Scotland's Community Health Index number."""
    HEALTH_AND_CARE = "health_and_care"
    """Northern Ireland's Health and Care Number."""
    SOCIAL_CARE = "social_care"
    TENANCY = "tenancy"
    HOSPITAL = "hospital"


class Verification(StrEnum):
    """How far a number was verified: UK Core's NHS number verification status, in its words."""

    VERIFIED = "number-present-and-verified"
    NOT_TRACED = "number-present-but-not-traced"
    TRACE_REQUIRED = "trace-required"
    TRACE_ATTEMPTED = "trace-attempted"
    TO_BE_RESOLVED = "trace-needs-to-be-resolved"
    TRACE_IN_PROGRESS = "trace-in-progress"
    NOT_REQUIRED = "number-not-present-and-trace-not-required"
    POSTPONED = "trace-postponed"


class PairState(StrEnum):
    """What a human has said of a pair that might be one."""

    PROPOSED = "proposed"
    MERGED = "merged"
    DIFFERENT = "different"


class MergeState(StrEnum):
    """How far bringing two records together has come; only a worker moves rows."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    UNDOING = "undoing"
    UNDONE = "undone"


class Identifier(Envelope, Base):
    """A number that stands for a person: sealed, found by its blind index, unique where its scheme is."""

    __tablename__ = "identifiers"
    __table_args__ = (
        Index(
            "uq_identifiers_scheme",
            "kind",
            text("coalesce(issuer_id, 0)"),
            "value_blind",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_identifiers_value", "value_blind"),
        CheckConstraint(
            "(kind IN ('social_care', 'tenancy', 'hospital')) = (issuer_id IS NOT NULL)", name="issuer"
        ),
        CheckConstraint("ended_on IS NULL OR began_on IS NULL OR ended_on >= began_on", name="period"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[IdentifierKind] = mapped_column(enum_text(IdentifierKind))
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    value_sealed: Mapped[bytes]
    value_blind: Mapped[bytes]
    verification: Mapped[Verification] = mapped_column(enum_text(Verification, length=60))
    began_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class Likeness(Base):
    """When a person was last compared with others; the keys under which others find them are beside it."""

    __tablename__ = "likenesses"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    compared_at: Mapped[datetime] = mapped_column(index=True)


class MatchKey(Base):
    """Something two records of one person are likely to share: how a name sounds, a birthday, a number."""

    __tablename__ = "match_keys"
    __table_args__ = (Index("ix_match_keys_key", "key", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)


class Pair(Envelope, Base):
    """Two records that might be one person: how likely, why, and what a human said."""

    __tablename__ = "pairs"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        Index("ix_pairs_proposed", "score", postgresql_where=text("state = 'proposed'")),
        CheckConstraint("one_id < other_id", name="order"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
    )

    one_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    score: Mapped[float]
    sure: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Any]]
    proposed_at: Mapped[datetime]
    state: Mapped[PairState] = mapped_column(enum_text(PairState), default=PairState.PROPOSED)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    why: Mapped[str | None]


class Merge(Envelope, Base):
    """Two records brought together: which stays, what was decided, how it went, and whether it was undone."""

    __tablename__ = "merges"
    __table_args__ = (
        Index("ix_merges_waiting", "id", postgresql_where=text("state IN ('asked', 'undoing')")),
        CheckConstraint("kept_id <> gone_id", name="two"),
    )

    kept_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[MergeState] = mapped_column(enum_text(MergeState), default=MergeState.ASKED)
    decisions: Mapped[dict[str, Any]]
    why: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[datetime | None]
    refused: Mapped[str | None]
    moved: Mapped[dict[str, Any] | None]
    """How many rows of each table changed."""
    undo_asked_at: Mapped[datetime | None]
    undo_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undo_why: Mapped[str | None]
    undone_at: Mapped[datetime | None]
    left: Mapped[list[Any] | None]
    """What could not be put back, because somebody changed it since: table, key and columns."""


class Death(Envelope, Base):
    """That somebody died, as named staff recorded it; undone whole when it was a mistake (H16)."""

    __tablename__ = "deaths"
    __table_args__ = (
        Index("uq_deaths_standing", "person_id", unique=True, postgresql_where=text("undone_at IS NULL")),
        Index(
            "ix_deaths_kit",
            "ask_for_kit_at",
            postgresql_where=text("kit_asked_at IS NULL AND undone_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    died_on: Mapped[date]
    known_from: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ask_for_kit_at: Mapped[datetime]
    kit_asked_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_why: Mapped[str | None]
    left: Mapped[list[Any] | None]


class RowChange(Base):
    """What a merge or the record of a death did to one row: enough to put it back."""

    __tablename__ = "row_changes"
    __table_args__ = (
        CheckConstraint("num_nonnulls(merge_id, death_id) = 1", name="one_cause"),
        CheckConstraint("num_nonnulls(before, after) >= 1", name="something"),
    )

    id: Mapped[Key]
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("merges.id"), index=True)
    death_id: Mapped[int | None] = mapped_column(ForeignKey("deaths.id"), index=True)
    position: Mapped[int]
    table: Mapped[str] = mapped_column("table_name")
    key: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class VisitWarning(Envelope, Base):
    """What whoever visits must know for their own safety: with its evidence, an owner and a review (H22)."""

    __tablename__ = "visit_warnings"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_id, home_id) = 1", name="person_or_home"),
        Index(
            "ix_visit_warnings_review",
            "review_on",
            postgresql_where=text("ended_at IS NULL AND review_asked_at IS NULL"),
        ),
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"), index=True)
    words: Mapped[str]
    evidence: Mapped[str]
    owner_team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    review_on: Mapped[date]
    review_asked_at: Mapped[datetime | None]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_why: Mapped[str | None]
