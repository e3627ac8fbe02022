"""The command that lets thousands of simulated homes speak, and lets recorded runs speak again."""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.running import settings
from config import Config
from core.clock import real_time
from core.embedded.secrets import write_private
from core.errors import Invalid
from core.journal import Actor
from core.worker import stop_on_signals
from devices.decode import FORMATS
from devices.lanes import MqttAddress
from devices.registry import SECRET_BYTES
from devices.simulator import laying, performing, recording
from devices.simulator.acts import Act, Credential, Member
from devices.simulator.encoders.known import FAMILIES
from devices.simulator.fleet_homes import fleet_homes
from devices.simulator.performing import Figures
from devices.simulator.script import Pace, script
from devices.simulator.troubles import Troubles, asked_for

A_DAY = 200
"""Messages that a simulated home says in a day by itself."""
KEPT = "fleet.json"
BY = Actor("simulator")
LIVED = timedelta(days=30)
"""For how long the homes of a fleet have been there when they are enrolled."""


def run(config: Config, asked: argparse.Namespace) -> None:
    """Enrol a fleet, let it speak, or send a recorded run again, as asked; figures are printed at the end."""
    if asked.enrol:
        _enrol(config, asked)
    elif asked.replay:
        _report(_replay(config, asked))
    else:
        _report(_speak(config, asked))


def _speak(config: Config, asked: argparse.Namespace) -> Figures:
    before, kept = performing.memory(), _kept(config, asked)
    kit = kept.get("seed", 1)
    seed = kit if asked.seed is None else asked.seed
    homes = fleet_homes(asked.fleet, asked.begins or real_time().start, kit, _formats(asked, kept))
    rate = asked.rate or max(asked.fleet * A_DAY / 86_400, 0.1)
    troubles = Troubles(asked_for(asked.fault), seed)
    besides = {"kit": kit, "rate": rate, "seconds": asked.seconds, "faults": asked_for(asked.fault)}

    def acts(begins: datetime) -> Iterable[Act]:
        made = script(homes, Pace(begins, rate, asked.seconds), seed, troubles)
        if asked.record is None:
            return made
        return recording.recorded(asked.record, recording.Head(seed, begins, len(homes), besides), made)

    address = _address(config, asked)
    found = performing.perform(
        address.host,
        address.port,
        _members(kept, [home.key for home in homes]),
        acts,
        lambda: asked.begins or real_time().start,
        stop_on_signals(),
        seed=seed,
        memory_before=before,
        tls=address.context(),
    )
    for name, befallen in troubles.homes.items():
        _say(f"fault {name}: {befallen:,} homes")
    return found


def _replay(config: Config, asked: argparse.Namespace) -> Figures:
    head, address = recording.head_of(asked.replay), _address(config, asked)
    members = _members(_kept(config, asked), sorted(recording.devices_of(asked.replay)))

    def acts(_begins: datetime) -> Iterable[Act]:
        again = recording.replayed(asked.replay)
        return recording.recorded(asked.record, head, again) if asked.record else again

    return performing.perform(
        address.host,
        address.port,
        members,
        acts,
        lambda: head.begins,
        stop_on_signals(),
        speed=asked.speed,
        seed=head.seed,
        tls=address.context(),
    )


def _enrol(config: Config, asked: argparse.Namespace) -> None:
    """Lay the fleet's homes in this installation, and keep their secrets where only we can read them."""
    db = settings.open_db(config, "simulate", pool=1)
    path, began = _credentials(config, asked), time.monotonic()
    kept = json.loads(path.read_text()) if path.exists() else {}
    seed = kept.get("seed", 1 if asked.seed is None else asked.seed)
    formats = _formats(asked, kept)
    now = db.clock.now()
    homes = fleet_homes(asked.fleet, now, seed, formats)
    known = {home.key: secrets.token_urlsafe(SECRET_BYTES) for home in homes} | kept.get("secrets", {})
    # Before they are laid: a secret that is kept by the broker alone is of no use to anybody.
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, json.dumps({"seed": seed, "formats": sorted(formats), "secrets": known}))
    count = 0
    for start in range(0, len(homes), laying.PART):
        with db.transaction() as session:
            part = homes[start : start + laying.PART]
            count += len(laying.lay(session, part, known, since=now - LIVED, now=now, actor=BY))
    took = time.monotonic() - began
    _say(f"{count:,} homes enrolled in {took:.1f} s, {len(homes) - count:,} were there; secrets in {path}")


def _formats(asked: argparse.Namespace, kept: Mapping[str, Any]) -> set[str]:
    """The formats that are spoken: those of the enrolment, which the kit's addresses come from.

    At the first enrolment as asked, or all that Hearthline reads.
    """
    enrolled = set(kept.get("formats", FAMILIES.keys() & FORMATS.keys()))
    if asked.formats is None:
        return enrolled
    wanted = set(asked.formats.split(","))
    if not wanted <= FAMILIES.keys():
        raise Invalid({"formats": f"Choose from {', '.join(sorted(FAMILIES))}, with commas between."})
    if "formats" in kept and wanted != enrolled:
        raise Invalid({"formats": f"The fleet was enrolled with {','.join(sorted(enrolled))}."})
    return wanted


def _credentials(config: Config, asked: argparse.Namespace) -> Path:
    found: Path = asked.credentials or config.state_dir / "secrets" / KEPT
    return found


def _kept(config: Config, asked: argparse.Namespace) -> dict[str, Any]:
    path = _credentials(config, asked)
    try:
        kept: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        fault = f"{path} holds no secrets: enrol the fleet first, with --enrol."
        raise Invalid({"credentials": fault}) from None
    return kept


def _members(kept: Mapping[str, Any], keys: list[str]) -> list[Member]:
    known = kept.get("secrets", {})
    missing = [key for key in keys if key not in known]
    if missing:
        fault = f"{len(missing):,} of {len(keys):,} devices have no secret: enrol them, with --enrol."
        raise Invalid({"credentials": fault})
    return [Member(Credential(key, key, known[key])) for key in keys]


def _address(config: Config, asked: argparse.Namespace) -> MqttAddress:
    if asked.url is None:
        config.require("mqtt_url")
    return MqttAddress.of_url(asked.url or config.mqtt_url or "", config.mqtt_ca)


def _report(found: Figures) -> None:
    for line in performing.said(found):
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
