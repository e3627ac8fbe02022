"""An open alert as a line of the board, and in lists of a person's alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.web import essentials
from app.web.alert_words import class_words, parted, shown_severity
from care_plans.alerts.board import Line
from care_plans.alerts.deadlines import Hold
from devices import kinds
from people.access import Need, Viewer, may

LATE = timedelta(minutes=10)
"""How much later than it was measured something must have reached us for the page to say both times."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One open alert on one line: see _parts/alert_row.html."""

    uuid: UUID
    severity: str
    class_words: str
    subject: str
    where: str
    headline: str
    detail: str
    finding: str
    goal: str | None
    note: str | None
    measured_at: datetime
    reached_at: datetime | None
    unconfirmed: bool
    may_be_test: bool
    copy: str | None
    cleared_at: datetime | None
    shelved_until: datetime | None
    spark: tuple[float, ...]
    spark_stepped: bool
    next_words: str
    next_from: datetime | None
    next_due_at: datetime | None
    owner: str | None
    acknowledged: bool
    may: frozenset[str]


def row(line: Line, viewer: Viewer, now: datetime) -> AlertRow:
    """A line of the board."""
    headline, detail = parted(line.words)
    kind = kinds.find(line.kind) if line.kind else None
    return AlertRow(
        uuid=line.uuid,
        severity=shown_severity(line.severity, line.class_ if line.shown.full else None),
        class_words=class_words(line.class_, line.shown),
        subject=f"{line.who}, {essentials.age_of(line.born, now, line.zone)}" if line.born else line.who,
        where=line.where or "",
        headline=headline,
        detail=detail,
        finding=essentials.sentences(line.words),
        goal=line.goal_text,
        note=_note(line.times_raised, line.handed_to),
        measured_at=line.began_at,
        reached_at=reached(line.began_at, line.raised_at),
        unconfirmed=line.unconfirmed,
        may_be_test=line.may_be_test,
        copy=line.copy,
        cleared_at=line.cleared_at,
        shelved_until=line.next_at if line.hold is Hold.SHELVED else None,
        spark=tuple(value for _at, value in line.spark) if len(line.spark) > 1 else (),
        spark_stepped=kind is not None and kind.is_binary,
        next_words=line.next_words,
        next_from=_began(line.progress, line.next_at, now),
        next_due_at=line.next_at,
        owner=line.owner or line.owner_team,
        acknowledged=line.hold is Hold.SEEN,
        may=frozenset({"contact"}) if may(viewer, Need.ALERTS_ACT) else frozenset(),
    )


def reached(began_at: datetime, raised_at: datetime) -> datetime | None:
    """When it reached us, where that was late enough to be said."""
    return raised_at if raised_at - began_at >= LATE else None


def _note(times_raised: int, handed_to: str | None) -> str | None:
    told = []
    if times_raised > 1:
        told.append(f"Back again: {times_raised} times in all")
    if handed_to is not None:
        told.append(f"Handed to {handed_to}, not accepted yet")
    return ". ".join(told) or None


def _began(progress: float, due_at: datetime | None, now: datetime) -> datetime | None:
    """When the wait for the next step began, from how much of it has gone."""
    if due_at is None or progress >= 1 or due_at <= now:
        return due_at - timedelta(seconds=1) if due_at is not None else None
    return due_at - (due_at - now) / (1 - progress)
