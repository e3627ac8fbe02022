"""The command that lets simulated homes speak: the demo place's, or a whole fleet."""

import argparse
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from app.running import fleet, settings
from config import Config
from core.errors import Invalid
from core.worker import stop_on_signals
from devices.lanes import MqttAddress
from devices.simulator import places, publishing
from devices.simulator.acts import Credential

CATCH_UP = timedelta(hours=1)
"""How much of what happened while they were not running the simulated homes say at their start."""
STARTING = timedelta(minutes=2)
"""Real time that a slow machine takes from seeding a place until its homes speak: none of it is lost."""
SIMULATED = "simulated.json"


def run(config: Config, asked: argparse.Namespace) -> None:
    """Let the homes of the demo place speak until told to stop, or a fleet where one is asked for."""
    if asked.fleet or asked.replay:
        fleet.run(config, asked)
        return
    if asked.enrol or asked.record or asked.fault:
        raise Invalid({"fleet": "Say how many homes, with --fleet."})
    config.require("database_url", "secret_key", "mqtt_url")
    db = settings.open_db(config, "simulate", pool=1)
    kept = json.loads((config.state_dir / "secrets" / SIMULATED).read_text())
    seeded_at = datetime.fromisoformat(kept["seeded_at"])
    homes = [places.home_of(household, seeded_at) for household in places.households()[: kept["homes"]]]
    credentials = [Credential(key, key, secret) for key, secret in kept["secrets"].items()]
    address = MqttAddress.of_url(config.mqtt_url or "", config.mqtt_ca)
    now: Callable[[], datetime] = db.clock.now
    since = caught_up_from(seeded_at, now(), db.clock.factor)
    at = (address.host, address.port)
    publishing.run(homes, credentials, *at, now, stop_on_signals(), since=since, tls=address.context())


def caught_up_from(seeded_at: datetime, now: datetime, factor: float) -> datetime:
    """From when on the simulated homes say what has happened, where the clock goes `factor` times as fast."""
    return max(seeded_at, now - max(CATCH_UP, STARTING * factor))
