"""The command that holds readings against plans."""

import argparse

from sqlalchemy.exc import OperationalError

from app.running import settings
from care_plans.evaluating.evaluate import Evaluator
from config import Config
from core import heartbeats, worker
from core.worker import Beat, stop_on_signals

IDLE = 0.05
"""Real seconds an evaluator waits when nobody is waiting to be judged."""


def run(config: Config, _asked: argparse.Namespace) -> None:
    """Judge whoever was woken until told to stop."""
    worker.collect_seldom()
    db = settings.open_db(config, "evaluate", patience_seconds=settings.PATIENCE)
    evaluator = Evaluator(db)

    def beat(said: Beat) -> None:
        counts = {**evaluator.counts.said(), "retried": said.retried}
        heartbeats.beat(db, "evaluate", evaluator.oldest_waiting(), counts)

    worker.run(
        evaluator.step,
        name="evaluate",
        idle=IDLE,
        stop=stop_on_signals(),
        heartbeat=beat,
        retry_on=(OperationalError,),
    )
