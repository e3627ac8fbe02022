"""The XML of SCAIP: hostile documents are refused at once, odd ones of real units are read."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import scaip_xml
from devices.measurement import Undecodable

LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level else b"lol") for level in range(10)
)
HOSTILE = {
    "billion laughs": (b"<!DOCTYPE mrq [" + LAUGHS + b"]><mrq><cid>&l9;</cid></mrq>", "doctype"),
    "quadratic blow-up": (
        b'<!DOCTYPE mrq [<!ENTITY a "' + b"a" * 30_000 + b'">]><mrq><cid>' + b"&a;" * 9_000 + b"</cid></mrq>",
        "doctype",
    ),
    "a file of ours": (
        b'<!DOCTYPE mrq [<!ENTITY x SYSTEM "file:///etc/passwd">]><mrq><cid>&x;</cid></mrq>',
        "doctype",
    ),
    "an address to fetch": (b'<!DOCTYPE mrq SYSTEM "http://127.0.0.1:1/x.dtd"><mrq/>', "doctype"),
    "parameters": (b'<!DOCTYPE mrq [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><mrq/>', "doctype"),
    "an entity nobody declared": (b"<mrq><cid>&x;</cid></mrq>", "not_xml"),
    "another root": (b"<html><cid>1</cid></html>", "not_scaip"),
    "too many elements": (b"<mrq>" + b"<a/>" * 16_000 + b"</mrq>", "too_deep"),
    "too deep": (b"<mrq>" + b"<a>" * 20_000, "too_deep"),
    "one endless name": (b"<" + b"m" * 65_000, "not_xml"),
    "attributes": (
        b"<mrq " + b" ".join(b'a%d="x"' % number for number in range(6_000)) + b"><cid",
        "not_xml",
    ),
    "64 KiB and more": (b"<mrq>" + b" " * 65_536 + b"</mrq>", "too_large"),
    "nothing": (b"\x00 \n", "empty"),
    "UTF-16": ("<mrq><cid>1</cid></mrq>".encode("utf-16"), "not_xml"),
    "text after the end": (b"<mrq><cid>1</cid></mrq><mrq/>", "not_xml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_refuses_hostile_documents_at_once(name: str) -> None:
    document, code = HOSTILE[name]
    began = time.thread_time()
    with pytest.raises(Undecodable) as caught:
        scaip_xml.fields(document)
    assert time.thread_time() - began < 0.05
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"<mrq><cid> 7 </cid><stc>10</stc></mrq>", {"cid": "7", "stc": "10"}),
        (b"<mrq><cid>7</cid></mrq>\x00\x00", {"cid": "7"}),
        (b"\xef\xbb\xbf<mrq><cid>7</cid></mrq>", {"cid": "7"}),
        (b"<MRQ><CID>7</CID></MRQ>", {"cid": "7"}),
        (b"<s:scaip xmlns:s='urn:x'><s:cid>7</s:cid></s:scaip>", {"cid": "7"}),
        (b"<mrq><cid><![CDATA[7]]></cid></mrq>", {"cid": "7"}),
        (b"<mrq><cid>&#55;</cid></mrq>", {"cid": "7"}),
        (b"<mrq><cid>7</cid><cid/></mrq>", {"cid": "7"}),
        (b"<mrq><cid>6</cid><cid>7</cid></mrq>", {"cid": "7"}),
        (b"<mrq><cid>7</cid><lge><tim>1</tim><stc>10</stc></lge></mrq>", {"cid": "7"}),
        (b'<?xml version="1.0" encoding="koi8-r"?><mrq><cid>7</cid></mrq>', {"cid": "7"}),
        (b"<mrq><cid>7</cid><lte>K\xf6k</lte></mrq>", {"cid": "7"}),
        (b"<mrq><cid>7</cid><crd>gsm:+447700900123</crd><lte>Ada</lte><ite>x</ite></mrq>", {"cid": "7"}),
    ],
)
def test_it_reads_what_units_send_and_holds_nothing_else(document: bytes, expected: dict[str, str]) -> None:
    assert scaip_xml.fields(document) == expected


def test_a_long_text_is_cut_and_not_kept() -> None:
    [text] = scaip_xml.fields(b"<mrq><cid>" + b"7&#55;" * 8_000 + b"</cid></mrq>").values()

    assert len(text) <= 2 * scaip_xml.LONGEST + 1


@settings(deadline=None, max_examples=200)
@given(
    st.binary(max_size=200)
    | st.text(alphabet="<>/&;!?[]%\"'=- mrqcidDOCTYPENTY\x00ö", max_size=80).map(lambda text: text.encode())
    | st.binary(max_size=60).map(lambda inner: b"<mrq><cid>" + inner + b"</cid></mrq>")
)
def test_whatever_the_bytes_are_it_gives_fields_or_a_reason(document: bytes) -> None:
    try:
        found = scaip_xml.fields(document)
    except Undecodable:
        return
    assert set(found) <= scaip_xml.WANTED
