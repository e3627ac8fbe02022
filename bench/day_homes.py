"""The homes of a simulated day beside the demo place's: laid, expected to speak, and made to speak."""

import multiprocessing
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

from sqlalchemy import select

from core.clock import Clock
from core.db import Db
from core.embedded.secrets import random_password
from core.journal import Actor
from core.worker import stop_on_signals
from devices import silence
from devices.decode import FORMATS
from devices.lanes import MqttAddress
from devices.models import Device
from devices.simulator import laying, performing
from devices.simulator.acts import Credential, Member
from devices.simulator.encoders.known import FAMILIES
from devices.simulator.fleet_homes import fleet_homes
from devices.simulator.script import Pace, script
from devices.simulator.troubles import Troubles, asked_for

A_DAY = 200
"""Messages that a home says in a day, as homes do."""
LIVED = timedelta(days=30)
SILENT_AFTER = timedelta(hours=2)
"""A hub that says nothing for so long is late: it speaks every seven minutes."""
SPOKEN = FAMILIES.keys() & FORMATS.keys()
BY = Actor("bench")


@dataclass(frozen=True, slots=True)
class Crowd:
    """The homes as they were laid: how many, from when on, by which seed, and each hub's secret."""

    homes: int
    begins: datetime
    seed: int
    secrets: dict[str, str]


def lay(db: Db, homes: int, seed: int) -> Crowd:
    """Lay so many homes, each with a hub that is expected to speak."""
    now = db.clock.now()
    made = fleet_homes(homes, now, seed, SPOKEN)
    crowd = Crowd(homes, now, seed, {home.key: random_password() for home in made})
    with db.transaction() as session:
        laying.lay(session, made, crowd.secrets, since=now - LIVED, now=now, actor=BY)
        for hub in session.scalars(select(Device).where(Device.key.in_(crowd.secrets))):
            hub.silent_after_seconds = int(SILENT_AFTER.total_seconds())
            silence.expect_kit(session, hub, now)
    return crowd


def begin(crowd: Crowd, at: MqttAddress, clock: Clock, hours: float, faults: Sequence[str]) -> BaseProcess:
    """A process in which the homes live, from now on and for so many hours of the installation's clock."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_live, args=(crowd, at, clock, hours, tuple(faults)), daemon=True)
    process.start()
    return process


def _live(crowd: Crowd, at: MqttAddress, clock: Clock, hours: float, faults: Sequence[str]) -> None:
    homes = fleet_homes(crowd.homes, crowd.begins, crowd.seed, SPOKEN)
    troubles = Troubles(asked_for(faults), crowd.seed)
    rate, seconds = crowd.homes * A_DAY / 86_400, hours * 3600
    found = performing.perform(
        at.host,
        at.port,
        [Member(Credential(key, key, secret)) for key, secret in crowd.secrets.items()],
        lambda begins: script(homes, Pace(begins, rate, seconds), crowd.seed, troubles),
        clock.now,
        stop_on_signals(),
        speed=clock.factor,
        seed=crowd.seed,
    )
    befallen = ", ".join(f"{name} {number}" for name, number in troubles.homes.items() if number)
    for line in (*performing.said(found), f"homes that something befell: {befallen or 'none'}"):
        sys.stdout.write(f"  {line}\n")
