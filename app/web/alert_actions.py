"""What people do with an alert by a form: which fields each asks for, what it begins with, and the doing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.web.alert_words import ACTIONS, CAUSES, HOW, NO_ANSWER, OUTCOMES
from app.web.essentials import sentences
from app.web.forms import moment, moment_text
from app.web.words import clock
from care_plans.alerts import alerts
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.visits import visits
from core.errors import Invalid, NotFound
from people import staff, teams
from people.access import Viewer
from people.faults import LINES, Reader, one_of, read_fields, words
from people.models.agencies import Team

Choices = Mapping[str, list[tuple[str, str]]]

NOBODY_CHOSEN = ("", "Choose")
JUST_NOW = timedelta(minutes=2)
A_DAY = timedelta(days=1)
THERE_IN = timedelta(minutes=30)
RESTS_FOR = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something with which alert, when, and from which version of it."""

    session: Session
    alert: Alert
    by: Viewer
    now: datetime
    seen: int | None
    zone: str


@dataclass(frozen=True, slots=True)
class Action:
    """One form: its fields (also by the names that faults have), how it begins, its choices, what it does.

    `act` takes what was typed and answers the sentence that says it is done.
    """

    fields: tuple[str, ...]
    act: Callable[[Doing, Mapping[str, str]], str]
    begins: Callable[[Doing], Mapping[str, str]] = lambda _doing: {}
    choices: Callable[[Doing], Choices] = lambda _doing: {}
    named: Mapping[str, str] | None = None


def _contact(doing: Doing, given: Mapping[str, str]) -> str:
    read = _read(doing, given, {"how": _how}, "how")
    at = _made_at(doing, read["at"])
    told = sentences(f"With {read['who']}" if read["who"] else None, at, read["note"])
    if read["how"] == NO_ANSWER:
        alerts.comment(
            doing.session, doing.alert, words=f"No answer. {told}".strip(), by=doing.by, now=doing.now
        )
        return "That nobody answered is on record; the ladder goes on."
    alerts.contact(
        doing.session, doing.alert, kind=ContactKind(read["how"]), words=told, by=doing.by, now=doing.now,
        seen=doing.seen,
    )  # fmt: skip
    return "Contact is on record, and the ladder has stopped. Decide within the hour."


def _assign(doing: Doing, given: Mapping[str, str]) -> str:
    read = _read(doing, given, {"staff": words()}, "staff")
    to = _recipient(doing, read["staff"])
    _remark(doing, read["note"])
    alerts.assign(doing.session, doing.alert, to=to, by=doing.by, now=doing.now, seen=doing.seen)
    return "Assigned. The ladder goes on meanwhile."


def _hand_over(doing: Doing, given: Mapping[str, str]) -> str:
    read = _read(doing, given, {"team": words()}, "team", "note")
    team = _team(doing, read["team"])
    alerts.hand_over(
        doing.session, doing.alert, team_id=team.id, reason=read["note"], by=doing.by, now=doing.now,
        seen=doing.seen,
    )  # fmt: skip
    return f"{team.name} is asked to take it over; it stays yours until they accept."


def _going(doing: Doing, given: Mapping[str, str]) -> str:
    read = _read(doing, given, {}, "until")
    alerts.going(
        doing.session, doing.alert, until=read["until"], leave_by=read["leave_by"], by=doing.by,
        now=doing.now, seen=doing.seen,
    )  # fmt: skip
    return "You are on the way. If nobody confirms that you arrived, the ladder goes on."


def _shelve(doing: Doing, given: Mapping[str, str]) -> str:
    read = _read(doing, given, {}, "until", "why")
    alerts.shelve(
        doing.session, doing.alert, until=read["until"], reason=read["why"], by=doing.by, now=doing.now,
        seen=doing.seen,
    )  # fmt: skip
    return f"Shelved until {clock(read['until'], doing.now, doing.zone)}, or until anything gets worse."


def _emergency(doing: Doing, given: Mapping[str, str]) -> str:
    read = _read(doing, given, {}, "at", "reference")
    _remark(doing, read["note"])
    alerts.emergency(
        doing.session, doing.alert, at=read["at"], reference=read["reference"], by=doing.by, now=doing.now,
        seen=doing.seen,
    )  # fmt: skip
    return "The call is on record, and the ladder has stopped. Say within the hour what came of it."


def _close(doing: Doing, given: Mapping[str, str]) -> str:
    readers = {"cause": one_of(Cause), "action": words(), "outcome": one_of(Outcome)}
    read = _read(doing, given, readers, "cause", "action", "outcome")
    alerts.close(
        doing.session, doing.alert, cause=read["cause"], action=sentences(read["action"], read["note"]),
        outcome=read["outcome"], by=doing.by, now=doing.now, clinical_reason=read["clinical_reason"] or "",
        seen=doing.seen,
    )  # fmt: skip
    return "Closed."


def _decline(doing: Doing, given: Mapping[str, str]) -> str:
    read = _read(doing, given, {}, "why")
    alerts.decline(
        doing.session, doing.alert, reason=read["why"], by=doing.by, now=doing.now, seen=doing.seen
    )
    return "Declined; whoever has it is told."


def _read(
    doing: Doing, given: Mapping[str, str], readers: Mapping[str, Reader], *needed: str
) -> dict[str, Any]:
    at = moment(doing.zone)
    known: dict[str, Reader] = {
        "at": at, "until": at, "leave_by": at, "who": words(100), "reference": words(100), "team": words(),
        "note": words(LINES), "why": words(LINES), "clinical_reason": words(LINES),
    }  # fmt: skip
    return read_fields(given, {**known, **readers}, required=needed)


def _how(value: str) -> str:
    if value not in HOW:
        raise Invalid({"": "Say what happened."})
    return value


def _made_at(doing: Doing, at: datetime | None) -> str | None:
    """The time of a contact in words, where it was not just now; Invalid for one to come or long ago."""
    if at is None or abs(doing.now - at) < JUST_NOW:
        return None
    if not doing.now - A_DAY < at <= doing.now:
        raise Invalid({"at": "Give the time it happened; it can't be to come or more than a day ago."})
    return f"At {clock(at, doing.now, doing.zone)}"


def _remark(doing: Doing, note: str | None) -> None:
    if note:
        alerts.comment(doing.session, doing.alert, words=note, by=doing.by, now=doing.now)


def _recipient(doing: Doing, value: str) -> Recipient:
    kind, _, key = value.partition(":")
    if kind == "team":
        return Recipient(team_id=_team(doing, key, "staff").id)
    try:
        return Recipient(staff_id=staff.get(doing.session, UUID(key))[0].id)
    except (ValueError, NotFound) as fault:
        raise Invalid({"staff": "Choose a team, or somebody who works here."}) from fault


def _team(doing: Doing, key: str, field: str = "team") -> Team:
    try:
        return teams.get(doing.session, UUID(key))[0]
    except (ValueError, NotFound) as fault:
        raise Invalid({field: "Choose a team."}) from fault


def _now(doing: Doing) -> Mapping[str, str]:
    return {"at": moment_text(doing.now, doing.zone)}


def _until(span: timedelta) -> Callable[[Doing], Mapping[str, str]]:
    return lambda doing: {"until": moment_text(doing.now + span, doing.zone)}


def _there_and_back(doing: Doing) -> Mapping[str, str]:
    there = doing.now + THERE_IN
    return {
        "until": moment_text(there, doing.zone),
        "leave_by": moment_text(there + visits.LASTS, doing.zone),
    }


def _to_whom(doing: Doing) -> Choices:
    """Me, then those in my teams, then every team."""
    me = (f"staff:{doing.by.staff_uuid}", f"{doing.by.name} (me)")
    mates = [
        (f"staff:{each.uuid}", each.name)
        for each in teams.list_mates(doing.session, doing.by.team_ids, doing.now)
        if each.id != doing.by.staff_id
    ]
    return {"staff": [NOBODY_CHOSEN, me, *mates, *_teams(doing, "team:")]}


def _to_team(doing: Doing) -> Choices:
    return {"team": [NOBODY_CHOSEN, *_teams(doing, "")]}


def _teams(doing: Doing, before: str) -> list[tuple[str, str]]:
    rows = sorted(doing.session.execute(teams.listing()), key=lambda row: (row[1].name, row[0].name))
    return [(f"{before}{team.uuid}", f"{team.name}, {agency.name}") for team, agency in rows]


ENDS: Choices = {
    "cause": [NOBODY_CHOSEN, *((each.value, told) for each, told in CAUSES.items())],
    "action": [NOBODY_CHOSEN, *((told, told) for told in ACTIONS)],
    "outcome": [NOBODY_CHOSEN, *((each.value, told) for each, told in OUTCOMES.items())],
}

FORMS: Mapping[str, Action] = {
    "contact": Action(
        ("how", "who", "at", "note"), _contact, begins=_now,
        choices=lambda _doing: {"how": list(HOW.items())}, named={"words": "note"},
    ),
    "assign": Action(("staff", "note"), _assign, choices=_to_whom, named={"to": "staff"}),
    "hand-over": Action(("team", "note"), _hand_over, choices=_to_team, named={"reason": "note"}),
    "going": Action(("until", "leave_by"), _going, begins=_there_and_back),
    "shelve": Action(("until", "why"), _shelve, begins=_until(RESTS_FOR), named={"reason": "why"}),
    "emergency": Action(("at", "reference", "note"), _emergency, begins=_now),
    "close": Action(
        ("cause", "action", "outcome", "note", "clinical_reason"), _close, choices=lambda _doing: ENDS
    ),
    "decline": Action(("why",), _decline, named={"reason": "why"}),
}  # fmt: skip
