"""E-mail over SMTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from care_plans.messages.channels.email import EmailCarrier
from care_plans.messages.letter import TAKEN, Answer, Letter
from core.clock import Clock
from core.errors import Invalid, Unavailable
from tests.care_plans.messages import post_office
from tests.care_plans.messages.post_office import PostOffice

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
CLOCK = Clock(NOW, NOW, 0.0)
KEY = UUID("7d8f4d9e-0000-4000-8000-000000000001")
LETTER = Letter(
    KEY,
    ("nurses@westmere.example", "dev@westmere.example"),
    "Red alert, clinical,\nfor A.M., Westmere",
    "It began Sunday 22 November, 07:44.\nÖppna Hearthline.",
    "/alerts/7d8f",
)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office.opened() as office:
        yield office


def carrier(office: PostOffice, before: str = "", scheme: str = "smtp") -> EmailCarrier:
    url = f"{scheme}://{before}127.0.0.1:{office.port}/?from=hearthline@westmere.example"
    return EmailCarrier(url, "https://hearth.westmere.example/", CLOCK)


def test_a_letter_arrives_whole_with_a_link_to_its_page(office: PostOffice) -> None:
    assert carrier(office).send(LETTER) == TAKEN
    [message] = office.letters
    assert message["Subject"] == "Red alert, clinical, for A.M., Westmere"
    assert message["From"] == "hearthline@westmere.example"
    assert message["Date"] == "Sun, 22 Nov 2026 07:46:00 +0000"
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert "Öppna Hearthline." in text.decode()
    assert "Open it: https://hearth.westmere.example/alerts/7d8f" in text.decode()
    assert office.envelopes == [("hearthline@westmere.example", list(LETTER.to))]


def test_sent_twice_it_is_the_same_message(office: PostOffice) -> None:
    for _ in range(2):
        carrier(office).send(LETTER)
    assert {message["Message-ID"] for message in office.letters} == {f"<{KEY}@westmere.example>"}


def test_one_refused_address_of_a_team_does_not_stop_the_others(office: PostOffice) -> None:
    office.refuses["dev@westmere.example"] = "550 no such mailbox"
    assert carrier(office).send(LETTER) == TAKEN
    assert office.envelopes[0][1] == ["nurses@westmere.example"]


@pytest.mark.parametrize(
    ("verb", "said", "again"),
    [
        ("RCPT", "550 no such mailbox", False),
        ("RCPT", "450 mailbox busy", True),
        ("MAIL", "552 too large", False),
        ("DATA", "451 try later", True),
    ],
)
def test_what_is_refused_for_good_and_what_for_now_are_told_apart(
    office: PostOffice, verb: str, said: str, again: bool
) -> None:
    office.refuses[verb] = said
    answer = carrier(office).send(LETTER)
    assert (answer.fault, answer.again) == (said, again)


def test_a_server_that_is_not_there_is_unavailable(office: PostOffice) -> None:
    gone = carrier(office)
    office.server_close()
    office.shutdown()
    with pytest.raises(Unavailable, match="does not answer"):
        gone.send(LETTER)


def test_where_encryption_is_asked_for_nothing_goes_without_it(office: PostOffice) -> None:
    with pytest.raises(Unavailable):
        carrier(office, scheme="smtp+starttls").send(LETTER)
    assert office.letters == []


def test_no_password_goes_over_an_open_line_to_another_machine(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("care_plans.messages.channels.email.LOCAL", frozenset())
    with pytest.raises(Unavailable):
        carrier(office, before="user:secret@").send(LETTER)
    assert not office.asked_for_password


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://host:port"])
def test_an_address_that_is_no_mail_server_is_refused_when_it_is_set(url: str) -> None:
    with pytest.raises(Invalid, match="HEARTH_SMTP_URL"):
        EmailCarrier(url, "https://hearth.example", CLOCK)


def test_an_address_that_the_server_cannot_write_to_is_refused_for_good(office: PostOffice) -> None:
    answer = carrier(office).send(replace(LETTER, to=("zoë@westmere.example",)))
    assert answer == Answer("The mail server takes no such address.")
    mixed = carrier(office).send(replace(LETTER, to=("zoë@westmere.example", "dev@westmere.example")))
    assert mixed == TAKEN
    assert office.envelopes[0][1] == ["dev@westmere.example"]


def test_a_letter_that_makes_the_server_hang_up_is_not_the_whole_channel(office: PostOffice) -> None:
    office.hangs_up_on.add("dev@westmere.example")
    answer = carrier(office).send(LETTER)
    assert answer.again
    assert carrier(office).send(replace(LETTER, to=("nurses@westmere.example",))) == TAKEN


def test_what_was_taken_is_not_sent_again_for_a_farewell_that_went_wrong(office: PostOffice) -> None:
    office.refuses["QUIT"] = "421 closing"
    assert carrier(office).send(LETTER) == TAKEN
