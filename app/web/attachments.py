"""The pages of a person's attachments: the list, adding a file, opening one, taking one off the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context, files
from app.auth import needs, takes_files
from app.web import papers
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.papers import Whose
from core.sniff import ENDINGS
from people import attachments
from people.access import Extent, Need, RecordClass, may
from people.attachments import Attached
from people.models.attachments import BelongsTo, Scan

blueprint = Blueprint("attachments", __name__)

CLASSES = (
    (RecordClass.PLAN.value, "The plan", "Agreements, advance decisions, letters about care."),
    (RecordClass.NOTES.value, "Notes", "Other letters and papers of care."),
    (RecordClass.VITALS.value, "Health", "Results and letters about health."),
    (RecordClass.MENTAL_HEALTH.value, "Mental health", ""),
    (RecordClass.HOME_ENVIRONMENT.value, "The home", "Photographs of damp, repairs, equipment."),
    (RecordClass.SAFETY_EVENTS.value, "Safety", "What happened in an emergency or a fall."),
    (RecordClass.FINANCE.value, "Money", "Bills, benefits."),
    (RecordClass.CONTACT.value, "Contact", "Who is who, and how to reach them."),
)
BELONGS = (
    (BelongsTo.PERSON.value, "The person"),
    (BelongsTo.PLAN.value, "The plan"),
    (BelongsTo.FORM.value, "A filled form"),
    (BelongsTo.REFERRAL.value, "A referral"),
    (BelongsTo.CHOICE.value, "A choice about sharing, as evidence"),
    (BelongsTo.ADVANCE_DECISION.value, "An advance decision or end-of-life wish"),
)
SORTS = {
    "application/pdf": "PDF",
    "image/png": "PNG picture",
    "image/jpeg": "JPEG picture",
    "text/plain": "Text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word text",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
}
FIELDS = ("title", "record_class", "belongs_to", "belongs_to_uuid")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file in the list: see attachments.html."""

    uuid: UUID
    title: str | None
    sort: str
    size: str
    about: str
    shared: str
    added_at: datetime
    by: str
    scanned: bool


@blueprint.get("/people/<uuid:person_id>/attachments")
@needs("forms:read")
def show_attachments(person_id: UUID) -> ResponseReturnValue:
    """The person's files, as much of each as whoever looks may see."""
    who = papers.whose(person_id, "attachments")
    found = attachments.shown(context.session(), context.viewer(), who.person, context.now())
    return page(
        "attachments.html",
        person=who,
        rows=tuple(_row(each) for each in found.items),
        others=found.others,
        may_add=may(context.viewer(), Need.FORMS_WRITE),
        zone=who.zone,
    )


@blueprint.get("/people/<uuid:person_id>/attachments/add")
@needs("forms:write", form=True)
def show_add(person_id: UUID) -> ResponseReturnValue:
    """The form to add a file; a link may say what it belongs to."""
    asked = {name: request.args.get(name, "")[:64] for name in ("belongs_to", "belongs_to_uuid")}
    given = {"record_class": RecordClass.NOTES.value, **asked}
    return _add(papers.whose(person_id), Form({**given, "belongs_to": asked["belongs_to"] or "person"}))


@blueprint.post("/people/<uuid:person_id>/attachments/add")
@takes_files(files.MOST_BYTES)
@needs("forms:write")
def add(person_id: UUID) -> ResponseReturnValue:
    """Keep the file, where it is what it says."""
    who, given = papers.whose(person_id), typed(*FIELDS)
    wrong = refused(
        lambda: files.attach(who.person, _said(given), request.files.get("file")), {**given, "file": ""}
    )
    return _add(who, wrong) if wrong else done("The file is attached.", f"{who.path}/attachments")


@blueprint.get("/people/<uuid:person_id>/attachments/<uuid:attachment_id>/content")
@needs("forms:read")
def open_file(person_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """The file itself, to be saved; that somebody opened it is written down."""
    who = papers.whose(person_id)
    return files.answer(who.person, _get(who, attachment_id))


@blueprint.get("/people/<uuid:person_id>/attachments/<uuid:attachment_id>/remove")
@needs("forms:write", form=True)
def show_remove(person_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """The form to take a file off the record."""
    who = papers.whose(person_id)
    return _remove(who, _get(who, attachment_id), Form())


@blueprint.post("/people/<uuid:person_id>/attachments/<uuid:attachment_id>/remove")
@needs("forms:write")
def remove(person_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Take it off, with the reason."""
    who = papers.whose(person_id)
    found, given = _get(who, attachment_id), typed("reason")
    wrong = refused(
        lambda: attachments.remove(
            context.session(), found.row, given, viewer=context.viewer(), now=context.now()
        ),
        given,
    )
    return _remove(who, found, wrong) if wrong else done("The file is removed.", f"{who.path}/attachments")


def size_words(size: int) -> str:
    """A size as people say it: "12 KB", "3.4 MB"."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


def _said(given: Mapping[str, str]) -> dict[str, object]:
    """What is said of the file; what it belongs to may be left out."""
    try:
        about: UUID | None = UUID(given["belongs_to_uuid"])
    except ValueError:
        about = None
    return {**given, "belongs_to_uuid": about}


def _get(who: Whose, attachment_id: UUID) -> Attached:
    return attachments.get(context.session(), context.viewer(), who.person, attachment_id, context.now())


def _row(each: Attached) -> FileRow:
    row, whole = each.row, each.extent is Extent.FULL
    return FileRow(
        uuid=row.uuid,
        title=row.title if whole else None,
        sort=SORTS.get(row.media_type, row.media_type),
        size=size_words(row.size),
        about=dict(BELONGS)[row.belongs_to.value],
        shared=next((words for key, words, _ in CLASSES if key == row.record_class.value), "Not known"),
        added_at=row.added_at,
        by=f"{each.by}, {each.agency}" if whole else each.agency,
        scanned=row.scan is Scan.NOTHING_FOUND,
    )


def _add(who: Whose, form: Form) -> ResponseReturnValue:
    html = page(
        "attachment_add.html",
        person=who,
        form=form,
        classes=[(key, words, hint) if hint else (key, words) for key, words, hint in CLASSES],
        belongs=list(BELONGS),
        endings=",".join(ENDINGS),
        scans=context.installation().scanner is not None,
        zone=who.zone,
    )
    return html, form.status


def _remove(who: Whose, found: Attached, form: Form) -> ResponseReturnValue:
    html = page("attachment_remove.html", person=who, row=_row(found), form=form, zone=who.zone)
    return html, form.status
