"""The XML of SCAIP, read by a parser that knows neither document types nor entities, within narrow bounds."""

from xml.parsers import expat

from devices.formats import wire
from devices.measurement import Undecodable

ROOTS = frozenset({"mrq", "scaip"})
"""The request's root; one published proxy calls it by the protocol's name (Syntilio/Datahub-Scaip-Proxy)."""
WANTED = frozenset({"ref", "mty", "cid", "dty", "did", "stc", "lco"})
"""All that is ever held of a message: numbers to ring, texts and positions don't get past the parser."""

MOST_ELEMENTS = 100
"""The schema has 26, each once."""
DEEPEST = 4
"""The schema has three levels: mrq, lge, tim."""
LONGEST = 64

_AROUND = b"\x00 \t\r\n"


def fields(payload: bytes) -> dict[str, str]:
    """Return the WANTED fields of a request that say something, stripped; Undecodable for anything else.

    Of a field given twice the last counts. Texts that aren't UTF-8 stop nothing: a call for help is not lost
    to the ö of a room's name, which isn't taken over in any case.
    """
    if len(payload) > wire.MAX_BYTES:
        raise Undecodable("too_large", "The message is longer than 64 KiB.")
    document = payload.strip(_AROUND)
    if not document:
        raise Undecodable("empty", "The message is empty.")
    return _Reader().read(document)


class _Reader:
    """One message while it is read."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._open: list[str] = []
        self._elements = 0
        self._text = ""

    def read(self, document: bytes) -> dict[str, str]:
        # Named here, so that no declaration in the document makes the parser look for another.
        parser = expat.ParserCreate(_encoding(document))
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        try:
            parser.Parse(document, True)
        except expat.ExpatError:
            raise Undecodable("not_xml", "The message is not well-formed XML.") from None
        return self._found

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise Undecodable("too_deep", "The message has more elements, or deeper ones, than SCAIP knows.")
        name = name.rpartition(":")[2].lower()
        if not self._open and name not in ROOTS:
            raise Undecodable("not_scaip", "The message is XML, but not a request of SCAIP (mrq).")
        self._open.append(name)
        self._text = ""

    def _hear(self, text: str) -> None:
        if len(self._text) <= LONGEST:
            self._text += text[: LONGEST + 1]

    def _end(self, _name: str) -> None:
        name, text = self._open.pop(), self._text.strip()
        if len(self._open) == 1 and name in WANTED and text:
            self._found[name] = text
        self._text = ""


def _encoding(document: bytes) -> str:
    try:
        document.decode("utf-8")
    except UnicodeDecodeError:
        return "iso-8859-1"
    return "utf-8"


def _refuse_doctype(*_said: object) -> None:
    raise Undecodable(
        "doctype", "The message declares a document type; SCAIP has none, and entities are not read."
    )
