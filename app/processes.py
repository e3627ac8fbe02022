"""The long-running processes: each opens the installation, does its one thing, and says that it lives."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from app import broker, ticks
from app.schedule import Timetable
from care_plans.evaluating.evaluate import Evaluator
from care_plans.messages.letter import Carrier
from care_plans.models.messages import Channel
from core import heartbeats, installation, worker
from core.db import Db, make_engine
from core.store import Store
from core.vault import Vault
from core.worker import Beat, stop_on_signals
from devices.intake import Intake
from devices.lanes import MqttAddress
from devices.simulator import places, publishing
from devices.simulator.publishing import Credential

EVALUATE_IDLE = 0.05
"""Real seconds an evaluator waits when nobody is waiting to be judged."""
CATCH_UP = timedelta(hours=1)
"""How much of what happened while they were not running the simulated homes say at their start."""
STARTING = timedelta(minutes=2)
"""Real time that a slow machine takes from seeding a place until its homes speak: none of it is lost."""
SIMULATED = "simulated.json"


def open_db(url: str, secret_key: str, name: str, *, pool: int = 5) -> Db:
    """The installation at `url`, which its own secret key must fit; `name` is how the server lists us."""
    return installation.open_db(
        make_engine(url, pool_size=pool, name=f"hearthline {name}"), Vault(secret_key)
    )


def web_command(port: int, *, threads: int = 12) -> tuple[str, ...]:
    """How gunicorn is run: one process with threads, since the work is waiting for the database."""
    return (
        "gunicorn", "wsgi:application", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "1", "--threads", str(threads), "--log-level", "warning", "--graceful-timeout", "5",
    )  # fmt: skip


def intake(db: Db, mqtt_url: str) -> None:
    """Take in what devices publish until told to stop."""
    taken_by = Intake(db, MqttAddress.of_url(mqtt_url))

    def beat(oldest_waiting: float | None, counts: Mapping[str, float]) -> None:
        heartbeats.beat(db, "intake", oldest_waiting, {**counts, heartbeats.LISTENING: taken_by.listening})

    taken_by.run(stop_on_signals(), beat)


def evaluate(db: Db) -> None:
    """Judge whoever was woken until told to stop."""
    evaluator = Evaluator(db)

    def beat(said: Beat) -> None:
        counts = {**evaluator.counts.said(), "retried": said.retried}
        heartbeats.beat(db, "evaluate", evaluator.oldest_waiting(), counts)

    worker.run(
        evaluator.step,
        name="evaluate",
        idle=EVALUATE_IDLE,
        stop=stop_on_signals(),
        heartbeat=beat,
        retry_on=(OperationalError,),
    )


def schedule(db: Db, carriers: Mapping[Channel, Carrier], state_dir: Path, store: Store) -> None:
    """Keep the timetable until told to stop."""
    every = ticks.timetable(db, carriers, broker.refresher(db, state_dir), store)
    Timetable(db, every, lambda: ticks.oldest_waiting(db)).run(stop_on_signals())


def simulate(db: Db, mqtt_url: str, state_dir: Path) -> None:
    """Let the homes of the demo place speak until told to stop."""
    kept = json.loads((state_dir / "secrets" / SIMULATED).read_text())
    seeded_at = datetime.fromisoformat(kept["seeded_at"])
    homes = [places.home_of(household, seeded_at) for household in places.households()[: kept["homes"]]]
    credentials = [Credential(key, key, secret) for key, secret in kept["secrets"].items()]
    address = MqttAddress.of_url(mqtt_url)
    now: Callable[[], datetime] = db.clock.now
    since = caught_up_from(seeded_at, now(), db.clock.factor)
    publishing.run(homes, credentials, address.host, address.port, now, stop_on_signals(), since=since)


def caught_up_from(seeded_at: datetime, now: datetime, factor: float) -> datetime:
    """From when on the simulated homes say what has happened, where the clock goes `factor` times as fast."""
    return max(seeded_at, now - max(CATCH_UP, STARTING * factor))
