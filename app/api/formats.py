"""The formats that kit may speak, in the REST API, and what would be stored of a captured message."""

from typing import Any

from marshmallow import fields

from app.api.fields import Moment, Shape, Text
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import now
from core.errors import Invalid
from devices import decode, format_titles, known_mappings, tryout
from devices.measurement import Decoded, Flags, Measurement, Undecodable
from devices.tryout import Captured

blueprint = Blueprint("formats", "What kit may speak: built-in formats and mapping files.")


class FormatOut(Shape):
    """A format; `source` says where a mapping file's gateway is described, and is null for those built in."""

    name = Text()
    title = Text()
    source = Text(allow_none=True)


class Formats(Shape):
    """All formats, by name."""

    items = fields.List(fields.Nested(FormatOut), required=True)


class TryIn(Shape):
    """A captured message, and the format or the mapping file to try it on."""

    format = Text(load_default=None, allow_none=True)
    mapping = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "A mapping file's YAML, in place of a format."},
    )
    topic = fields.String(load_default="", metadata={"description": "What follows the format in the topic."})
    payload = fields.String(required=True)
    model = Text(load_default=None, allow_none=True)


class TriedReading(Shape):
    """A reading that would be stored."""

    kind = Text()
    value = fields.Float()
    at = Moment(allow_none=True, metadata={"description": "Null: when it arrives."})
    address = Text(allow_none=True)
    channel = fields.String()
    user = fields.Integer(allow_none=True)
    flags = fields.List(Text())


class Tried(Shape):
    """What would be stored of the message, or why it would be rejected."""

    readings = fields.List(fields.Nested(TriedReading), required=True)
    said = fields.List(Text(), required=True, metadata={"description": "The same in words, a line each."})
    rejected = Text(
        required=True, allow_none=True, metadata={"description": "The code; null where it is read."}
    )


@blueprint.get("")
@needs("kit:read")
@blueprint.answers(Formats)
def list_formats() -> Any:
    """List every format that kit may speak."""
    return {"items": [_shown(name) for name in decode.format_names()]}


@blueprint.post("/try")
@needs("kit:write")
@blueprint.takes(TryIn)
@blueprint.answers(Tried)
def try_message(given: Given) -> Any:
    """Read a captured message without storing anything of it."""
    if (given["format"] is None) == (given["mapping"] is None):
        raise Invalid({"format": "Name either a format or give a mapping."})
    models = {"": given["model"]} if given["model"] else {}
    captured = Captured(given["payload"].encode(), given["topic"], now(), models=models)
    try:
        if given["mapping"] is not None:
            return _told(tryout.by_mapping(given["mapping"], captured))
        if not decode.knows(given["format"]):
            raise Invalid({"format": "There is no such format."})
        return _told(tryout.by_format(given["format"], captured))
    except Undecodable as fault:
        return {"readings": [], "said": [str(fault)], "rejected": fault.code}


def _shown(name: str) -> dict[str, Any]:
    mapping = known_mappings.find(name)
    source = mapping.source if mapping is not None else None
    return {"name": name, "title": format_titles.title(name), "source": source}


def _told(decoded: Decoded) -> dict[str, Any]:
    fault = decoded.fault.code if decoded.fault is not None else None
    readings = [_reading(each) for each in decoded.measurements]
    return {"readings": readings, "said": tryout.described(decoded), "rejected": fault}


def _reading(one: Measurement) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("kind", "value", "at", "address", "channel", "user")}
    return {**told, "flags": [(flag.name or "").lower() for flag in Flags if flag in one.flags]}
