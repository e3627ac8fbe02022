"""Where EMQX and VerneMQ ask whether somebody may come in, publish or subscribe; nothing of it is kept.

They ask by HTTP and go by the JSON of an answer with the status 200. About whoever is neither a device nor
intake we say nothing: the broker's next source of users decides, or refuses.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from hmac import compare_digest
from typing import Any

import orjson
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from app.auth import public
from app.context import installation, session
from core.errors import Invalid, NotFound
from devices import broker_access, broker_rules
from devices.broker_access import Speaker
from devices.broker_rules import Rights, may_publish, may_subscribe
from people import scoping

blueprint = Blueprint("broker_hooks", __name__)

Rule = Callable[[Rights, str], bool]


class Verdict(StrEnum):
    """What we say of somebody, in EMQX's words; IGNORE of whoever is nobody of ours."""

    ALLOW = "allow"
    DENY = "deny"
    IGNORE = "ignore"


VERNEMQ: dict[Verdict, Any] = {
    Verdict.ALLOW: "ok",
    Verdict.DENY: {"error": "not_allowed"},
    Verdict.IGNORE: "next",
}


@blueprint.post("/api/v1/broker/emqx/authn")
@public
def emqx_authn() -> ResponseReturnValue:
    """Answer EMQX's HTTP authenticator: `username` and `password` in, `result` out.

    What it answers as `client_attrs.secret` says which secret this is, for `emqx_authz`.
    """
    asked = _asked()
    name = _text(asked, "username")
    speaker = _find(name)
    verdict = _connects(name, speaker, _text(asked, "password"))
    told = {"result": verdict, "is_superuser": False}
    return told | {"client_attrs": {"secret": speaker.mark}} if speaker is not None else told


@blueprint.post("/api/v1/broker/emqx/authz")
@public
def emqx_authz() -> ResponseReturnValue:
    """Answer EMQX's HTTP authorizer: `username`, `action` (publish, subscribe) and `topic` in, `result` out.

    With `secret`, as `emqx_authn` answered it, a connection ends with the secret that it was made with.
    """
    asked = _asked()
    name = _text(asked, "username")
    rule = {"publish": may_publish, "subscribe": may_subscribe}.get(_text(asked, "action"), _never)
    speaker = _find(name)
    if speaker is not None and "secret" in asked and asked["secret"] != speaker.mark:
        return {"result": Verdict.DENY}
    return {"result": _may(name, speaker, rule, [_text(asked, "topic")])}


@blueprint.post("/api/v1/broker/vernemq")
@public
def vernemq() -> ResponseReturnValue:
    """Answer VerneMQ's webhooks auth_on_register, auth_on_publish and auth_on_subscribe, and their _m5."""
    asked = _asked()
    name = _text(asked, "username")
    hook = request.headers.get("vernemq-hook", "").removesuffix("_m5")
    if hook == "auth_on_register":
        verdict = _connects(name, _find(name), _text(asked, "password"))
    elif hook == "auth_on_publish":
        verdict = _may(name, _find(name), may_publish, [_text(asked, "topic")])
    elif hook == "auth_on_subscribe":
        verdict = _may(name, _find(name), may_subscribe, _topics(asked))
    else:
        verdict = Verdict.IGNORE
    return {"result": VERNEMQ[verdict]}


def _connects(name: str, speaker: Speaker | None, password: str) -> Verdict:
    intake = installation().intake_sign_in
    if intake is not None and name == intake[0]:
        right = compare_digest(password.encode(), intake[1].encode())
    elif speaker is not None:
        right = speaker.may_connect(password)
    else:
        return Verdict.IGNORE
    return Verdict.ALLOW if right else Verdict.DENY


def _may(name: str, speaker: Speaker | None, rule: Rule, topics: Sequence[str]) -> Verdict:
    intake = installation().intake_sign_in
    if intake is not None and name == intake[0]:
        rights = broker_rules.INTAKE
    elif speaker is not None:
        rights = Rights() if speaker.shut_out else speaker.rights
    else:
        return Verdict.IGNORE
    return Verdict.ALLOW if topics and all(rule(rights, topic) for topic in topics) else Verdict.DENY


def _never(_rights: Rights, _topic: str) -> bool:
    return False


def _find(name: str) -> Speaker | None:
    opened = session()
    with scoping.lifted(opened):  # whether it may speak is all that is answered
        return broker_access.find_speaker(opened, name)


def _asked() -> dict[str, Any]:
    """What a broker that has our token asks; 404 where there is none."""
    token = installation().broker_token
    if token is None:
        raise NotFound
    sent = request.authorization
    given = (sent.token if sent.type == "bearer" else sent.password) if sent is not None else None
    if not compare_digest((given or "").encode(), token.encode()):
        raise Unauthorized("This is not the token that the broker was given.")
    try:
        asked = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        asked = None
    if not isinstance(asked, dict):
        raise Invalid({"username": "Send a JSON object with a username."})
    return asked


def _text(asked: dict[str, Any], name: str) -> str:
    found = asked.get(name)
    return found if isinstance(found, str) else ""


def _topics(asked: dict[str, Any]) -> list[str]:
    listed = asked.get("topics")
    if not isinstance(listed, list):
        return []
    return [_text(each, "topic") if isinstance(each, dict) else "" for each in listed]
