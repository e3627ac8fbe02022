"""Posting to addresses that others name."""

import socket
from time import monotonic

import pytest

from core import outward
from core.errors import Unavailable
from tests import listening


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "ftp://example.org",
        "https://",
        "https://user:pw@example.org",
        "https://example.org/#part",
        "https://example.org:0",
        "https://[::1",
        "https://exämple.org",
        "https://localhost/hook",
        "https://127.0.0.1",
        "https://10.1.2.3",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
    ],
)
def test_what_is_no_address_of_everybodys_is_refused(url: str) -> None:
    assert outward.why_not(url, inside=False)


def test_where_it_is_allowed_our_own_networks_are_reached_and_this_machine_without_encryption() -> None:
    assert outward.why_not("https://example.org:8443/a?b=c", inside=False) is None
    assert outward.why_not("https://10.1.2.3", inside=True) is None
    assert outward.why_not("http://127.0.0.1:8000/hook", inside=True) is None
    assert outward.why_not("http://10.1.2.3", inside=True)


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.7", "::1", "169.254.169.254"])
def test_a_name_that_leads_inside_is_refused_when_it_is_posted_to(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    with pytest.raises(Unavailable, match="network of our own"):
        outward.post("https://example.org", b"", {}, inside=False)


def test_what_it_answers_is_told_and_a_redirect_is_not_followed() -> None:
    with listening.opened() as there:
        there.statuses = [200, 307, 500]
        there.location = there.url
        found = [outward.post(there.url, b"{}", {"a": "b"}, inside=True) for _ in range(3)]
        assert [(each.status, each.taken) for each in found] == [(200, True), (307, False), (500, False)]
        assert len(there.posted) == 3
        assert (there.posted[0].body, there.posted[0].headers["a"]) == (b"{}", "b")
        assert there.posted[0].headers["host"] in there.url


@pytest.mark.parametrize("how", ["hangs", "trickles"])
def test_one_that_hangs_or_answers_letter_by_letter_is_left_in_time(how: str) -> None:
    with listening.opened() as there:
        setattr(there, how, True)
        began = monotonic()
        with pytest.raises(Unavailable, match="does not answer"):
            outward.post(there.url, b"{}", {}, inside=True, timeout=0.5)
        assert monotonic() - began < 3


def test_nobody_there_is_said_so() -> None:
    with listening.opened() as there:
        url = there.url
    with pytest.raises(Unavailable):
        outward.post(url, b"", {}, inside=True)
    with pytest.raises(Unavailable, match="not known"):
        outward.post("https://nowhere.invalid/", b"", {}, inside=False)
