"""Files about a person: taken when they are what they say, kept outside the database, shown by class."""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core.db import Db
from core.errors import Conflict, Invalid, NotFound
from core.sniff import sniff
from core.store import CHUNK, Store, new_key
from people import sharing
from people.access import Extent, RecordClass, Sees, Viewer
from people.changes import note
from people.faults import LINES, Reader, as_given, has_controls, one_of, read_fields, words
from people.models.agencies import Agency, Staff
from people.models.attachments import Attachment, BelongsTo, Scan
from people.models.people import Person
from people.visible import actor

LARGEST = 10_000_000
"""Bytes of one file: a scanned letter of many pages, or a photograph."""
NO_FILE = "Choose a file."
EMPTY = "This file is empty."
TOO_LARGE = "This file is larger than 10 MB. Make it smaller, or attach it in parts."
UNFIT_NAME = "Give the file a plain name of at most 200 characters."
LONGEST_NAME = 200
SETTLED = timedelta(hours=1)
"""Real time after which a file that no row knows was never to have one."""
KEPT_AFTER_REMOVAL = timedelta(days=30)
BATCH = 500


def shareable(value: Any) -> StrEnum:
    """A class of record that is shared class by class, which restricted papers are not."""
    found = one_of(RecordClass)(value)
    if found is RecordClass.RESTRICTED:
        raise Invalid({"": "Restricted papers go with a concern: raise it there."})
    return RecordClass(found)


READERS: Mapping[str, Reader] = {
    "title": words(),
    "record_class": shareable,
    "belongs_to": one_of(BelongsTo),
    "belongs_to_uuid": as_given,
}


class Scanner(Protocol):
    """Says whether it knows a file as malware."""

    def find(self, content: BinaryIO) -> str | None:
        """The name of what was found, or None; Unavailable when it can't say."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is what it says, in the store: what its row needs to know."""

    store_key: str
    file_name: str
    media_type: str
    size: int
    sha256: bytes
    scan: Scan


@dataclass(frozen=True, slots=True)
class Attached:
    """A file with who added it, and how much of it is shown."""

    row: Attachment
    by: str
    agency: str
    extent: Extent


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody sees of a person's files, the latest first; `others` says that there is more."""

    items: tuple[Attached, ...]
    others: bool


def take(
    store: Store, scanner: Scanner | None, content: BinaryIO, file_name: str, declared: str | None
) -> Taken:
    """Look at a file, and put it into the store; call it with no transaction open.

    Invalid at "file" for one that is not what it says, too large, empty, or known as malware.
    """
    name = _plain_name(file_name)
    with tempfile.TemporaryFile() as whole:
        size, digest = 0, hashlib.sha256()
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise Invalid({"file": TOO_LARGE})
            digest.update(chunk)
            whole.write(chunk)
        if not size:
            raise Invalid({"file": EMPTY})
        media_type = sniff(whole, name, declared)
        scan = Scan.NOT_SCANNED
        if scanner is not None:
            if scanner.find(whole) is not None:
                raise Invalid({"file": "The scanner knows this as malware: it is not taken."})
            scan = Scan.NOTHING_FOUND
        key = new_key()
        whole.seek(0)
        store.put(key, whole)
    return Taken(key, name, media_type, size, digest.digest(), scan)


def check(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a file, read; Invalid with every field that is wrong."""
    return read_fields(
        given, READERS, required=("title", "record_class"), empty={"belongs_to": BelongsTo.PERSON}
    )


def add(
    session: Session, person: Person, taken: Taken, given: Mapping[str, Any], *, viewer: Viewer, now: datetime
) -> Attachment:
    """Put a file that the store holds on a person's record."""
    values = check(given)
    row = Attachment(
        person_id=person.id,
        store_key=taken.store_key,
        file_name=taken.file_name,
        media_type=taken.media_type,
        size=taken.size,
        sha256=taken.sha256,
        scan=taken.scan,
        staff_id=viewer.staff_id,
        agency_id=viewer.agency_id,
        added_at=now,
        **values,
    )
    session.add(row)
    session.flush()
    details = {"belongs_to": row.belongs_to.value, "type": row.media_type, "size": row.size}
    note(session, "attached", row, "attachment", actor=actor(viewer), person_id=person.id, details=details)
    return row


def shown(session: Session, viewer: Viewer, person: Person, now: datetime) -> Shown:
    """The person's files that the viewer sees anything of; of a category, only that there is one."""
    sees = sharing.sees(session, viewer, person.id, now)
    rows = session.execute(_query(person))
    every = [_attached(row, by, agency, viewer, sees) for row, by, agency in rows]
    seen = tuple(each for each in every if each.extent is not Extent.CHECK)
    return Shown(seen, len(seen) < len(every))


def get(session: Session, viewer: Viewer, person: Person, uuid: UUID, now: datetime) -> Attached:
    """A file that the viewer sees all of; NotFound otherwise."""
    sees = sharing.sees(session, viewer, person.id, now)
    for row, by, agency in session.execute(_query(person).where(Attachment.uuid == uuid)):
        found = _attached(row, by, agency, viewer, sees)
        if found.extent is Extent.FULL:
            return found
    raise NotFound


def remove(
    session: Session, row: Attachment, given: Mapping[str, Any], *, viewer: Viewer, now: datetime
) -> None:
    """Take a file off the record, with the reason; the file itself is let go of 30 days later."""
    if row.deleted_at is not None:
        raise Conflict("This file was removed already.")
    read = read_fields(given, {"reason": words(LINES)}, required=("reason",))
    row.removed_because, row.deleted_at = read["reason"], now
    session.flush()
    note(session, "removed", row, "attachment", actor=actor(viewer), person_id=row.person_id)


def sweep(db: Db, store: Store, real_now: datetime) -> bool:
    """Let go of files that no row needs: never settled, or removed a while ago; whether there were any."""
    orphans = []
    batch: list[str] = []
    for key in store.list_keys(real_now - SETTLED):
        batch.append(key)
        if len(batch) == BATCH:
            orphans += _orphans(db, batch)
            batch = []
    orphans += _orphans(db, batch)
    for key in orphans:
        store.delete(key)
    return bool(orphans)


def _orphans(db: Db, keys: list[str]) -> list[str]:
    with db.transaction() as session:
        still = db.clock.now() - KEPT_AFTER_REMOVAL
        needed = set(
            session.scalars(
                select(Attachment.store_key).where(
                    Attachment.store_key.in_(keys),
                    or_(Attachment.deleted_at.is_(None), Attachment.deleted_at > still),
                )
            )
        )
    return [key for key in keys if key not in needed]


def _query(person: Person) -> Select[Attachment, str, str]:
    return (
        select(Attachment, Staff.name, Agency.name)
        .join(Staff, Staff.id == Attachment.staff_id)
        .join(Agency, Agency.id == Attachment.agency_id)
        .where(Attachment.person_id == person.id, Attachment.deleted_at.is_(None))
        .order_by(Attachment.added_at.desc(), Attachment.id.desc())
    )


def _attached(row: Attachment, by: str, agency: str, viewer: Viewer, sees: Sees) -> Attached:
    """Whoever attached it sees it; everybody else by its class."""
    mine = row.staff_id == viewer.staff_id
    return Attached(row, by, agency, Extent.FULL if mine else sees[row.record_class])


def _plain_name(file_name: str) -> str:
    """The last part of a name, without what a folder or a header would read into it."""
    name = PurePath(file_name.replace("\\", "/")).name.strip()
    if not name:
        raise Invalid({"file": NO_FILE})
    if len(name) > LONGEST_NAME or has_controls(name):
        raise Invalid({"file": UNFIT_NAME})
    return name
