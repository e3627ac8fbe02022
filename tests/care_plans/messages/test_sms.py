"""Texts by GOV.UK Notify, handed in to a stand-in that checks its tokens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from care_plans.messages.channels.sms import LONGEST, SmsCarrier
from care_plans.messages.letter import TAKEN, Letter
from core.errors import Invalid, Unavailable
from tests.care_plans.messages import notify
from tests.care_plans.messages.notify import KEY, TEMPLATE, Notify

LETTER = Letter(
    UUID("6f2d1c1e-6a0e-5d0b-9c59-1f4b1e0c7a11"),
    ("07700 900111",),
    "Red alert, clinical, for A.M., Westmere",
    "It began at 07:44.\nOpen Hearthline to see it.",
    "/alerts/0e0a4f0d-52ad-5a6b-8a55-7c1f6f5a1c02",
    at=datetime(2026, 6, 22, 6, 44, tzinfo=UTC),
)


@pytest.fixture
def server() -> Iterator[Notify]:
    with notify.opened() as server:
        yield server


def carrier(server: Notify, *, key: str = KEY) -> SmsCarrier:
    return SmsCarrier(
        key, TEMPLATE, web_url="https://care.example/", zone="Europe/London", url=server.url, timeout=2
    )


def test_a_text_says_what_it_is_about_when_and_where_the_rest_is(server: Notify) -> None:
    assert carrier(server).send(LETTER) == TAKEN
    (told,) = server.taken
    assert told["phone_number"] == "07700 900111"
    assert told["template_id"] == TEMPLATE
    assert told["personalisation"] == {
        "message": "Red alert, clinical, for A.M., Westmere. Monday 22 June, 07:44. "
        "https://care.example/alerts/0e0a4f0d-52ad-5a6b-8a55-7c1f6f5a1c02"
    }


def test_the_reference_says_nothing_of_anybody(server: Notify) -> None:
    carrier(server).send(LETTER)
    assert server.taken[0]["reference"] == str(LETTER.uuid)


def test_long_words_are_cut_and_the_link_is_not(server: Notify) -> None:
    text = carrier(server).text_of(replace(LETTER, subject="words " * 100))
    assert len(text) < LONGEST + 120
    assert "…" in text
    assert text.endswith("5a1c02")


def test_several_messages_are_one_text(server: Notify) -> None:
    several = replace(LETTER, subject="3 messages: Call; and 2 more", path=None, parts=(LETTER,) * 3)
    carrier(server).send(several)
    assert server.taken[0]["personalisation"]["message"].endswith("https://care.example/")


@pytest.mark.parametrize(("status", "again"), [(400, False), (413, False), (429, True), (408, True)])
def test_a_refusal_is_for_good_or_for_now(server: Notify, status: int, again: bool) -> None:
    server.statuses = [status]
    answer = carrier(server).send(LETTER)
    assert answer.again is again
    assert str(status) in (answer.fault or "")
    assert "07700" not in (answer.fault or "")


@pytest.mark.parametrize("status", [500, 503])
def test_when_notify_is_down_the_whole_channel_is(server: Notify, status: int) -> None:
    server.statuses = [status]
    with pytest.raises(Unavailable):
        carrier(server).send(LETTER)


def test_a_wrong_key_is_the_channels_fault_and_no_letters(server: Notify) -> None:
    wrong = f"{KEY[:-4]}ffff"
    with pytest.raises(Unavailable):
        carrier(server, key=wrong).send(LETTER)


def test_what_may_have_been_taken_before_is_asked_for_and_not_sent_again(server: Notify) -> None:
    server.loses_the_answer = True
    by = carrier(server)
    with pytest.raises(Unavailable):
        by.send(LETTER)
    assert by.send(replace(LETTER, again=True)) == TAKEN
    assert len(server.taken) == 1
    assert server.asked == [str(LETTER.uuid)]


def test_what_was_not_taken_before_is_sent(server: Notify) -> None:
    server.statuses = [500]
    by = carrier(server)
    with pytest.raises(Unavailable):
        by.send(LETTER)
    assert by.send(replace(LETTER, again=True)) == TAKEN
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("key", "template", "field"),
    [
        ("a key", TEMPLATE, "HEARTH_NOTIFY_KEY"),
        ("", TEMPLATE, "HEARTH_NOTIFY_KEY"),
        (KEY, "our template", "HEARTH_NOTIFY_TEMPLATE"),
    ],
)
def test_what_can_be_no_key_or_template_is_refused_at_once(key: str, template: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        SmsCarrier(key, template, web_url="https://care.example", zone="Europe/London")
    assert set(refused.value.fields) == {field}
