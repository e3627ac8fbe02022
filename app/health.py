"""Whether the process lives, whether the installation is ready, and what Prometheus reads of it."""

from datetime import datetime, timedelta

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app import migrate
from app.auth import public
from app.context import installation, session
from core import heartbeats, metrics
from core.db import answers
from core.models import Heartbeat

SILENT_AFTER = timedelta(seconds=30)

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
@public
def live() -> ResponseReturnValue:
    """Say that this process answers."""
    return {"live": True}


@blueprint.get("/health/ready")
@public
def ready() -> ResponseReturnValue:
    """The database answers, its tables are ours, and every worker has spoken lately: 200, else 503."""
    try:
        found = _checks()
    except SQLAlchemyError:
        found = {"database": "does not answer"}
    well = all(said == "well" for said in found.values())
    return {"ready": well, "checks": found}, 200 if well else 503


@blueprint.get("/metrics")
@public
def figures() -> ResponseReturnValue:
    """What each worker last said of itself, as Prometheus reads it."""
    text = metrics.render(heartbeats.list_all(session()), now=installation().real_now())
    return Response(text, content_type=metrics.CONTENT_TYPE)


def _checks() -> dict[str, str]:
    context = installation()
    found = {"database": "well" if answers(context.db.engine) else "does not answer"}
    found["migrations"] = "well" if migrate.is_current(context.db.engine) else "not the newest"
    beats = {beat.name: beat for beat in heartbeats.list_all(session())}
    now = context.real_now()
    for name in sorted(context.workers | beats.keys()):
        found[name] = _state(beats.get(name), now)
    return found


def _state(beat: Heartbeat | None, now: datetime) -> str:
    if beat is None:
        return "has never spoken"
    if now - beat.at >= SILENT_AFTER:
        return "silent"
    return "well" if beat.counts.get(heartbeats.LISTENING, True) else "hears nothing"
