"""The pages of a person's attachments: the list, adding a file, opening one, taking one off the record."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context, files
from app.auth import needs, takes_files
from app.web import attachment_views, papers
from app.web.attachment_views import BELONGS, CLASSES, OF_ONE
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.papers import Whose
from core.sniff import ENDINGS
from people import attachments
from people.access import Need, RecordClass, may
from people.attachments import Attached
from people.models.attachments import BelongsTo

blueprint = Blueprint("attachments", __name__)

FIELDS = ("title", "record_class", "belongs_to", "belongs_to_uuid")


@blueprint.get("/people/<uuid:person_id>/attachments")
@needs("forms:read")
def show_attachments(person_id: UUID) -> ResponseReturnValue:
    """The person's files, as much of each as whoever looks may see."""
    who = papers.whose(person_id, "attachments")
    found = attachments.shown(context.session(), context.viewer(), who.person, context.now())
    return page(
        "attachments.html",
        person=who,
        rows=tuple(attachment_views.row(each, who.path) for each in found.items),
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
    return _add(who, wrong) if wrong else done("The file is attached.", _back(who, given))


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


def _said(given: Mapping[str, str]) -> dict[str, object]:
    """What is said of the file; what it belongs to may be left out."""
    try:
        about: UUID | None = UUID(given["belongs_to_uuid"])
    except ValueError:
        about = None
    return {**given, "belongs_to_uuid": about}


def _of_one(given: Mapping[str, str]) -> str | None:
    """What it is attached to, in words, where a link said which one."""
    known = {each.value: words for each, words in BELONGS.items() if each in OF_ONE}
    return known.get(given.get("belongs_to", "")) if given.get("belongs_to_uuid") else None


def _back(who: Whose, given: Mapping[str, str]) -> str:
    """The page of what it is attached to, or else the list of the person's files."""
    try:
        kind, uuid = BelongsTo(given["belongs_to"]), given["belongs_to_uuid"]
        return attachment_views.about_href(kind, UUID(uuid) if uuid else None, who.path)
    except (KeyError, ValueError):
        return f"{who.path}/attachments"


def _get(who: Whose, attachment_id: UUID) -> Attached:
    return attachments.get(context.session(), context.viewer(), who.person, attachment_id, context.now())


def _add(who: Whose, form: Form) -> ResponseReturnValue:
    html = page(
        "attachment_add.html",
        person=who,
        form=form,
        classes=list(CLASSES),
        belongs=[(each.value, words) for each, words in BELONGS.items() if each not in OF_ONE],
        of_one=_of_one(form.values),
        back_href=_back(who, form.values),
        endings=",".join(ENDINGS),
        scans=context.installation().scanner is not None,
        zone=who.zone,
    )
    return html, form.status


def _remove(who: Whose, found: Attached, form: Form) -> ResponseReturnValue:
    html = page(
        "attachment_remove.html",
        person=who,
        row=attachment_views.row(found, who.path),
        form=form,
        zone=who.zone,
    )
    return html, form.status
