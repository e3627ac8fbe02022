"""What is taken for which sort of file, and what is not taken at all."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from core.sniff import ENDINGS, UNPACKED, sniff

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT_TYPE = "application/vnd.oasis.opendocument.text"


def chunk(name: bytes, inside: bytes = b"") -> bytes:
    return struct.pack(">I", len(inside)) + name + inside + struct.pack(">I", zlib.crc32(name + inside))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"x") + chunk(b"IEND")


def packed(**parts: bytes) -> bytes:
    """A zip of these parts, whose names have __ for / and _dot_ for a dot."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, inside in parts.items():
            zipped.writestr(name.replace("__", "/").replace("_dot_", "."), inside)
    return whole.getvalue()


def docx(**more: bytes) -> bytes:
    return packed(**{"[Content_Types]_dot_xml": b"<Types/>", "word__document_dot_xml": b"<w/>"}, **more)


def odt() -> bytes:
    return packed(mimetype=ODT_TYPE.encode(), content_dot_xml=b"<c/>")


def taken(content: bytes, name: str, declared: str | None = None) -> str:
    return sniff(io.BytesIO(content), name, declared)


def refused(content: bytes, name: str, declared: str | None = None) -> str:
    with pytest.raises(Invalid) as fault:
        taken(content, name, declared)
    return fault.value.fields["file"]


def fields_of(content: bytes, ending: str) -> list[str]:
    """Which fields are wrong with a file; none for one that is taken."""
    try:
        taken(content, f"x{ending}")
    except Invalid as fault:
        return list(fault.fields)
    return []


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "letter.pdf", "application/pdf"),
        (PDF, "LETTER.PDF", "application/pdf"),
        (PNG, "mould.png", "image/png"),
        (JPEG, "mould.jpg", "image/jpeg"),
        (JPEG, "mould.jpeg", "image/jpeg"),
        ("Grüße von Ada\n".encode(), "note.txt", "text/plain"),
        (docx(), "plan.docx", DOCX_TYPE),
        (odt(), "plan.odt", ODT_TYPE),
    ],
)
def test_what_a_record_needs_is_taken_for_what_it_is(content: bytes, name: str, media_type: str) -> None:
    assert taken(content, name) == media_type
    assert taken(content, name, media_type) == media_type
    assert taken(content, name, "application/octet-stream") == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + bytes(60),
        b"\x7fELF\x02\x01\x01" + bytes(60),
        b"#!/bin/sh\nrm -rf /\n",
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"\xef\xbb\xbf<html>",
        b"GIF89a" + bytes(20),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60),
        packed(setup_dot_exe=b"MZ"),
        b"PK\x03\x04" + bytes(40),
        b"\xff\xfe\xfa",
        b"a\x00b",
        b"   \n",
        PDF[:20],
        PNG[:-6],
        PNG + b"PK\x03\x04",
        JPEG[:-2],
        b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT"),
    ],
)
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_machine_runs_or_a_browser_draws_is_refused_whatever_it_is_called(
    content: bytes, ending: str
) -> None:
    assert "Attach a PDF" in refused(content, f"letter{ending}")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (PDF, "letter.png", "call it .pdf"),
        (PNG, "picture.pdf", "call it .png"),
        (b"words", "letter.docx", "call it .txt"),
        (docx(), "plan.odt", "call it .docx"),
        (PDF, "letter.pdf.exe", "call it .pdf"),
        (PDF, "letter", "call it .pdf"),
        (b"words", "page.html", "call it .txt"),
    ],
)
def test_a_name_that_says_something_else_is_refused(content: bytes, name: str, said: str) -> None:
    assert said in refused(content, name)


def test_a_declared_type_that_says_something_else_is_refused() -> None:
    assert "sent as something else" in refused(PDF, "letter.pdf", "image/png")
    assert "sent as something else" in refused(b"words", "note.txt", "text/html")


def test_a_document_that_unpacks_to_far_more_than_it_holds_is_refused() -> None:
    bomb = docx(word__media__a=bytes(UNPACKED + 1))
    assert len(bomb) < 1_000_000
    assert "far more" in refused(bomb, "plan.docx")


def test_a_document_of_thousands_of_parts_is_refused() -> None:
    many = docx(**{f"p{n}": b"" for n in range(2100)})
    assert "far more" in refused(many, "plan.docx")


def test_a_document_with_macros_is_refused() -> None:
    assert "macros" in refused(docx(word__vbaProject_dot_bin=b"x"), "plan.docx")


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(ENDINGS))
def test_any_bytes_are_a_sort_that_is_known_or_refused(content: bytes, ending: str) -> None:
    assert fields_of(content, ending) in ([], ["file"])


@settings(deadline=None)
@given(st.sampled_from([docx(), odt(), PNG, PDF]), st.integers(0, 400), st.integers(0, 255))
def test_a_file_that_was_damaged_is_no_fault_of_ours(content: bytes, where: int, value: int) -> None:
    broken = bytearray(content)
    broken[where % len(broken)] = value
    for ending in ENDINGS:
        assert fields_of(bytes(broken), ending) in ([], ["file"])
