"""The outbox page as a channel."""

from uuid import uuid4

from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.letter import Letter


def test_it_needs_no_address_and_never_refuses() -> None:
    answer = PageCarrier().send(Letter(uuid4(), (), "Red alert", "Open Hearthline", "/alerts/1"))
    assert (answer.fault, answer.again) == (None, False)
