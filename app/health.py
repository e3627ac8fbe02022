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

SILENT_AFTER = timedelta(seconds=20)
"""Real time without a heartbeat after which a worker counts as silent: twice as long as the slowest, the
auditor, has between two of its own; a default to be confirmed."""
NEVER, SILENT, DEAF, WELL = "has never spoken", "silent", "hears nothing", "well"

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
    well = all(said == WELL for said in found.values())
    return {"ready": well, "checks": found}, 200 if well else 503


@blueprint.get("/metrics")
@public
def figures() -> ResponseReturnValue:
    """What each worker last said of itself, as Prometheus reads it."""
    text = metrics.render(heartbeats.list_all(session()), now=installation().real_now())
    return Response(text, content_type=metrics.CONTENT_TYPE)


def _checks() -> dict[str, str]:
    context = installation()
    found = {"database": WELL if answers(context.db.engine) else "does not answer"}
    found["migrations"] = WELL if migrate.is_current(context.db.engine) else "not the newest"
    beats = {beat.name: beat for beat in heartbeats.list_all(session())}
    now = context.real_now()
    for name in sorted(context.workers | beats.keys()):
        found[name] = state(beats.get(name), now)
    return found


def state(beat: Heartbeat | None, now: datetime) -> str:
    """How a worker is by its last heartbeat: NEVER, SILENT, DEAF (its broker is out of reach) or WELL."""
    if beat is None:
        return NEVER
    if now - beat.at >= SILENT_AFTER:
        return SILENT
    return WELL if beat.counts.get(heartbeats.LISTENING, True) else DEAF
