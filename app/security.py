"""What every answer carries so that a browser trusts nothing but us, and every request's own number."""

import re
from uuid import uuid4

from flask import Flask, Response, current_app, g, request  # noqa: TID251 - the route's own marks
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.exceptions import BadRequest

from app.auth import ABSOLUTE, for_machines

MOST_BYTES = 1_000_000

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"

_A_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")

_csrf = CSRFProtect()


def protect(app: Flask, *, secure: bool) -> None:
    """Set cookies, limits, headers and the check of form tokens on `app`."""
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        SESSION_COOKIE_NAME="__Host-hearthline" if secure else "hearthline",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=ABSOLUTE,
        WTF_CSRF_CHECK_DEFAULT=False,  # ours below: programs send no cookies, so they can't be made to
        WTF_CSRF_TIME_LIMIT=None,
    )
    _csrf.init_app(app)

    @app.before_request
    def number_it() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _A_NUMBER.fullmatch(given) else uuid4().hex

    app.before_request(_limit_body)  # before anything reads it

    @app.before_request
    def refuse_zero_bytes() -> None:
        # the database can't even look for one; what programs send is checked field by field
        if for_machines(request.path):
            return
        given = (texts for each in (request.args, request.form) for _name, texts in each.lists())
        if "\0" in request.path or any("\0" in text for texts in given for text in texts):
            raise BadRequest("Leave out zero bytes.")

    @app.before_request
    def check_form_token() -> None:
        if not for_machines(request.path):
            _csrf.protect()

    @app.after_request
    def guard(response: Response) -> Response:
        policy = response.headers.get("Content-Security-Policy", POLICY)  # a file has one of its own
        response.headers.update({**HEADERS, "Content-Security-Policy": policy})
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if secure:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def _limit_body() -> None:
    """Take more from a request whose view says that it takes files."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and hasattr(view, "most_bytes"):
        request.max_content_length = view.most_bytes
