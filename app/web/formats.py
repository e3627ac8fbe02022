"""The page of the formats that kit may speak, where a captured message is tried on one of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web.forms import Form, refused, typed
from app.web.pages import page
from core.errors import Invalid
from devices import decode, format_titles, known_mappings, tryout
from devices.measurement import Undecodable
from devices.tryout import Captured

blueprint = Blueprint("formats", __name__)

OWN_FILE = "mapping"
MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class FormatShown:
    """A format: see kit_formats.html."""

    name: str
    title: str
    source: str


@blueprint.get("/kit/formats")
@needs("kit:write", form=True)
def show() -> ResponseReturnValue:
    """The formats, and the form to try a message."""
    return _page(Form({"format": "zigbee2mqtt"}))


@blueprint.post("/kit/formats")
@needs("kit:write")
def attempt() -> ResponseReturnValue:
    """Try a captured message; nothing is stored."""
    given = typed("format", "topic", "model", "message", "mapping")
    said: list[str] = []
    wrong = refused(lambda: said.extend(_tried(given)), given)
    return _page(wrong or Form(given), said)


def _tried(given: Mapping[str, str]) -> list[str]:
    """What is said of the message; Invalid with what is wrong, mistakes of a mapping included."""
    message, mapping = given["message"].encode(), given["mapping"]
    if not message:
        raise Invalid({"message": "Paste the message that was captured."})
    if max(len(message), len(mapping)) > MOST:
        raise Invalid({"message": "A message or a mapping file has 64 KiB at most."})
    models = {"": given["model"]} if given["model"] else {}
    captured = Captured(message, given["topic"], context.now(), models=models)
    if given["format"] != OWN_FILE and not decode.knows(given["format"]):
        raise Invalid({"format": "Choose a format."})
    try:
        if given["format"] == OWN_FILE:
            return tryout.described(tryout.by_mapping(mapping, captured))
        return tryout.described(tryout.by_format(given["format"], captured))
    except Undecodable as fault:
        return [f"rejected ({fault.code}): {fault}"]


def _page(form: Form, said: list[str] | None = None) -> ResponseReturnValue:
    html = page(
        "kit_formats.html",
        formats=tuple(_shown(name) for name in decode.format_names()),
        choices=[*format_titles.choices(), (OWN_FILE, "A mapping file, pasted below")],
        form=form,
        said=tuple(said or ()),
    )
    return html, form.status


def _shown(name: str) -> FormatShown:
    mapping = known_mappings.find(name)
    return FormatShown(name, format_titles.title(name), mapping.source if mapping is not None else "")
