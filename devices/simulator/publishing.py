"""Simulated homes speak MQTT: one process, each device on its own connection with its own secret.

What goes wrong in a home (its line cut, a battery empty, a lost clock, everything sent twice) comes with its
scenario: `dataclasses.replace(home, scenario=COURSES["hub_offline"](began))`.
"""

import heapq
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from threading import Event

from core.errors import Invalid
from devices.simulator.acts import Act, Credential, Member, Turn
from devices.simulator.driving import drive
from devices.simulator.fleet import Fleet
from devices.simulator.homes import emissions
from devices.simulator.house import Home, outages
from devices.simulator.kit import Format

_LONG = timedelta(days=36500)


def run(
    homes: Sequence[Home],
    credentials: Iterable[Credential],
    host: str,
    port: int,
    now: Callable[[], datetime],
    stop: Event,
    *,
    since: datetime | None = None,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Publish what `homes` say from `now()` on, each message when its time has come, until `stop` is set.

    `since` starts earlier than now, to say at once what has happened from the end of a history until now.
    Raises Invalid when a device of a home has no credential.
    """
    known = {credential.device_key: credential for credential in credentials}
    wanted = {home.device_key(spec): spec.format for home in homes for spec in home.kit if spec.hub is None}
    if wanted.keys() - known.keys():
        raise Invalid({"credentials": f"{len(wanted.keys() - known.keys())} devices have no credential."})
    started = now() if since is None else since
    past = [turn for home in homes for turn in _turns(home) if turn.at <= started]
    down = {turn.device_key for turn in past if not turn.up} - {turn.device_key for turn in past if turn.up}
    lines = [Member(known[key], wanted[key] is Format.OWN, key not in down) for key in wanted]
    fleet = Fleet(host, port, lines, tls=tls)
    drive(fleet, _due(homes, started), now, stop)
    fleet.close()


def _due(homes: Sequence[Home], started: datetime) -> Iterator[Act]:
    spoken: list[Iterable[Act]] = [emissions(home, started, started + _LONG) for home in homes]
    turns = sorted((t for home in homes for t in _turns(home) if t.at > started), key=lambda turn: turn.at)
    yield from heapq.merge(turns, *spoken, key=_time)


def _time(item: Act) -> datetime:
    return item.at


def _turns(home: Home) -> Iterator[Turn]:
    for outage in outages(home):
        yield Turn(outage.start, outage.device_key, up=False)
        if outage.end is not None:
            yield Turn(outage.end, outage.device_key, up=True)
