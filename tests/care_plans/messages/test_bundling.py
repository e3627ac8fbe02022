"""Several messages in one letter."""

from datetime import UTC, datetime, timedelta
from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from care_plans.channel import Channel
from care_plans.messages.bundling import (
    LETTERS,
    OTHERS_WAIT,
    Recently,
    Waiting,
    held_until,
    letters,
    together,
)
from care_plans.messages.letter import Letter
from care_plans.messages.wording import NO_REPLY

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
HOUR = timedelta(hours=1)


def letter(number: int, *, path: str | None = None) -> Letter:
    head = f"Call for A.M., Westmere: missed ({number})"
    return Letter(
        uuid5(LETTERS, str(number)),
        ("dev@westmere.example",),
        head,
        f"{head}.\nDue 07:00. {NO_REPLY}\nMore.",
        path,
    )


def waiting(number: int, **given: object) -> Waiting:
    values = {"channel": Channel.EMAIL, "to": ("staff", 1), **given}
    return Waiting(number, letter(number), **values)  # type: ignore[arg-type]


def test_one_message_is_its_own_letter() -> None:
    assert together([letter(1)]) == letter(1)


def test_a_letter_of_several_says_how_many_and_each_of_them_once() -> None:
    both = together([letter(1, path="/follow-ups/1"), letter(2, path="/follow-ups/2")])
    assert both.subject == "2 messages: Call for A.M., Westmere: missed (1); and 1 more"
    assert both.body.count("missed (1)") == 1
    assert both.body.count(NO_REPLY) == 1
    assert [each.path for each in both.parts] == ["/follow-ups/1", "/follow-ups/2"]
    assert both.path is None


def test_a_letter_of_the_same_messages_is_the_same_letter_in_whatever_order() -> None:
    assert together([letter(1), letter(2)]).uuid == together([letter(2), letter(1)]).uuid
    assert together([letter(1), letter(2)]).uuid != together([letter(1), letter(3)]).uuid


def test_what_is_important_goes_by_itself_and_first() -> None:
    found = letters([waiting(1), waiting(2, important=True), waiting(3), waiting(4, to=("staff", 2))], {})
    assert [[each.id for each in parts] for parts, _letter in found] == [[2], [1, 3], [4]]


def test_calls_and_the_page_are_never_bundled() -> None:
    for channel in (Channel.VOICE, Channel.PAGE):
        found = letters([waiting(1, channel=channel), waiting(2, channel=channel)], {})
        assert len(found) == 2


def test_a_first_message_waits_for_nothing_and_a_second_for_those_that_come_with_it() -> None:
    assert held_until(waiting(1), None) is None
    last = Recently(NOW, 1)
    assert held_until(waiting(1), last) == NOW + OTHERS_WAIT
    assert held_until(waiting(1, about_alert=True), last) == NOW + timedelta(minutes=2)
    assert held_until(waiting(1, important=True), last) is None
    assert held_until(waiting(1, tried=True), last) is None


@given(st.lists(st.tuples(st.integers(0, 7200), st.booleans()), max_size=400))
def test_no_number_gets_more_texts_than_networks_let_through(events: list[tuple[int, bool]]) -> None:
    """A storm of texts to one number, sent by the rules of bundling second by second."""
    due = sorted(events)
    queue: list[tuple[datetime, Waiting]] = []
    sent: list[tuple[datetime, str, bool]] = []
    for number, (second, important) in enumerate(due):
        each = waiting(number, channel=Channel.SMS, important=important, about_alert=True)
        queue.append((NOW + timedelta(seconds=second), each))
    for minute in range(0, 7800, 30):
        now = NOW + timedelta(seconds=minute)
        goes, left = [], []
        within = [at for at, _words, _alone in sent if at > now - HOUR]
        recently = {(Channel.SMS, "staff", 1): Recently(within[-1], len(within))} if within else {}
        for at, each in queue:
            until = held_until(each, recently.get(each.way))
            (goes if at <= now and (until is None or until <= now) else left).append((at, each))
        found = letters([each for _at, each in goes], recently)
        sent += [(now, one.subject, len(parts) == 1) for parts, one in found]
        queue = left
    assert queue == []
    for at, _words, _alone in sent:
        assert len([each for each in sent if at - HOUR < each[0] <= at]) <= 100
