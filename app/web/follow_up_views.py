"""Follow-ups as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.web import absence_words, essentials, ringing_views
from app.web.essentials import CardItem
from app.web.happenings import Happening
from app.web.ringing_views import Ringing
from app.web.unprotected import Banner, banners
from app.web.words import day, initial_capital
from care_plans import record_entry
from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.protecting import interims, origins
from care_plans.protecting.origins import From, Origin
from care_plans.visits import visits
from care_plans.work import agenda
from care_plans.work.agenda import Happened, Item, State, Wanted, Whose
from people import cards, households, identity, people, visible, visit_warnings
from people.access import Need, Viewer, may

VIEWS: Mapping[str, Wanted] = {
    "mine": Wanted(Whose.MINE),
    "team": Wanted(Whose.TEAMS),
    "overdue": Wanted(Whose.TEAMS, states=frozenset({State.OVERDUE})),
    "done": Wanted(Whose.TEAMS, states=frozenset({State.DONE})),
}
OUTCOMES: Mapping[FollowUpOutcome, str] = {
    FollowUpOutcome.DONE: "Done",
    FollowUpOutcome.NO_REPLY: "No reply",
    FollowUpOutcome.NOT_NEEDED: "Not needed any more",
    FollowUpOutcome.DECLINED: "They did not want it",
}
ASKED_BY: Mapping[From, tuple[str, Need, str]] = {
    From.LINE: ("From the register of protection", Need.KIT_READ, "/kit/protection#h-{about}"),
    From.RECALL: ("From a recall", Need.KIT_READ, "/kit/recalls#r-{about}"),
    From.INTERIM: ("From the interim plan", Need.PEOPLE_READ, "/people/{about}/interim"),
}
SAID = {
    "made": "Made",
    "taken": "Taken",
    "given back": "Given back to the team",
    "rescheduled": "Put off:",
    "missed": "Missed: its time passed and nobody recorded how it ended",
    "handed over": "Handed over with the lead:",
    "completed": "Ended.",
    "tried": "Rang:",
    "took back": "Took back:",
}


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One follow-up: see follow_ups.html."""

    uuid: UUID
    words: str
    kind: str
    rings: bool
    subject: str
    person_uuid: UUID | None
    where: str
    opens_at: datetime | None
    due_at: datetime
    state: str
    owner: str | None
    team: str
    from_words: str
    from_href: str | None
    alert_uuid: UUID | None
    done_at: datetime | None
    done_by: str | None
    outcome: str | None
    moved: int
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Follow-ups that stand together on the page."""

    words: str
    items: tuple[FollowUpRow, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One follow-up with all that its page says: see follow_up.html."""

    one: FollowUpRow
    version: int
    zone: str
    about: str
    ring_words: str | None
    ring_number: str | None
    instructions: str | None
    card: tuple[CardItem, ...] | None
    entry: str | None
    warnings: tuple[str, ...]
    unprotected: tuple[Banner, ...]
    ringing: Ringing | None
    happenings: tuple[Happening, ...]


def row(item: Item, viewer: Viewer, *, opens: bool = True, origin: Origin | None = None) -> FollowUpRow:
    """An item as a line; `opens` whether the person's page may be opened, `origin` what asked for it."""
    from_words, from_href = _source(item, viewer, origin, opens=opens)
    state = item.state.value
    if item.missed and item.state is State.OVERDUE:
        state = "missed"
    return FollowUpRow(
        uuid=item.uuid,
        words=item.text,
        kind=initial_capital(item.kind.value),
        rings=item.rings,
        subject=item.who,
        person_uuid=item.person_uuid if opens and may(viewer, Need.PEOPLE_READ) else None,
        where=item.where or "",
        opens_at=item.opens_at,
        due_at=item.due_at,
        state=state,
        owner=item.staff,
        team=item.team,
        from_words=from_words,
        from_href=from_href,
        alert_uuid=item.alert_uuid if may(viewer, Need.ALERTS_READ) else None,
        done_at=item.done_at,
        done_by=item.done_by,
        outcome=_outcome(item),
        moved=item.moved,
        may=_may(item, viewer),
    )


def grouped(
    session: Session, items: Sequence[Item], viewer: Viewer, now: datetime, zone: str
) -> tuple[Group, ...]:
    """Items in the order given, those of one day together; what is overdue stands before."""
    asked = origins.of(session, [item.uuid for item in items])
    found: dict[str, list[FollowUpRow]] = {}
    for item in items:
        at = item.done_at or item.due_at
        words = "Overdue" if item.state is State.OVERDUE else initial_capital(day(at, now, zone))
        found.setdefault(words, []).append(row(item, viewer, origin=asked.get(item.uuid)))
    return tuple(Group(words, tuple(rows)) for words, rows in found.items())


def of_alert(session: Session, viewer: Viewer, alert: Alert, now: datetime) -> tuple[FollowUpRow, ...]:
    """What an alert made to do, done or not, first due first."""
    if not may(viewer, Need.FOLLOW_UPS_READ):
        return ()
    wanted = Wanted(states=frozenset(State), alert_id=alert.id)
    return tuple(row(item, viewer) for item in agenda.list_items(session, viewer, wanted, now))


def read(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Shown:
    """One follow-up whole; NotFound when it is none of the viewer's."""
    item = agenda.get_item(session, viewer, uuid, now)
    person = visible.find_person(session, viewer, item.person_uuid, now) if item.person_uuid else None
    about, ring, card = item.where or "", None, None
    volunteer = viewer.role == visits.VOLUNTEER
    if person is not None:
        household = households.of(session, viewer, person.id, now)
        away = absence_words.running(session, viewer, person.id, now, item.zone)
        about = f"{essentials.about(person, household)} {essentials.sentences(away)}".strip()
        ring = people.numbers(session, person).telephone
        if volunteer:  # no address, and a number only to ring whom they have taken on
            about, ring = "", ring if item.staff_id == viewer.staff_id else None
        if item.kind is FollowUpKind.VISIT:
            reveal = f"/people/{person.uuid}/key-safe#home" if may(viewer, Need.PEOPLE_READ) else None
            card = essentials.card_items(cards.find(session, person), household.home, reveal_action=reveal)
    return Shown(
        one=row(
            item, viewer, opens=person is not None, origin=origins.of(session, [item.uuid]).get(item.uuid)
        ),
        version=item.version,
        zone=item.zone,
        about=about,
        ring_words=f"Ring {essentials.first_name(person)}" if person and ring else None,
        ring_number=identity.spaced_telephone(ring) if ring else None,
        instructions=item.alert_says,
        card=card,
        entry=_entry(session, viewer, uuid, now) if item.state is State.DONE and not volunteer else None,
        ringing=ringing_views.of_follow_up(
            session, viewer, agenda.get(session, viewer, uuid, now), item, now
        ),
        warnings=_warnings(session, agenda.get(session, viewer, uuid, now), now),
        unprotected=of_whom(session, viewer, agenda.get(session, viewer, uuid, now), item.zone, now),
        happenings=tuple(
            Happening(event.at, _said(event, words=item.words_shown), event.by or "Hearthline")
            for event in reversed(agenda.list_events(session, agenda.get(session, viewer, uuid, now)))
        ),
    )


def of_whom(session: Session, viewer: Viewer, row: FollowUp, zone: str, now: datetime) -> tuple[Banner, ...]:
    """That whom a follow-up is for is not protected."""
    found = interims.list_about(session, viewer, person_id=row.person_id, home_id=row.home_id, now=now)
    return banners(found, now, zone)


def _said(event: Happened, *, words: bool) -> str:
    return f"{SAID[event.what]} {_reason(event)}".strip() if words else SAID[event.what].rstrip(":")


def _entry(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> str:
    return record_entry.of_follow_up(session, viewer, agenda.get(session, viewer, uuid, now), now)


def _warnings(session: Session, row: FollowUp, now: datetime) -> tuple[str, ...]:
    """What whoever goes must know before they take it (H22); of somebody out of their sight too."""
    return visit_warnings.before_going(session, now, person_id=row.person_id, home_id=row.home_id)


def _reason(event: Happened) -> str:
    return "" if event.what == "made" else event.words.partition(" (was ")[0]


def _source(item: Item, viewer: Viewer, origin: Origin | None, *, opens: bool) -> tuple[str, str | None]:
    """What asked for it, and where that stands, for those who may open it."""
    if item.alert_words:
        return f"Alert: {item.alert_words}", None
    if origin is None:
        return "From the plan" if item.scheduled else "By hand", None
    may_open = opens if origin.what is From.INTERIM else True
    words, need, path = ASKED_BY[origin.what]
    return words, path.format(about=origin.about) if may_open and may(viewer, need) else None


def _outcome(item: Item) -> str | None:
    return essentials.sentences(OUTCOMES[item.outcome], item.remarks) if item.outcome else None


def _may(item: Item, viewer: Viewer) -> frozenset[str]:
    if item.state is State.DONE or not may(viewer, Need.FOLLOW_UPS_ACT):
        return frozenset()
    takes = item.staff_id != viewer.staff_id and item.team_id in viewer.team_ids
    return frozenset({"complete", "reschedule", *(["take"] if takes else [])})
