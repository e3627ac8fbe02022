"""Agreements, decisions and attorneys, laid down in one line each."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.journal import Actor
from people import agreements, authority, deciding
from people.models.agencies import Staff
from people.models.authority import Agreement, Authority, BestInterests, CapacityAssessment
from people.models.people import Person
from people.watching import RESTRICTIVE, Watched

BY = Actor("a test")


def said(watched: Watched, now: datetime, **more: Any) -> dict[str, Any]:
    """All that an agreement about one sort of watching needs, in the person's own name."""
    found: dict[str, Any] = {
        "watched": watched.value,
        "agreed_by": "person",
        "why": "Falls at night",
        "said": "I want somebody to notice if I do not get up.",
        "less_intrusive": "A morning call: she is often out.",
        "objections": "None",
        "review_on": (now + timedelta(days=90)).date().isoformat(),
    }
    if watched in RESTRICTIVE:
        found |= {
            "reviewed_by": "Sol, social worker",
            "reviewed_on": now.date().isoformat(),
            "expires_on": (now + timedelta(days=180)).date().isoformat(),
        }
    return found | more


def agree(
    session: Session, person: Person, *sorts: Watched, by: Staff, now: datetime, **more: Any
) -> list[Agreement]:
    """The person's own agreement to each of these."""
    return [
        agreements.agree(session, person, said(each, now, **more), by=by, actor=BY, now=now) for each in sorts
    ]


def assessed(
    session: Session, person: Person, *, by: Staff, now: datetime, outcome: str = "lacks_capacity"
) -> CapacityAssessment:
    given = {
        "decision": "Whether door sensors are put in",
        "assessed_on": now.date().isoformat(),
        "assessed_by": "Sol, social worker",
        "outcome": outcome,
        "support": "Seen in the morning, with pictures, twice",
        "reasons": "She could not hold on to what the sensors do.",
    }
    return deciding.assess(session, person, given, by=by, actor=BY, now=now)


def decided(session: Session, person: Person, *, by: Staff, now: datetime) -> BestInterests:
    """A best-interests decision that rests on an assessment."""
    given = {
        "decision": "Whether door sensors are put in",
        "asked": "Beth Marsh; Dev; Ada herself",
        "wishes": "She wants to stay in her own home.",
        "options": "A day centre; a door sensor; nothing",
        "less_intrusive": "A neighbour's call at nine: tried for a month",
        "objections": "Beth would rather have nothing",
        "decided": "A door sensor at night only",
        "decided_by": "Sol, social worker",
        "decided_on": now.date().isoformat(),
        "review_on": (now + timedelta(days=60)).date().isoformat(),
    }
    found = assessed(session, person, by=by, now=now)
    return deciding.decide(session, person, found, given, by=by, actor=BY, now=now)


def attorney(session: Session, person: Person, *, by: Staff, now: datetime, **more: Any) -> Authority:
    """A verified attorney for health and welfare."""
    given = {
        "kind": "attorney_health_and_welfare",
        "name": "Beth Marsh",
        "relation": "daughter",
        "registered": "yes",
        "reference": "7000-0000-0000",
        "verified_on": now.date().isoformat(),
        "verified_how": "The stamped original, at her house",
        "kept_where": "With Beth Marsh",
    }
    return authority.record(session, person, given | more, by=by, actor=BY, now=now)
