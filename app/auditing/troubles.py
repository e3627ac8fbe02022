"""What stands still: alerts without a next step, silent processes, ticks that fail, what nobody judges."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from care_plans.alerts import auditor
from core import heartbeats
from core.db import Db
from core.models import Heartbeat
from devices import silence

SILENT_AFTER = timedelta(seconds=30)
WAITED = timedelta(minutes=5)
"""How long (real time) something may wait for a process that lives; a default to be confirmed."""
WAITED_FOR = {"schedule": timedelta(minutes=20)}
"""A message that is refused for now is tried again for a quarter of an hour, and nothing stands still."""
STANDS_STILL = {
    "intake": "What kit publishes is not taken in.",
    "evaluate": "Readings are not judged, and raise no alert.",
    "schedule": "Ladders, messages and follow-ups stand still.",
}
ALERTS, DATABASE, PAGES, SILENCE = "alerts", "database", "pages", "silence"
NO_DATABASE = "The database does not answer. Nothing is stored, judged or sent."
SILENCE_LATE = timedelta(seconds=60)
"""How late (real time) the look at whether something was heard may be; a default to be confirmed."""


@dataclass(frozen=True, slots=True)
class Look:
    """Every trouble that was found by its key, in words without anything personal.

    `alerts` is what the auditor has to put on record; None where it could not look.
    """

    found: Mapping[str, str]
    alerts: auditor.Looked | None = None


def look(db: Db, since: datetime, now: datetime) -> Look:
    """What the database tells; SQLAlchemy's errors where it does not.

    `since` is when this process began to look, as a process that has not spoken yet is not silent before;
    both are real times.
    """
    with db.transaction() as session:
        alerts = auditor.look(session, db.clock.now())
        unlooked = silence.count_overdue(session, db.clock.now() - SILENCE_LATE * max(db.clock.factor, 1.0))
        beats = {beat.name: beat for beat in heartbeats.list_all(session)}
    found = {ALERTS: stuck_words(alerts.faults)} if alerts.faults else {}
    if unlooked:
        found[SILENCE] = silence_words(unlooked)
    for name, words in STANDS_STILL.items():
        said = process_words(name, beats.get(name), since, now, db.clock.factor)
        if said is not None:
            found[name] = f"{said} {words}"
        beat = beats.get(name)
        if beat is not None and spoke(beat, since, now):
            found.update(ticks_words(name, beat.counts.get(heartbeats.TICKS, {})))
    return Look(found, alerts)


def stuck_words(faults: Collection[auditor.Fault]) -> str:
    """How many open alerts nothing is about to happen to."""
    number = len(faults)
    alerts = "1 open alert has" if number == 1 else f"{number} open alerts have"
    return f"{alerts} no next step, or one that is overdue. Open the board and take them up by hand."


def silence_words(number: int) -> str:
    """How many expectations nobody holds against what was heard."""
    expected = "1 expected sign of life is" if number == 1 else f"{number} expected signs of life are"
    return f"{expected} not looked for, so that silence goes unnoticed there."


def spoke(beat: Heartbeat, since: datetime, now: datetime) -> bool:
    """Whether what a process said last is of now."""
    return beat.at >= since and now - beat.at < SILENT_AFTER


def process_words(
    name: str, beat: Heartbeat | None, since: datetime, now: datetime, factor: float
) -> str | None:
    """What is wrong with a process by its last heartbeat; None where it is well. `factor` is the clock's."""
    last = max(beat.at, since) if beat is not None else since
    if now - last >= SILENT_AFTER:
        return f"The process {name} has not spoken for {int((now - last).total_seconds())} s."
    if beat is None or not spoke(beat, since, now):
        return None
    if not beat.counts.get(heartbeats.LISTENING, True):
        return f"The process {name} lives and hears nothing."
    waited = timedelta(seconds=(beat.oldest_waiting_seconds or 0.0) / max(factor, 1.0))
    if waited >= WAITED_FOR.get(name, WAITED):
        return (
            f"The process {name} lives, and something has waited for it for {int(waited.total_seconds())} s."
        )
    return None


def ticks_words(name: str, ticks: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What is wrong with the ticks of a process that speaks: those that fail again and again, or hang."""
    found = {}
    for tick, said in ticks.items():
        if said[heartbeats.WELL] >= said[heartbeats.LATE]:
            found[f"{name}: {tick}"] = (
                f"The process {name} lives, and its tick '{tick}' has not gone well for "
                f"{int(said[heartbeats.WELL])} s: it fails or hangs."
            )
    return found
