"""Messages to browsers, handed in to a stand-in for a push service and read as the browser reads them."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from care_plans.messages.channels.push import LENGTH, PushCarrier, new_key, public_key
from care_plans.messages.letter import TAKEN, Letter
from core.errors import Invalid, Unavailable
from tests import listening
from tests.care_plans.messages.browser import Browser
from tests.listening import Listener

KEY = new_key()
NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
LETTER = Letter(
    UUID("6f2d1c1e-6a0e-5d0b-9c59-1f4b1e0c7a11"),
    (),
    "Red alert, clinical, for A.M., Westmere",
    "It began at 07:44.",
    "/alerts/0e0a4f0d-52ad-5a6b-8a55-7c1f6f5a1c02",
    at=NOW,
)


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening.opened() as server:
        yield server


def carrier(gone: list[str] | None = None) -> PushCarrier:
    return PushCarrier(
        KEY,
        "mailto:care@example.org",
        zone="Europe/London",
        gone=(gone if gone is not None else []).append,
        real_now=lambda: NOW,
        inside=True,
        timeout=2,
    )


def to(*browsers: Browser) -> Letter:
    return replace(LETTER, to=tuple(each.address for each in browsers))


def test_only_the_browser_reads_it_and_finds_what_when_and_where(server: Listener) -> None:
    browser = Browser(server.url)
    assert carrier().send(to(browser)) == TAKEN
    (posted,) = server.posted
    assert b"Red alert" not in posted.body
    assert browser.read(posted.body) == {
        "title": "Red alert, clinical, for A.M., Westmere",
        "body": "Sunday 22 November, 07:46",
        "path": LETTER.path,
        "tag": str(LETTER.uuid),
    }


def test_it_is_signed_for_that_push_service_alone_and_not_for_long(server: Listener) -> None:
    carrier().send(to(Browser(server.url)))
    (posted,) = server.posted
    token, key = (part.split("=", 1)[1] for part in posted.headers["authorization"].split(" ")[1].split(","))
    assert key == public_key(KEY)
    point = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    signer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    origin = server.url.removesuffix("/hook")
    claims = jwt.decode(token, signer, algorithms=["ES256"], audience=origin, options={"verify_exp": False})
    assert claims["sub"] == "mailto:care@example.org"
    assert NOW.timestamp() < claims["exp"] <= (NOW + timedelta(hours=24)).timestamp()


def test_its_headers_say_nothing_of_anybody_and_its_length_neither(server: Listener) -> None:
    browser = Browser(server.url)
    for subject in ("A", "Red alert, clinical, for A.M., Westmere"):
        carrier().send(replace(to(browser), subject=subject))
    first, second = server.posted
    assert len(first.body) == len(second.body) > LENGTH
    assert first.headers["content-encoding"] == "aes128gcm"
    assert first.headers["ttl"] == "3600"
    assert first.headers["topic"] == second.headers["topic"] == LETTER.uuid.hex
    assert len(first.headers["topic"]) == 32, "RFC 8030 (5.4) allows no more"
    assert "A.M." not in str(second.headers)


def test_one_browser_that_took_it_is_enough(server: Listener) -> None:
    server.statuses = [410, 201]
    gone: list[str] = []
    assert carrier(gone).send(to(Browser(server.url), Browser(server.url))) == TAKEN
    assert gone == [server.url]


@pytest.mark.parametrize(
    ("statuses", "again"),
    [([410], False), ([404, 410], False), ([400], False), ([429], True), ([503, 410], True)],
)
def test_what_no_browser_took_is_refused_for_good_or_for_now(
    server: Listener, statuses: list[int], again: bool
) -> None:
    server.statuses = list(statuses)
    answer = carrier().send(to(*(Browser(server.url) for _ in statuses)))
    assert answer.fault
    assert answer.again is again


def test_a_push_service_that_does_not_answer_is_the_channels_fault() -> None:
    with pytest.raises(Unavailable):
        carrier().send(to(Browser("http://127.0.0.1:9/none")))


def test_nothing_is_posted_into_our_own_networks_unless_that_is_allowed(server: Listener) -> None:
    outside = PushCarrier(
        KEY, "mailto:care@example.org", zone="Europe/London", gone=[].append, real_now=lambda: NOW
    )
    with pytest.raises(Unavailable):
        outside.send(to(Browser(server.url)))
    assert server.posted == []


@pytest.mark.parametrize("key", ["", "short", "no base64 at all!", "A" * 43, "A" * 100])
def test_what_can_be_no_key_is_refused_at_once(key: str) -> None:
    with pytest.raises(Invalid, match="HEARTH_PUSH_KEY"):
        public_key(key)
