"""Where GOV.UK Notify reports what became of texts: known by its token, kept until the timetable acts."""

from hmac import compare_digest
from uuid import UUID

import orjson
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from app.auth import public
from app.context import installation, now, session
from care_plans.messages import reports
from core.errors import Invalid, NotFound

blueprint = Blueprint("texts", __name__)

MOST_BYTES = 20_000


@blueprint.post("/api/v1/texts/reports")
@public
def report() -> ResponseReturnValue:
    """Keep a report that came with the token of this installation; 404 where there is none.

    The answer is the same for a text that is not known: nobody learns here which there are.
    """
    token = installation().texts_token
    if token is None:
        raise NotFound
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not compare_digest(given.encode(), token.encode()):
        raise Unauthorized("This is not the token that Notify was given.")
    said = _read(request.get_data())
    reports.note(session(), UUID(said["reference"]), said["status"], name=said["name"], now=now())
    return {"kept": True}, 202


def _read(body: bytes) -> dict[str, str]:
    """The id of the text and what became of it; its number, which comes with it, is not kept."""
    try:
        told = orjson.loads(body) if len(body) <= MOST_BYTES else None
        if not isinstance(told, dict):
            raise Invalid({"status": "Send a JSON object with a status."})
        said = {name: str(told.get(name) or "")[:100] for name in ("id", "reference", "status")}
        UUID(said["reference"])
    except ValueError as fault:
        raise Invalid(
            {"reference": "Send a JSON object with the reference that the text was given."}
        ) from fault
    return said | {"name": f"{said['id']} {said['status']}"}
