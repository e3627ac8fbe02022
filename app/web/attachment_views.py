"""Files as pages show them: those of a person, and those that belong to one plan, referral or choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import context
from people import attachments
from people.access import Extent, Need, RecordClass, may
from people.attachments import Attached
from people.models.attachments import BelongsTo, Scan
from people.models.people import Person

CLASSES = (
    (RecordClass.PLAN.value, "The plan", "Agreements, advance decisions, letters about care."),
    (RecordClass.NOTES.value, "Notes", "Other letters and papers of care."),
    (RecordClass.VITALS.value, "Health", "Results and letters about health."),
    (RecordClass.MENTAL_HEALTH.value, "Mental health", "Letters and results about mood and memory."),
    (RecordClass.HOME_ENVIRONMENT.value, "The home", "Photographs of damp, repairs, equipment."),
    (RecordClass.SAFETY_EVENTS.value, "Safety", "What happened in an emergency or a fall."),
    (RecordClass.FINANCE.value, "Money", "Bills, benefits."),
    (RecordClass.CONTACT.value, "Contact", "Who is who, and how to reach them."),
)
BELONGS = {
    BelongsTo.PERSON: "The person",
    BelongsTo.PLAN: "The plan",
    BelongsTo.FORM: "A filled form",
    BelongsTo.REFERRAL: "A referral",
    BelongsTo.CHOICE: "A choice about sharing, as evidence",
    BelongsTo.ADVANCE_DECISION: "An advance decision or end-of-life wish",
}
OF_ONE = (BelongsTo.FORM, BelongsTo.REFERRAL, BelongsTo.CHOICE)
"""What there are several of: a file is attached to one of them from its own page."""
SORTS = {
    "application/pdf": "PDF",
    "image/png": "PNG picture",
    "image/jpeg": "JPEG picture",
    "text/plain": "Text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word text",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file in a list: see attachments.html and _parts/attached.html."""

    uuid: UUID
    title: str | None
    sort: str
    size: str
    about: str
    about_href: str
    shared: str
    added_at: datetime
    by: str
    scanned: bool


@dataclass(frozen=True, slots=True)
class FilesOf:
    """What is attached to one thing, as whoever looks may see it, and where more is added."""

    person_uuid: UUID
    rows: tuple[FileRow, ...]
    add_href: str | None


def files_of(person: Person, *kinds: BelongsTo, uuid: UUID | None = None) -> FilesOf | None:
    """The files of one thing; more are added as of its first kind. None for who may see no files at all."""
    viewer = context.viewer()
    if not may(viewer, Need.FORMS_READ):
        return None
    found = attachments.shown(context.session(), viewer, person, context.now()).items
    mine = [
        each for each in found if each.row.belongs_to in kinds and uuid in (None, each.row.belongs_to_uuid)
    ]
    href = f"/people/{person.uuid}/attachments/add?belongs_to={kinds[0].value}"
    href += f"&belongs_to_uuid={uuid}" if uuid else ""
    return FilesOf(
        person.uuid,
        tuple(row(each, f"/people/{person.uuid}") for each in mine),
        href if may(viewer, Need.FORMS_WRITE) else None,
    )


def row(each: Attached, path: str) -> FileRow:
    """One file, as much of it as whoever looks may see; `path` is the address of the person's page."""
    kept, whole = each.row, each.extent is Extent.FULL
    return FileRow(
        uuid=kept.uuid,
        title=kept.title if whole else None,
        sort=SORTS.get(kept.media_type, kept.media_type),
        size=size_words(kept.size),
        about=BELONGS[kept.belongs_to],
        about_href=about_href(kept.belongs_to, kept.belongs_to_uuid, path),
        shared=next((words for key, words, _ in CLASSES if key == kept.record_class.value), "Not known"),
        added_at=kept.added_at,
        by=f"{each.by}, {each.agency}" if whole else each.agency,
        scanned=kept.scan is Scan.NOTHING_FOUND,
    )


def about_href(belongs_to: BelongsTo, uuid: UUID | None, path: str) -> str:
    """The page of what a file belongs to."""
    places: Mapping[BelongsTo, str] = {
        BelongsTo.PLAN: f"{path}/plan",
        BelongsTo.CHOICE: f"{path}/sharing",
        BelongsTo.ADVANCE_DECISION: f"{path}/wishes",
    }
    if belongs_to is BelongsTo.REFERRAL and uuid:
        return f"/referrals/{uuid}"
    if belongs_to is BelongsTo.FORM and uuid:
        return f"{path}/filled-forms/{uuid}"
    return places.get(belongs_to, f"{path}/attachments")


def size_words(size: int) -> str:
    """A size as people say it: "12 KB", "3.4 MB"."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"
