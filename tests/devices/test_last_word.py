"""The last word of kit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import last_word, subjects
from devices.gather import Word
from devices.last_word import MOVES_BY, Heard
from devices.models import DeviceWord
from tests.cast import Cast
from tests.conftest import NOW
from tests.devices import kit
from tests.devices.kit import HOUR, MINUTE


def word_of(session: Session, device_id: int) -> DeviceWord:
    session.expire_all()
    return session.scalars(select(DeviceWord).where(DeviceWord.device_id == device_id)).one()


def test_what_is_not_said_stays_and_what_is_said_counts(session: Session) -> None:
    device_id = kit.device(session).id
    last_word.write(session, {device_id: Word(NOW, True, 80, "1.2")}, NOW)
    last_word.write(session, {device_id: Word(battery=79)}, NOW + MINUTE)
    word = word_of(session, device_id)
    assert (word.heard_at, word.online, word.battery, word.firmware) == (NOW, True, 79, "1.2")


def test_it_is_dated_when_a_device_comes_online_or_goes(session: Session) -> None:
    device_id = kit.device(session).id
    last_word.write(session, {device_id: Word(online=True)}, NOW)
    last_word.write(session, {device_id: Word(online=True)}, NOW + MINUTE)
    assert word_of(session, device_id).online_changed_at == NOW
    last_word.write(session, {device_id: Word(online=False)}, NOW + HOUR)
    last_word.write(session, {device_id: Word(heard_at=NOW)}, NOW + 2 * HOUR)
    word = word_of(session, device_id)
    assert (word.online, word.online_changed_at) == (False, NOW + HOUR)


def test_an_older_word_does_not_turn_back_when_it_was_heard(session: Session) -> None:
    device_id = kit.device(session).id
    last_word.write(session, {device_id: Word(NOW)}, NOW)
    last_word.write(session, {device_id: Word(NOW - HOUR)}, NOW)
    assert word_of(session, device_id).heard_at == NOW


def test_no_word_is_no_statement(session: Session) -> None:
    last_word.write(session, {}, NOW)
    assert session.scalars(select(DeviceWord)).all() == []


def test_being_heard_again_soon_is_not_worth_a_write_but_a_status_always_is() -> None:
    heard = Heard()
    first = {1: Word(NOW)}
    assert heard.worth_writing(first) == first
    heard.written(first)
    assert heard.worth_writing({1: Word(NOW + MOVES_BY / 2)}) == {}
    assert heard.worth_writing({1: Word(NOW + MOVES_BY / 2, online=True)}) != {}
    assert heard.worth_writing({1: Word(NOW + MOVES_BY)}) != {}
    assert heard.worth_writing({1: Word()}) == {}


def test_another_battery_wakes_whoever_has_kit_that_may_never_say_anything_else(
    session: Session, cast: Cast
) -> None:
    pendant = kit.device(session, "pendant-1", life_safety=True)
    kit.give(session, pendant, person_id=cast.ada.id)
    last_word.write(session, {pendant.id: Word(NOW, battery=12)}, NOW)
    assert kit.woken(session) == {subjects.person(cast.ada.id).number}
    last_word.write(session, {pendant.id: Word(NOW + HOUR, battery=12)}, NOW + HOUR)
    last_word.write(session, {pendant.id: Word(NOW + HOUR, online=True)}, NOW + HOUR)
    assert kit.woken(session) == set()
