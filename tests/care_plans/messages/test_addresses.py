"""Where messages go."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import addresses, outbox
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.messages import Message
from tests.cast import Cast


def row_by(session: Session, cast: Cast, now: datetime, channel: Channel, key: str = "event 1") -> Message:
    outbox.queue(
        session,
        Recipient(staff_id=cast.dev.id),
        Words("A", "B"),
        key=f"{key} {channel}",
        now=now,
        channel=channel,
    )
    return session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()


def test_each_channel_has_addresses_of_its_own(session: Session, cast: Cast, now: datetime) -> None:
    cast.dev.telephone = "07700 900111"
    session.flush()
    rows = [row_by(session, cast, now, each) for each in (Channel.EMAIL, Channel.SMS, Channel.VOICE)]
    to = addresses.of(session, rows, now)
    assert [to[row.id] for row in rows] == [
        ("dev@westmere.example",), ("07700 900111",), ("07700 900111",),
    ]  # fmt: skip


def test_whoever_has_left_has_none(session: Session, cast: Cast, now: datetime) -> None:
    cast.dev.telephone, cast.dev.left_at = "07700 900111", now
    session.flush()
    rows = [row_by(session, cast, now, each) for each in (Channel.EMAIL, Channel.SMS, Channel.PUSH)]
    assert set(addresses.of(session, rows, now).values()) == {()}


def test_the_page_of_what_is_about_nothing_is_none(session: Session, cast: Cast, now: datetime) -> None:
    row = row_by(session, cast, now, Channel.EMAIL)
    assert addresses.paths(session, [row]) == {}
    assert addresses.spoken(session, [row]) == {}
