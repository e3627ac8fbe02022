"""How many simulated homes one process holds, and what it and the broker need for each."""

import argparse
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import psutil

from bench.system import cpu_seconds, machine
from core.children import Children
from core.embedded.broker import Broker
from core.embedded.broker_users import BrokerUser, write_users
from core.embedded.secrets import random_password
from devices.simulator import laying, performing
from devices.simulator.acts import Credential, Member
from devices.simulator.encoders.known import FAMILIES
from devices.simulator.fleet_homes import fleet_homes
from devices.simulator.script import Pace, script
from devices.simulator.troubles import Troubles, asked_for

BEGINS = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
MOST_LATE = 1.0
"""Seconds after its time that a message may go out: more, and the rate was not held."""


def main() -> int:
    """Measure and print; 1 when a home was not let in, a message has no receipt, or the rate was not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--homes", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    children = Children(folder / "logs", Event())
    try:
        return measure(wanted, folder, children)
    finally:
        children.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


def measure(wanted: argparse.Namespace, folder: Path, children: Children) -> int:
    """Start a broker that knows the fleet, let that speak, and say what it took."""
    print(machine())
    before = performing.memory()
    homes = fleet_homes(wanted.homes, BEGINS, wanted.seed, FAMILIES.keys())
    secrets = {home.key: random_password() for home in homes}
    began = time.monotonic()
    hashed = laying.hashes(secrets.values())
    took = time.monotonic() - began
    print(f"hashing {len(homes):,} secrets took {took:.1f} s, {took / len(homes) * 1000:.2f} ms each")
    broker = Broker(folder, 0)
    broker.prepare()
    users = [
        BrokerUser(home.key, one, (f"hearth/v1/{home.key}/#",))
        for home, one in zip(homes, hashed, strict=True)
    ]
    write_users(broker.users_file, [broker.intake_user(), *users])
    children.start(broker.child())
    pid = children.pids()["broker"]
    idle, spent = psutil.Process(pid).memory_info().rss, cpu_seconds(pid)
    troubles = Troubles(asked_for(wanted.fault), wanted.seed)
    pace = Pace(BEGINS, wanted.rate, wanted.seconds)
    found = performing.perform(
        "127.0.0.1",
        broker.port,
        [Member(Credential(key, key, secret)) for key, secret in secrets.items()],
        lambda _begins: script(homes, pace, wanted.seed, troubles),
        lambda: BEGINS,
        Event(),
        seed=wanted.seed,
        memory_before=before,
    )
    for line in performing.said(found):
        print(line)
    held = psutil.Process(pid).memory_info().rss
    each, busy = (held - idle) / len(homes) / 1000, cpu_seconds(pid) - spent
    print(f"broker: {held / 1e6:.0f} MB, {each:.0f} kB a home; {busy:.1f} s of a processor in all")
    # Faults close lines and let two hours of readings come at once: the rate is no promise then.
    on_time = bool(wanted.fault) or found.run.latest.total_seconds() <= MOST_LATE
    kept = found.complete and found.up == found.devices and on_time
    promise = f"every home in, every message with a receipt, none over {MOST_LATE:.0f} s late"
    print(f"{promise}: {'yes' if kept else 'NO'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
