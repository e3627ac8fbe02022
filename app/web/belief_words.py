"""How far kit is believed, in words for its page: a sentence, and what was marked on how many readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app import context
from app.web.words import counted, length
from devices import belief, believed, kinds, twins
from devices.belief import Belief
from devices.believed import Mark, Tally, Verdict
from devices.models import Device
from people.access import Need, may

MARKS: Mapping[Mark, str] = {
    Mark.BEYOND: "Beyond what can be",
    Mark.CONFLICT: "Two values for one moment",
    Mark.DOUBTED: "Doubted by the kit itself",
    Mark.IMPLAUSIBLE: "Unlikely, but possible",
    Mark.MISTAKE: "Marked as a mistake by staff",
    Mark.WHOSE: "Not known whose",
    Mark.CLOCK_CORRECTED: "Its clock was wrong and set right",
    Mark.NO_CLOCK: "Without a time of its own",
    Mark.LATE: "Reached us late",
    Mark.FROM_STORAGE: "From its own memory",
    Mark.REPLAYED: "Repeated by a hub or the broker",
    Mark.COPY: "A copy of a call that others answer",
    Mark.TEST: "A test",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.NOTHING: "It has measured nothing in the last 30 days that could be believed or not.",
    Verdict.DOUBTFUL: "Not to be relied on: {wrong} of {readings} can’t be believed.",
    Verdict.SELDOM_WRONG: "Believed, but for {wrong} of {readings}.",
    Verdict.BELIEVED: "Believed.",
}


@dataclass(frozen=True, slots=True)
class MarkShown:
    """A mark with how many readings have it: see kit_device.html."""

    code: str
    words: str
    readings: int
    more: str
    against: bool


@dataclass(frozen=True, slots=True)
class MeasuredShown:
    """What it measures, as what, and how often: see kit_device.html."""

    words: str
    meant: str | None
    readings: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class WayShown:
    """A hub that hears it: see kit_device.html."""

    uuid: UUID
    name: str
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class BeliefShown:
    """How far it is believed: see kit_device.html."""

    said: str
    doubtful: bool
    counted: str
    marks: tuple[MarkShown, ...]
    measured: tuple[MeasuredShown, ...]
    ways: tuple[WayShown, ...]


def of_device(device: Device) -> BeliefShown | None:
    """How far a piece of kit is believed; None for who sees no readings, or kit that is nobody's."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    if not may(viewer, Need.READINGS_READ):
        return None
    found = belief.of_device(opened, viewer, device, now)
    if found is None:
        return None
    return BeliefShown(
        sentence(found.tally),
        believed.verdict(found.tally) is Verdict.DOUBTFUL,
        _counted(found, now),
        tuple(_mark(found.tally, mark, number) for mark, number in found.tally.marks.items()),
        _measured(device, found),
        tuple(WayShown(way.hub.uuid, way.hub.name, way.heard_at) for way in twins.list_ways(opened, device)),
    )


def sentence(tally: Tally) -> str:
    """How far it is believed, and what is usual with its clock and its way to us."""
    wrong = sum(tally.marks.get(mark, 0) for mark in believed.AGAINST)
    said = [
        VERDICTS[believed.verdict(tally)].format(wrong=wrong, readings=counted(tally.readings, "reading"))
    ]
    if tally.often(Mark.CLOCK_CORRECTED) and tally.slow_by is not None:
        said.append(f"Its clock is {_off(tally.slow_by)}; set right.")
    if tally.often(Mark.NO_CLOCK):
        said.append("It has no clock of its own: its readings count from when they reach us.")
    if tally.often(Mark.LATE) and tally.delay is not None:
        said.append(f"What comes late is usually {length(tally.delay.total_seconds())} under way.")
    if tally.often(Mark.WHOSE):
        said.append("It does not always say whose a reading is.")
    return " ".join(said)


def _off(slow_by: timedelta) -> str:
    seconds = slow_by.total_seconds()
    return f"{length(abs(seconds))} {'slow' if seconds >= 0 else 'fast'}"


def _counted(found: Belief, now: datetime) -> str:
    readings = counted(found.tally.readings, "reading")
    if found.whole:
        return f"Of {readings} in {length((now - found.since).total_seconds())}."
    return f"Of its newest {readings}, in {length((now - found.since).total_seconds())}."


def _mark(tally: Tally, mark: Mark, readings: int) -> MarkShown:
    more = ""
    if mark is Mark.CLOCK_CORRECTED and tally.slow_by is not None:
        more = f"usually {_off(tally.slow_by)}"
    elif mark is Mark.LATE and tally.delay is not None:
        more = f"usually {length(tally.delay.total_seconds())} under way"
    return MarkShown(mark.value, MARKS[mark], readings, more, mark in believed.AGAINST)


def _measured(device: Device, found: Belief) -> tuple[MeasuredShown, ...]:
    said = {stored: code for code, stored in (device.reads_as or {}).items()}
    return tuple(
        MeasuredShown(
            " ".join(filter(None, (kinds.get(line.kind).name, line.channel))),
            kinds.get(said[line.kind]).name if line.kind in said else None,
            line.readings,
            line.last_at,
        )
        for line in found.measured
    )
