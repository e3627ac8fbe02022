"""A write that is sent twice with one Idempotency-Key is done once, and answered the same both times."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import context
from core.db import vault_of
from core.errors import Conflict, Invalid
from core.models import IdempotencyKey

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = timedelta(days=1)
REPEATED = {"ETag", "Location"}


def once(view: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
    """The view's answer; for a key that was used before, the answer of then. Invalid for another request's.

    The key is written first and commits with the work: of two requests at the same moment the second waits
    for the first. A request that fails leaves no key behind and may be sent again.
    """
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise Invalid({HEADER: f"Give 1 to {LONGEST} printable characters."})
    fresh = context.session().scalar(
        insert(IdempotencyKey)
        .values(
            staff_id=context.viewer().staff_id,
            key=key,
            request=_what(),
            body_hash=_body(),
            status=0,
            at=context.now(),
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey)
    )
    if fresh is None:
        return _again(key)
    response = view(*args, **kwargs)
    headers = {name: value for name, value in response.headers.items() if name in REPEATED}
    fresh.status = response.status_code
    fresh.answer_sealed = vault_of(context.session()).seal(
        json.dumps([response.get_data(as_text=True), headers])
    )
    return response


def forget(session: Session, now: datetime) -> int:
    """Let go of keys that are older than a day; how many."""
    gone = delete(IdempotencyKey).where(IdempotencyKey.at < now - KEPT).returning(IdempotencyKey.id)
    return len(session.scalars(gone).all())


def _again(key: str) -> Response:
    used = context.session().scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.staff_id == context.viewer().staff_id, IdempotencyKey.key == key
        )
    )
    if used is None or used.answer_sealed is None:
        raise Conflict("The first request with this key is not finished. Send it again in a moment.")
    if used.request != _what() or used.body_hash != _body():
        raise Invalid({HEADER: "This key was used with another request: give each request its own."})
    body, headers = json.loads(vault_of(context.session()).open(used.answer_sealed))
    response = Response(body, used.status, headers, mimetype="application/json")
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _what() -> str:
    return f"{request.method} {request.path}"


def _body() -> bytes:
    return hashlib.sha256(request.get_data(cache=True)).digest()
