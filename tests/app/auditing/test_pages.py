"""Whether the pages can be used, as their own address says."""

import json

import pytest

from app.auditing import pages
from tests.app.auditing.listening import listening

WELL = {"database": "well", "migrations": "well", "intake": "well"}


def said(**checks: str) -> bytes:
    return json.dumps({"ready": False, "checks": {**WELL, **checks}}).encode()


def test_pages_that_say_so_are_well() -> None:
    with listening() as outside:
        outside.body = said()
        outside.status = 200
        assert pages.ask(outside.url) is None


def test_a_silent_worker_is_told_for_itself_and_not_as_the_pages() -> None:
    with listening() as outside:
        outside.body = said(intake="silent", audit="has never spoken")
        outside.status = 503
        assert pages.ask(outside.url) is None


def test_pages_that_can_not_use_the_database_are_a_trouble() -> None:
    with listening() as outside:
        outside.body = said(database="does not answer")
        outside.status = 503
        words = "The pages answer and can't be used: database does not answer."
        assert pages.ask(outside.url) == words


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<p>Sign in</p>"), (200, b"[]"), (200, b'{"checks": 7}'), (502, b""), (302, b"")],
)
def test_an_answer_that_is_not_theirs_is_no_sign_of_life(status: int, body: bytes) -> None:
    with listening() as outside:
        outside.status, outside.body, outside.elsewhere = status, body, "/health/other"
        assert pages.ask(outside.url) == f"The pages answer with {status} and not as they should."


def test_pages_that_do_not_answer_or_speak_something_else_are_a_trouble() -> None:
    with listening() as outside:
        outside.garbled = True
        assert pages.ask(outside.url) == pages.SILENT
    assert pages.ask(outside.url) == pages.SILENT
