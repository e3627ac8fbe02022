"""One process looks and tells."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.auditing.auditing import NAME, Auditing
from app.auditing.troubles import NO_DATABASE
from app.auditing.ways import Alarm
from care_plans.alerts import auditor
from core.db import Db, make_engine
from core.errors import Unavailable
from core.models import Heartbeat
from core.vault import Vault
from tests.app.auditing.workers import OfWorkers
from tests.app.conftest import RealTime

STEP = timedelta(seconds=10)


class Heard:
    """A way that keeps what is told; while `away` nobody hears it."""

    def __init__(self, name: str = "mail") -> None:
        self.name = name
        self.alarms: list[Alarm] = []
        self.away = False

    def tell(self, alarm: Alarm) -> None:
        if self.away:
            raise Unavailable("Nobody answers.")
        self.alarms.append(alarm)


@pytest.fixture
def real() -> RealTime:
    return RealTime(datetime(2026, 11, 22, 7, 46, tzinfo=UTC))


def look(auditing: Auditing, real: RealTime, times: int) -> None:
    for _ in range(times):
        auditing.step()
        real.pass_by(STEP)


def speak(session: Session, at: datetime) -> None:
    for name in ("intake", "evaluate", "schedule"):
        session.merge(Heartbeat(name=name, at=at, oldest_waiting_seconds=None, counts={}))
    session.flush()


def test_silence_is_told_within_a_minute_once_and_that_it_is_over(session: Session, real: RealTime) -> None:
    heard = Heard()
    auditing = Auditing(lambda: OfWorkers(session), [heard], real)
    speak(session, real.at)
    look(auditing, real, 7)
    (alarm,) = heard.alarms
    assert alarm.troubles.keys() == {"intake", "evaluate", "schedule"}
    assert alarm.at - datetime(2026, 11, 22, 7, 46, tzinfo=UTC) <= timedelta(minutes=1)
    speak(session, real.at)
    look(auditing, real, 2)
    assert len(heard.alarms) == 2
    assert heard.alarms[1].troubles == {}
    assert heard.alarms[1].over.keys() == alarm.troubles.keys()
    beat = session.get_one(Heartbeat, NAME, populate_existing=True)
    assert (beat.counts["told"], beat.counts["ways"]) == (2, 1)


def test_a_way_that_fails_keeps_no_other_from_being_tried_and_is_tried_again_where_none_is_left(
    session: Session, real: RealTime
) -> None:
    broken, heard = Heard("web"), Heard()
    broken.away = True
    both = Auditing(lambda: OfWorkers(session), [broken, heard], real)
    look(both, real, 7)
    assert len(heard.alarms) == 1
    alone = Auditing(lambda: OfWorkers(session), [broken], real)
    look(alone, real, 7)
    broken.away = False
    look(alone, real, 1)
    assert [alarm.troubles.keys() >= {"schedule"} for alarm in broken.alarms] == [True]


def test_a_way_that_failed_is_told_as_soon_as_it_takes_it_and_the_other_is_not_told_twice(
    session: Session, real: RealTime
) -> None:
    broken, heard = Heard("web"), Heard("mail")
    broken.away = True
    auditing = Auditing(lambda: OfWorkers(session), [broken, heard], real)
    look(auditing, real, 9)
    broken.away = False
    look(auditing, real, 3)
    assert [len(way.alarms) for way in (broken, heard)] == [1, 1]
    speak(session, real.at)
    look(auditing, real, 1)
    assert [way.alarms[-1].over.keys() for way in (broken, heard)] == [heard.alarms[0].troubles.keys()] * 2


def test_whatever_is_wrong_with_a_way_the_others_are_tried(session: Session, real: RealTime) -> None:
    class Broken(Heard):
        def tell(self, alarm: Alarm) -> None:
            raise ZeroDivisionError

    heard = Heard()
    look(Auditing(lambda: OfWorkers(session), [Broken("web"), heard], real), real, 7)
    assert len(heard.alarms) == 1


NOWHERE = "postgresql+psycopg://nobody@localhost:1/nothing"


def opened(db: Db, *, away: Callable[[], bool]) -> Callable[[], Db]:
    """What opens the database while it is not away, as each process does at its start."""

    def open_db() -> Db:
        if away():
            with make_engine(NOWHERE).connect():
                pass
        return db

    return open_db


def test_a_database_that_is_away_is_told_all_the_same(real: RealTime, session: Session) -> None:
    heard = Heard()
    clock = OfWorkers(session).clock
    nowhere = Db(make_engine(NOWHERE), clock, Vault("test"))
    look(Auditing(lambda: nowhere, [heard], real), real, 3)
    assert [alarm.troubles.keys() for alarm in heard.alarms] == [{"database"}]


def test_a_database_that_is_away_from_the_start_is_told_and_opened_once_it_is_back(
    real: RealTime, session: Session
) -> None:
    heard, away = Heard(), [True]
    auditing = Auditing(opened(OfWorkers(session), away=lambda: away[0]), [heard], real)
    look(auditing, real, 3)
    away[0] = False
    speak(session, real.at)
    look(auditing, real, 2)
    assert [(alarm.troubles.keys(), alarm.over.keys()) for alarm in heard.alarms] == [
        ({"database"}, set()),
        (set(), {"database"}),
    ]
    assert session.get(Heartbeat, NAME) is not None


def test_a_database_that_is_another_installations_is_told_in_its_own_words(real: RealTime) -> None:
    def another() -> Db:
        raise Unavailable("HEARTH_SECRET_KEY is not the key.")

    heard = Heard()
    look(Auditing(another, [heard], real), real, 2)
    assert heard.alarms[0].troubles["database"].endswith("HEARTH_SECRET_KEY is not the key.")


def test_a_database_that_holds_the_line_and_says_nothing_is_told(session: Session, real: RealTime) -> None:
    never, heard = Event(), Heard()

    class Stopped(OfWorkers):
        def session(self) -> Session:
            never.wait()
            return super().session()

    try:
        look(Auditing(lambda: Stopped(session), [heard], real, patience=0.1), real, 2)
    finally:
        never.set()
    assert [alarm.troubles for alarm in heard.alarms] == [{"database": NO_DATABASE}]


def test_while_the_database_is_away_nothing_that_stood_is_said_to_be_over(
    session: Session, real: RealTime
) -> None:
    heard, away = Heard(), [False]

    class Going(OfWorkers):
        def session(self) -> Session:
            if away[0]:
                raise OperationalError("SELECT 1", {}, Exception())
            return super().session()

    auditing = Auditing(lambda: Going(session), [heard], real)
    look(auditing, real, 7)
    away[0] = True
    look(auditing, real, 3)
    before, then = heard.alarms
    assert before.troubles.keys() == {"intake", "evaluate", "schedule"}
    assert (then.troubles.keys(), then.over) == ({"database"}, {})
    assert then.still.keys() == before.troubles.keys()
    away[0] = False
    speak(session, real.at)
    look(auditing, real, 1)
    assert heard.alarms[-1].subject == "Hearthline: all is running again"


def test_a_heartbeat_that_can_not_be_kept_hides_nothing(real_db: Db, owner_url: str, real: RealTime) -> None:
    heard, signs = Heard(), list[datetime]()
    engine = create_engine(real_db.engine.url, connect_args={"options": "-c lock_timeout=50ms"})
    db = Db(engine, real_db.clock, real_db.vault)
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("LOCK TABLE heartbeats IN EXCLUSIVE MODE"))  # it can be read
        look(Auditing(lambda: db, [heard], real, lambda: signs.append(real.at)), real, 7)
    assert [alarm.troubles.keys() for alarm in heard.alarms] == [{"intake", "evaluate", "schedule"}]
    assert len(signs) == 7
    engine.dispose()
    owner.dispose()


def test_what_the_auditor_found_is_on_record(session: Session, real: RealTime) -> None:
    look(Auditing(lambda: OfWorkers(session), [], real), real, 1)
    last = auditor.find_last(session)
    assert last is not None
    assert (last.open, last.faults) == (0, 0)


def test_pages_that_were_not_well_for_half_a_minute_are_told(session: Session, real: RealTime) -> None:
    heard, said = Heard(), ["The pages do not answer."]
    auditing = Auditing(lambda: OfWorkers(session), [heard], real, pages=lambda: said[0] or None)
    for _ in range(6):
        speak(session, real.at)
        look(auditing, real, 1)
    assert [alarm.troubles for alarm in heard.alarms] == [{"pages": "The pages do not answer."}]
    said[0] = ""
    speak(session, real.at)
    look(auditing, real, 1)
    assert [alarm.over.keys() for alarm in heard.alarms] == [set(), {"pages"}]


def test_pages_that_are_away_for_a_moment_are_no_trouble(session: Session, real: RealTime) -> None:
    heard, said = Heard(), [None, "No.", "No.", "No.", None, "No.", "No.", "No."]
    auditing = Auditing(lambda: OfWorkers(session), [heard], real, pages=lambda: said.pop(0))
    for _ in range(8):
        speak(session, real.at)
        look(auditing, real, 1)
    assert heard.alarms == []


def test_somebody_outside_hears_at_each_look_that_we_look(session: Session, real: RealTime) -> None:
    signs: list[datetime] = []
    auditing = Auditing(lambda: OfWorkers(session), [], real, lambda: signs.append(real.at))
    look(auditing, real, 3)
    assert len(signs) == 3


@pytest.mark.parametrize("ways", [[], ["web"], ["web", "mail"]])
def test_nobody_hears_that_all_is_well_while_no_way_takes_what_stands(
    session: Session, real: RealTime, ways: list[str]
) -> None:
    signs: list[datetime] = []
    broken = [Heard(name) for name in ways]
    for way in broken:
        way.away = True
    auditing = Auditing(lambda: OfWorkers(session), broken, real, lambda: signs.append(real.at))
    look(auditing, real, 7)
    assert len(signs) == 4, "nobody was silent for longer than half a minute until then"
    if broken:
        broken[0].away = False
        look(auditing, real, 2)
        assert len(signs) == 6


def test_where_nobody_outside_hears_us_we_go_on(session: Session, real: RealTime) -> None:
    def nobody() -> None:
        raise Unavailable("Nobody answers.")

    heard = Heard()
    look(Auditing(lambda: OfWorkers(session), [heard], real, nobody), real, 7)
    assert len(heard.alarms) == 1
