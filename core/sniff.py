"""What a file is, by its bytes: of a few sorts that a record needs, and nothing that a machine would run."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from core.errors import Invalid

FIELD = "file"
SORTS = "a PDF, a PNG or JPEG picture, plain text, or a Word (.docx) or OpenDocument (.odt) text"
UNKNOWN = f"This can't be attached. Attach {SORTS}."
UNPACKED = 100_000_000
"""Bytes that a document may unpack to; more is a bomb."""
MOST_PARTS = 2_000
CHUNK = 64 * 1024
MARKUP = re.compile(rb"<\s*(!doctype|html|svg|script|iframe|body|head|\?xml|\?php)", re.IGNORECASE)
MACROS_OF_WORD, MACROS_OF_OFFICE = "vbaproject.bin", "basic/"
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of file that is taken."""

    media_type: str
    endings: tuple[str, ...]
    name: str
    fits: Callable[[BinaryIO], bool]


def sniff(content: BinaryIO, file_name: str, declared: str | None = None) -> str:
    """The media type of `content`, which its name's ending and what was declared have to agree with.

    Invalid at "file" for anything else. `content` is left at its begin.
    """
    ending = PurePath(file_name).suffix.lower()
    sort = next((each for each in KNOWN if _fits(each, content)), None)
    content.seek(0)
    if sort is None:
        raise Invalid({FIELD: UNKNOWN})
    if ending not in sort.endings:
        raise Invalid(
            {FIELD: f"This is {sort.name}, but its name says something else: call it {sort.endings[0]}."}
        )
    if declared not in (None, "", "application/octet-stream", sort.media_type):
        raise Invalid({FIELD: f"This is {sort.name}, but was sent as something else."})
    return sort.media_type


def _fits(sort: Sort, content: BinaryIO) -> bool:
    content.seek(0)
    return sort.fits(content)


def _pdf(content: BinaryIO) -> bool:
    head = content.read(8)
    return head.startswith(b"%PDF-") and b"%%EOF" in _tail(content, 2048)


def _png(content: BinaryIO) -> bool:
    """Its chunks follow each other to the last, with nothing behind it."""
    if content.read(8) != b"\x89PNG\r\n\x1a\n":
        return False
    size, first = _size(content), True
    content.seek(8)
    while True:
        head = content.read(8)
        if len(head) < 8 or (first and head[4:] != b"IHDR"):
            return False
        first = False
        content.seek(int.from_bytes(head[:4], "big") + 4, 1)
        if head[4:] == b"IEND":
            return content.tell() == size


def _jpeg(content: BinaryIO) -> bool:
    return content.read(3) == b"\xff\xd8\xff" and b"\xff\xd9" in _tail(content, 64 * 1024)


def _docx(content: BinaryIO) -> bool:
    names = _parts(content)
    return {"[Content_Types].xml", "word/document.xml"} <= names


def _odt(content: BinaryIO) -> bool:
    names = _parts(content)
    if not {"mimetype", "content.xml"} <= names:
        return False
    with zipfile.ZipFile(content) as packed:
        return packed.read("mimetype") == b"application/vnd.oasis.opendocument.text"


def _text(content: BinaryIO) -> bool:
    text = content.read()
    if not text.strip() or MARKUP.search(text[:4096]) or text.startswith((b"#!", b"%PDF-")):
        return False
    try:
        text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not CONTROLS & set(text)


def _parts(content: BinaryIO) -> set[str]:
    """The names in a packed document that unpacks whole and within bounds; Invalid for a bomb or macros."""
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        return set()
    try:
        with zipfile.ZipFile(content) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or not _within_bounds(packed, parts):
                raise Invalid({FIELD: "This unpacks to far more than a document holds: it is not taken."})
            if any(_is_macro(part.filename.lower()) for part in parts):
                raise Invalid({FIELD: "This holds macros: save it without them."})
            return {part.filename for part in parts}
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, OSError):
        return set()


def _is_macro(name: str) -> bool:
    return name.endswith(MACROS_OF_WORD) or name.startswith(MACROS_OF_OFFICE)


def _within_bounds(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bool:
    """Whether it unpacks to no more than UNPACKED: what a part says of its own size is not believed."""
    left = UNPACKED
    for part in parts:
        with packed.open(part) as file:
            while chunk := file.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    return False
    return True


def _tail(content: BinaryIO, most: int) -> bytes:
    size = _size(content)
    content.seek(max(0, size - most))
    return content.read()


def _size(content: BinaryIO) -> int:
    content.seek(0, 2)
    return content.tell()


KNOWN = (
    Sort("application/pdf", (".pdf",), "a PDF", _pdf),
    Sort("image/png", (".png",), "a PNG picture", _png),
    Sort("image/jpeg", (".jpg", ".jpeg"), "a JPEG picture", _jpeg),
    Sort(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
        "a Word text",
        _docx,
    ),
    Sort("application/vnd.oasis.opendocument.text", (".odt",), "an OpenDocument text", _odt),
    Sort("text/plain", (".txt",), "plain text", _text),
)
ENDINGS = tuple(ending for sort in KNOWN for ending in sort.endings)
