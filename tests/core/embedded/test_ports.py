import socket

import pytest

from core.embedded import ports
from core.embedded.ports import LOOPBACK, answers, free_port, is_free
from core.errors import Unavailable


def test_a_free_port_is_free_and_nothing_answers_there() -> None:
    port = free_port()
    assert is_free(port)
    assert not answers(port)


def test_a_port_with_a_server_is_taken_and_answers() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert answers(port)


def test_no_port_that_could_be_lent_to_an_outgoing_connection_is_chosen() -> None:
    lent = int(ports.LENT.read_text().split()[0]) if ports.LENT.exists() else ports.BELOW
    assert all(free_port() >= ports.LOWEST for _ in range(200))
    assert lent <= ports.LOWEST or all(free_port() < lent for _ in range(200))


def test_a_machine_without_a_free_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port, host: False)
    with pytest.raises(Unavailable, match="No free TCP port"):
        free_port()
