"""What tests of the outbox share: a postman who answers as told, and what is told of failures."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.messages.letter import TAKEN, Answer, Letter
from care_plans.messages.wording import Words
from care_plans.models.messages import Message
from core.errors import Unavailable

WORDS = Words("Red alert, clinical, for A.M., Westmere", "It began at 07:44.")


class Postman:
    """Keeps what it is given and answers as told; None is a channel that does not answer."""

    def __init__(self, *answers: Answer | None) -> None:
        self.letters: list[Letter] = []
        self.asked = 0
        self._answers = list(answers)

    def send(self, letter: Letter) -> Answer:
        self.asked += 1
        answer = self._answers.pop(0) if self._answers else TAKEN
        if answer is None:
            raise Unavailable("The mail server does not answer.")
        if answer == TAKEN:
            self.letters.append(letter)
        return answer


class Failures:
    def __init__(self) -> None:
        self.told: list[int] = []

    def __call__(self, _session: Session, message: Message, _now: datetime) -> None:
        self.told.append(message.id)
