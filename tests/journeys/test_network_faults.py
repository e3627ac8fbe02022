"""While kit speaks its lines are cut, slowed and silenced: nothing is lost, and pages say what is away."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import health
from bench import caseload, crowd
from bench.caseload import Member, Speaker, said
from core.clock import Clock
from tests.journeys.conftest import without_settings
from tests.journeys.lines import Place, faulty_place

pytestmark = pytest.mark.journey
PEOPLE, PAUSE = 12, 0.02
STORED = """
SELECT s.device_id, s.kind, r.value, r.measured_at FROM readings r JOIN series s ON s.id = r.series_id
"""
ALERTS = "SELECT person_id, count(*), max(times_raised) FROM alerts GROUP BY person_id"
Said = tuple[int, str, float, datetime]


class Talk:
    """What everybody's kit says all the while, each message another, and presses in between."""

    def __init__(self, speakers: list[Speaker], clock: Clock) -> None:
        self.said: list[Said] = []
        self.pressed: list[Member] = []
        self._speakers = speakers
        self._clock = clock
        self._start = clock.now().replace(microsecond=0) - timedelta(days=1)
        self._enough = Event()
        self._thread = Thread(target=self._go_on, name="talk", daemon=True)
        self._thread.start()

    def press(self) -> None:
        """Somebody who has not pressed yet does."""
        speaker = self._speakers[len(self.pressed)]
        member, at = speaker.member, self._clock.now().replace(microsecond=0)
        body = orjson.dumps({"readings": [{"kind": "pendant", "value": 1, "at": at.isoformat()}]})
        speaker.say(body, topic=f"hearth/v1/{member.key}/urgent")
        self.said.append((member.device_id, "pendant", 1.0, at))
        self.pressed.append(member)

    def end(self) -> None:
        """Say no more."""
        self._enough.set()
        self._thread.join()

    def _go_on(self) -> None:
        number = 0
        while not self._enough.wait(PAUSE):
            speaker = self._speakers[number % len(self._speakers)]
            at, value = self._start + timedelta(seconds=number), 60.0 + number % 23
            speaker.say(said(("pulse", value, at)))
            self.said.append((speaker.member.device_id, "pulse", value, at))
            number += 1


@pytest.fixture
def place(folder: Path) -> Iterator[Place]:
    with faulty_place(folder, without_settings()) as place:
        yield place


@pytest.fixture
def talk(place: Place) -> Iterator[Talk]:
    first = caseload.take_on(place.db, 1)[0]
    owner = place.system.owner_engine()
    with Session(owner) as session, session.begin():
        members = crowd.multiply(session, first, PEOPLE)
    owner.dispose()
    speakers = [Speaker(place.mqtt(), member) for member in members]
    for speaker in speakers:
        speaker.open()
    talk = Talk(speakers, place.db.clock)
    yield talk
    talk.end()
    for speaker in speakers:
        speaker.close()


def stored(place: Place) -> list[Said]:
    """Everything that is stored."""
    with place.db.transaction() as session:
        return [(kit, kind, value, at) for kit, kind, value, at in session.execute(text(STORED))]


def alerts(place: Place) -> set[tuple[int, int, int]]:
    """Whose alerts there are, how many, and how often each was raised."""
    with place.db.transaction() as session:
        return {(person, count, times) for person, count, times in session.execute(text(ALERTS))}


def well_again(place: Place) -> None:
    """Everything says that it is well again, and what is said is stored again."""
    place.until(place.desk.is_well, "that all is well again", within=45)
    before = len(stored(place))
    place.until(lambda: len(stored(place)) > before, "another reading", within=30)


def intake_is(place: Place, state: str, words: str, within: float) -> None:
    """What is asked from outside, and the strip on the board, both come to say so."""
    place.until(lambda: place.desk.checks().get("intake") == state, f"intake as {state}", within=within)
    assert words in place.desk.ask("/")[1]
    assert words in place.desk.ask("/strip")[1]
    assert place.desk.ask("/health/ready")[0] == 503


def pages_say_no_database(place: Place, within: float) -> None:
    """What is asked from outside, and the board, both come to say so rather than hang."""
    place.until(
        lambda: place.desk.checks() == {"database": "does not answer"}, "the database as away", within=within
    )
    status, board = place.desk.ask("/")
    assert (status, "A part of Hearthline is not answering" in board) == (503, True)


def test_whatever_line_fails_nothing_is_lost_or_doubled_and_the_pages_say_so(
    place: Place, talk: Talk
) -> None:
    place.until(place.desk.is_well, "that all is well", within=20)

    place.intake.cut()
    talk.press()
    intake_is(place, health.DEAF, "Intake can’t hear the broker.", within=10)
    place.intake.heal()
    well_again(place)

    for line in place.lines:
        line.delay(1.0)
    talk.press()
    place.stay(2.0)
    for line in place.lines:
        line.heal()
    for side in ("client", "server"):
        for line in place.lines:
            line.half_close(side)
        talk.press()
        well_again(place)

    place.intake.silence()
    talk.press()
    place.kit.cut()
    place.stay(1.0)
    place.kit.heal()
    intake_is(place, health.DEAF, "Intake can’t hear the broker.", within=20)
    place.intake.heal()
    well_again(place)

    place.workers.silence()
    place.pages.silence()
    talk.press()
    pages_say_no_database(place, within=30)
    place.pages.heal()
    intake_is(place, health.SILENT, "not answering.", within=30)
    place.workers.heal()
    well_again(place)

    place.pages.cut()
    place.workers.cut()
    talk.press()
    pages_say_no_database(place, within=10)
    place.pages.heal()
    place.workers.heal()
    well_again(place)

    for server in ("broker", "postgres"):
        place.kill(server)
        talk.press()
        well_again(place)
    os.kill(place.system.pid("intake"), signal.SIGKILL)
    talk.press()
    well_again(place)

    talk.end()
    wanted = sorted(talk.said)
    place.until(lambda: len(stored(place)) >= len(wanted), "everything that was said", within=60)
    assert sorted(stored(place)) == wanted
    with place.db.transaction() as session:
        for table in ("reading_conflicts", "rejected"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    place.until(lambda: len(alerts(place)) >= len(talk.pressed), "an alert for each press", within=30)
    assert alerts(place) == {(member.person_id, 1, 1) for member in talk.pressed}
