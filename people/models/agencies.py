"""Tables of those who care: agencies, their teams, their staff and the keys of programs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Envelope, Key, enum_text


class Sector(StrEnum):
    """What kind of agency it is."""

    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    HOUSING = "housing"
    THIRD_SECTOR = "third_sector"
    PRIVATE = "private"


class Role(StrEnum):
    """What a member of staff may do; whom they may see comes from their teams."""

    COORDINATOR = "coordinator"
    CLINICIAN = "clinician"
    PRACTITIONER = "practitioner"
    RESPONDER = "responder"
    VOLUNTEER = "volunteer"
    TECHNICIAN = "technician"
    COMMISSIONER = "commissioner"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy_officer"


class TeamRole(StrEnum):
    """What a team is for; a pathway names teams by sector and role."""

    COORDINATOR = "coordinator"
    COMMUNITY_NURSING = "community_nursing"
    SOCIAL_WORK = "social_work"
    HOUSING_OFFICER = "housing_officer"
    REPAIRS = "repairs"
    VOLUNTEERS = "volunteers"
    RESPONDERS = "responders"
    RECEIVING_CENTRE = "receiving_centre"
    GENERAL_PRACTICE = "general_practice"
    HOSPITAL = "hospital"
    VIRTUAL_WARD = "virtual_ward"
    THERAPY = "therapy"
    REABLEMENT = "reablement"
    MEMORY_SERVICE = "memory_service"
    PALLIATIVE_CARE = "palliative_care"
    PHARMACY = "pharmacy"
    CARER_SUPPORT = "carer_support"
    ADVICE = "advice"
    SAFEGUARDING = "safeguarding"
    PRIVACY = "privacy"


class Agency(Envelope, Base):
    """An organisation that cares: health, social care, housing, third sector or private."""

    __tablename__ = "agencies"

    name: Mapped[str] = mapped_column(unique=True)
    sector: Mapped[Sector] = mapped_column(enum_text(Sector))
    telephone: Mapped[str | None]
    email: Mapped[str | None]


class Team(Envelope, Base):
    """People of one agency who answer together."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str]
    role: Mapped[TeamRole | None] = mapped_column(enum_text(TeamRole))
    area: Mapped[str | None]
    telephone: Mapped[str | None]
    email: Mapped[str | None]
    staffed_all_hours: Mapped[bool] = mapped_column(default=False)
    receiving_centre: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[str | None]

    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")


class Staff(Envelope, Base):
    """Somebody who works for an agency and signs in."""

    __tablename__ = "staff"
    __table_args__ = (
        Index("uq_staff_email_lower", func.lower(text("email")), unique=True),
        CheckConstraint("failed_attempts >= 0", name="attempts"),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str]
    job_title: Mapped[str | None]
    email: Mapped[str]
    telephone: Mapped[str | None]
    role: Mapped[Role] = mapped_column(enum_text(Role))
    password_hash: Mapped[str | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship(lazy="raise_on_sql")


class TeamMember(Base):
    """Who is in a team, from when to when."""

    __tablename__ = "team_members"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(team_id, team_id, '[]')"), "&&"),
            (text("int8range(staff_id, staff_id, '[]')"), "&&"),
            (Column("period"), "&&"),
            name="ex_team_members_no_overlap",
            using="gist",
        ),
    )

    id: Mapped[Key]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class Token(Envelope, Base):
    """A key for the REST API or a calendar: shown once, kept as a hash, with scopes and an end."""

    __tablename__ = "tokens"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[Any]]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
