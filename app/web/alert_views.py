"""One alert as it stands beside the board and on its own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.web import absence_words, alert_ladder, essentials
from app.web.alert_ladder import LadderRung
from app.web.alert_rows import reached
from app.web.alert_words import HAPPENED, class_words, happened, shown_severity
from app.web.charts import KindChart
from app.web.essentials import CardItem
from app.web.happenings import Happening
from app.web.unprotected import Banner, banners
from app.web.words import clock, counted, initial_capital, listed
from care_plans.alerts import board, copies, moving
from care_plans.alerts.deadlines import UNTIL_FOUND
from care_plans.alerts.events import What
from care_plans.alerts.moves import Move
from care_plans.alerts.on_the_floor import Floor
from care_plans.alerts.whole import Happened, Whole
from care_plans.alerts.workers import Worker
from care_plans.judging.words import span_text
from care_plans.messages import about
from care_plans.models.alerts import Alert
from care_plans.pathways import naming, reading
from care_plans.protecting import interims
from care_plans.severity import Class
from core.zones import UK
from devices import subjects, works
from devices.works import Work
from people import households, identity, sharing
from people.access import Extent, Need, Viewer, may

# What may be asked of an alert on its page; what a machine does by itself is none of it.
ASKED: Mapping[Move, str] = {
    Move.CONTACT: "contact",
    Move.ACKNOWLEDGE: "acknowledge",
    Move.ASSIGN: "assign",
    Move.COMMENT: "comment",
    Move.SHELVE: "shelve",
    Move.HAND_OVER: "hand-over",
    Move.GOING: "going",
    Move.CLOSE: "close",
    Move.EMERGENCY: "emergency",
}
UNPLANNED = {
    "kit": "kit in the home",
    "protection": "kit in the home",
    "power": "kit in the home",
    "heard": "what the plan expects to hear",
    "belief": "a reading that cannot be believed",
    "safety": "watched in every home",
    "visit": "a leave-by time that passed",
    "no_reply": "calls without an answer",
    "not_well": "a call to them",
}


@dataclass(frozen=True, slots=True)
class AlertShown:
    """One alert with all that stands beside the board: see _parts/alert_aside.html."""

    uuid: UUID
    version: int
    zone: str
    severity: str
    class_words: str
    subject: str
    from_words: str
    person_uuid: UUID | None
    about: str
    unprotected: tuple[Banner, ...]
    finding: str
    more: str
    floor: str | None
    long_lie: bool
    measured_at: datetime
    reached_at: datetime | None
    unconfirmed: bool
    copy: str | None
    cleared_at: datetime | None
    shelved_until: datetime | None
    next_words: str
    next_from: datetime | None
    next_due_at: datetime | None
    owner: str | None
    chart: KindChart | None
    chart_url: str
    plan_says: str | None
    plan_href: str | None
    goals: tuple[str, ...]
    ring_words: str | None
    ring_number: str | None
    ladder: tuple[LadderRung, ...]
    ladder_stopped: str | None
    card: tuple[CardItem, ...] | None
    not_shared: str | None
    may: frozenset[str]


def shown(
    session: Session,
    viewer: Viewer,
    whole: Whole,
    now: datetime,
    *,
    opens: bool,
    chart: KindChart | None = None,
    more: str = "",
    code: str | None = None,
) -> AlertShown:
    """One alert; `opens` whether the viewer may open the page of the person it is about (H10).

    `code` is the key safe's, in the answer to whoever asked for it.
    """
    alert, zone = whole.alert, whole.home.time_zone if whole.home else UK
    person = whole.people[0] if alert.person_id is not None and whole.people else None
    rung = whole.worker or person
    planned = person is not None and opens and alert.pathway is not None
    return AlertShown(
        uuid=alert.uuid,
        version=alert.version,
        zone=zone,
        severity=shown_severity(alert.severity, alert.class_ if whole.shown.full else None),
        class_words=class_words(alert.class_, whole.shown),
        subject=_subject(whole, now, zone),
        from_words=_from(session, whole, viewer, now),
        person_uuid=person.person_uuid if person and opens else None,
        about=_about(session, viewer, whole, now, zone),
        unprotected=_unprotected(session, whole, now, zone),
        finding=essentials.sentences(alert.words),
        more=more,
        floor=_floor(whole.floor, now, zone),
        long_lie=whole.floor is not None and whole.floor.long(now),
        measured_at=alert.began_at,
        reached_at=reached(alert.began_at, alert.raised_at),
        unconfirmed=alert.unconfirmed,
        copy=copies.told(alert.centre) if alert.copied else None,
        cleared_at=alert.cleared_at,
        shelved_until=alert.shelved_until,
        next_words=board.next_words(alert, now, owner=whole.owner, handed_to=whole.handed_to),
        next_from=min(alert.step_at, now),
        next_due_at=alert.escalate_after,
        owner=whole.owner or whole.owner_team,
        chart=chart,
        chart_url=f"/alerts/{alert.uuid}/readings.json",
        plan_says=alert.what_should_happen or None,
        plan_href=f"/people/{person.person_uuid}/plan#contingency" if person and planned else None,
        goals=(alert.goal_text,) if alert.goal_text else (),
        ring_words=f"Ring {rung.name}" if rung and rung.telephone else None,
        ring_number=identity.spaced_telephone(rung.telephone) if rung and rung.telephone else None,
        ladder=alert_ladder.rungs(whole),
        ladder_stopped=alert_ladder.stopped(whole, now, zone),
        card=_card(whole, code),
        not_shared=_not_shared(whole, viewer),
        may=_may(whole, viewer),
    )  # fmt: skip


def _floor(floor: Floor | None, now: datetime, zone: str) -> str | None:
    """How long somebody may have lain, and how that is known."""
    if floor is None:
        return None
    lay = initial_capital(f"up to {span_text(floor.lasted(now).total_seconds())} on the floor")
    if floor.until is None:
        return f"{lay} so far: nobody is on record as being with them."
    return f"{lay}: somebody was with them at {clock(floor.until, now, zone)}."


def zone_of(session: Session, alert: Alert, now: datetime) -> str:
    """The time zone of the home it is about."""
    return about.of_alert(session, alert, now).zone


def needs_reason(alert: Alert) -> bool:
    """Whether only a clinician can close it, with a reason in writing: nobody has made contact."""
    refused = moving.why_not(alert, Move.CLOSE) is not None and alert.closed_at is None
    return refused and alert.rule_key != UNTIL_FOUND  # of which no reason in writing stands for finding them


def events(whole: Whole) -> tuple[Happening, ...]:
    """All that has happened to an alert, the newest first."""
    return tuple(
        Happening(
            at=event.at,
            words=initial_capital(happened(event)),
            by=event.by,
            strong=f"{HAPPENED[event.what]}." if event.what in HAPPENED else None,
            severity=_marked(event, whole.alert.class_ if whole.shown.full else None),
        )
        for event in reversed(whole.events)
    )


def _marked(event: Happened, class_: Class | None) -> str | None:
    told = event.what in (What.RAISED, What.WORSE, What.REOPENED) and event.severity is not None
    return shown_severity(event.severity, class_) if told and event.severity else None


def _subject(whole: Whole, now: datetime, zone: str) -> str:
    if whole.worker is not None:
        return f"{whole.worker.name}, {whole.worker.agency}"
    names = [about.name for about in whole.people]
    if whole.alert.person_id is not None and whole.people:
        return f"{names[0]}, {essentials.age_of(whole.people[0].date_of_birth, now, zone)}"
    if whole.unseen:
        names.append(counted(whole.unseen, "other person", "other people"))
    return f"Home of {listed(names)}" if names else "A home where nobody lives"


def _not_shared(whole: Whole, viewer: Viewer) -> str | None:
    """What is not shown of it, and that this stops nobody; None where all of it is."""
    if whole.shown.full:
        return None
    what = "More than that" if whole.shown.extent is Extent.CATEGORY else "Why it was raised"
    return f"{what} is not shared with {viewer.agency or 'your agency'}. Act on it as on any other."


def _from(session: Session, whole: Whole, viewer: Viewer, now: datetime) -> str:
    alert = whole.alert
    if not whole.shown.full:
        return f"not shared in full with {viewer.agency or 'your agency'}"
    if alert.pathway is not None:
        title = _pathway(session, whole, viewer, now)
        return f"{title}, plan v{whole.plan_version}" if whole.plan_version else title
    return {**UNPLANNED, "plan": "from their plan"}.get(alert.rule_key.partition(".")[0], "not from a plan")


def _pathway(session: Session, whole: Whole, viewer: Viewer, now: datetime) -> str:
    """What the pathway of the alert's rule is called to the viewer."""
    code, person_id = whole.alert.pathway or "", whole.alert.person_id
    pathway = reading.all_pathways().get(code)
    sees = sharing.sees(session, viewer, person_id, now) if person_id is not None else None
    return naming.title(code, pathway.title if pathway else code, sees)


def _about(session: Session, viewer: Viewer, whole: Whole, now: datetime, zone: str) -> str:
    told: list[str | None] = [essentials.address_of(whole.home)]
    if whole.worker is not None:
        told += _of_worker(whole.worker, now, zone)
    if whole.alert.person_id is not None:
        household = households.of(session, viewer, whole.alert.person_id, now)
        told.append(essentials.living(household))
        told.append(absence_words.running(session, viewer, whole.alert.person_id, now, zone))
    for person in whole.people:
        told += essentials.speaking(
            person.communication_needs, person.language, interpreter_needed=person.interpreter_needed
        )
    if whole.device:
        told.append(f"Kit: {whole.device}")
    told += [
        f"{work.name} is being worked on until {clock(work.ends, now, zone)}: {work.why}"
        for work in _works(session, whole, now)
    ]
    return essentials.sentences(*told)


def _unprotected(session: Session, whole: Whole, now: datetime, zone: str) -> tuple[Banner, ...]:
    of_them = [person.person_uuid for person in whole.people] if whole.worker is None else []
    return banners(interims.list_of(session, of_them), now, zone)


def _works(session: Session, whole: Whole, now: datetime) -> list[Work]:
    """The work on their kit during which it began, for those who see all of the alert."""
    if not whole.shown.full:
        return []
    theirs = [subjects.person(whole.alert.person_id)] if whole.alert.person_id is not None else []
    theirs += [subjects.home(whole.home.id)] if whole.home else []
    return works.around(session, theirs, whole.alert.began_at, now)


def _of_worker(worker: Worker, now: datetime, zone: str) -> tuple[str | None, ...]:
    """A colleague on a visit: with which team, where (to their own agency), since when."""
    arrived = f"There since {clock(worker.arrived_at, now, zone)}" if worker.arrived_at else None
    if worker.place is not None and arrived is None:
        arrived = "Has not said that they arrived"
    return (
        worker.team,
        f"At {worker.place}" if worker.place else "Where they are is known to their own agency: ring it",
        arrived,
        f"Was to leave by {clock(worker.leave_by, now, zone)}",
        None if worker.telephone else "No telephone of theirs is recorded",
    )


def _card(whole: Whole, code: str | None) -> tuple[CardItem, ...] | None:
    if whole.worker is not None:
        return None
    warnings = whole.warnings
    if whole.alert.class_ is Class.TECHNICAL and whole.shown.full:
        return essentials.card_items(None, None, warnings=warnings) or None
    reveal = f"/alerts/{whole.alert.uuid}/key-safe"
    if len(whole.people) == 1:
        return essentials.card_items(
            whole.people[0].card, whole.home, warnings=warnings, reveal_action=reveal, code=code
        )
    found = list(essentials.card_items(None, None, warnings=warnings))
    for person in whole.people:
        items = essentials.card_items(person.card, None)
        found += [CardItem(f"{person.name}: {item.words}") for item in items]
    return (*found, *essentials.card_items(None, whole.home, reveal_action=reveal, code=code))


def _may(whole: Whole, viewer: Viewer) -> frozenset[str]:
    if not may(viewer, Need.ALERTS_ACT):
        return frozenset()
    found = {words for move, words in ASKED.items() if move in whole.allowed}
    alert = whole.alert
    if alert.closed_at is None and viewer.role == "clinician":
        found.add("close")  # with a reason in writing, where nobody has made contact
    if alert.handed_to_team_id is not None and alert.handed_to_team_id in viewer.team_ids:
        found |= {"accept", "decline"}
    return frozenset(found)
