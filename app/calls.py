"""Where the telephone's provider reports what came of a call: signed, kept, and acted on by the timetable."""

from uuid import UUID

import orjson
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.auth import public
from app.context import installation, now, session
from care_plans.calls import reports
from core import signing
from core.errors import Invalid, NotFound

blueprint = Blueprint("calls", __name__)

MOST_BYTES = 4000


@blueprint.post("/api/v1/calls/<uuid:call_id>/reports")
@public
def report(call_id: UUID) -> ResponseReturnValue:
    """Keep a report that was signed with the secret of this installation; 404 where there is none.

    The answer is the same for a call that is not known: nobody learns here which there are.
    """
    here = installation()
    if here.voice_secret is None:
        raise NotFound
    body = request.get_data()
    headers = {name.lower(): value for name, value in request.headers.items()}
    name = signing.check(headers, body, here.voice_secret, here.real_now())
    said = _read(body)
    reports.note(session(), call_id, said["status"], said["key"], name=name, now=now())
    return {"kept": True}, 202


def _read(body: bytes) -> dict[str, str]:
    try:
        told = orjson.loads(body) if len(body) <= MOST_BYTES else None
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict):
        raise Invalid({"status": "Send a JSON object with a status."})
    return {name: str(told.get(name, ""))[:40] for name in ("status", "key")}
