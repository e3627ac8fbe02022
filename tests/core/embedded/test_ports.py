import socket

from core.embedded.ports import LOOPBACK, answers, free_port, is_free


def test_a_free_port_is_free_and_nothing_answers_there() -> None:
    port = free_port()
    assert is_free(port)
    assert not answers(port)


def test_a_port_with_a_server_is_taken_and_answers() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert answers(port)
