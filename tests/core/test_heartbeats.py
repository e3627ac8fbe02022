"""Workers' heartbeats."""

from core import heartbeats
from core.clock import real_time
from core.db import Db


def test_a_worker_has_one_row_that_says_what_it_last_said(real_db: Db) -> None:
    heartbeats.beat(real_db, "intake", 3.5, {"stored": 2})
    heartbeats.beat(real_db, "intake", None, {"stored": 7})
    heartbeats.beat(real_db, "evaluate", 0.5, {})
    with real_db.transaction() as session:
        evaluate, intake = heartbeats.list_all(session)
    assert (evaluate.name, evaluate.oldest_waiting_seconds) == ("evaluate", 0.5)
    assert (intake.name, intake.oldest_waiting_seconds, intake.counts) == ("intake", None, {"stored": 7})


def test_a_heartbeat_is_in_real_time_even_where_the_installation_stands_still(real_db: Db) -> None:
    before = real_time().real_start
    heartbeats.beat(real_db, "intake", None, {})
    with real_db.transaction() as session:
        (intake,) = heartbeats.list_all(session)
    assert before <= intake.at <= real_time().real_start
