"""How somebody outside is told."""

from datetime import UTC, datetime

import pytest

from app.auditing.ways import Alarm, MailWay, WebWay
from care_plans.messages.letter import TAKEN, Answer, Letter
from core.errors import Unavailable
from tests.app.auditing.listening import listening

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
ALARM = Alarm(NOW, {"schedule": "Ladders stand still."}, {"intake": "Kit is not heard."})


class Carrier:
    """Keeps the letters, and answers what it is told to."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.letters = answer, list[Letter]()

    def send(self, letter: Letter) -> Answer:
        self.letters.append(letter)
        return self.answer


def test_it_is_said_what_stands_still_and_what_is_over() -> None:
    assert ALARM.subject == "Hearthline stands still: schedule"
    assert ALARM.body == "Ladders stand still.\nOver: Kit is not heard."
    assert Alarm(NOW, {}, {"intake": "Kit."}).subject == "Hearthline: all is running again"


def test_nothing_is_said_to_be_well_while_anything_stands() -> None:
    alarm = Alarm(NOW, {}, {"intake": "Kit."}, {"database": "It does not answer."})
    assert alarm.subject == "Hearthline stands still: database"
    assert alarm.body == "Over: Kit.\nStill: It does not answer."


def test_an_e_mail_goes_to_everybody_who_is_named() -> None:
    carrier = Carrier(TAKEN)
    MailWay(carrier, ("ops@westmere.example", "on.call@westmere.example")).tell(ALARM)
    (letter,) = carrier.letters
    assert letter.to == ("ops@westmere.example", "on.call@westmere.example")
    assert (letter.subject, letter.body, letter.path) == (ALARM.subject, ALARM.body, "/")


def test_a_server_that_does_not_take_it_has_told_nobody() -> None:
    with pytest.raises(Unavailable, match="450"):
        MailWay(Carrier(Answer("450 try later", again=True)), ("ops@westmere.example",)).tell(ALARM)


def test_an_address_is_told_in_json_and_has_to_take_it() -> None:
    with listening() as outside:
        WebWay(outside.url).tell(ALARM)
        assert outside.heard == [
            {
                "type": "hearthline.alarm",
                "timestamp": "2026-11-22T07:46:00+00:00",
                "text": f"{ALARM.subject}\n{ALARM.body}",
                "troubles": {"schedule": "Ladders stand still."},
                "over": {"intake": "Kit is not heard."},
                "still": {},
            }
        ]
        outside.status = 503
        with pytest.raises(Unavailable, match="HTTPError"):
            WebWay(outside.url).tell(ALARM)
    with pytest.raises(Unavailable, match="URLError"):
        WebWay(outside.url).tell(ALARM)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_address_that_sends_us_elsewhere_has_told_nobody(status: int) -> None:
    with listening() as outside:
        outside.status, outside.elsewhere = status, "/sign-in"
        with pytest.raises(Unavailable, match="HTTPError"):
            WebWay(outside.url).tell(ALARM)
        assert outside.got == []


def test_an_answer_that_is_none_has_told_nobody() -> None:
    with listening() as outside:
        outside.garbled = True
        with pytest.raises(Unavailable, match="BadStatusLine"):
            WebWay(outside.url).tell(ALARM)


def test_an_address_that_can_not_be_asked_has_told_nobody() -> None:
    with pytest.raises(Unavailable, match="InvalidURL"):
        WebWay("https://call.example/a b").tell(ALARM)
