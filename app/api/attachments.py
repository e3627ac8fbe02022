"""Attachments in the REST API: files about a person, listed, added, opened, taken off the record."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Response, request
from marshmallow import fields

from app import files
from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs, takes_files
from app.context import now, session, viewer
from core.errors import Invalid
from people import attachments, visible
from people.access import Extent, RecordClass
from people.attachments import Attached
from people.models.attachments import BelongsTo, Scan

blueprint = Blueprint(
    "attachments", "Files about people.", prefix=f"{PREFIX}/people/<uuid:person_id>/attachments"
)

View = TypeVar("View", bound=Callable[..., Any])
FIELDS = frozenset({"title", "record_class", "belongs_to", "belongs_to_uuid"})
SENT = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "title", "record_class"],
                "additionalProperties": False,
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "PDF, PNG, JPEG, plain text, .docx or .odt; 10 MB at most.",
                    },
                    "title": {"type": "string", "maxLength": 200},
                    "record_class": {"type": "string", "enum": [each.value for each in RecordClass]},
                    "belongs_to": {"type": "string", "enum": [each.value for each in BelongsTo]},
                    "belongs_to_uuid": {"type": "string", "format": "uuid"},
                },
            }
        }
    },
}
FILE = {"200": {"description": "The file.", "content": {"*/*": {}}}}


def documented(**said: Any) -> Callable[[View], View]:
    """Say in the OpenAPI document what no shape says: a file that is sent, or answered."""
    return cast("Callable[[View], View]", blueprint.doc(**said))


class AttachmentOut(Shape):
    """A file; where `extent` is not full, only that there is one, of which sort, and by which agency."""

    id = identity()
    version = row_version()
    extent = choice(Extent)
    title = fields.String(allow_none=True)
    file_name = fields.String(allow_none=True)
    media_type = fields.String(allow_none=True)
    size = fields.Integer(allow_none=True)
    sha256 = fields.String(allow_none=True)
    scan = choice(Scan, allow_none=True)
    record_class = choice(RecordClass)
    belongs_to = choice(BelongsTo)
    belongs_to_uuid = fields.UUID(allow_none=True)
    added_at = Moment()
    by = fields.String(allow_none=True)
    agency = fields.String()


class Attachments(Shape):
    """Files, the latest first; `others` says that there is something that is not shown."""

    items = fields.List(fields.Nested(AttachmentOut), required=True)
    others = fields.Boolean(required=True)


class RemoveIn(Shape):
    """Why it is taken off the record."""

    reason = Text(lines=True, required=True)


@blueprint.get("")
@needs("forms:read")
@blueprint.answers(Attachments)
def list_attachments(person_id: UUID) -> Any:
    """List a person's files, as much of each as you may see."""
    person = opened_person(person_id, "attachments")
    found = attachments.shown(session(), viewer(), person, now())
    return {"items": [_told(each) for each in found.items], "others": found.others}


@blueprint.post("")
@takes_files(files.MOST_BYTES)
@needs("forms:write")
@documented(requestBody=SENT)
@blueprint.answers(AttachmentOut, 201)
def attach(person_id: UUID) -> Any:
    """Attach a file: it has to be what its name and its type say."""
    person = visible.get_person(session(), viewer(), person_id, now())
    row = files.attach(person, _said(), request.files.get("file"))
    return _told(attachments.get(session(), viewer(), person, row.uuid, now()))


@blueprint.get("/<uuid:attachment_id>")
@needs("forms:read")
@blueprint.answers(AttachmentOut)
def get_attachment(person_id: UUID, attachment_id: UUID) -> Any:
    """Show what is known of a file."""
    person = opened_person(person_id, "attachment")
    return _told(attachments.get(session(), viewer(), person, attachment_id, now()))


@blueprint.get("/<uuid:attachment_id>/content")
@needs("forms:read")
@documented(responses=FILE)
def open_file(person_id: UUID, attachment_id: UUID) -> Response:
    """Open the file itself; that you did is written down."""
    person = visible.get_person(session(), viewer(), person_id, now())
    return files.answer(person, attachments.get(session(), viewer(), person, attachment_id, now()))


@blueprint.post("/<uuid:attachment_id>/remove")
@needs("forms:write")
@blueprint.takes(RemoveIn)
@blueprint.answers()
def remove(given: Given, person_id: UUID, attachment_id: UUID) -> None:
    """Take a file off the record, with the reason; the file is let go of 30 days later."""
    person = visible.get_person(session(), viewer(), person_id, now())
    found = attachments.get(session(), viewer(), person, attachment_id, now())
    attachments.remove(session(), found.row, given, viewer=viewer(), now=now())


def _said() -> dict[str, Any]:
    """The fields beside the file; Invalid for one that nobody knows or that is given twice."""
    faults = {name: "There is no such field here." for name in request.form if name not in FIELDS}
    faults |= {name: "Give this once." for name, given in request.form.lists() if len(given) > 1}
    faults |= {name: "There is no such field here." for name in request.files if name != "file"}
    given: dict[str, Any] = {name: request.form.get(name) for name in FIELDS}
    if given["belongs_to_uuid"]:
        try:
            given["belongs_to_uuid"] = UUID(given["belongs_to_uuid"])
        except ValueError:
            faults["belongs_to_uuid"] = "Give an id, as it was answered."
    if faults:
        raise Invalid(faults)
    return given


def _told(each: Attached) -> dict[str, Any]:
    row, full = each.row, each.extent is Extent.FULL
    always = ("uuid", "version", "record_class", "belongs_to", "added_at")
    sometimes = ("title", "file_name", "media_type", "size", "scan", "belongs_to_uuid")
    return {
        **{name: getattr(row, name) for name in always},
        **{name: getattr(row, name) if full else None for name in sometimes},
        "sha256": row.sha256.hex() if full else None,
        "extent": each.extent,
        "by": each.by if full else None,
        "agency": each.agency,
    }
