"""The answer to a request of SCAIP (mrs), which never claims that somebody answers where nobody does (H9)."""

import re
from collections.abc import Mapping
from enum import IntEnum
from xml.sax.saxutils import escape

from devices.formats import scaip_xml
from devices.measurement import Undecodable


class Answer(IntEnum):
    """The status numbers (snu) of an answer.

    OK is a receiver's word that somebody deals with the call: the unit then tries no other. A copy never says
    it, of a heartbeat neither, which asks whether the way to help is there.
    """

    OK = 0
    TOO_LONG = 1
    FORMAT = 2
    CONTENT = 3
    HOLD = 4
    NOT_TREATED = 5
    BUSY = 6
    TAG_MISSING = 7


COPIED = "Kept as a copy. Nobody here answers this call."
REFUSED = "Not understood here, and kept for a technician."

_OF_REFUSALS: Mapping[str, Answer] = {
    "too_large": Answer.TOO_LONG,
    "missing_tag": Answer.TAG_MISSING,
    "unknown_code": Answer.CONTENT,
    "unknown_sensor": Answer.CONTENT,
    "unstorable": Answer.CONTENT,
}
_REF = re.compile(r"[0-9A-Za-z]{1,16}")


def of_copy(code: str | None) -> Answer:
    """Return what is answered where only a copy is kept; `code` is why it was refused, None if it was not."""
    return Answer.NOT_TREATED if code is None else _OF_REFUSALS.get(code, Answer.FORMAT)


def write(request: bytes, answer: Answer, words: str) -> bytes:
    """Return the answer to `request`, whatever that holds; `words` are its status text (ste)."""
    text = escape(words[:128])
    return f"<mrs><ref>{_ref(request)}</ref><snu>{answer.value}</snu><ste>{text}</ste></mrs>".encode()


def _ref(request: bytes) -> str:
    """The request's reference, which its sender knows the answer by; empty where it has none to repeat."""
    try:
        ref = scaip_xml.fields(request).get("ref", "")
    except Undecodable:
        return ""
    return ref if _REF.fullmatch(ref) else ""
