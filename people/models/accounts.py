"""Tables of those who are not staff and see something: the person, and whoever they let (H17)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Envelope


class Account(Envelope, Base):
    """A sign-in of somebody who is not staff: a person's own (`person_id`), or of somebody they let."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index(
            "uq_accounts_email",
            text("lower(email)"),
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "uq_accounts_person",
            "person_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL AND person_id IS NOT NULL"),
        ),
        CheckConstraint("failed_attempts >= 0", name="attempts"),
        CheckConstraint("(code_hash IS NULL) = (code_until IS NULL)", name="code"),
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    code_hash: Mapped[bytes | None]
    code_until: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Proxy(Envelope, Base):
    """That an account sees some classes of a person's record: who saw the person alone first, and until when.

    `restricted_at` makes what they see smaller without a word to them. With `shares_home_id` it is smaller as
    soon as the person does not live there any more.
    """

    __tablename__ = "proxies"
    __table_args__ = (
        Index(
            "uq_proxies_in_force",
            "person_id",
            "account_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_proxies_account", "account_id"),
        CheckConstraint("(restricted_at IS NULL) = (restricted_why IS NULL)", name="restricted"),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="period"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    relation: Mapped[str]
    classes: Mapped[list[Any]]
    seen_alone_on: Mapped[date]
    seen_alone_by: Mapped[str]
    seen_alone_where: Mapped[str]
    said: Mapped[str]
    shares_home_id: Mapped[int | None] = mapped_column(ForeignKey("homes.id"))
    began_at: Mapped[datetime]
    expires_on: Mapped[date]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    restricted_at: Mapped[datetime | None]
    restricted_why: Mapped[str | None]
    restricted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]
