"""Two records side by side, as the pages about duplicates show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.web import essentials, match_words
from app.web.words import date_only, initial_capital, listed
from care_plans.alerts import read
from care_plans.merging import questions
from care_plans.merging.questions import JOINS, OTHER, STAYS, THEIRS, AlertAsked, Questions
from care_plans.models.alerts import Alert
from care_plans.models.plans import Plan
from care_plans.plan import drafts
from people import care_teams, duplicates, identity, likeness, merging, people, residencies, sharing
from people.access import Extent, RecordClass, Viewer
from people.duplicates import Likely
from people.joining import FIELDS, GONE, KEPT
from people.matching import Likelihood
from people.models.identity import Merge, MergeState
from people.models.people import Person

LABELS: Mapping[str, str] = {
    "given_name": "First name",
    "family_name": "Last name",
    "preferred_name": "Likes to be called",
    "title": "Title",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "nhs_number": "NHS number",
    "telephone": "Telephone",
    "gp_practice": "GP practice",
    "language": "Language",
    "interpreter_needed": "Interpreter",
    "communication_needs": "What helps",
    "disability": "Disability",
    "digital_exclusion": "Going online",
}
STATES: Mapping[MergeState, str] = {
    MergeState.ASKED: "Being brought together now",
    MergeState.DONE: "Brought together",
    MergeState.REFUSED: "Not done",
    MergeState.UNDOING: "Being parted now",
    MergeState.UNDONE: "Parted again",
}
WITHHELD = "not for you to see"
TABLES: Mapping[str, str] = {
    "alerts": "alerts",
    "follow_ups": "follow-ups",
    "care_teams": "teams",
    "contacts": "family and friends",
    "residencies": "addresses",
    "assignments": "kit",
    "series": "typed-in readings",
    "plans": "plans",
    "identifiers": "numbers",
    "messages": "messages",
}


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair in the list: see duplicates.html."""

    uuid: UUID
    names: tuple[str, ...]
    born: str
    how: str
    reasons: str
    against: str
    ask: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both: see duplicate.html. `choices` where it has to be decided."""

    name: str
    label: str
    kept: str
    gone: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AlertChoice:
    """One open alert that is asked about."""

    name: str
    legend: str
    severity: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What hangs on a record."""

    uuid: UUID
    name: str
    address: str
    teams: str
    plan: str
    open_alerts: int
    since: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page about one pair says."""

    kept: Side
    gone: Side
    fields: tuple[Compared, ...]
    alerts: tuple[AlertChoice, ...]
    homes: tuple[tuple[str, str], ...]
    two_plans: bool
    how: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One time that records were brought together: see merges.html."""

    uuid: UUID
    state: str
    at: datetime
    other: str
    why: str
    by: str
    rows: str
    refused: str | None
    left: tuple[str, ...]
    may_undo: bool
    waiting: bool


def row(likely: Likely) -> PairRow:
    """A pair as a line."""
    seen = [person for person in (likely.one, likely.other) if person]
    levels = likeness.reasons_of(likely.pair)
    likelihood = Likelihood(likely.pair.score, tuple(levels), likely.pair.sure)
    unseen = duplicates.ask_words(likely) if len(seen) < 2 else None
    return PairRow(
        likely.pair.uuid,
        tuple(essentials.name_of(each) for each in seen),
        listed(tuple(dict.fromkeys(date_only(each.date_of_birth) for each in seen))),
        match_words.how_likely(likelihood),
        initial_capital(listed(match_words.speaks_for(levels))),
        initial_capital(listed(match_words.speaks_against(levels))),
        unseen,
    )


def prefers(session: Session, one: Person, other: Person) -> tuple[Person, Person]:
    """Which record to keep unless told otherwise: the one with a plan in force, else the older one."""
    older, newer = sorted((one, other), key=lambda each: each.id)
    if drafts.find_published(session, older) is None and drafts.find_published(session, newer) is not None:
        return newer, older
    return older, newer


def show(
    session: Session, viewer: Viewer, kept: Person, gone: Person, likely: Likely, now: datetime
) -> Shown:
    """Both records side by side, with what has to be decided."""
    asked = questions.of(session, kept, gone, now)
    levels = likeness.reasons_of(likely.pair)
    likelihood = Likelihood(likely.pair.score, tuple(levels), likely.pair.sure)
    may_see = all(
        sharing.sees(session, viewer, each.id, now)[RecordClass.CONTACT] is Extent.FULL
        for each in (kept, gone)
    )
    return Shown(
        kept=_side(session, kept, now),
        gone=_side(session, gone, now),
        fields=_fields(session, kept, gone, asked, may_see=may_see),
        alerts=tuple(_alert(session, viewer, each, now) for each in asked.alerts),
        homes=_homes(asked),
        two_plans=asked.two_plans,
        how=match_words.how_likely(likelihood),
        reasons=match_words.speaks_for(levels),
        against=match_words.speaks_against(levels),
    )


def merge_row(session: Session, merge: Merge, person: Person, staff: Mapping[int, str]) -> MergeRow:
    """One time that this record was brought together with another."""
    other = session.get_one(Person, merge.gone_id if merge.kept_id == person.id else merge.kept_id)
    rows = (merge.moved or {}).get("rows", {})
    counted = [f"{number} {TABLES[table]}" for table, number in rows.items() if table in TABLES]
    at = merge.undone_at or merge.undo_asked_at or merge.done_at or merge.asked_at
    return MergeRow(
        merge.uuid,
        STATES[merge.state],
        at,
        f"{essentials.name_of(other)}, born {date_only(other.date_of_birth)}",
        merge.undo_why or merge.why,
        staff.get(merge.undo_asked_by_id or merge.asked_by_id, ""),
        listed(tuple(counted)),
        merge.refused,
        tuple(
            f"{TABLES.get(each['table'], each['table'])}: {', '.join(each['columns'])}"
            for each in merge.left or ()
        ),
        merge.state is MergeState.DONE,
        merge.state in merging.OPEN,
    )


def _side(session: Session, person: Person, now: datetime) -> Side:
    home = residencies.find_home(session, person, now)
    teams = [f"{each.team.name} ({each.agency.name})" for each in care_teams.around(session, person, now)]
    version = drafts.find_published(session, person)
    open_ = session.scalars(
        select(func.count()).select_from(Alert).where(Alert.person_id == person.id, Alert.closed_at.is_(None))
    ).one()
    planned = session.scalar(select(Plan.id).where(Plan.person_id == person.id)) is not None
    plan = f"Version {version.number} in force" if version else "A draft" if planned else "None"
    return Side(
        person.uuid, essentials.name_of(person), essentials.address_of(home) or "No address",
        listed(tuple(teams)) or "No team", plan, open_, date_only(person.changed_at.date()),
    )  # fmt: skip


def _fields(
    session: Session, kept: Person, gone: Person, asked: Questions, *, may_see: bool
) -> tuple[Compared, ...]:
    values = [_values(session, each) for each in (kept, gone)]
    found = []
    for name in FIELDS:
        one, other = (value[name] for value in values)
        if not one and not other:
            continue
        if not may_see:
            one, other = (WITHHELD if each else "" for each in (one, other))
        choices = ((KEPT, one), (GONE, other)) if name in asked.differs and may_see else ()
        found.append(Compared(f"fields.{name}", LABELS[name], one or "–", other or "–", choices))
    return tuple(found)


def _values(session: Session, person: Person) -> dict[str, str]:
    numbers = people.numbers(session, person)
    found: dict[str, Any] = {name: getattr(person, name, None) for name in FIELDS}
    found |= {
        "date_of_birth": date_only(person.date_of_birth),
        "sex": "" if person.sex.value == "not_known" else initial_capital(person.sex.value),
        "nhs_number": identity.spaced_nhs_number(numbers.nhs_number) if numbers.nhs_number else "",
        "telephone": identity.spaced_telephone(numbers.telephone) if numbers.telephone else "",
        "gp_practice": person.gp_practice_name or person.gp_practice_code,
        "interpreter_needed": "Needed" if person.interpreter_needed else "",
    }
    return {name: str(value or "") for name, value in found.items()}


def _alert(session: Session, viewer: Viewer, asked: AlertAsked, now: datetime) -> AlertChoice:
    alert, seen = asked.alert, read.in_sight(viewer, now)
    visible_ = session.scalar(select(Alert.id).where(Alert.id == alert.id, seen)) is not None
    words = f"{alert.name}: {alert.words}" if visible_ else "An alert that is not for you to see"
    whose = "the record that goes" if asked.of_gone else "the record that stays"
    legend = f"{initial_capital(alert.severity.value)} alert of {whose}. {words}"
    if asked.twin is None:
        choices = ((THEIRS, "It is about this person: it stays open"), (OTHER, "It is about somebody else"))
    else:
        legend += ". The other record has an open alert of the same kind."
        choices = (
            (STAYS, "This one stays open, the other is closed as the same"),
            (JOINS, f"The other ({asked.twin.severity.value}) stays open, this one is closed as the same"),
        )
    return AlertChoice(f"alerts.{alert.uuid}", legend, alert.severity.value, choices)


def _homes(asked: Questions) -> tuple[tuple[str, str], ...]:
    if asked.homes is None:
        return ()
    return tuple(
        (value, essentials.address_of(home) or "")
        for value, home in zip((KEPT, GONE), asked.homes, strict=True)
    )
