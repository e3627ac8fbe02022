"""Where the ladder of an alert stands, step by step, and what stopped it."""

from dataclasses import dataclass
from datetime import datetime

from app.web.words import clock
from care_plans.alerts.events import What
from care_plans.alerts.whole import Rung, Whole


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One step of a ladder: see _parts/ladder.html."""

    state: str
    words: str
    at: datetime | None
    due_at: datetime | None
    after: str


def rungs(whole: Whole) -> tuple[LadderRung, ...]:
    """Its steps in order; what comes after the next says how long after it."""
    ended = whole.alert.closed_at is not None or whole.alert.contact_at is not None
    ended = ended or whole.alert.emergency_at is not None
    found, after = [], 0
    for rung in whole.ladder:
        if rung.state in ("done", "now"):
            found.append(LadderRung("done", _rung_words(rung), rung.at, None, ""))
        elif rung.state == "passed":
            found.append(LadderRung("skipped", f"{_rung_words(rung)} (passed over)", None, None, ""))
        elif rung.state == "next":
            found.append(LadderRung("now", _rung_words(rung), None, rung.at, ""))
        else:
            told = f"+{after // 60} min" if after and not ended else ""
            found.append(LadderRung("skipped" if ended else "later", _rung_words(rung), None, None, told))
        after = after + rung.wait if rung.state in ("next", "later") else 0
    return tuple(found)


def _rung_words(rung: Rung) -> str:
    ways = {"board": "", "message": ": message", "call": ": call"}
    who = f", {rung.who}" if rung.who.lower() not in rung.words.lower() else ""
    return f"{rung.words}{who}{ways[rung.way.value]}"


def stopped(whole: Whole, now: datetime, zone: str) -> str | None:
    """When and by whom it was stopped, or None while it runs."""
    alert = whole.alert
    if alert.closed_at is not None:
        return f"Ended {clock(alert.closed_at, now, zone)}: the alert was closed."
    stopping = (What.CONTACT, What.EMERGENCY)
    if alert.contact_at is None and alert.emergency_at is None:
        return None
    last = next((event for event in reversed(whole.events) if event.what in stopping), None)
    if last is None:
        return None
    did = "called emergency services" if last.what == What.EMERGENCY else "made contact"
    return f"Stopped {clock(last.at, now, zone)}: {last.by or 'somebody'} {did}."
