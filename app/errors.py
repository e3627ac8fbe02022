"""The one place where a fault becomes an answer: problem+json for programs, a page for people."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app import context
from app.auth import for_machines, for_visitors
from core.errors import Conflict, HearthlineError, Invalid, NotAllowed, NotFound, Unavailable

log = logging.getLogger(__name__)

# What a program may rely on: the last part of a problem's `type`, and what it is about.
KINDS: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "The request can't be read"),
    401: ("not-signed-in", "Nobody is signed in"),
    403: ("not-allowed", "Not allowed"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "Not something to do with this"),
    406: ("not-acceptable", "Not in that form"),
    409: ("conflict", "In conflict with what is there"),
    412: ("changed-meanwhile", "Changed since you loaded it"),
    413: ("too-large", "Too large"),
    415: ("not-json", "Not JSON"),
    422: ("invalid", "Not right"),
    428: ("if-match-needed", "Say which version you changed"),
    500: ("our-fault", "Something went wrong here"),
    503: ("unavailable", "Not answering just now"),
}
STATUS: Mapping[type[HearthlineError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    Unavailable: 503,
}
OUR_FAULT = "It has been written down, with this request's number. Please try again, or tell us the number."


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault as it is told: status, one sentence, and what is wrong with which field."""

    status: int
    detail: str
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The stable last part of its type."""
        return KINDS.get(self.status, (HTTPStatus(self.status).phrase.lower().replace(" ", "-"), ""))[0]

    @property
    def title(self) -> str:
        """What this kind of problem is, in a few words."""
        return KINDS.get(self.status, ("", HTTPStatus(self.status).phrase))[1]


def register(app: Flask) -> None:
    """Let every fault of `app` be answered here."""
    app.register_error_handler(Exception, answer)


def answer(fault: Exception) -> ResponseReturnValue:
    """The answer to a fault; nothing that the request had changed is kept."""
    context.abandon()
    problem = describe(fault)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error(
            "request failed",
            extra={"request_id": g.get("request_id"), "endpoint": request.endpoint, "status": problem.status},
            exc_info=fault,
        )
    response = _for_programs(problem) if for_machines(request.path) else _for_people(problem)
    response.headers.update(problem.headers)
    return response


def describe(fault: Exception) -> Problem:
    """What to tell of `fault`; of one that nobody foresaw, nothing but that it happened."""
    if isinstance(fault, HearthlineError):
        status = next((STATUS[kind] for kind in type(fault).__mro__ if kind in STATUS), 500)
        detail = HearthlineError.__str__(fault) if status != HTTPStatus.INTERNAL_SERVER_ERROR else OUR_FAULT
        return Problem(status, detail, getattr(fault, "fields", {}))
    if isinstance(fault, StaleDataError):
        return Problem(412 if "If-Match" in request.headers else 409, str(Conflict()))
    if isinstance(fault, OperationalError | NoConnection):
        return Problem(503, str(Unavailable()), headers={"Retry-After": "5"})
    if isinstance(fault, HTTPException):
        return _of_http(fault)
    return Problem(500, OUR_FAULT)


def _of_http(fault: HTTPException) -> Problem:
    status = fault.code or 500
    headers = {name: value for name, value in fault.get_headers() if name != "Content-Type"}
    messages = getattr(fault, "data", {}).get("messages")
    if messages is None:
        return Problem(status, fault.description or "", headers=headers)
    return Problem(status, str(Invalid({})).strip(), dict(flatten(messages)), headers)


def flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Marshmallow's nested messages as (dotted path, one sentence); the outermost key is the location."""
    if isinstance(messages, str):
        yield path, messages
    elif isinstance(messages, list):
        yield path, " ".join(str(message) for message in messages)
    elif isinstance(messages, dict):
        for key, within in messages.items():
            outermost = path == "" and key in ("json", "query", "headers", "path")
            step = "" if outermost or key == "_schema" else str(key)
            yield from flatten(within, ".".join(part for part in (path, step) if part))


def _for_programs(problem: Problem) -> Response:
    told: dict[str, Any] = {
        "type": f"/problems/{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": g.get("request_id", ""),
    }
    if problem.fields:
        told["errors"] = [{"field": name, "detail": words} for name, words in problem.fields.items()]
    response = jsonify(told)
    response.status_code = problem.status
    response.content_type = "application/problem+json"
    return response


def _for_people(problem: Problem) -> Response:
    if problem.status == HTTPStatus.UNAUTHORIZED:
        return _to_my_page() if for_visitors(request.path) else _to_sign_in()
    reference = g.get("request_id") if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
    plain = problem.status != HTTPStatus.FORBIDDEN or problem.detail == str(NotAllowed())
    reason = None if plain else problem.detail
    template = "me_error.html" if for_visitors(request.path) else "error.html"
    page = render_template(
        template, status=problem.status, title=problem.title, detail=problem.detail, reason=reason,
        reference=reference,
    )  # fmt: skip
    return make_response(page, problem.status)


def _to_sign_in() -> Response:
    """Ask for a sign-in, then go back to the page; a part of a page sends its whole page there."""
    if request.headers.get("HX-Request") == "true":
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        response = make_response("", HTTPStatus.UNAUTHORIZED)
        response.headers["HX-Redirect"] = url_for("signing_in.show", next=_back(page.path, page.query))
        return response
    back = _back(request.path, request.query_string.decode()) if request.method == "GET" else "/"
    return make_response(redirect(url_for("signing_in.show", next=back), HTTPStatus.SEE_OTHER))


def _to_my_page() -> Response:
    """Ask those who are not staff for their own sign-in."""
    return make_response(redirect(url_for("me_signing_in.show"), HTTPStatus.SEE_OTHER))


def _back(path: str, query: str) -> str:
    return f"{path or '/'}?{query}" if query else path or "/"
