"""What a channel is given and answers."""

from uuid import uuid4

from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.letter import TAKEN, Answer, Letter


def test_a_letter_is_taken_unless_its_answer_has_a_fault() -> None:
    assert Answer(fault=None, again=False) == TAKEN
    assert Answer("450 busy", again=True) != TAKEN


def test_the_page_takes_every_letter() -> None:
    assert PageCarrier().send(Letter(uuid4(), (), "Subject", "Body")) == TAKEN
