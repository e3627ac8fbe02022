"""Whether kit that was enrolled is heard as it should be, and what to change in its settings; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntFlag, StrEnum
from types import MappingProxyType

from devices import kinds

PATIENCE = timedelta(minutes=2)
"""How long after its secret was set kit may be silent before it is said what may be wrong."""


class Mark(IntFlag):
    """What was noticed of the messages of one format, all together."""

    NONE = 0
    FRESH = 1
    RETAINED = 2
    MEASURED = 4
    SAID_STATE = 8
    NO_CLOCK = 16
    WRONG_CLOCK = 32
    SPACE = 64
    """A space stands in the topic: a name, where an address should be."""


class State(StrEnum):
    """How one thing that is looked for stands."""

    HEARD = "heard"
    WAITING = "waiting"
    AMISS = "amiss"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A format in which it has spoken, what it is called, and what was noticed."""

    format: str
    title: str
    last_at: datetime
    marks: Mark


@dataclass(frozen=True, slots=True)
class Refused:
    """Messages that could not be read, for one reason."""

    code: str
    reason: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was seen under one key since its secret was set, and what it should say.

    `stored` is when each kind was last measured, its sensors' kinds among them. `awaited` are kinds it should
    measure; `protects` that an alarm of it has to be tried.
    """

    key: str
    since: datetime
    heard_at: datetime | None
    spoken: Sequence[Spoken]
    stored: Mapping[str, datetime]
    refused: Sequence[Refused]
    placed: int
    waiting: int
    protects: bool
    awaited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is looked for: how it stands, in words, and when it was last heard."""

    name: str
    state: State
    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the test says: its steps, what to change in the settings, and what it should still say."""

    steps: tuple[Step, ...]
    changes: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether all that this kit should say has been heard, and nothing is to be changed."""
        return not self.changes and not self.missing


UNSEEN = (
    "What a broker turns away is not seen here: a wrong password, a topic outside its own prefix. It drops "
    "such a message without a word, and may tell the kit that all went well."
)
NOTHING = (
    "Check the user name and password: both as shown when it was enrolled, and no older ones.",
    "Every topic has to begin with {prefix}: set a hub’s base topic so. The broker drops anything else "
    "without a word.",
    "Check the broker’s address and port, and whether it asks for TLS.",
    "Leave spaces out of topics: some brokers end the connection for one, and the hub then tries for ever.",
)
CHANGES: Mapping[str, str] = MappingProxyType(
    {
        "one_key_a_topic": "Set the hub’s output to json, not to attribute (Zigbee2MQTT: advanced, output).",
        "unknown_sensor": "Place its sensors: messages of those that nobody has placed wait until then.",
        "not_announced": "Switch discovery on; its prefix and the base topic both begin with {prefix}.",
        "template": "Some of what it announces needs a template that is not read here, and is left out.",
        "bad_topic": "Set the base topic to just what was shown when it was enrolled.",
        "unknown_format": "After {prefix} comes the name of a format; the base topic has another word there.",
        "too_large": "Send less at a time: a message may have 64 KiB.",
        "too_many": "Send less at a time: a message may hold 500 readings.",
        "bad_time": "Send times as RFC 3339 with a zone (Zigbee2MQTT: last_seen → ISO_8601), or none.",
        "unknown_kind": "It sends a kind of reading that is not known here; see Formats.",
        "unknown_unit": "It sends a unit that is not known here; leave the unit out, or see Formats.",
        "not_json": "Set it to send JSON: what comes can’t be read as such.",
        "bad_state": "Its state has to be online or offline.",
        "revoked": "It was shut out. Give it a new password to let it speak again.",
    }
)
"""What to change in the settings of a hub for what could not be read, by the reason's code."""
SPACE = (
    "Let its sensors be known by address, without spaces (Zigbee2MQTT: friendly name as IEEE address): "
    "names change, and at some brokers a space ends the connection."
)
RETAINED_ONLY = (
    "All that came was kept by the broker from before, which says nothing of now. Switch retain off for what "
    "it measures, and let it measure anew."
)
WRONG_CLOCK = (
    "Set its clock: it told a time nobody can believe. Its readings count from their arrival meanwhile."
)
NO_STATE = (
    "Switch on that it says whether it is there (availability, or a last will on status): else only its "
    "silence tells that it is gone."
)
PRESS = "Try it: press its test button, or set off its test alarm. No alarm of it has been heard."
NO_READING = "Let it measure once: no reading of it has been stored."
NO_SENSOR = "Pair a sensor, or let one measure: none has spoken through it."


def tell(seen: Seen, now: datetime) -> Told:
    """How each thing stands that is looked for, worst told by its state, and what to do about it."""
    if not _since(seen, seen.heard_at):
        return _silent(seen, now)
    steps = (
        Step("Heard under its own key", State.HEARD, "It has signed in and spoken.", seen.heard_at),
        _state(seen),
        *_formats(seen.spoken),
        *_stored(seen),
        *_sensors(seen),
        *(_refused(each) for each in seen.refused),
    )
    return Told(steps, tuple(_changes(seen)), tuple(_missing(seen)))


def _since(seen: Seen, at: datetime | None) -> bool:
    return at is not None and at >= seen.since


def _silent(seen: Seen, now: datetime) -> Told:
    if now - seen.since < PATIENCE:
        words = "Nothing yet. Type in what was shown, and switch it on."
        return Told((Step("Heard under its own key", State.WAITING, words),), (), (NO_READING,))
    prefix = f"hearth/v1/{seen.key}/"
    step = Step("Heard under its own key", State.AMISS, "Nothing has come since its password was set.")
    return Told((step,), tuple(each.format(prefix=prefix) for each in NOTHING), (NO_READING,))


def _state(seen: Seen) -> Step:
    said = [each for each in seen.spoken if Mark.SAID_STATE in each.marks]
    if not said:
        return Step("Says whether it is there", State.AMISS, "Not heard.")
    return Step("Says whether it is there", State.HEARD, "Heard.", max(each.last_at for each in said))


def _formats(spoken: Sequence[Spoken]) -> Iterable[Step]:
    for each in spoken:
        only_old = Mark.RETAINED in each.marks and Mark.FRESH not in each.marks
        words = "Only what the broker kept from before." if only_old else f"Speaks as “{each.format}”."
        yield Step(each.title, State.AMISS if only_old else State.HEARD, words, each.last_at)


def _stored(seen: Seen) -> Iterable[Step]:
    if not seen.stored:
        yield Step("Readings stored", State.WAITING, "None yet.")
    for code, at in sorted(seen.stored.items(), key=lambda each: each[1], reverse=True):
        yield Step(f"Reading stored: {kinds.get(code).name}", State.HEARD, "Its age is that of the last.", at)


def _sensors(seen: Seen) -> Iterable[Step]:
    if seen.placed or seen.waiting:
        state = State.AMISS if seen.waiting else State.HEARD
        yield Step("Sensors behind it", state, f"{seen.placed} placed, {seen.waiting} to be placed.")


def _refused(each: Refused) -> Step:
    return Step(f"Could not be read: {each.count}", State.AMISS, each.reason, each.last_at)


def _changes(seen: Seen) -> Iterable[str]:
    prefix = f"hearth/v1/{seen.key}/"
    for each in seen.refused:
        change = CHANGES.get(each.code, "It sends what can’t be read: {reason}")
        yield change.format(prefix=prefix, reason=each.reason)
    marks = [each.marks for each in seen.spoken]
    if any(Mark.SPACE in each for each in marks):
        yield SPACE
    if marks and not any(Mark.FRESH in each for each in marks):
        yield RETAINED_ONLY
    if any(Mark.WRONG_CLOCK in each for each in marks):
        yield WRONG_CLOCK
    if not any(Mark.SAID_STATE in each for each in marks):
        yield NO_STATE


def _missing(seen: Seen) -> Iterable[str]:
    if seen.protects and not any(kinds.get(code).life_safety for code in seen.stored):
        yield PRESS
    elif not seen.stored:
        yield NO_SENSOR if seen.waiting else NO_READING
    lacking = sorted(kinds.get(code).name for code in seen.awaited - seen.stored.keys())
    if lacking and (seen.stored or not seen.protects):
        yield f"Not heard yet of what it should say: {', '.join(lacking)}."
