"""The ways to other systems that the timetable keeps going beside the mail: webhooks, and the telephone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.schedule import Tick
from care_plans.alerts import undelivered
from care_plans.calls import placing, reports
from care_plans.channel import Channel
from care_plans.messages import outbox, subscriptions
from care_plans.messages import reports as text_reports
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.channels.push import PushCarrier
from care_plans.messages.channels.voice import VoiceCarrier
from care_plans.messages.letter import Carrier
from care_plans.models.messages import Message
from care_plans.webhooks import happenings
from care_plans.webhooks.sending import Sender
from core.clock import real_time
from core.db import Db


def webhooks(db: Db, *, inside: bool, web_url: str | None) -> list[Tick]:
    """The ticks that queue what agencies' systems are to be told, and post it."""
    sender = Sender(db, inside=inside, web_url=web_url, real_now=_real_now)

    def queue() -> bool:
        with db.transaction() as session:
            return happenings.step(session, db.clock.now())

    return [Tick("queue webhooks", 0.5, queue), Tick("post webhooks", 0.5, sender.step)]


def texts(db: Db) -> Tick:
    """The tick that acts on what the network reports of texts."""

    def hear() -> bool:
        with db.transaction() as session:
            return text_reports.read(session, db.clock.now(), undelivered.note)

    return Tick("hear of texts", 1, hear)


def pushes(db: Db, key: str, subject: str, *, zone: str) -> PushCarrier:
    """The way to browsers; what their push services know no more is ended."""

    def gone(endpoint: str) -> None:
        with db.transaction() as session:
            subscriptions.gone(session, endpoint, db.clock.now())

    return PushCarrier(key, subject, zone=zone, gone=gone, real_now=_real_now)


@dataclass(frozen=True, slots=True)
class Telephone:
    """The adaptor of a telephone's provider: how it is asked, and for how many real seconds it may ring."""

    carrier: Carrier
    ring: int


def telephone(url: str, secret: str, *, web_url: str, ring: int) -> Telephone:
    """The one that the settings name; Invalid where its address can't be used."""
    return Telephone(VoiceCarrier(url, secret, web_url=web_url, ring=ring, real_now=_real_now), ring)


def calls(db: Db, by: Telephone) -> list[Tick]:
    """The ticks that place calls and act on what comes of them; apart, so that they hold up no mail."""
    carriers: Mapping[Channel, Carrier] = {Channel.VOICE: by.carrier, Channel.PAGE: PageCarrier()}
    pace = max(1.0, db.clock.factor)  # a telephone rings in real time, however fast the clock is
    ring, listens = timedelta(seconds=by.ring * pace), reports.LISTENS * pace

    def placed(session: Session, message: Message, now: datetime) -> None:
        reports.placed(session, message, now, ring)

    def queue() -> bool:
        now = db.clock.now()
        with db.transaction() as session:
            placing.drop_needless(session, now)
            return placing.queue(session, now)

    def place() -> bool:
        return outbox.step(
            db, carriers, db.clock.now(), placing.not_placed, sent=placed, only=(Channel.VOICE,)
        )

    def hear() -> bool:
        now = db.clock.now()
        with db.transaction() as session:
            heard = reports.read(session, now, listens)
        with db.transaction() as session:
            return reports.end_due(session, now) or heard

    return [
        Tick("queue calls", 0.5, queue),
        Tick("place calls", 0.5, place),
        Tick("hear of calls", 0.5, hear),
    ]


def _real_now() -> datetime:
    return real_time().start
