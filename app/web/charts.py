"""Readings as pages tell them: what is newest, how old it is, and the person's own limits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.web.words import clock, initial_capital, listed, value
from care_plans.judging import describing
from care_plans.judging.conditions import Rule
from care_plans.judging.describing import Limit
from devices import charted, expected, kinds, readings, stretches
from devices.charted import Line, Point
from devices.expected import Expected
from devices.kinds import Group, Kind, Shape
from devices.measurement import Flags
from devices.models import HeardState
from devices.readings import Latest
from devices.subjects import Subject
from devices.used import Taken, Total, stretch_by_stretch

ROWS = 100  # of one table
GAP = timedelta(hours=1)
"""So much that isn't known of what was used is said."""
TRUSTED = timedelta(days=2)
"""How old a value may be of which nobody said when to expect the next: a daily one may slip by a day."""

_ORDER = {group: place for place, group in enumerate((
    Group.VITALS, Group.SAFETY, Group.MEDICATION, Group.WELLBEING, Group.HOME, Group.ACTIVITY, Group.ENERGY,
    Group.KIT,
))}  # fmt: skip


OF_FLAGS: Mapping[Flags, str] = {
    Flags.SELF_REPORTED: "typed in",
    Flags.STAFF: "typed in by staff",
    Flags.LATE: "came late",
    Flags.FROM_STORAGE: "kept by the kit until then",
    Flags.CLOCK_CORRECTED: "clock was wrong",
    Flags.REPLAYED: "sent again",
    Flags.TEST: "a test",
    Flags.DOUBTED: "doubted by the kit itself",
    Flags.UNCHECKED: "their own kit, not yet checked",
    Flags.WHOSE: "the kit does not know whose",
    Flags.COPY: "a copy of a call that another answers",
}
"""What has to be known of a reading beside its value, in words."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One reading in a table."""

    at: datetime
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class KindChart:
    """One kind of reading from one place: see _parts/chart.html."""

    key: str
    name: str
    value: str | None
    at: datetime | None
    stale: bool
    stale_at: datetime | None
    due_words: str | None
    limits_words: str | None
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Readings of some subjects and kinds, from `start` to before `end`, and the rules they are held to.

    With `device_id` only those that this one piece of kit has measured. `home_since` is when somebody moved
    into the home: what it measured before is of those who lived there then.
    """

    subjects: tuple[Subject, ...]
    kinds: tuple[str, ...]
    start: datetime
    end: datetime
    zone: str
    rules: tuple[Rule, ...] = ()
    device_id: int | None = None
    home_since: datetime | None = None

    def since(self, subject: Subject, start: datetime) -> datetime:
        """From when on, `start` at the earliest, the readings about `subject` are theirs."""
        return max(start, self.home_since) if self.home_since and subject.about == "home" else start


@dataclass(slots=True)
class Drawn:
    """One kind from one place, gathered from however many devices have measured it."""

    kind: Kind
    source: str
    alone: bool = True
    latest: Latest | None = None
    points: list[Point] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What tells it apart in the answer and on the page."""
        return f"{self.kind.code}.{self.source}" if self.source else self.kind.code

    @property
    def name(self) -> str:
        """The kind's name, with the place where there are several or it is the home's."""
        tells = self.source and (self.kind.about == "home" or not self.alone)
        return f"{self.kind.name}, {self.source}" if tells else self.kind.name


def said(kind: Kind, number: float) -> str:
    """A value of a kind as pages say it: "84 %", "open"."""
    if kind.is_binary:
        return kind.true_words if number >= 0.5 else kind.false_words
    return value(number, kind.unit_words, kind.digits)


def in_order(codes: Iterable[str], first: Collection[str] = ()) -> tuple[str, ...]:
    """Kinds as pages list them: `first` those, then vitals, alarms, the home, what somebody does."""
    known = {code: kinds.get(code) for code in codes if kinds.find_measured(code) is not None}
    catalogue = {kind.code: place for place, kind in enumerate(kinds.all_kinds())}
    return tuple(
        sorted(known, key=lambda code: (code not in first, _ORDER[known[code].group], catalogue[code]))
    )


def used_in(drawn: Drawn, stretch: Stretch, most: int) -> list[Taken]:
    """What a counter counted in each hour of a day, or each day of a longer time (several, beyond `most`)."""
    totals = (Total(point.at, point.low, Flags(point.flags)) for point in drawn.points)
    starts = stretches.of_use(stretch.start, stretch.end, most, stretch.zone)
    return stretch_by_stretch(drawn.kind.code, totals, starts, stretch.end)


def read(
    session: Session, stretch: Stretch, now: datetime, latest: Sequence[Latest] | None = None
) -> tuple[KindChart, ...]:
    """What a page says of these readings, without drawing them; a fixed number of statements.

    `latest` are the newest of its subjects where whoever asks has read them already.
    """
    if latest is None:
        latest = readings.latest(session, stretch.subjects, now)
    due = expected.list_of_subjects(session, stretch.subjects)
    drawn = gather(stretch, latest, span(session, stretch, ROWS))
    return tuple(_chart(each, stretch, due, now) for each in drawn)


def limits_of(rules: Iterable[Rule], code: str) -> tuple[Limit, ...]:
    """Every limit that these rules hold for a kind, the worst first."""
    found = {limit for rule in rules for limit in describing.limits(rule, code)}
    return tuple(sorted(found, key=lambda limit: (-limit.severity.rank, limit.value)))


def span(
    session: Session,
    stretch: Stretch,
    points: int,
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[Line]:
    """The stretch's lines (or those of another time), each of at most so many points."""
    begin, close = start or stretch.start, end or stretch.end
    return [
        line
        for subject in stretch.subjects
        for line in charted.span(
            session, subject, stretch.kinds, stretch.since(subject, begin), close, points, stretch.zone
        )
    ]


def gather(stretch: Stretch, latest: Iterable[Latest], lines: Iterable[Line]) -> list[Drawn]:
    """Lines and newest readings by kind and place, in the order of the stretch's kinds."""
    found: dict[tuple[str, str], Drawn] = {}

    def of(code: str, source: str) -> Drawn:
        return found.setdefault((code, source), Drawn(kinds.get(code), source))

    def wanted(device_id: int | None) -> bool:
        return stretch.device_id is None or device_id == stretch.device_id

    for line in lines:
        if wanted(line.device_id):
            of(line.kind, line.source).points += line.points
    for each in latest:
        theirs = each.at >= stretch.since(each.subject, each.at)
        if each.kind in stretch.kinds and wanted(each.device_id) and theirs:
            drawn = of(each.kind, each.source)
            if drawn.latest is None or each.at > drawn.latest.at:
                drawn.latest = each
    many = {code for code, _source in found if sum(code == other for other, _ in found) > 1}
    for (code, _source), drawn in found.items():
        drawn.alone = code not in many
        drawn.points.sort(key=lambda point: point.at)
    place = {code: number for number, code in enumerate(stretch.kinds)}
    return [found[each] for each in sorted(found, key=lambda each: (place[each[0]], each[1]))]


def _chart(drawn: Drawn, stretch: Stretch, due: Sequence[Expected], now: datetime) -> KindChart:
    kind, latest = drawn.kind, drawn.latest
    awaited = next((each for each in due if each.kind == kind.code), None)
    stale = _is_stale(kind, latest, awaited, now)
    fresh = awaited is not None and awaited.state is HeardState.HEARD
    return KindChart(
        key=drawn.key,
        name=drawn.name,
        value=_newest(kind, latest),
        at=latest.at if latest else None,
        stale=stale,
        stale_at=awaited.due_at if awaited and fresh and not stale else None,
        due_words=_due_words(awaited, now, stretch.zone),
        limits_words=_limits_words(kind, limits_of(stretch.rules, kind.code)),
        rows=_used_rows(drawn, stretch)
        if kind.shape is Shape.COUNTER
        else tuple(_row(kind, point, stretch.rules) for point in reversed(drawn.points[-ROWS:])),
    )


def _newest(kind: Kind, latest: Latest | None) -> str | None:
    if latest is None:
        return None
    doubt = ", not yet checked" if latest.flags & int(Flags.UNCHECKED) else ""
    doubt = ", not to be believed" if latest.flags & int(Flags.BEYOND_ABSOLUTE) else doubt
    return said(kind, latest.value) + doubt


def _is_stale(kind: Kind, latest: Latest | None, awaited: Expected | None, now: datetime) -> bool:
    if latest is None:
        return False
    if awaited is not None:
        return awaited.state is not HeardState.HEARD or awaited.due_at < now
    return kind.shape is Shape.NUMBER and now - latest.at > TRUSTED


def _due_words(awaited: Expected | None, now: datetime, zone: str) -> str | None:
    if awaited is None:
        return None
    at = clock(awaited.due_at, now, zone)
    if awaited.state is HeardState.MISSING:
        return f"missing, was due {at}"
    return f"due by {at}" if awaited.state is HeardState.HEARD else f"late, was due {at}"


def _limits_words(kind: Kind, limits: Sequence[Limit]) -> str | None:
    if not limits:
        return None
    return initial_capital(f"{listed(f'{limit.words} {kind.unit_words}' for limit in limits)}.")


def _used_rows(drawn: Drawn, stretch: Stretch) -> tuple[TableRow, ...]:
    return tuple(_used_row(drawn.kind, each) for each in reversed(used_in(drawn, stretch, ROWS)))


def _used_row(kind: Kind, taken: Taken) -> TableRow:
    """What was used from one time on; a reader has to know over how long, and whether it is all."""
    if taken.used.amount is None:
        return TableRow(taken.since, "not known", "")
    days = round((taken.until - taken.since) / timedelta(days=1))
    told = [f"in {days} days"] if days > 1 else []
    told += ["part of it is not known"] if taken.used.unknown >= GAP else []
    return TableRow(taken.since, f"{said(kind, taken.used.amount)} used", ", ".join(told))


def _row(kind: Kind, point: Point, rules: Iterable[Rule]) -> TableRow:
    told = []
    if point.flags & int(Flags.BEYOND_ABSOLUTE):
        told.append("cannot be believed")
    elif not kind.is_binary:
        beyond = [limit for limit in limits_of(rules, kind.code) if _is_beyond(limit, point)]
        told += [f"{beyond[0].words} {kind.unit_words}"] if beyond else []
    if point.low != point.high:
        told.append(f"mean of readings from {said(kind, point.low)} to {said(kind, point.high)}")
    told += [words for flag, words in OF_FLAGS.items() if point.flags & int(flag)]
    return TableRow(point.at, said(kind, point.value), ", ".join(told))


def _is_beyond(limit: Limit, point: Point) -> bool:
    return point.low < limit.value if limit.low_side else point.high > limit.value
