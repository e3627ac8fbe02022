"""Asks what may never be answered, and waits no longer than it has patience."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Asking:
    """One question at a time, each in a thread that ends with the process, whether it was answered or not.

    A database whose server is stopped holds the connection and says nothing: no limit of its own and none
    of TCP's ends that.
    """

    def __init__(self, patience: float) -> None:
        """`patience` in seconds."""
        self._patience = patience
        self._last: Future[Any] | None = None

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """The answer, or the question's own error; TimeoutError where none comes in time.

        So it is, at once, while an earlier question is still without an answer.
        """
        if self._last is not None and not self._last.done():
            raise TimeoutError
        answer: Future[Answer] = Future()
        self._last = answer
        Thread(target=_answer, args=(question, answer), daemon=True).start()
        return answer.result(self._patience)


def _answer(question: Callable[[], Answer], answer: Future[Answer]) -> None:
    try:
        answer.set_result(question())
    except Exception as fault:
        # It is raised where the question was asked.
        answer.set_exception(fault)
