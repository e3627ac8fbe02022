"""Tables of homes, and of who lives where from when to when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope, Key, enum_text
from core.zones import UK


class Tenure(StrEnum):
    """How the home is held; it decides which duties a landlord has."""

    SOCIAL_RENT = "social_rent"
    PRIVATE_RENT = "private_rent"
    OWNER = "owner"
    SHARED_OWNERSHIP = "shared_ownership"
    SUPPORTED = "supported"
    OTHER = "other"


class Home(Envelope, Base):
    """Where somebody lives: the place that kit, cold and keys belong to."""

    __tablename__ = "homes"
    __table_args__ = (CheckConstraint("uprn ~ '^[1-9][0-9]{0,11}$'", name="uprn"),)

    uprn: Mapped[str | None] = mapped_column(unique=True)
    address_line: Mapped[str]
    locality: Mapped[str | None]
    postcode: Mapped[str]
    area: Mapped[str | None] = mapped_column(index=True)
    tenure: Mapped[Tenure] = mapped_column(enum_text(Tenure), default=Tenure.OTHER)
    landlord_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    access_notes: Mapped[str | None]
    key_safe_sealed: Mapped[bytes | None]
    telephone_line: Mapped[str | None]
    time_zone: Mapped[str] = mapped_column(default=UK)


class Residency(Base):
    """Who lives where, from when to when; nobody lives at two places at once."""

    __tablename__ = "residencies"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(person_id, person_id, '[]')"), "&&"),
            (Column("period"), "&&"),
            name="ex_residencies_no_overlap",
            using="gist",
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("homes.id"), index=True)
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
