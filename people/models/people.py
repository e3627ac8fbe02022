"""Tables of whom we care for: what is known of them, what they say of themselves, who is near."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Envelope, Key, enum_text
from people.models.identity import Verification


class Sex(StrEnum):
    """As recorded on the care record."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    NOT_KNOWN = "not_known"


class Person(Envelope, Base):
    """Somebody who is cared for."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_family_name", func.lower(text("family_name")), func.lower(text("given_name"))),
        Index("ix_people_merged_into", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
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
    nhs_number_status: Mapped[Verification | None] = mapped_column(enum_text(Verification, length=60))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The record that stays, once this one was found to be the same person."""

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
