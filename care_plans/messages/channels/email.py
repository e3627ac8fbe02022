"""E-mail over SMTP, encrypted wherever the server can and always where it asks for a password."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from care_plans.messages.letter import TAKEN, Answer, Letter
from care_plans.messages.wording import NO_REPLY
from core.clock import Clock
from core.errors import Invalid, Unavailable

TIMEOUT = 10.0  # seconds for one answer of the server
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class EmailCarrier:
    """Sends letters through one SMTP server.

    `url` is smtp://host:port (encrypted if the server offers it), smtp+starttls:// (never without) or smtps://,
    with user:password@ where the server wants them and ?from=address for the sender. `web_url` is where the
    pages are: a message carries a link to one, and never a link that acts.
    """

    def __init__(self, url: str, web_url: str, clock: Clock) -> None:
        """Raises Invalid when `url` can't be used."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not _has_sound_port(parts):
            raise Invalid({"HEARTH_SMTP_URL": "Write smtp://, smtp+starttls:// or smtps:// and a host."})
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._from = parse_qs(parts.query).get("from", [f"hearthline@{parts.hostname}"])[0]
        self._web_url = web_url.rstrip("/")
        self._clock = clock

    def send(self, letter: Letter) -> Answer:
        """Deliver one letter; Unavailable when the server can't be reached or lets nobody in."""
        answer: Answer | None = None
        try:
            with self._server() as server:
                answer = self._hand_in(server, letter)
        except (smtplib.SMTPException, OSError) as fault:
            if answer is None:
                raise Unavailable(f"The mail server does not answer ({type(fault).__name__}).") from fault
        assert answer is not None  # noqa: S101 - narrows the type; a farewell that fails changes no answer
        return answer

    def _hand_in(self, server: smtplib.SMTP, letter: Letter) -> Answer:
        """What the server, which has let us in, says to this letter; its faults are no other letter's."""
        takes_all = server.has_extn("smtputf8")
        to = [address for address in letter.to if takes_all or address.isascii()]
        if not to:
            return Answer("The mail server takes no such address.")
        try:
            server.send_message(self._message(letter), self._from, to)
        except smtplib.SMTPRecipientsRefused as fault:
            return _answer(*next(iter(fault.recipients.values())))
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as fault:
            return _answer(fault.smtp_code, fault.smtp_error)
        except (smtplib.SMTPException, OSError) as fault:
            return Answer(f"The mail server broke off ({type(fault).__name__}).", again=True)
        # Where some of a team's addresses were refused, the others have it: a second try would repeat it.
        return TAKEN

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._from
        message["To"] = ", ".join(letter.to)
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{letter.uuid}@{self._from.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self._text(letter))
        return message

    def _text(self, letter: Letter) -> str:
        """The words, with a link to the page of what they are about; of several each with its own."""
        if not letter.parts:
            return letter.body + (f"\n\n{self._link(letter)}\n" if letter.path else "\n")
        words = [f"{each.subject}\n{each.body}\n{self._link(each)}".rstrip() for each in letter.parts]
        return "\n\n".join([*words, NO_REPLY]) + "\n"

    def _link(self, letter: Letter) -> str:
        return f"Open it: {self._web_url}{letter.path}" if letter.path else ""

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._scheme == "smtps":
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        with server:
            server.ehlo()
            encrypted = self._scheme == "smtps"
            if self._scheme == "smtp+starttls" or (not encrypted and server.has_extn("starttls")):
                server.starttls(context=context)
                encrypted = True
            if self._user:
                if not encrypted and self._host not in LOCAL:
                    raise smtplib.SMTPNotSupportedError("no password without encryption")
                server.login(self._user, self._password)
            yield server


def _has_sound_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _answer(code: int, said: bytes | str) -> Answer:
    """A 4xx answer passes, a 5xx does not (RFC 5321, 4.2.1)."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Answer(f"{code} {words}"[:200], again=400 <= code < 500)
