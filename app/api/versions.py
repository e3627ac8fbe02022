"""Edits say which version they changed, so that nobody overwrites what they never saw."""

import re

from flask import request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')


def tag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def seen() -> int | None:
    """The version that the request says it was made on (If-Match), or None; 412 for one that is none."""
    given = request.headers.get("If-Match")
    if given is None:
        return None
    match = _TAG.fullmatch(given.strip())
    if match is None:
        raise PreconditionFailed("Send the ETag that came with it, as it was.")
    return int(match[1])


def if_match(version: int) -> None:
    """412 unless the request's If-Match names `version`; 428 when it has none."""
    given = seen()
    if given is None:
        raise PreconditionRequired("Send If-Match with the ETag of what you changed.")
    if given != version:
        raise PreconditionFailed("Somebody else changed this first. Load it again and look.")
