"""What the second path finds."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.auditing import troubles
from care_plans.alerts import alerts, auditor
from core import heartbeats
from core.clock import real_time
from core.db import Db, make_engine
from core.models import Heartbeat
from devices import silence, subjects
from devices.models import Expectation
from tests.app.auditing.workers import OfWorkers
from tests.care_plans.alerting import raised
from tests.cast import Cast

SECOND = timedelta(seconds=1)


@pytest.fixture
def real() -> datetime:
    return real_time().now()


@pytest.fixture
def db(session: Session) -> Db:
    return OfWorkers(session)


def look(db: Db, since: datetime, at: datetime) -> Mapping[str, str]:
    return troubles.look(db, since, at).found


def speak(session: Session, at: datetime, *but: str, waited: float | None = None, **counts: float) -> None:
    """Every process spoke then, but these."""
    session.add_all(
        Heartbeat(name=name, at=at, oldest_waiting_seconds=waited, counts=counts)
        for name in troubles.STANDS_STILL
        if name not in but
    )
    session.flush()


def test_where_everybody_spoke_and_every_alert_has_a_next_step_there_is_none(
    session: Session, cast: Cast, db: Db, now: datetime, real: datetime
) -> None:
    alerts.raise_(session, raised(cast, now), now)
    speak(session, real)
    assert look(db, real - SECOND, real) == {}


def test_an_open_alert_without_a_next_step_is_one(
    session: Session, cast: Cast, db: Db, now: datetime, real: datetime
) -> None:
    alerts.raise_(session, raised(cast, now - timedelta(hours=3)), now - timedelta(hours=3))
    speak(session, real)
    found = look(db, real - SECOND, real)
    assert found.keys() == {"alerts"}
    assert found["alerts"].startswith("1 open alert has no next step")


def test_a_process_that_stopped_speaking_is_one_and_says_what_stands_still(
    session: Session, db: Db, real: datetime
) -> None:
    speak(session, real, "schedule")
    session.add(Heartbeat(name="schedule", at=real - 40 * SECOND, oldest_waiting_seconds=None, counts={}))
    session.flush()
    assert look(db, real - timedelta(hours=1), real) == {
        "schedule": "The process schedule has not spoken for 40 s. "
        "Ladders, messages and follow-ups stand still."
    }


def test_a_process_that_has_never_spoken_has_as_long_as_any_other(
    session: Session, db: Db, real: datetime
) -> None:
    speak(session, real, "intake")
    assert look(db, real - 20 * SECOND, real) == {}
    assert look(db, real - 30 * SECOND, real).keys() == {"intake"}


def test_a_process_that_lives_and_hears_nothing_or_gets_nothing_done_is_one(
    session: Session, db: Db, real: datetime
) -> None:
    speak(session, real, "intake", waited=299.0)
    deaf = {heartbeats.LISTENING: 0}
    session.add(Heartbeat(name="intake", at=real, oldest_waiting_seconds=None, counts=deaf))
    session.flush()
    assert look(db, real - SECOND, real).keys() == {"intake"}
    session.get_one(Heartbeat, "evaluate").oldest_waiting_seconds = 300.0
    session.flush()
    found = look(db, real - SECOND, real)
    assert "something has waited for it for 300 s" in found["evaluate"]


def test_a_message_that_is_tried_again_for_a_while_is_none(session: Session, db: Db, real: datetime) -> None:
    speak(session, real)
    session.get_one(Heartbeat, "schedule").oldest_waiting_seconds = 1199.0
    session.flush()
    assert look(db, real - SECOND, real) == {}
    session.get_one(Heartbeat, "schedule").oldest_waiting_seconds = 1200.0
    session.flush()
    assert look(db, real - SECOND, real).keys() == {"schedule"}


def test_a_fast_clock_allows_the_same_real_time() -> None:
    real = real_time().now()
    beat = Heartbeat(name="evaluate", at=real, oldest_waiting_seconds=299.0 * 60, counts={})
    assert troubles.process_words("evaluate", beat, real - SECOND, real, 60.0) is None
    assert troubles.process_words("evaluate", beat, real - SECOND, real, 1.0) is not None


def said_of(well_ago: float) -> dict[str, dict[str, float]]:
    return {"escalate": {heartbeats.LATE: 61.5, heartbeats.WELL: well_ago}}


def test_a_tick_that_did_not_go_well_for_too_long_is_one() -> None:
    assert troubles.ticks_words("schedule", said_of(61.4)) == {}
    found = troubles.ticks_words("schedule", said_of(61.5))
    assert found == {
        "schedule: escalate": "The process schedule lives, and its tick 'escalate' has not gone well "
        "for 61 s: it fails or hangs."
    }


def test_ticks_are_told_beside_a_schedule_that_speaks_and_not_for_one_that_is_silent(
    session: Session, db: Db, real: datetime
) -> None:
    speak(session, real, "schedule")
    ticks = {heartbeats.TICKS: said_of(70)}
    session.add(Heartbeat(name="schedule", at=real, oldest_waiting_seconds=None, counts=ticks))
    session.flush()
    assert look(db, real - SECOND, real).keys() == {"schedule: escalate"}
    assert "schedule: escalate" not in look(db, real - SECOND, real + 30 * SECOND)
    assert look(db, real + SECOND, real + 2 * SECOND) == {}, "what it said before we looked is not of now"


def test_what_is_expected_and_not_looked_for_is_one(
    session: Session, cast: Cast, db: Db, now: datetime, real: datetime
) -> None:
    silence.expect(
        session,
        source="plan",
        subject=subjects.person(cast.ada.id),
        every_seconds=7200,
        grace_seconds=3600,
        first_by=now - 60 * SECOND,
        now=now,
    )
    speak(session, real)
    assert look(db, real - SECOND, real) == {}
    session.execute(update(Expectation).values(expected_by=now - 61 * SECOND))
    assert look(db, real - SECOND, real) == {
        "silence": "1 expected sign of life is not looked for, so that silence goes unnoticed there."
    }


def test_a_look_writes_nothing(session: Session, cast: Cast, db: Db, now: datetime, real: datetime) -> None:
    looked = troubles.look(db, real, real)
    assert looked.alerts == auditor.Looked(0, [])
    assert auditor.find_last(session) is None


def test_a_table_that_is_locked_is_not_waited_for(real_db: Db, owner_url: str) -> None:
    brief = make_engine(real_db.engine.url, brief=True)
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(OperationalError, match="lock timeout"):
            troubles.look(Db(brief, real_db.clock, real_db.vault), real_time().now(), real_time().now())
    brief.dispose()
    owner.dispose()
