"""What goes wrong between kit and broker, each by its name: what it makes of what a home says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import orjson

from devices.simulator import rewriting
from devices.simulator.acts import Act, Turn
from devices.simulator.faulty_clocks import CLOCKS
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.going_wrong import Befalls, Fault, Of, each, rewritten
from devices.simulator.speaking import Emission

TWO_HOURS = timedelta(hours=2)
_OLD = timedelta(days=27)
_STEP = timedelta(milliseconds=50)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 65_536
_MOVEMENT = (b'"occupancy"', b'"motion"', b'"presence"')
_ALARMS = (b'"pendant"', b'"fall"', b'"smoke"', b"<mrq>")


def _twice(said: Emission, chance: Random) -> list[Act]:
    if chance.random() < 0.3:
        return [said, replace(said, at=said.at + timedelta(seconds=chance.uniform(0, 5)))]
    return [said]


def _later(said: Emission, chance: Random) -> list[Act]:
    if chance.random() < 0.3:
        return [replace(said, at=said.at + timedelta(seconds=chance.uniform(2, 90)))]
    return [said]


def _kept(said: Emission, chance: Random) -> list[Act]:
    return [replace(said, retained=chance.random() < 0.3 or said.retained)]


def _partial(said: Emission, _chance: Random) -> list[Act]:
    rest = rewriting.without_measures(said.payload)
    if rest is None:
        return [said]
    return [said, replace(said, at=said.at + timedelta(seconds=1), payload=rest)]


def _repeated(said: Emission, _chance: Random) -> list[Act]:
    """Thrice in 102 ms, and then every 2 seconds for a while, as mmWave sensors do."""
    if not any(word in said.payload for word in _MOVEMENT):
        return [said]
    after = [0.0, 0.051, 0.102, *(2.0 * n for n in range(1, 6))]
    return [replace(said, at=said.at + timedelta(seconds=seconds)) for seconds in after]


def _alarm_twice(said: Emission, _chance: Random) -> list[Act]:
    again = replace(said, at=said.at + timedelta(milliseconds=30))
    return [said, again] if any(word in said.payload for word in _ALARMS) else [said]


def _no_number(said: Emission, chance: Random) -> list[Act]:
    if chance.random() < 0.3:
        return [replace(said, payload=rewriting.with_nan(said.topic, said.payload))]
    return [said]


def _oversized(said: Emission, chance: Random) -> list[Act]:
    if chance.random() < 0.1:
        return [replace(said, payload=said.payload + b" " * (_LONGEST + 1 - len(said.payload)))]
    return [said]


def _broken(said: Emission, chance: Random) -> list[Act]:
    whole = said.payload
    payload = chance.choice(
        (
            whole[: len(whole) // 2],
            b"",
            b"\xff\xfe" + whole,
            b"[" * 2000,
            bytes(chance.randrange(256) for _ in range(40)),
            orjson.dumps({"readings": "none"}),
            whole.replace(b":", b"=", 1),
        )
    )
    return [replace(said, payload=payload)] if chance.random() < 0.3 else [said]


def _first(says: Callable[[FleetHome, datetime], list[Act]]) -> Befalls:
    """What a home says once, before the first of its acts."""
    waits = True

    def befall(home: FleetHome, acts: list[Act]) -> list[Act]:
        nonlocal waits
        if not waits:
            return acts
        waits = False
        return [*says(home, acts[0].at), *acts]

    return befall


def _upload(_chance: Random) -> Befalls:
    """The line was cut for two hours before the run: all that was kept comes at once."""

    def says(home: FleetHome, back: datetime) -> list[Act]:
        kept = [said for n in range(60) for said in home.say(back - TWO_HOURS + timedelta(minutes=2 * n))]
        return [replace(said, at=back + _STEP * n) for n, said in enumerate(kept)]

    return _first(says)


def _cache(_chance: Random) -> Befalls:
    """A hub that says at its start what each sensor had said 27 days before."""

    def says(home: FleetHome, start: datetime) -> list[Act]:
        old = [said for n in range(8) for said in home.say(start - _OLD + timedelta(minutes=n))]
        return [replace(said, at=start) for said in old]

    return _first(says)


def _flapping(chance: Random) -> Befalls:
    """The line is lost before one message in five, and found again after some seconds."""
    back = _EPOCH

    def befall(home: FleetHome, acts: list[Act]) -> list[Act]:
        nonlocal back
        at = acts[0].at
        if at < back or chance.random() >= 0.2:
            return acts
        back = at + timedelta(seconds=chance.uniform(1, 8))
        return [Turn(at, home.key, up=False), Turn(back, home.key, up=True), *acts]

    return befall


def _dies(chance: Random) -> Befalls:
    """After a few messages the line is gone for good, and the broker tells the last will."""
    left = chance.randrange(1, 6)

    def befall(home: FleetHome, acts: list[Act]) -> list[Act]:
        nonlocal left
        left -= 1
        if left == 0:
            return [*acts, Turn(acts[-1].at, home.key, up=False)]
        return acts if left > 0 else []

    return befall


def _moved(chance: Random) -> Befalls:
    """One piece of kit is taken to the neighbour, and speaks through the hub there from then on."""
    topic, left = "", chance.randrange(2, 6)

    def befall(home: FleetHome, acts: list[Act]) -> list[Act]:
        nonlocal topic, left
        found: list[Act] = []
        for act in acts:
            if not isinstance(act, Emission):
                found.append(act)
                continue
            topic = topic or act.topic
            left -= act.topic == topic
            is_there = act.topic == topic and left < 0
            found.append(_under(act, home.neighbour, home.neighbour) if is_there else act)
        return found

    return befall


def _foreign(chance: Random) -> Befalls:
    """One message in ten goes out under another device's key, which the broker refuses."""

    def befall(home: FleetHome, acts: list[Act]) -> list[Act]:
        return [
            _under(act, act.device_key, home.neighbour)
            if isinstance(act, Emission) and chance.random() < 0.1
            else act
            for act in acts
        ]

    return befall


def _under(said: Emission, line: str, key: str) -> Emission:
    """The same, published on the line of one device under the key of another."""
    return replace(said, device_key=line, topic=said.topic.replace(f"/{said.device_key}/", f"/{key}/", 1))


def _reset(chance: Random) -> Befalls:
    """Counters begin at nought again, once in a while."""
    starts: dict[str, float | None] = {}

    def change(said: Emission, chance: Random) -> list[Act]:
        if said.topic not in starts or chance.random() < 0.05:
            starts[said.topic] = None
        payload, starts[said.topic] = rewriting.counted_from(said.payload, starts[said.topic])
        return [replace(said, payload=payload)]

    return each(change)(chance)


def _battery(shown: bytes) -> Of:
    return rewritten(lambda said: rewriting.with_battery(said.payload, shown))


FAULTS: Mapping[str, Fault] = {
    "sent-twice": Fault("three messages in ten come again within seconds", each(_twice)),
    "out-of-order": Fault("three messages in ten come up to a minute and a half late", each(_later)),
    "upload": Fault("two hours of readings come at once, after a cut line", _upload),
    "retained": Fault("three messages in ten are retained, and replayed to whoever subscribes", each(_kept)),
    "cache-replay": Fault("the hub says at its start what sensors said 27 days before", _cache),
    **CLOCKS,
    "partial": Fault("each message is followed by one without its measures", each(_partial)),
    "mmwave-repeats": Fault("each movement comes thrice in 102 ms and every 2 s after", each(_repeated)),
    "alarm-twice": Fault("each alarm comes again after 30 ms", each(_alarm_twice)),
    "counter-reset": Fault("counters begin at nought again", _reset),
    "battery-text": Fault("the charge is a text of decimals", _battery(b'"{}.00"')),
    "battery-null": Fault("the charge is null", _battery(b"null")),
    "battery-zero": Fault("the charge is 0, as on mains power", _battery(b"0")),
    "nan": Fault("three numbers in ten are none", each(_no_number)),
    "moved": Fault("kit is taken to another home mid-run", _moved),
    "flapping": Fault("the line is lost and found again and again, without a goodbye", _flapping),
    "dies": Fault("the line is lost for good after a few messages", _dies),
    "oversized": Fault("one message in ten has more than 64 KiB", each(_oversized)),
    "broken": Fault("three messages in ten are no message", each(_broken)),
    "foreign-topic": Fault("one message in ten is another device's, to be refused by the broker", _foreign),
}  # fmt: skip
