"""What may never be answered is waited for no longer than there is patience."""

from threading import Event

import pytest

from app.auditing.asking import Asking


def test_it_is_the_answer_or_the_questions_own_error() -> None:
    asking = Asking(10)
    numbers = iter(range(100))
    assert [asking.ask(numbers.__next__) for _ in range(100)] == list(range(100))
    with pytest.raises(ZeroDivisionError):
        asking.ask(lambda: 1 / 0)
    assert asking.ask(lambda: "on we go") == "on we go"


def test_a_question_without_an_answer_is_given_up_and_no_other_begun_until_it_ends() -> None:
    answered, asked = Event(), list[str]()
    asking = Asking(0.05)
    with pytest.raises(TimeoutError):
        asking.ask(answered.wait)
    with pytest.raises(TimeoutError):
        asking.ask(lambda: asked.append("too soon"))
    answered.set()
    patient = Event()
    for _ in range(100):
        try:
            assert asking.ask(lambda: "again") == "again"
            break
        except TimeoutError:
            patient.wait(0.05)
    else:
        pytest.fail("it never asks again")
    assert asked == []
