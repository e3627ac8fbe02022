"""Messages to browsers, handed in to a stand-in for a push service and read as the browser reads them."""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from care_plans.channel import Channel
from care_plans.messages import outbox
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.channels.push import (
    LENGTH,
    SILENT,
    PushCarrier,
    new_key,
    origin_of,
    public_key,
)
from care_plans.messages.letter import TAKEN, Letter
from care_plans.messages.outbox import Recipient
from care_plans.messages.wording import Words
from care_plans.models.ways import PushSubscription
from core.db import Db
from core.errors import Invalid
from tests import listening
from tests.care_plans.messages.browser import Browser
from tests.cast import make as make_cast
from tests.listening import Listener

PUSH = "care_plans.messages.channels.push"
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
NOBODY = "http://127.0.0.1:9/none"
_KEYS = Browser().subscription
UNUSABLE = [
    (
        "spaces in its key",
        f"https://push.example/1 {_KEYS['p256dh'][:9]}    {_KEYS['p256dh'][9:]} {_KEYS['auth']}",
    ),
    ("no key", f"https://push.example/2 BAAA {_KEYS['auth']}"),
    ("an origin that can't be signed", f"https://[2606:4700::1]/4 {_KEYS['p256dh']} {_KEYS['auth']}"),
]
# Appendix A of RFC 8291.
RFC_8291 = {
    "says": "When I grow up, I want to be a watermelon",
    "private": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "point": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "sealed": "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
}


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def service() -> Iterator[Listener]:
    with listening.opened() as service:
        yield service


def carrier(
    gone: list[str] | None = None,
    *,
    subject: str = "mailto:care@example.org",
    real_now: Callable[[], datetime] = lambda: NOW,
    timeout: float = 2,
) -> PushCarrier:
    return PushCarrier(
        KEY,
        subject,
        zone="Europe/London",
        gone=(gone if gone is not None else []).append,
        real_now=real_now,
        inside=True,
        timeout=timeout,
    )


def to(*browsers: Browser) -> Letter:
    return replace(LETTER, to=tuple(each.address for each in browsers))


def test_only_the_browser_reads_it_and_finds_what_when_and_where(service: Listener) -> None:
    browser = Browser(service.url)
    assert carrier().send(to(browser)) == TAKEN
    (posted,) = service.posted
    assert b"Red alert" not in posted.body
    assert browser.read(posted.body) == {
        "title": "Red alert, clinical, for A.M., Westmere",
        "body": "Sunday 22 November, 07:46",
        "path": LETTER.path,
        "tag": str(LETTER.uuid),
    }


def test_it_is_signed_for_that_push_service_alone_and_not_for_long(service: Listener) -> None:
    carrier().send(to(Browser(service.url)))
    (posted,) = service.posted
    token, key = (part.split("=", 1)[1] for part in posted.headers["authorization"].split(" ")[1].split(","))
    assert key == public_key(KEY)
    point = raw(key)
    signer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    origin = service.url.removesuffix("/hook")
    claims = jwt.decode(token, signer, algorithms=["ES256"], audience=origin, options={"verify_exp": False})
    assert claims["sub"] == "mailto:care@example.org"
    assert NOW.timestamp() < claims["exp"] <= (NOW + timedelta(hours=24)).timestamp()


def test_its_headers_say_nothing_of_anybody_and_its_length_neither(service: Listener) -> None:
    browser = Browser(service.url)
    for subject in ("A", "Red alert, clinical, for A.M., Westmere"):
        carrier().send(replace(to(browser), subject=subject))
    first, second = service.posted
    assert len(first.body) == len(second.body) > LENGTH
    assert first.headers["content-encoding"] == "aes128gcm"
    assert first.headers["ttl"] == "3600"
    assert first.headers["topic"] == second.headers["topic"] == LETTER.uuid.hex
    assert len(first.headers["topic"]) == 32, "RFC 8030 (5.4) allows no more"
    assert "A.M." not in str(second.headers)


def test_one_browser_that_took_it_is_enough(service: Listener) -> None:
    service.statuses = [410, 201]
    gone: list[str] = []
    assert carrier(gone).send(to(Browser(service.url), Browser(service.url))) == TAKEN
    assert gone == [service.url]


@pytest.mark.parametrize(
    ("statuses", "again"),
    [([410], False), ([404, 410], False), ([400], False), ([429], True), ([503, 410], True)],
)
def test_what_no_browser_took_is_refused_for_good_or_for_now(
    service: Listener, statuses: list[int], again: bool
) -> None:
    service.statuses = list(statuses)
    answer = carrier().send(to(*(Browser(service.url) for _ in statuses)))
    assert answer.fault
    assert answer.again is again


def test_a_push_service_that_does_not_answer_may_do_so_later() -> None:
    answer = carrier().send(to(Browser(NOBODY)))
    assert (answer.fault, answer.again) == ("The push service does not answer.", True)


def test_one_that_does_not_answer_is_let_alone_for_a_while_and_then_asked_again(service: Listener) -> None:
    service.hangs = True
    now = [NOW]
    mine = carrier(real_now=lambda: now[0], timeout=0.3)
    assert mine.send(to(Browser(service.url))).again
    service.hangs = False
    assert mine.send(to(Browser(service.url))).again
    assert service.posted == []
    now[0] += SILENT
    assert mine.send(to(Browser(service.url))) == TAKEN


@pytest.mark.parametrize("to_first", [*(address for _why, address in UNUSABLE), Browser(NOBODY).address])
def test_a_browser_that_can_not_be_told_holds_up_nobody_elses_messages(
    service: Listener, real_db: Db, now: datetime, to_first: str
) -> None:
    theirs = Browser(service.url)
    with real_db.transaction() as session:
        cast = make_cast(session)
        for who, address in ((cast.dev, to_first), (cast.cora, theirs.address)):
            endpoint, p256dh, auth = address.split(" ", 2)
            session.add(
                PushSubscription(
                    staff_id=who.id,
                    name="A browser",
                    endpoint=endpoint,
                    p256dh=p256dh,
                    auth=auth,
                    made_at=now,
                )
            )
            session.flush()
            words = Words(LETTER.subject, LETTER.body)
            to_who = Recipient(staff_id=who.id)
            outbox.queue(session, to_who, words, key="event 1", now=now, channel=Channel.PUSH, important=True)
    carriers = {Channel.PUSH: carrier(), Channel.PAGE: PageCarrier()}
    assert outbox.step(real_db, carriers, now, lambda *_told: None)
    (posted,) = service.posted
    assert theirs.read(posted.body)["title"] == LETTER.subject


@pytest.mark.parametrize(("why", "address"), UNUSABLE)
def test_what_can_not_be_sealed_or_signed_for_a_browser_is_refused_for_good(why: str, address: str) -> None:
    answer = carrier().send(replace(LETTER, to=(address,)))
    assert answer.fault, why
    assert not answer.again


def test_a_browser_that_can_not_be_told_keeps_nothing_from_another(service: Listener) -> None:
    browser = Browser(service.url)
    sent = replace(LETTER, to=(*(address for _why, address in UNUSABLE), browser.address))
    assert carrier().send(sent) == TAKEN


@pytest.mark.parametrize(
    "subject", ["mailto:hearthline@web", "https://web/contact?of=push", "https://care.example.org"]
)
def test_whoever_is_to_be_written_to_is_told_as_the_settings_say(service: Listener, subject: str) -> None:
    assert carrier(subject=subject).send(to(Browser(service.url))) == TAKEN
    token = service.posted[0].headers["authorization"].split("t=")[1].split(",")[0]
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == subject


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://push.example/a?b=c", "https://push.example"),
        ("https://push.example:443/a", "https://push.example"),
        ("https://push.example:8443/a", "https://push.example:8443"),
        ("https://Push.Example/a", "https://push.example"),
    ],
)
def test_it_is_signed_for_the_origin_as_browsers_write_it(endpoint: str, origin: str) -> None:
    assert origin_of(endpoint) == origin


def test_it_is_sealed_as_the_example_of_rfc_8291_is(
    service: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, point, auth = RFC_8291["private"], RFC_8291["point"], RFC_8291["auth"]
    number = int.from_bytes(raw(private), "big")
    key = ec.derive_private_key(number, ec.SECP256R1())
    monkeypatch.setattr(f"{PUSH}.ec.generate_private_key", lambda _curve: key)
    monkeypatch.setattr(f"{PUSH}.secrets.token_bytes", lambda _many: raw(RFC_8291["salt"]))
    monkeypatch.setattr(PushCarrier, "content", lambda *_given: RFC_8291["says"].encode())
    carrier().send(replace(LETTER, to=(f"{service.url} {point} {auth}",)))
    assert service.posted[0].body == raw(RFC_8291["sealed"])


def test_nothing_is_posted_into_our_own_networks_unless_that_is_allowed(service: Listener) -> None:
    outside = PushCarrier(
        KEY, "mailto:care@example.org", zone="Europe/London", gone=[].append, real_now=lambda: NOW
    )
    assert outside.send(to(Browser(service.url))).fault
    assert service.posted == []


@pytest.mark.parametrize("key", ["", "short", "no base64 at all!", "A" * 43, "A" * 100])
def test_what_can_be_no_key_is_refused_at_once(key: str) -> None:
    with pytest.raises(Invalid, match="HEARTH_PUSH_KEY"):
        public_key(key)
