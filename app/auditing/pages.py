"""Whether the pages can be used, asked as a browser would come to them."""

import json
from urllib.error import HTTPError

from app.auditing import direct

TIMEOUT = 5.0  # seconds for an answer
LONGEST = 100_000  # bytes
OURS = ("database", "migrations")
"""What the pages themselves stand on; the workers, which they name too, are told of for themselves."""
SILENT = "The pages do not answer. Nobody can look at anything or take it up."


def ask(url: str) -> str | None:
    """What is wrong with the pages, by what `url` (their /health/ready) says; None where all is well."""
    try:
        with direct.OPENER.open(url, timeout=TIMEOUT) as answer:
            return judge(answer.status, answer.read(LONGEST))
    except HTTPError as fault:
        with fault:
            return judge(fault.code, b"" if fault.fp is None else _read(fault))
    except direct.FAULTS:
        return SILENT


def judge(status: int, body: bytes) -> str | None:
    """What is wrong, by an answer's status and text; None where all is well."""
    try:
        checks = json.loads(body)["checks"]
        wrong = sorted(f"{name} {said}" for name, said in checks.items() if name in OURS and said != "well")
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"The pages answer with {status} and not as they should."
    return f"The pages answer and can't be used: {', '.join(wrong)}." if wrong else None


def _read(fault: HTTPError) -> bytes:
    try:
        return fault.read(LONGEST)
    except direct.FAULTS:
        return b""
