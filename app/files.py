"""Where this installation keeps files, what looks at them first, and how one goes onto a record and out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from flask import Response
from werkzeug.datastructures import FileStorage

from app import context
from care_plans import belonging
from core.errors import Invalid, Unavailable
from core.scan import Clamd
from core.store import Store
from core.store_folder import FolderStore
from people import attachments, visible
from people.attachments import LARGEST, NO_FILE, Attached
from people.models.attachments import Attachment
from people.models.people import Person

FOLDER = "attachments"
MOST_BYTES = LARGEST + 2_000_000
"""Of a request that brings a file: of one that is a little too large, its form can still tell."""
SANDBOX = "sandbox; default-src 'none'"
NOWHERE = "No place for files is set on this installation."


def store_of(url: str | None, state_dir: Path, access_key: str | None, secret_key: str | None) -> Store:
    """The bucket or the folder that is set; without one, a folder in the state directory."""
    if url is None:
        return FolderStore(state_dir / FOLDER)
    if url.startswith("s3:"):
        from core.store_bucket import BucketStore  # noqa: PLC0415 - its library is large, and few need it

        return BucketStore(url, access_key, secret_key)
    return FolderStore(Path(unquote(urlsplit(url).path)))


def scanner_of(url: str | None) -> Clamd | None:
    """The malware scanner, where one is set."""
    return Clamd(url) if url else None


def attach(person: Person, given: Mapping[str, Any], upload: FileStorage | None) -> Attachment:
    """Look at what was sent, keep it, and put it on the record; Invalid with all that is wrong at once."""
    faults: dict[str, str] = {}
    try:
        attachments.check(given)
    except Invalid as refused:
        faults.update(refused.fields)
    if upload is None or not upload.filename:
        raise Invalid({**faults, "file": NO_FILE})
    if faults:
        raise Invalid(faults)
    belonging.refuse_others(context.session(), person, given)
    context.session().commit()  # nothing is open while the store and the scanner answer
    taken = attachments.take(
        _store(),
        context.installation().scanner,
        cast("BinaryIO", upload.stream),
        upload.filename,
        upload.mimetype,
    )
    return attachments.add(
        context.session(), person, taken, given, viewer=context.viewer(), now=context.now()
    )


def answer(person: Person, found: Attached) -> Response:
    """The file, to be saved and never shown as a page of ours; that somebody opened it is written down."""
    row = found.row
    visible.record_look(context.session(), context.viewer(), person, at_what=f"attachment: {row.media_type}")
    context.session().commit()  # the look counts whatever the store answers, and nothing is open meanwhile
    response = Response(_store().open(row.store_key), mimetype=row.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=row.file_name)
    response.headers["Content-Length"] = str(row.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _store() -> Store:
    store = context.installation().store
    if store is None:
        raise Unavailable(NOWHERE)
    return store
