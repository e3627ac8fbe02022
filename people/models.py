"""Tables of people: whom we care for, where they live, who cares, and who may see whom."""

from datetime import date, datetime
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


class Sex(StrEnum):
    """As recorded on the care record."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    NOT_KNOWN = "not_known"


class Tenure(StrEnum):
    """How the home is held; it decides which duties a landlord has."""

    SOCIAL_RENT = "social_rent"
    PRIVATE_RENT = "private_rent"
    OWNER = "owner"
    SHARED_OWNERSHIP = "shared_ownership"
    SUPPORTED = "supported"
    OTHER = "other"


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
    """A key for the REST API: shown once, kept as a hash, with scopes and an end."""

    __tablename__ = "tokens"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[Any]]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Person(Envelope, Base):
    """Somebody who is cared for."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_family_name", func.lower(text("family_name")), func.lower(text("given_name"))),
    )

    given_name: Mapped[str]
    family_name: Mapped[str]
    preferred_name: Mapped[str | None]
    title: Mapped[str | None]
    date_of_birth: Mapped[date]
    sex: Mapped[Sex] = mapped_column(enum_text(Sex), default=Sex.NOT_KNOWN)
    ethnicity: Mapped[str | None]
    nhs_number_sealed: Mapped[bytes | None]
    nhs_number_blind: Mapped[bytes | None] = mapped_column(unique=True)
    telephone_sealed: Mapped[bytes | None]
    telephone_blind: Mapped[bytes | None] = mapped_column(index=True)
    gp_practice_code: Mapped[str | None]
    gp_practice_name: Mapped[str | None]
    language: Mapped[str | None]
    interpreter_needed: Mapped[bool] = mapped_column(default=False)
    communication_needs: Mapped[str | None]
    disability: Mapped[str | None]
    digital_exclusion: Mapped[str | None]
    died_on: Mapped[date | None]

    about_me: Mapped["AboutMe | None"] = relationship(
        lazy="raise_on_sql",
        primaryjoin="and_(AboutMe.person_id == Person.id, AboutMe.superseded_at.is_(None))",
        viewonly=True,
    )


class AboutMe(Base):
    """What a person says of themselves, under the headings of PRSB About Me 2.0; each change is a row."""

    __tablename__ = "about_me"
    __table_args__ = (
        Index(
            "uq_about_me_current", "person_id", unique=True, postgresql_where=text("superseded_at IS NULL")
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    most_important: Mapped[str | None]
    people_important: Mapped[str | None]
    how_i_communicate: Mapped[str | None]
    my_wellness: Mapped[str | None]
    please_do_and_dont: Mapped[str | None]
    how_and_when_to_support: Mapped[str | None]
    also_worth_knowing: Mapped[str | None]
    supported_by: Mapped[str | None]
    written_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class Contact(Envelope, Base):
    """Family, friends and neighbours around a person."""

    __tablename__ = "contacts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    relation: Mapped[str | None]
    telephone_sealed: Mapped[bytes | None]
    telephone_blind: Mapped[bytes | None] = mapped_column(index=True)
    key_holder: Mapped[bool] = mapped_column(default=False)
    minutes_away: Mapped[int | None]
    remarks: Mapped[str | None]


class ResponderCard(Envelope, Base):
    """What whoever goes must know (H11)."""

    __tablename__ = "responder_cards"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    home_oxygen: Mapped[bool] = mapped_column(default=False)
    mobility: Mapped[str | None]
    communication: Mapped[str | None]
    dog: Mapped[str | None]
    infection: Mapped[str | None]
    access: Mapped[str | None]
    end_of_life: Mapped[bool] = mapped_column(default=False)
    decision_form: Mapped[str | None]
    decision_form_date: Mapped[date | None]
    decision_form_place: Mapped[str | None]


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
    time_zone: Mapped[str] = mapped_column(default="Europe/London")


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
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    alert_id: Mapped[int]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
