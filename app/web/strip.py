"""The quiet strip on top of every page: whether the system itself is well; and the counts in the nav."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import context, health
from app.auth import signed_in
from app.context import AppContext
from care_plans.alerts import auditor, board
from care_plans.evaluating import unread
from care_plans.messages import sent
from care_plans.models.messages import MessageState
from care_plans.plan import watched
from care_plans.referrals import sending
from care_plans.work import agenda
from care_plans.work.agenda import Wanted, Whose
from core import heartbeats
from core.zones import UK
from devices import arrivals, stock
from people.access import Need, Viewer, may

blueprint = Blueprint("strip", __name__)


@dataclass(frozen=True, slots=True)
class Strip:
    """See _parts/strip.html."""

    last_reading_at: datetime | None
    silent: tuple[str, ...]
    deaf: tuple[str, ...]
    waiting: int
    oldest_waiting_at: datetime | None
    hubs_down: int
    without_protection: int
    stuck: int
    audited_at: datetime | None
    unwatched: int
    unwatched_until: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What is open: alerts on the board, what my teams are to do by tonight or to answer, failed messages."""

    board: int
    follow_ups: int
    referrals: int
    outbox: int


@blueprint.get("/strip")
@signed_in(live=True)
def show() -> ResponseReturnValue:
    """The strip alone, with the counts."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    return render_template(
        "_parts/strip.html",
        strip=read(opened, viewer, context.installation(), now),
        counts=count(opened, viewer, now),
        live_counts=True,
    )


def read(session: Session, viewer: Viewer, installed: AppContext, now: datetime) -> Strip:
    """How the system is, as far as it concerns whoever asks."""
    audit = auditor.find_last(session)
    silent, deaf = _unwell(session, installed)
    waited = unread.oldest_waiting(session, now)
    hubs, people = stock.count_down(session, viewer, now)
    return Strip(
        last_reading_at=arrivals.last_stored(session),
        silent=silent,
        deaf=deaf,
        waiting=unread.count_waiting(session) if waited is not None else 0,
        oldest_waiting_at=now - timedelta(seconds=waited) if waited is not None else None,
        hubs_down=hubs,
        without_protection=people,
        stuck=audit.faults if audit else 0,
        audited_at=installed.db.clock.at(audit.at) if audit else None,
        unwatched=watched.count_unwatched(session, viewer, now),
        unwatched_until=None,
    )


def count(session: Session, viewer: Viewer, now: datetime) -> Counts:
    """The counts in the nav; nothing for what somebody's role does not show."""
    tonight = datetime.combine(now.astimezone(ZoneInfo(UK)).date() + timedelta(days=1), time())
    wanted = Wanted(Whose.TEAMS, due_to=tonight.replace(tzinfo=ZoneInfo(UK)))
    alerts = board.count_open(session, viewer, now) if may(viewer, Need.ALERTS_READ) else 0
    todo = agenda.count(session, viewer, wanted, now) if may(viewer, Need.FOLLOW_UPS_READ) else 0
    asked = sending.count_open(session, viewer.team_ids) if may(viewer, Need.REFERRALS_READ) else 0
    failed = sent.count(session, viewer, now)[MessageState.FAILED] if may(viewer, Need.OUTBOX_READ) else 0
    return Counts(alerts, todo, asked, failed)


def _unwell(session: Session, installed: AppContext) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The workers that have not spoken in time, and those that hear no broker, by their plain names."""
    beats = {beat.name: beat for beat in heartbeats.list_all(session)}
    now = installed.real_now()
    states = {name: health.state(beats.get(name), now) for name in sorted(installed.workers)}
    silent = tuple(
        name.capitalize() for name, state in states.items() if state in (health.NEVER, health.SILENT)
    )
    deaf = tuple(name.capitalize() for name, state in states.items() if state == health.DEAF)
    return silent, deaf
