"""What tests of calls share: a ladder that rings, the carrier of a telephone, and its reports."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.alerts.ladder import Ladder, LadderStep, Way
from care_plans.calls import placing, reports
from care_plans.channel import Channel
from care_plans.messages import outbox
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.channels.voice import VoiceCarrier
from care_plans.models.alerts import Alert
from care_plans.models.calls import Call, CallState
from care_plans.models.messages import Message, MessageState
from care_plans.severity import Class, Severity
from core import signing
from core.clock import real_time
from core.db import Db
from tests.care_plans.alerting import raised
from tests.cast import Cast
from tests.cast import make as make_cast

RING = timedelta(seconds=45)
SECRET = signing.made()
NUMBER = "+441632960171"


def steps(cast: Cast) -> tuple[LadderStep, ...]:
    """Dev by name, the coordinators, then the receiving centre: all by telephone."""
    return (
        LadderStep(1, "Dev", Way.CALL, 600, staff=cast.dev.id),
        LadderStep(2, "Coordinators", Way.CALL, 600, team=cast.coordinators.id),
        LadderStep(
            3, "Receiving centre", Way.CALL, 600, team=cast.centre.id, staffed_all_hours=True,
            receiving_centre=True,
        ),
    )  # fmt: skip


def rings(
    session: Session,
    cast: Cast,
    now: datetime,
    severity: Severity = Severity.RED,
    some: Sequence[LadderStep] | None = None,
) -> Alert:
    """An alert whose ladder rings; Dev has a number."""
    cast.dev.telephone = NUMBER
    way = Ladder("rings", "Rings", tuple(some or steps(cast)))
    told = replace(raised(cast, now, severity, Class.CLINICAL), ladder=way)
    return alerts.raise_(session, told, now)


def laid(db: Db, now: datetime, severity: Severity = Severity.RED) -> Cast:
    """The cast, and such an alert."""
    with db.transaction() as session:
        cast = make_cast(session)
        rings(session, cast, now, severity)
    return cast


def carrier(url: str, timeout: float = 5.0) -> VoiceCarrier:
    return VoiceCarrier(
        url,
        SECRET,
        web_url="https://care.example/",
        ring=45,
        real_now=lambda: real_time().start,
        timeout=timeout,
    )


def place(db: Db, by: VoiceCarrier, now: datetime) -> bool:
    """Queue what is to be rung, and ask the adaptor to."""
    with db.transaction() as session:
        placing.drop_needless(session, now)
        placing.queue(session, now)
    carriers = {Channel.VOICE: by, Channel.PAGE: PageCarrier()}
    return outbox.step(
        db,
        carriers,
        now,
        placing.not_placed,
        sent=lambda session, message, at: reports.placed(session, message, at, RING),
        only=(Channel.VOICE,),
    )


def placed(session: Session, now: datetime) -> list[tuple[Call, Message]]:
    """Queue the calls and take them for placed, without any adaptor."""
    placing.queue(session, now)
    found = calls(session)
    for call, message in found:
        if message.sent_at is None:
            outbox_takes(session, message, now)
        if call.ends_at is None and call.state is CallState.PLACED:
            reports.placed(session, message, now, RING)
    session.flush()
    return found


def outbox_takes(session: Session, message: Message, now: datetime) -> None:
    message.state, message.sent_at = MessageState.SENT, now
    session.flush()


def calls(session: Session) -> list[tuple[Call, Message]]:
    query = select(Call, Message).join(Message, Message.id == Call.message_id).order_by(Call.id)
    return [(call, message) for call, message in session.execute(query)]


def states(session: Session) -> list[str]:
    return [call.state.value for call, _ in calls(session)]


def tell(session: Session, message: Message, status: str, now: datetime, *, key: str = "") -> None:
    """The provider reports, and it is acted on."""
    reports.note(session, message.uuid, status, key, name=f"msg_{uuid4().hex}", now=now)
    session.flush()
    reports.read(session, now)
