"""What happened around a person, in the sentences a colleague would say."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from app.web import follow_up_views
from app.web.alert_words import CAUSES, CONTACTS, shown_severity
from app.web.essentials import sentences
from app.web.happenings import Happening
from app.web.words import initial_capital
from care_plans.alerts.events import What
from care_plans.models.alerts import Cause, ContactKind
from care_plans.models.work import FollowUpOutcome
from care_plans.pathways import naming, reading
from care_plans.plan.story import Told

OF_ALERTS: Mapping[str, str] = {
    What.RAISED: "raised",
    What.WORSE: "worse",
    What.REOPENED: "back again",
    What.CLEARED: "well again",
    What.CONTACT: "contact made",
    What.EMERGENCY: "emergency services called",
    What.HANDED_OVER: "handed over",
    What.ACCEPTED: "accepted",
    What.DECLINED: "declined",
    What.CLOSED: "closed",
}
OF_FOLLOW_UPS = {"completed": "done", "missed": "missed", "rescheduled": "put off", "tried": "tried"}
OF_JOURNAL: Mapping[tuple[str, str], str] = {
    ("person", "added"): "Taken on",
    ("person", "changed"): "What we know of them was corrected",
    ("merge", "brought together"): "Two records of theirs were brought together",
    ("merge", "parted"): "Two records were parted again",
    ("plan", "set limit"): "A limit was adjusted in the draft of the plan",
    ("home", "moved in"): "Moved in",
    ("home", "moved out"): "Moved out",
    ("team", "added to the care team"): "A team joined the care team",
    ("team", "ended in the care team"): "A team left the care team",
    ("about me", "changed"): "What matters to them was written down",
    ("responder card", "changed"): "The responder card was changed",
    ("contact", "added"): "Somebody near was added",
    ("contact", "changed"): "Somebody near was changed",
    ("contact", "removed"): "Somebody near was taken off",
    ("assignment", "assigned"): "Kit was given",
    ("assignment", "ended"): "Kit was taken back",
    ("referral", "sent"): "Another team was asked for something",
    ("referral", "accepted"): "A referral was accepted",
    ("referral", "declined"): "A referral was declined",
    ("referral", "done"): "A referral was done",
    ("referral", "withdrawn"): "A referral was withdrawn",
    ("referral", "not answered"): "A referral was not answered in time",
    ("referral", "lead moved"): "The lead of their care moved",
}
# What is said of what is not shared in full.
CHANGED = {
    "plan": "Something in the plan was changed",
    "person": "What we know of them was changed",
    "home": "Where they live was changed",
    "team": "The care team was changed",
    "assignment": "Something about their kit was changed",
    "referral": "Something was asked of another team",
    "merge": "Two records of theirs were brought together or parted",
    "not shared": "Something that is not shared with your agency",
}


def happening(told: Told, opens_plan: str) -> Happening:
    """One thing that happened; `opens_plan` is the address of the plan."""
    by = ", ".join(filter(None, (told.by, told.agency))) or None
    if told.about == "alert":
        return _of_alert(told, by)
    if told.about == "follow-up":
        return _of_follow_up(told, by)
    if told.about == "plan" and told.what in _PLAN:
        return Happening(told.at, _PLAN[told.what](told), by, href=opens_plan)
    words = OF_JOURNAL.get((told.about, told.what)) or CHANGED.get(told.about, initial_capital(told.what))
    return Happening(
        told.at,
        words,
        by,
        href=_href("/referrals", told.uuid) if told.about == "referral" and told.uuid else None,
    )


def together(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    """The same said several times in a row, by the same, is said once."""
    found: list[tuple[Happening, int]] = []
    for each in happenings:
        last, times = found[-1] if found else (None, 0)
        if last is not None and (last.words, last.by, last.href) == (each.words, each.by, None):
            found[-1] = (last, times + 1)
        else:
            found.append((each, 1))
    return tuple(
        replace(each, words=f"{each.words} ({times} times)") if times > 1 else each for each, times in found
    )


def _of_alert(told: Told, by: str | None) -> Happening:
    details = told.details or {}
    severity = shown_severity(told.severity, told.class_) if told.severity else None
    begins = told.what in (What.RAISED, What.WORSE, What.REOPENED)
    strong = f"{(severity or 'kit').capitalize()} alert {OF_ALERTS[told.what]}." if begins else None
    if begins:
        words = told.words
    else:
        words = f"{details.get('name', 'Alert')}: {OF_ALERTS[told.what]}"
        words = sentences(_also(told, details), told.words if told.what != What.CLEARED else None) or words
        words = f"{details.get('name', 'Alert')}: {words[:1].lower()}{words[1:]}"
    return Happening(
        told.at, words, by, strong=strong, href=_href("/alerts", told.uuid),
        severity=severity if begins else None,
    )  # fmt: skip


def _also(told: Told, details: Mapping[str, object]) -> str:
    said = OF_ALERTS[told.what]
    if told.what == What.CONTACT and details.get("kind"):
        return CONTACTS[ContactKind(str(details["kind"]))]
    if told.what == What.HANDED_OVER and details.get("team"):
        return f"{said} to {details['team']}"
    if told.what == What.CLOSED and details.get("cause"):
        return f"{said}. {CAUSES[Cause(str(details['cause']))]}"
    return said


def _of_follow_up(told: Told, by: str | None) -> Happening:
    details = told.details or {}
    ended = str(details["remarks"] or "").partition(" (was ")[0]
    outcome = details.get("outcome")
    if told.what == "completed" and outcome:
        ended = sentences(follow_up_views.OUTCOMES[FollowUpOutcome(outcome)], ended)
    strong = f"{initial_capital(str(details['kind']))} {OF_FOLLOW_UPS[told.what]}."
    return Happening(
        told.at, sentences(told.words, ended), by, strong=strong, href=_href("/follow-ups", told.uuid)
    )


ANY = "Put on a pathway"
"""Of one whose very name says more than a plan does."""


def _enrolled(told: Told) -> str:
    code = str((told.details or {}).get("pathway", ""))
    pathway = reading.all_pathways().get(code)
    return f"Put on the pathway {pathway.title if pathway else code}" if naming.is_named(code, None) else ANY


def _published(told: Told) -> str:
    details = told.details or {}
    return sentences(f"Plan v{details.get('number')} published", str(details.get("reason") or ""))


_PLAN: Mapping[str, Callable[[Told], str]] = {"enrolled": _enrolled, "published": _published}


def _href(path: str, uuid: UUID | None) -> str | None:
    return f"{path}/{uuid}" if uuid else None
