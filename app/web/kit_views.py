"""Kit as its pages show it: lines of the list, one piece whole, and what was enrolled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import segno
from markupsafe import Markup

from app.web import essentials
from app.web.charts import Stretch, in_order
from app.web.words import date_only, initial_capital
from core.zones import UK
from devices import kinds, kit_states
from devices.conflicts import Contradicted
from devices.expected import Expected
from devices.kinds import Group
from devices.kit_states import Wrong
from devices.models import Device, DeviceState, HeardState, KitState
from devices.placing import FoundRow
from devices.readings import Latest
from devices.registry import Enrolment
from devices.stock import Piece, Without
from devices.subjects import Subject
from people.watching import Watched, say

STATES: Mapping[DeviceState, str] = {
    DeviceState.IN_STOCK: "In stock",
    DeviceState.RESERVED: "Reserved",
    DeviceState.INSTALLED: "Out",
    DeviceState.RECOVERED: "Came back, to be cleaned",
    DeviceState.CLEANED: "Cleaned",
    DeviceState.IN_REPAIR: "In repair",
    DeviceState.LOST: "Lost",
    DeviceState.RETIRED: "Retired",
}
WHY = {
    "hub": "the hub it speaks through is down",
    "offline": "it has gone offline",
    "silent": "it has not been heard",
    "away": "it is not in the home",
    "fault": "it reports a fault",
    "mains": "it has no mains, and its battery must have run out",
}
NOT_AT_MOSQUITTO = (
    "Give it a new password. The one it has was set before passwords were kept for Mosquitto too, "
    "which does not let it in"
)
SHOWN_DAYS = timedelta(days=7)
MOST = 8  # kinds drawn of one piece of kit


@dataclass(frozen=True, slots=True)
class KitRow:
    """One piece of kit on one line: see kit.html."""

    uuid: UUID
    name: str
    model: str
    key: str
    state_words: str
    where: str
    person_uuid: UUID | None
    since: datetime | None
    last_at: datetime | None
    heard: str
    heard_percent: int | None
    battery: int | None


@dataclass(frozen=True, slots=True)
class WatchingShown:
    """What kit watches: see kit_device.html. `guessed` from its model and name: nobody has said."""

    words: str
    guessed: bool
    stated: bool


@dataclass(frozen=True, slots=True)
class SensorsShown:
    """How many sensors a hub speaks for: see kit_device.html."""

    placed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ContradictedRow:
    """A moment with two values: see kit_device.html."""

    kind: str
    at: datetime
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class WithoutRow:
    """Somebody without protection: see kit.html."""

    person_uuid: UUID
    name: str
    alone: bool
    device_uuid: UUID
    device: str
    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What to type into a piece of kit, shown this once: see kit_enrol.html."""

    uuid: UUID
    name: str
    key: str
    username: str
    password: str
    topic_prefix: str
    address: str
    qr: Markup


def row(
    piece: Piece, due: Expected | None, percent: int | None, *, down: bool = False, own: bool = False
) -> KitRow:
    """A line of the list; what is `down` looks it, whatever was expected of it. `own` is not ours."""
    device, word = piece.device, piece.word
    heard_at = word.heard_at if word else None
    heard = "heard" if heard_at else "never"
    if heard_at and due is not None and due.state is not HeardState.HEARD:
        heard = due.state.value
    if heard_at and down:
        heard = HeardState.MISSING.value
    held = piece.assignment
    return KitRow(
        uuid=device.uuid,
        name=device.name,
        model=device.model,
        key=device.key or device.address or "",
        state_words="Their own" if own else _state(piece),
        where=_where(piece),
        person_uuid=piece.person.uuid if piece.person else None,
        since=held.period.lower if held else None,
        last_at=heard_at,
        heard=heard,
        heard_percent=percent,
        battery=round(word.battery) if word and word.battery is not None else None,
    )


def facts(
    piece: Piece, *, mosquitto: bool, tested_by: KitState | None = None, wrong: Sequence[Wrong] = ()
) -> tuple[tuple[str, str], ...]:
    """What else is known of it, by name. `mosquitto`: whether that broker's files are ours to write.

    `tested_by` is the last test of it that came through, and `wrong` what it says is wrong with itself.
    """
    device, word = piece.device, piece.word
    tested = device.last_test_press_at
    protects = "Yes: whoever has it is without protection when it is down" if device.life_safety else None
    named = (
        ("Serial number", device.serial),
        ("Lot", device.lot),
        ("Room", device.room),
        ("Speaks through", piece.hub.name if piece.hub else None),
        ("Broker", NOT_AT_MOSQUITTO if mosquitto and _kept_out(device) else None),
        ("Firmware", word.firmware if word else None),
        ("Protects", protects),
        ("It says", "; ".join(_says(each) for each in wrong)),
        ("Last test that came through", _test(tested_by) if tested_by else None),
        ("Last test press", date_only(tested) if tested else "None recorded" if device.life_safety else None),
    )  # fmt: skip
    return tuple((name, words) for name, words in named if words)


def _says(wrong: Wrong) -> str:
    kind = kinds.get(wrong.kind)
    of = f" ({wrong.channel})" if wrong.channel else ""
    value = kinds.say(kind, kit_states.WRONG[wrong.kind])
    return f"{kind.name}{of}: {value} since {date_only(wrong.since)}"


def _test(last: KitState) -> str:
    how = "pressed" if last.channel == kit_states.PRESSED else f"by itself, {last.channel}"
    return f"{date_only(last.at)}, {how}"


def watching(device: Device, sorts: Collection[Watched]) -> WatchingShown:
    """What a piece of kit watches, and from where that is known."""
    if device.life_safety:
        return WatchingShown("Nothing that needs an agreement: it protects.", guessed=False, stated=True)
    told = initial_capital(say(sorts)) if sorts else "Nothing of somebody’s life"
    if device.watches is None:
        return WatchingShown(told, guessed=True, stated=False)
    beyond = set(sorts) - {Watched(each) for each in device.watches}
    more = f" It has measured {say(beyond)}, which nobody stated." if beyond else ""
    return WatchingShown(f"{told}.{more}", guessed=False, stated=True)


def sensors(placed: int, found: Sequence[FoundRow]) -> SensorsShown | None:
    """How many sensors are registered behind a hub, and how many wait for a room; None without any."""
    waiting = sum(each.device is None and each.found.left_at is None for each in found)
    return SensorsShown(placed, waiting) if placed or waiting else None


def without(each: Without) -> WithoutRow:
    """Somebody without protection, and why."""
    return WithoutRow(
        each.person.uuid,
        essentials.name_of(each.person),
        each.alone,
        each.device.uuid,
        each.device.name,
        each.since,
        WHY.get(each.why, each.why),
    )


def enrolled(enrolment: Enrolment, address: str | None, suffix: str) -> Enrolled:
    """What to type in, and the same as a QR code."""
    told = address or "the broker of this installation"
    prefix = f"{enrolment.topic_prefix}/{suffix}"
    lines = (
        f"address={told}", f"username={enrolment.key}", f"password={enrolment.secret}", f"topic={prefix}"
    )  # fmt: skip
    drawn = segno.make("\n".join(lines), error="m").svg_inline(omitsize=True, border=2)
    return Enrolled(
        uuid=enrolment.device.uuid,
        name=enrolment.device.name,
        key=enrolment.key,
        username=enrolment.key,
        password=enrolment.secret,
        topic_prefix=prefix,
        address=told,
        qr=Markup(drawn),  # noqa: S704 - drawn by segno from what is ours alone
    )


def contradicted(found: Sequence[Contradicted]) -> tuple[ContradictedRow, ...]:
    """Two values for one moment, as the page of a piece of kit shows them."""
    return tuple(
        ContradictedRow(
            kinds.get(each.kind).name,
            each.at,
            kinds.say(kinds.get(each.kind), each.kept),
            kinds.say(kinds.get(each.kind), each.other),
        )
        for each in found
    )


def holder(piece: Piece) -> Subject | None:
    """Whose it is now; None for nobody's, or somebody's out of sight."""
    held = piece.assignment
    if held is None:
        return None
    return Subject("person", held.person_id) if held.person_id else Subject("home", held.home_id or 0)


def stretch(piece: Piece, latest: Sequence[Latest], now: datetime) -> Stretch | None:
    """A week of what it measures for whoever has it; None where there is nothing to show."""
    subject = holder(piece)
    codes = in_order(
        each.kind
        for each in latest
        if each.device_id == piece.device.id and kinds.get(each.kind).group is not Group.KIT
    )
    if subject is None or not codes:
        return None
    zone = piece.home.time_zone if piece.home else UK
    return Stretch((subject,), codes[:MOST], now - SHOWN_DAYS, now, zone, device_id=piece.device.id)


def _kept_out(device: Device) -> bool:
    """Whether only its password, which was set before it was kept for Mosquitto too, keeps it out there."""
    return device.secret_hash is not None and device.mosquitto_hash is None and device.revoked_at is None


def _state(piece: Piece) -> str:
    if piece.device.revoked_at is not None:
        return "Shut out"
    state = piece.device.state
    return "In stock" if state is DeviceState.INSTALLED and piece.assignment is None else STATES[state]


def _where(piece: Piece) -> str:
    room = piece.device.room
    if piece.person is not None:
        return ", ".join(filter(None, (essentials.name_of(piece.person), room)))
    if piece.home is not None:
        return ", ".join(filter(None, (piece.home.address_line, room)))
    return ""
