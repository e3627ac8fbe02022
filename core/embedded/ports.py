"""Which TCP ports of this machine are free."""

import secrets
import socket
from pathlib import Path

from core.errors import Unavailable

LOOPBACK = "127.0.0.1"
LENT = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, BELOW = 10_000, 32_768
TRIES = 100


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = LOOPBACK) -> int:
    """A port that nobody listens on, below those that Linux lends to outgoing connections.

    One of those could be lent to another program before the server that it was chosen for listens.
    """
    for _ in range(TRIES):
        port = LOWEST + secrets.randbelow(_first_lent() - LOWEST)
        if is_free(port, host):
            return port
    raise Unavailable(f"No free TCP port of {host} was found in {TRIES} tries.")


def _first_lent() -> int:
    """The lowest port that this machine lends, as far as that leaves some to choose from."""
    try:
        first = int(LENT.read_text().split()[0])
    except FileNotFoundError:
        return BELOW
    return first if first > LOWEST else BELOW


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Whether something listens there and accepts a connection."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
