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
    key = _key()
    fresh = _write(key)
    if fresh is None:
        return _again(key)
    response = view(*args, **kwargs)
    _keep(fresh, response)
    return response


def once_at_the_end(view: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
    """The same, for a view that keeps a file first and has nothing open meanwhile: the key is written last.

    Of two requests at the same moment both keep a file; the second finds the key taken and undoes its row,
    and the file that no row knows is swept away.
    """
    key, _ = _key(), _body()  # what was sent is read before the view takes it apart
    if used(key) is not None:
        return _again(key)
    response = view(*args, **kwargs)
    fresh = _write(key)
    if fresh is None:
        context.abandon()
        return _again(key)
    _keep(fresh, response)
    return response


def forget(session: Session, now: datetime) -> int:
    """Let go of keys that are older than a day; how many."""
    gone = delete(IdempotencyKey).where(IdempotencyKey.at < now - KEPT).returning(IdempotencyKey.id)
    return len(session.scalars(gone).all())


def used(key: str) -> IdempotencyKey | None:
    """The row of a key that whoever asks used before."""
    return context.session().scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.staff_id == context.viewer().staff_id, IdempotencyKey.key == key
        )
    )


def _key() -> str:
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise Invalid({HEADER: f"Give 1 to {LONGEST} printable characters."})
    return key


def _write(key: str) -> IdempotencyKey | None:
    """The key's row, not committed yet; None where the key was used before."""
    return context.session().scalar(
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


def _keep(fresh: IdempotencyKey, response: Response) -> None:
    headers = {name: value for name, value in response.headers.items() if name in REPEATED}
    fresh.status = response.status_code
    fresh.answer_sealed = vault_of(context.session()).seal(
        json.dumps([response.get_data(as_text=True), headers])
    )


def _again(key: str) -> Response:
    before = used(key)
    if before is None or before.answer_sealed is None:
        raise Conflict("The first request with this key is not finished. Send it again in a moment.")
    if before.request != _what() or before.body_hash != _body():
        raise Invalid({HEADER: "This key was used with another request: give each request its own."})
    body, headers = json.loads(vault_of(context.session()).open(before.answer_sealed))
    response = Response(body, before.status, headers, mimetype="application/json")
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _what() -> str:
    return f"{request.method} {request.path}"


def _body() -> bytes:
    return hashlib.sha256(request.get_data(cache=True)).digest()
