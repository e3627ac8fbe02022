"""Reads the forms of the package: JSON in, checked values out, every fault named at its place."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from core.documents import Part
from core.errors import Invalid, NotFound
from people.access import RecordClass
from people.forms.checking import check
from people.forms.conditions import read_condition
from people.forms.shape import (
    Band,
    Better,
    Form,
    Option,
    Prompt,
    Question,
    QuestionKind,
    Score,
    Section,
    Source,
)

LONGEST_MINUTES = 120
PUBLISHED = "published.sha256"


@cache
def all_versions() -> Mapping[tuple[str, int], Form]:
    """Every version of every form by code and number; raises Invalid with the faults of the first bad one.

    A version that was ever used stays, so that what was answered to it can be read.
    """
    folder = resources.files("people.forms")
    published = read_published((folder / PUBLISHED).read_text("utf-8"))
    found: dict[tuple[str, int], Form] = {}
    for name in sorted(one.name for one in folder.iterdir() if one.name.endswith(".json")):
        text = (folder / name).read_text("utf-8")
        refuse_changed(name, text, published)
        form = from_json(text)
        if name != f"{form.code}_v{form.version}.json":
            raise Invalid({"code": f"Call the file of this version {form.code}_v{form.version}.json."})
        found[form.code, form.version] = form
    missing = published.keys() - {f"{code}_v{version}.json" for code, version in found}
    if missing:
        raise Invalid({PUBLISHED: f"Put back what was published and is gone: {', '.join(sorted(missing))}."})
    return MappingProxyType(found)


def read_published(text: str) -> Mapping[str, str]:
    """The SHA-256 of each published file by its name, as `sha256sum` writes them."""
    return {name: digest for digest, name in (line.split() for line in text.splitlines())}


def refuse_changed(name: str, text: str, published: Mapping[str, str]) -> None:
    """Invalid for a version that is not, byte for byte, as it was published: answers rest on it."""
    if hashlib.sha256(text.encode()).hexdigest() != published.get(name):
        raise Invalid(
            {name: f"Give what is changed a new version, and add that to people/forms/{PUBLISHED}."},
            "A form that was published does not change.",
        )


@cache
def in_use() -> Mapping[str, Form]:
    """The newest version of each form, by code, in the order of their titles."""
    newest: dict[str, Form] = {}
    for form in sorted(all_versions().values(), key=lambda each: each.version):
        newest[form.code] = form
    return MappingProxyType(dict(sorted(newest.items(), key=lambda each: each[1].title)))


def get(code: str, version: int | None = None) -> Form:
    """The form of this code: that version, or the newest; NotFound if there is none."""
    found = in_use().get(code) if version is None else all_versions().get((code, version))
    if found is None:
        raise NotFound("There is no such form.")
    return found


def from_json(text: str) -> Form:
    """The form that a JSON text says; raises Invalid with each fault at its dotted place."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(
            {f"line {error.lineno}": "Write this line as JSON."}, "This form can't be read."
        ) from None
    return from_document(content)


def from_document(content: object) -> Form:
    """The form that a document says; raises Invalid with each fault at its dotted place."""
    part = Part(content)
    form = Form(
        code=part.key("code"),
        version=part.whole("version", 1, 10_000),
        title=part.text("title"),
        about=part.text("about"),
        minutes=part.whole("minutes", 1, LONGEST_MINUTES),
        record_class=part.choice("record_class", RecordClass),
        sources=tuple(_source(one) for one in part.parts("sources")),
        licence=part.text("licence"),
        scoring=part.text("scoring"),
        missing=part.text("missing"),
        pathways=part.texts("pathways", least=0),
        sections=tuple(_section(one) for one in part.parts("sections")),
        scores=tuple(_score(one) for one in part.parts("scores", least=0)),
        prompts=tuple(_prompt(one) for one in part.parts("prompts", least=0)),
        by_person=part.yes("by_person"),
    )
    part.no_more()
    check(part, form)
    part.refuse_faults("This form is not right.")
    return form


def _source(part: Part) -> Source:
    source = Source(part.text("title"), part.maybe_text("url"))
    part.no_more()
    return source


def _section(part: Part) -> Section:
    section = Section(
        part.text("title"),
        part.maybe_text("words"),
        tuple(_question(one) for one in part.parts("questions")),
    )
    part.no_more()
    return section


def _question(part: Part) -> Question:
    kind = part.choice("kind", QuestionKind)
    chosen = kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
    counted, scale = kind is QuestionKind.NUMBER, kind is QuestionKind.SCALE
    question = Question(
        key=part.key("key"),
        kind=kind,
        text=part.text("text"),
        hint=part.maybe_text("hint"),
        needed=part.yes("needed"),
        ask_if=read_condition(part.part("ask_if")) if part.has("ask_if") else None,
        options=tuple(_option(one) for one in part.parts("options", least=2)) if chosen else (),
        unit=part.maybe_text("unit") if counted else None,
        lowest=part.number("lowest") if scale else part.maybe_number("lowest") if counted else None,
        highest=part.number("highest") if scale else part.maybe_number("highest") if counted else None,
        lowest_words=part.text("lowest_words") if scale else None,
        highest_words=part.text("highest_words") if scale else None,
        about_me=part.maybe_key("about_me") if kind is QuestionKind.TEXT else None,
    )
    part.no_more()
    return question


def _option(part: Part) -> Option:
    option = Option(part.key("key"), part.text("text"), part.maybe_number("score"))
    part.no_more()
    return option


def _score(part: Part) -> Score:
    score = Score(
        key=part.key("key"),
        name=part.text("name"),
        questions=part.texts("questions"),
        lowest=part.number("lowest"),
        highest=part.number("highest"),
        better=part.choice("better", Better) if part.has("better") else None,
        bands=tuple(_band(one) for one in part.parts("bands", least=0)),
        reading=part.maybe_key("reading"),
    )
    part.no_more()
    return score


def _band(part: Part) -> Band:
    band = Band(part.number("lowest"), part.number("highest"), part.text("name"))
    part.no_more()
    return band


def _prompt(part: Part) -> Prompt:
    prompt = Prompt(read_condition(part.part("when")), part.text("words"))
    part.no_more()
    return prompt
