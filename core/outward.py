"""Posts to addresses that others name: not into our own networks, not by redirects, and not for long."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from core.errors import Unavailable

TIMEOUT = 10.0  # seconds for all of it: looking up, connecting, sending, and the answer
MOST_READ = 2000  # bytes of an answer
LONGEST = 2000  # letters of an address
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Replied:
    """What an address answered; `taken` for 200 to 299. A redirect is an answer like any other."""

    status: int
    body: bytes

    @property
    def taken(self) -> bool:
        """Whether it took what was posted."""
        return 200 <= self.status < 300


def why_not(url: str, *, inside: bool) -> str | None:
    """Why nothing can be posted there, as far as the address itself tells; None where it may be tried.

    HTTPS alone, but for this machine where `inside` allows addresses of our own networks.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "This is no address: give one like https://example.org/hooks."
    if len(url) > LONGEST or not host or port == 0 or not url.isascii() or not url.isprintable():
        return "This is no address: give one like https://example.org/hooks."
    if parts.username is not None or parts.fragment:
        return "Leave out names, passwords and what comes after a #."
    if parts.scheme != "https" and not (parts.scheme == "http" and inside and host in LOCAL):
        return "Give an address that begins with https://."
    named = _as_number(host)
    if not inside and (host in LOCAL or (named is not None and _is_inside(named))):
        return "This leads into a network of our own: give an address that everybody can reach."
    return None


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, inside: bool, timeout: float = TIMEOUT
) -> Replied:
    """What the address answers; Unavailable when it does not, or when its name leads to where it may not.

    The name is looked up once, and what is connected to is what was looked at.
    """
    fault = why_not(url, inside=inside)
    if fault is not None:
        raise Unavailable(fault)
    parts = urlsplit(url)
    connection = _Connection(parts, _look_up(parts, inside=inside), timeout)
    # What trickles in byte by byte is never late for a single one: this ends it all the same.
    watch = threading.Timer(timeout, connection.break_off)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", _path(parts), body, {**headers, "User-Agent": "Hearthline"})
        answer = connection.getresponse()
        return Replied(answer.status, answer.read(MOST_READ))
    except (OSError, http.client.HTTPException, ValueError) as fault_:
        raise Unavailable(f"It does not answer ({type(fault_).__name__}).") from fault_
    finally:
        watch.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """One to an address that has been looked at, in the name that it was asked for by."""

    def __init__(self, parts: SplitResult, to: str, timeout: float) -> None:
        self._encrypted = parts.scheme == "https"
        port = parts.port or PORTS[parts.scheme]
        super().__init__(parts.hostname or "", port, timeout=timeout)
        self.default_port = PORTS[parts.scheme]
        self._to = to
        self._raw: socket.socket | None = None
        self._broken = False

    def connect(self) -> None:
        """Connect to the address, not to whatever its name leads to by now."""
        self._raw = raw = socket.create_connection((self._to, self.port), self.timeout)
        if self._broken:
            raise TimeoutError
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = raw
        if self._encrypted:
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)

    def break_off(self) -> None:
        """End whatever it waits for, from another thread."""
        self._broken = True
        for each in (self.sock, self._raw):
            if each is not None and each.fileno() >= 0:
                _shut(each)


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was first


def _look_up(parts: SplitResult, *, inside: bool) -> str:
    """The first address of the name, where all of them may be reached."""
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unavailable("Its name is not known.") from fault
    addresses = [str(each[4][0]) for each in found]
    if not inside and any(_is_inside(ipaddress.ip_address(each.partition("%")[0])) for each in addresses):
        raise Unavailable("Its name leads into a network of our own.")
    return addresses[0]


def _is_inside(address: Address) -> bool:
    """Whether it is anything but an address that everybody can reach, however it is wrapped."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo or (None,))[-1]
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return _is_inside(wrapped)
    return not address.is_global or address.is_multicast


def _as_number(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _path(parts: SplitResult) -> str:
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
