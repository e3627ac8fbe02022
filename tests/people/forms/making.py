"""A small form for tests, said shortly; what is given stands in place of its own."""

import json
from collections.abc import Mapping
from typing import Any

from people.forms import reading
from people.forms.shape import Form

SLEEP = {
    "key": "sleep",
    "kind": "choice",
    "text": "How is your sleep?",
    "options": [{"key": "good", "text": "Good", "score": 0}, {"key": "bad", "text": "Bad", "score": 2}],
}
WORRIED = {"key": "worried", "kind": "yes_no", "text": "Are you worried?", "needed": True}
ABOUT = {
    "key": "about",
    "kind": "text",
    "text": "About what?",
    "ask_if": {"question": "worried", "equals": True},
}
SCORE = {"key": "sum", "name": "Sum", "questions": ["sleep", "worried"], "lowest": 0, "highest": 3}


def document(questions: list[Mapping[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A form as its document says it."""
    return {
        "code": "test",
        "version": 1,
        "title": "Test",
        "about": "A test.",
        "minutes": 1,
        "record_class": "notes",
        "sources": [{"title": "Ours"}],
        "licence": "Ours.",
        "scoring": "A sum.",
        "missing": "No sum.",
        "sections": [{"title": "One", "questions": questions or [SLEEP, WORRIED, ABOUT]}],
        **more,
    }


def form(questions: list[Mapping[str, Any]] | None = None, **more: Any) -> Form:
    """The form that a document says, read as the package's own are."""
    return reading.from_json(json.dumps(document(questions, **more)))
