"""The telephone as a channel."""

from datetime import datetime
from time import monotonic
from uuid import uuid4

import pytest

from care_plans.messages.channels.voice import VoiceCarrier
from care_plans.messages.letter import TAKEN, Letter, Spoken
from core import signing
from core.clock import real_time
from core.errors import Invalid, Unavailable
from tests import listening
from tests.care_plans.calls.calling import NUMBER, SECRET, carrier

LETTER = Letter(uuid4(), (NUMBER,), "Red alert", "This is Hearthline.", "/alerts/1", Spoken(False, {}))


def test_it_is_signed_and_says_the_same_id_each_time() -> None:
    with listening.opened() as adaptor:
        assert [carrier(adaptor.url).send(LETTER) for _ in range(2)] == [TAKEN, TAKEN]
        names = {signing.check(each.headers, each.body, SECRET, real_time().start) for each in adaptor.posted}
        assert names == {f"msg_{LETTER.uuid.hex}"}


@pytest.mark.parametrize(
    ("status", "again"), [(400, False), (404, False), (408, True), (429, True), (500, True), (302, True)]
)
def test_what_is_refused_for_good_is_told_from_what_may_pass(status: int, again: bool) -> None:
    with listening.opened() as adaptor:
        adaptor.statuses = [status]
        answer = carrier(adaptor.url).send(LETTER)
    assert (answer.again, str(status) in (answer.fault or "")) == (again, True)


def test_an_adaptor_that_hangs_is_left_in_time() -> None:
    with listening.opened() as adaptor:
        adaptor.hangs = True
        began = monotonic()
        with pytest.raises(Unavailable):
            carrier(adaptor.url, timeout=0.3).send(LETTER)
        assert monotonic() - began < 3


@pytest.mark.parametrize("url", ["http://adaptor.example", "https://user:pw@adaptor.example"])
def test_an_address_that_would_tell_it_to_everybody_is_refused(url: str, now: datetime) -> None:
    with pytest.raises(Invalid, match="HEARTH_VOICE_URL"):
        VoiceCarrier(url, SECRET, web_url="https://care.example", ring=45, real_now=lambda: now)
