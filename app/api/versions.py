"""Edits say which version they changed, so that nobody overwrites what they never saw."""

import re

from flask import request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')


def tag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def if_match(version: int) -> None:
    """412 unless the request's If-Match names `version`; 428 when it has none."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired("Send If-Match with the ETag of what you changed.")
    match = _TAG.fullmatch(given.strip())
    if match is None or int(match[1]) != version:
        raise PreconditionFailed("Somebody else changed this first. Load it again and look.")
