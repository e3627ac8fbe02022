"""Where a bridge posts what telecare units told their receiving centre: stored as a copy, then answered."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.auth import public
from app.context import now, session
from devices import bridged
from people import scoping

blueprint = Blueprint("scaip", __name__)

NOBODY = "Sign in as a bridge, with its key and its secret of the broker: Authorization: Basic."
CHALLENGE = WWWAuthenticate("basic", {"realm": "Hearthline", "charset": "UTF-8"})
CONTENT_TYPE = "application/scaip+xml"


@blueprint.post("/api/v1/scaip")
@public
def copy() -> ResponseReturnValue:
    """Keep one request (mrq) and answer it (mrs); 401 for who is no bridge, never saying why.

    Whoever is answered with 200 may rely on it being kept, understood or not; all else is to be sent again.
    """
    with scoping.lifted(session()):  # a bridge is nobody who looks: it is shown nothing but its own reference
        key = _bridge()
        answer = bridged.copy_call(session(), key, request.get_data(), now())
    return Response(answer, content_type=CONTENT_TYPE)


def _bridge() -> str:
    said = request.authorization
    if said is None or said.type != "basic":
        raise Unauthorized(NOBODY, www_authenticate=CHALLENGE)
    key, secret = said.username or "", said.password or ""
    if "\0" in key or not bridged.knows_secret(session(), key, secret):
        raise Unauthorized(NOBODY, www_authenticate=CHALLENGE)
    return key
