"""Files about a person: taken, shown, removed, swept."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from sqlalchemy.orm import Session

from core.db import Db
from core.errors import Conflict, Invalid, NotFound, Unavailable
from core.store_folder import FolderStore
from people import attachments
from people.access import Extent, RecordClass
from people.models.agencies import Staff
from people.models.attachments import Attachment, BelongsTo, Scan
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.cast import make as make_cast

TEXT = b"A letter about Ada.\n"


class Scanner:
    """Knows one word as malware."""

    def find(self, content: BinaryIO) -> str | None:
        content.seek(0)
        found = "Worm" if b"worm" in content.read() else None
        content.seek(0)
        return found


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=2)


def put(
    session: Session, cast: Cast, store: FolderStore, now: datetime, staff: Staff | None = None, **said: Any
) -> Attachment:
    taken = attachments.take(store, None, io.BytesIO(TEXT), "letter.txt", "text/plain")
    given = {"title": "A letter", "record_class": "notes"} | said
    viewer = viewer_of(session, staff or cast.cora, now)
    return attachments.add(session, cast.ada, taken, given, viewer=viewer, now=now)


def test_a_file_lies_in_the_store_and_what_it_is_in_the_row(
    session: Session, cast: Cast, store: FolderStore, now: datetime
) -> None:
    row = put(session, cast, store, now, belongs_to="plan")
    assert b"".join(store.open(row.store_key)) == TEXT
    assert (row.size, row.sha256, row.media_type) == (len(TEXT), hashlib.sha256(TEXT).digest(), "text/plain")
    assert (row.belongs_to, row.scan, row.agency_id) == (BelongsTo.PLAN, Scan.NOT_SCANNED, cast.hub.id)
    assert "letter" not in row.store_key


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "letter.txt", "empty"),
        (b"x" * (attachments.LARGEST + 1), "letter.txt", "larger than 10 MB"),
        (b"<html>", "letter.txt", "can't be attached"),
        (TEXT, "letter.pdf", "call it .txt"),
        (TEXT, "", "Choose a file"),
        (TEXT, "a\x07.txt", "plain name"),
        (TEXT, "a" * 300 + ".txt", "plain name"),
        (b"a worm", "letter.txt", "malware"),
    ],
)
def test_what_is_not_taken_is_said_and_nothing_of_it_is_kept(
    store: FolderStore, content: bytes, name: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        attachments.take(store, Scanner(), io.BytesIO(content), name, None)
    assert said in refused.value.fields["file"]
    assert list(store.list_keys(later())) == []


def test_a_name_keeps_no_folder_and_what_the_scanner_said_is_kept(store: FolderStore) -> None:
    taken = attachments.take(store, Scanner(), io.BytesIO(TEXT), "C:\\Users\\cora\\letter.txt", None)
    assert (taken.file_name, taken.scan) == ("letter.txt", Scan.NOTHING_FOUND)


def test_what_is_said_of_a_file_is_read_and_restricted_papers_are_refused(
    session: Session, cast: Cast, store: FolderStore, now: datetime
) -> None:
    for said, field in (
        ({"title": ""}, "title"), ({"record_class": "secret"}, "record_class"),
        ({"record_class": "restricted"}, "record_class"), ({"belongs_to": "cat"}, "belongs_to"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            put(session, cast, store, now, **said)
        assert list(refused.value.fields) == [field]


def test_each_agency_sees_the_files_of_what_is_shared_with_it(
    session: Session, cast: Cast, store: FolderStore, now: datetime
) -> None:
    damp = put(session, cast, store, now, record_class="home_environment")
    plan = put(session, cast, store, now, record_class="plan")
    mind = put(session, cast, store, now, record_class="mental_health")
    hers = put(session, cast, store, now, staff=cast.hana)
    hana = viewer_of(session, cast.hana, now)
    found = attachments.shown(session, hana, cast.ada, now)
    assert {each.row.id: each.extent for each in found.items} == {
        damp.id: Extent.FULL, plan.id: Extent.CATEGORY, hers.id: Extent.FULL,
    }  # fmt: skip
    assert found.others
    for row in (plan, mind):
        with pytest.raises(NotFound):
            attachments.get(session, hana, cast.ada, row.uuid, now)
    with pytest.raises(NotFound):
        attachments.get(session, viewer_of(session, cast.cora, now), cast.ben, damp.uuid, now)


def test_one_that_was_removed_is_gone_for_everybody_and_its_reason_stays(
    session: Session, cast: Cast, store: FolderStore, now: datetime
) -> None:
    row, cora = put(session, cast, store, now), viewer_of(session, cast.cora, now)
    with pytest.raises(Invalid):
        attachments.remove(session, row, {"reason": ""}, viewer=cora, now=now)
    attachments.remove(session, row, {"reason": "It is Ben's."}, viewer=cora, now=now)
    assert (row.deleted_at, row.removed_because) == (now, "It is Ben's.")
    with pytest.raises(NotFound):
        attachments.get(session, cora, cast.ada, row.uuid, now)
    with pytest.raises(Conflict):
        attachments.remove(session, row, {"reason": "Again"}, viewer=cora, now=now)


def test_the_sweep_lets_go_of_files_that_no_row_needs_and_of_no_other(
    real_db: Db, store: FolderStore, now: datetime
) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        kept = put(session, cast, store, now).store_key
        lately, long_ago = put(session, cast, store, now), put(session, cast, store, now)
        for row, days in ((lately, 1), (long_ago, 31)):
            row.deleted_at, row.removed_because = now - timedelta(days=days), "Wrong."
        lately_key, old_key = lately.store_key, long_ago.store_key
    orphan = attachments.take(store, None, io.BytesIO(TEXT), "letter.txt", None).store_key
    assert attachments.sweep(real_db, store, datetime.now(UTC)) is False  # all of them are fresh
    assert attachments.sweep(real_db, store, later()) is True
    assert set(store.list_keys(later())) == {kept, lately_key}
    assert not {orphan, old_key} & set(store.list_keys(later()))
    assert attachments.sweep(real_db, store, later()) is False


def test_a_store_that_is_away_leaves_no_row(session: Session, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(Unavailable):
        attachments.take(FolderStore(blocked), None, io.BytesIO(TEXT), "letter.txt", None)


def test_a_file_of_every_class_but_the_restricted_can_be_attached() -> None:
    for each in RecordClass:
        if each is not RecordClass.RESTRICTED:
            assert attachments.check({"title": "x", "record_class": each.value})["record_class"] is each
