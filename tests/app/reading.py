"""Reads the pages that tests get, as somebody would."""

from html.parser import HTMLParser

from werkzeug.test import TestResponse


class _Texts(HTMLParser):
    """Collects the text inside every element of one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self._name:
            self._depth += 1
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._name:
            self._depth -= 1

    def handle_data(self, words: str) -> None:
        if self._depth:
            self.found[-1] += words


def text_of(answer: TestResponse, name: str) -> list[str]:
    """The texts of all elements called `name`, space evened out."""
    reader = _Texts(name)
    reader.feed(answer.text)
    return [" ".join(text.split()) for text in reader.found]


def h1(answer: TestResponse) -> str:
    """The page's one main heading."""
    (heading,) = text_of(answer, "h1")
    return heading


class _Attribute(HTMLParser):
    """Finds the value of one attribute of the element with one id."""

    def __init__(self, element_id: str, name: str) -> None:
        super().__init__()
        self._id, self._name = element_id, name
        self.value: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id") == self._id:
            self.value = given.get(self._name)


def attribute(answer: TestResponse, element_id: str, name: str) -> str:
    """The value of an attribute of the element with this id."""
    reader = _Attribute(element_id, name)
    reader.feed(answer.text)
    assert reader.value is not None, f"no {name} at #{element_id}"
    return reader.value
