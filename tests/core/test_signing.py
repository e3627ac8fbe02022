"""Signatures of Standard Webhooks."""

from datetime import datetime, timedelta

import pytest

from core import signing
from core.errors import NotAllowed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"test": 2432232314}'


def test_it_signs_as_the_scheme_says() -> None:
    # the example of the scheme's own libraries
    at = datetime.fromisoformat("2021-02-25T15:02:10+00:00")
    found = signing.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", BODY, at, [SECRET])
    assert found == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_what_is_signed_with_two_secrets_is_taken_by_whoever_has_either(now: datetime) -> None:
    one, other = signing.made(), signing.made()
    found = signing.headers("a", BODY, now, [one, other])
    assert [signing.check(found, BODY.encode(), key, now) for key in (one, other)] == ["a", "a"]
    with pytest.raises(NotAllowed):
        signing.check(found, BODY.encode(), signing.made(), now)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "b"},
        {"webhook-id": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "99999999999999999999"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,AAAA v2,é"},
    ],
)
def test_what_was_changed_is_refused(changed: dict[str, str], now: datetime) -> None:
    found = signing.headers("a", BODY, now, [SECRET]) | changed
    with pytest.raises(NotAllowed):
        signing.check(found, BODY.encode(), SECRET, now)


@pytest.mark.parametrize("body", [b"{}", b"\xff\xfe"])
def test_another_body_is_refused(body: bytes, now: datetime) -> None:
    found = signing.headers("a", BODY, now, [SECRET])
    with pytest.raises(NotAllowed):
        signing.check(found, body, SECRET, now)


@pytest.mark.parametrize("later", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_what_is_old_or_of_the_future_is_refused(later: timedelta, now: datetime) -> None:
    found = signing.headers("a", BODY, now, [SECRET])
    with pytest.raises(NotAllowed):
        signing.check(found, BODY.encode(), SECRET, now + later)


def test_a_secret_is_long_enough_and_says_what_it_is() -> None:
    assert signing.is_secret(signing.made())
    assert signing.is_secret(SECRET)
    assert not any(signing.is_secret(text) for text in ("", "whsec_", "whsec_AAAA", SECRET[6:], f"{SECRET}é"))
