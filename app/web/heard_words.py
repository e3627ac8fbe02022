"""How much of the time kit was heard, and after how long it counts as silent, in words for its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app import context
from app.web.words import counted
from devices import assignments, kit_expected, registry, silences
from devices.hearing import NONE, Heard
from devices.models import Device
from devices.silent_after import By, Figure
from devices.stock import Piece

NO_FIGURE = "No figure of silence: nobody notices when it stops."
BY_ITS_HUB = "No figure of its own: it counts as silent while its hub does."
EXCUSED = (
    ("deaf", "while Hearthline itself did not listen"),
    ("work", "while it was worked on"),
    ("away", "while whoever has it was away"),
)


@dataclass(frozen=True, slots=True)
class Over:
    """How much of some days it was heard: see _parts/heard.html.

    `percent` is None where it need not be heard; `shorter` tells for how much of the days it had to be.
    """

    words: str
    shorter: str | None
    percent: int | None
    unheard: str | None
    excused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeardShown:
    """How much it was heard, for each stretch of time; `figure` is after how long it counts as silent."""

    figure: str
    overs: tuple[Over, ...]
    missed: bool = True
    """Whether anybody notices when it stops."""
    hours: str = ""
    """What staff have set, as the form has it."""


def of_piece(piece: Piece) -> HeardShown:
    """Of one piece of kit."""
    device = piece.device
    figure = kit_expected.figure_of(device, piece.word.speaks_every_seconds if piece.word else None)
    told = _over({device.id: device.hub_id})
    hours = f"{device.silent_after_seconds / 3600:g}" if device.silent_after_seconds else ""
    without = BY_ITS_HUB if told else NO_FIGURE
    said = _said(figure, piece) if figure else without
    return HeardShown(said, told, bool(figure or told), hours)


def of_hub(hub: Device) -> HeardShown | None:
    """Of a hub with the sensors behind it, and of all kit in its home; None where none of it is expected."""
    opened, now = context.session(), context.now()
    sensors = registry.list_sensors(opened, hub.id)
    told = _over({each.id: each.hub_id for each in (hub, *sensors)})
    if not told:
        return None
    held = assignments.find(opened, hub.id, now)
    home_id = held.home_id if held is not None else None
    of_home = None
    if home_id is not None:
        of_home = silences.in_homes(opened, [home_id], now, silences.OVERS[1]).get(home_id)
    percent = of_home.percent if of_home is not None else None
    said = "The hub and its sensors together."
    return HeardShown(
        said if percent is None else f"{said} All kit that stands in this home: {percent} % of 30 days.", told
    )


def _over(hubs: Mapping[int, int | None]) -> tuple[Over, ...]:
    found = []
    for over in silences.OVERS:
        heard = silences.heard(context.session(), hubs, context.now(), over)
        if heard:
            found.append(_words(over, silences.together(heard.values()), len(heard)))
    return tuple(found)


def _words(over: timedelta, heard: Heard, pieces: int) -> Over:
    excused = tuple(
        f"{_long(spent.total_seconds())} {why}"
        for name, why in EXCUSED
        if (spent := getattr(heard, name)) > NONE
    )
    unheard = _long(heard.unheard.total_seconds()) if heard.unheard > NONE else None
    since = (heard.expected + heard.deaf + heard.work + heard.away) / pieces
    shorter = since < over - timedelta(hours=1)
    return Over(
        f"Last {over.days} days",
        f"It was to be heard for {_long(since.total_seconds())} of them" if shorter and pieces == 1 else None,
        heard.percent,
        unheard,
        excused,
    )


def _said(figure: Figure, piece: Piece) -> str:
    pace = piece.word.speaks_every_seconds if piece.word else None
    who = {
        By.STAFF: "as staff have set",
        By.MODEL: "by what is known of its model",
        By.SAID: f"as it says that it speaks every {_long(pace or 0)}",
        By.PROTECTS: "as it protects, and nobody knows better how often it speaks",
    }[figure.by]
    late, missing = _long(figure.late_after), _long(figure.late_after + figure.grace)
    return f"Late after {late} without a word, missing after {missing}: {who}."


def _long(seconds: float) -> str:
    """How long, in hours up to three days: "36 h", "27.5 h", "12 days"."""
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return (
        f"{round(seconds / 3600, 1):g} h" if seconds < 3 * 86_400 else counted(int(seconds // 86_400), "day")
    )
