"""The API's page tells of every field what it is."""

from app.api.docs import Chapter, Line, chapters
from tests.house.test_routes import made

CHAPTERS = chapters(made().extensions["hearthline-openapi"])


def lines(chapter: Chapter) -> list[Line]:
    """Every parameter and field of a resource."""
    found: list[Line] = []
    for operation in chapter.operations:
        found += [*operation.parameters, *operation.sends]
        found += [line for _, _, answered in operation.answers for line in answered]
    return found


def test_what_may_be_null_is_told_as_what_it_is_otherwise() -> None:
    alerts = next(chapter for chapter in CHAPTERS if chapter.name == "alerts")
    handed = {line.kind for line in lines(alerts) if line.name == "handed_to"}
    assert handed == {"HandedTo (team, until) or null"}


def test_no_field_could_be_anything() -> None:
    found = {
        (chapter.name, line.name)
        for chapter in CHAPTERS
        for line in lines(chapter)
        if "anything" in line.kind
    }
    assert found == set()
