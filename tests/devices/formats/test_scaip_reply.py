"""The answer to a unit: never that somebody answers, and nothing of the request but its reference."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import scaip_reply
from devices.formats.scaip_reply import Answer

CODES = [None, "too_large", "not_xml", "doctype", "missing_tag", "unknown_code", "unknown_sensor", "other"]


@pytest.mark.parametrize("code", CODES)
def test_a_copy_never_says_that_somebody_deals_with_it(code: str | None) -> None:
    assert scaip_reply.of_copy(code) not in (Answer.OK, Answer.HOLD)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        (None, 5),
        ("too_large", 1),
        ("not_xml", 2),
        ("doctype", 2),
        ("unknown_code", 3),
        ("unknown_sensor", 3),
        ("missing_tag", 7),
    ],
)
def test_what_was_wrong_is_said_in_the_numbers_of_the_protocol(code: str | None, number: int) -> None:
    assert scaip_reply.of_copy(code).value == number


def test_it_is_known_by_the_reference_of_its_request() -> None:
    request = b"<mrq><ref>00001883</ref><cid>26317</cid><crd>gsm:+447700900123</crd></mrq>"

    assert scaip_reply.write(request, Answer.OK, "a < b") == (
        b"<mrs><ref>00001883</ref><snu>0</snu><ste>a &lt; b</ste></mrs>"
    )


@pytest.mark.parametrize(
    "request_",
    [b"", b"not xml", b"<mrq/>", b"<mrq><ref>a b</ref></mrq>", b"<mrq><ref>12345678901234567</ref></mrq>"],
)
def test_a_reference_that_can_not_be_repeated_is_left_empty(request_: bytes) -> None:
    assert b"<ref></ref>" in scaip_reply.write(request_, Answer.FORMAT, "")


@settings(deadline=None, max_examples=100)
@given(
    st.binary(max_size=100) | st.text(max_size=30).map(lambda ref: f"<mrq><ref>{ref}</ref></mrq>".encode())
)
def test_whatever_was_asked_there_is_one_short_answer(request_: bytes) -> None:
    answer = scaip_reply.write(request_, Answer.NOT_TREATED, "x" * 500)

    assert answer.count(b"<") == 8
    assert len(answer) < 250
