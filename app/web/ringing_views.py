"""Calls to people as their pages show them: whom to ring, what came of it before, what is pressed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.web import absence_words, essentials
from app.web.alert_page import NearBy
from app.web.no_reply_forms import ACTS, ENDED
from app.web.words import counted, initial_capital, length
from care_plans.alerts import board
from care_plans.alerts.choosing import BoardFilters
from care_plans.models.alerts import Alert
from care_plans.models.ringing import NoReply
from care_plans.models.work import FollowUp
from care_plans.reached import Came, Standing
from care_plans.ringing import attempts, no_replies, procedure, read
from care_plans.ringing.attempts import SAID
from care_plans.ringing.no_replies import Story
from care_plans.ringing.procedure import Terms
from care_plans.ringing.read import Told
from care_plans.visits import visits
from care_plans.work import agenda
from care_plans.work.agenda import Item
from people import contacts, households, identity, people, sharing, visible, visit_warnings
from people.access import Extent, Need, RecordClass, Viewer, may
from people.models.people import Contact, Person

SHOWN_FOR = timedelta(days=14)
MOST = 8
OTHERS = {
    Came.WELL: "Answered",
    Came.NO_ANSWER: "No answer",
    Came.ENGAGED: "Engaged",
    Came.MESSAGE: "Answerphone, a message was left",
    Came.ANSWERPHONE: "Answerphone, no message left",
    Came.WRONG_NUMBER: "The number is wrong",
}
"""What is said of a call to somebody around them."""
KEYS: Sequence[tuple[str, Came, str]] = (
    ("1", Came.WELL, "Answered, is well"),
    ("3", Came.NO_ANSWER, "No answer"),
    ("4", Came.ENGAGED, "Engaged"),
    ("5", Came.MESSAGE, "Left a message"),
    ("6", Came.ANSWERPHONE, "Answerphone only"),
    ("7", Came.WRONG_NUMBER, "Wrong number"),
)
"""The key, what it records, and what stands on it; 2 opens the form for somebody who is not well."""
NEXT = (
    ("amber", "Raise an alert: amber"),
    ("red", "Raise an alert: red, somebody must act now"),
)
PERSON = ("", "The person themselves")


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt: see attempt_list in _parts/ringing.html."""

    uuid: UUID
    at: datetime
    by: str
    words: str
    undone: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Ringing:
    """One call with all that whoever makes it must know: see _parts/ringing.html."""

    path: str
    person_uuid: UUID | None
    name: str
    first_name: str
    about: str
    warnings: tuple[str, ...]
    number: str | None
    near: tuple[NearBy, ...]
    whom: tuple[tuple[str, str], ...]
    attempts: tuple[AttemptLine, ...]
    stands: str
    again_at: datetime | None
    looked_for: UUID | None
    follows: tuple[tuple[str, str], ...]
    may_record: bool


@dataclass(frozen=True, slots=True)
class LookedFor:
    """Somebody who does not answer, on the page of their alert; `agreed` is what to know at which step."""

    story: Story
    ended: str | None
    why: str | None
    agreed: tuple[tuple[str, str], ...]
    ringing: Ringing


def of_follow_up(
    session: Session, viewer: Viewer, row: FollowUp, item: Item, now: datetime
) -> Ringing | None:
    """The call that a follow-up is; None where it is no call to a person."""
    if not agenda.is_call(row) or row.person_id is None:
        return None
    volunteer = viewer.role == visits.VOLUNTEER
    person = visible.find_person(session, viewer, item.person_uuid, now) if item.person_uuid else None
    rings = person is not None and (not volunteer or item.staff_id == viewer.staff_id)
    return _ringing(
        session, viewer, row.person_id, person, now,
        path=f"/follow-ups/{row.uuid}/attempts", team_id=row.team_id, zone=item.zone, rings=rings,
        may_record=may(viewer, Need.FOLLOW_UPS_ACT)
        and (row.done_at is None or now - row.done_at <= attempts.AFTERWARDS),
        name=item.who,
    )  # fmt: skip


def looked_for(session: Session, viewer: Viewer, alert: Alert, zone: str, now: datetime) -> LookedFor | None:
    """What the page of an alert says of somebody who does not answer; None for every other alert."""
    row = no_replies.find_of_alert(session, alert.id)
    if row is None:
        return None
    [story] = no_replies.stories(session, [row])
    seen = sharing.sees(session, viewer, row.person_id, now)
    notes = seen[RecordClass.NOTES] is Extent.FULL
    agreed = seen[RecordClass.PLAN] is Extent.FULL
    steps = procedure.from_document(row.terms).steps if agreed else ()
    return LookedFor(
        story=story,
        ended=ENDED[row.ended] if row.ended else None,
        why=row.why if notes or row.began_by_id is None else None,
        agreed=tuple((ACTS[step.act][0], step.words) for step in steps if step.words),
        ringing=of_no_reply(session, viewer, row, alert, zone, now),
    )


def of_no_reply(
    session: Session, viewer: Viewer, row: NoReply, alert: Alert, zone: str, now: datetime
) -> Ringing:
    """Somebody who is looked for: whom to ring about them, and what came of it so far."""
    uuid = session.scalars(select(Person.uuid).where(Person.id == row.person_id)).one()
    person = visible.find_person(session, viewer, uuid, now)
    return _ringing(
        session, viewer, row.person_id, person, now,
        path=f"/alerts/{alert.uuid}/attempts", team_id=row.team_id, zone=zone, rings=person is not None,
        may_record=may(viewer, Need.ALERTS_ACT) and row.ended_at is None,
        name=essentials.name_of(person) if person else "them",
    )  # fmt: skip


def _ringing(
    session: Session,
    viewer: Viewer,
    person_id: int,
    person: Person | None,
    now: datetime,
    *,
    path: str,
    team_id: int,
    zone: str,
    rings: bool,
    may_record: bool,
    name: str,
) -> Ringing:
    volunteer = viewer.role == visits.VOLUNTEER
    sees = sharing.sees(session, viewer, person_id, now)
    around: list[Contact] = []
    if person is not None and sees[RecordClass.CONTACT] is Extent.FULL and not volunteer:
        around = contacts.list_contacts(session, person)
    dead = person is not None and person.died_on is not None
    number = people.numbers(session, person).telephone if person and rings and not dead else None
    stands = attempts.how_it_stands(session, person_id, team_id, now)
    looked_for = read.looked_for(session, [person_id]).get(person_id)
    told = read.list_of_people(session, viewer, [person_id], now, since=now - SHOWN_FOR)
    return Ringing(
        path=path,
        person_uuid=person.uuid if person and may(viewer, Need.PEOPLE_READ) else None,
        name=name,
        first_name=essentials.first_name(person) if person else name,
        about=_about(session, viewer, person, zone, now) if person and not volunteer else "",
        warnings=_warnings(session, person_id, dead=dead, now=now),
        number=identity.spaced_telephone(number) if number else None,
        near=tuple(_near(session, each) for each in around),
        whom=(() if dead else (PERSON,)) + tuple((str(each.uuid), _whom(each)) for each in around),
        attempts=tuple(line(each) for each in told[:MOST]),
        stands=standing_words(stands),
        again_at=stands.again_at if stands.failed and not stands.enough else None,
        looked_for=_alert_of(session, looked_for) if may(viewer, Need.ALERTS_READ) else None,
        follows=NEXT + _alerts(session, viewer, person_id, now),
        may_record=may_record,
    )


def enough_words(terms: Terms) -> str:
    """For example "After 3 calls without an answer, at least 10 minutes apart and within 2 hours."."""
    enough = terms.enough
    if enough.attempts == 1:
        return "After one call without an answer."
    apart, within = (span.total_seconds() for span in (enough.apart, enough.within))
    spread = f"{length(apart)} or more apart, within {length(within)}"
    return f"After {enough.attempts} calls without an answer, {spread}."


def standing_words(how: Standing) -> str:
    """For example "2 calls of 3 without an answer; after the third they are looked for."."""
    if how.failed == 0:
        needed = counted(how.needed, "call")
        return f"After {needed} without an answer the no-reply procedure begins by itself."
    if how.enough:
        return f"{initial_capital(counted(how.failed, 'call'))} without an answer."
    said = f"{how.failed} of {counted(how.needed, 'call')} without an answer"
    return f"{said}; after the last of these the no-reply procedure begins by itself."


def line(told: Told) -> AttemptLine:
    """One attempt in words."""
    if told.came is None:
        words = "Somebody rang; what came of it is not shared with your agency"
    else:
        names: Mapping[Came, str] = OTHERS if told.whom else SAID
        words = essentials.sentences(
            f"{told.whom}: {names[told.came]}" if told.whom else names[told.came], told.words
        )
    return AttemptLine(told.uuid, told.at, told.by, words, told.undone, told.may_undo)


def named_line(told: Told, name: str) -> AttemptLine:
    """The same with whom it was to."""
    one = line(told)
    return AttemptLine(one.uuid, one.at, one.by, f"{name}. {one.words}", one.undone, one.may_undo)


def last_spoken(session: Session, viewer: Viewer, person_id: int, now: datetime) -> AttemptLine | None:
    """When somebody last spoke with a person, as far as that is shared."""
    told = read.last_spoken(session, viewer, person_id, now)
    return line(told) if told is not None else None


def _about(session: Session, viewer: Viewer, person: Person, zone: str, now: datetime) -> str:
    household = households.of(session, viewer, person.id, now)
    away = absence_words.running(session, viewer, person.id, now, zone)
    return f"{essentials.about(person, household)} {essentials.sentences(away)}".strip()


def _warnings(session: Session, person_id: int, *, dead: bool, now: datetime) -> tuple[str, ...]:
    told = visit_warnings.before_going(session, now, person_id=person_id, home_id=None)
    return (*(("Their death is recorded: ring only those around them.",) if dead else ()), *told)


def _near(session: Session, each: Contact) -> NearBy:
    told = [initial_capital(each.relation or "contact"), "key holder" if each.key_holder else ""]
    told.append(f"{each.minutes_away} min away" if each.minutes_away is not None else "")
    telephone = contacts.telephone(session, each)
    return NearBy(
        each.name, ", ".join(filter(None, told)), identity.spaced_telephone(telephone) if telephone else None
    )


def _whom(each: Contact) -> str:
    return f"{each.name}, {each.relation or 'contact'}{', key holder' if each.key_holder else ''}"


def _alert_of(session: Session, row: NoReply | None) -> UUID | None:
    return session.scalar(select(Alert.uuid).where(Alert.id == row.alert_id)) if row is not None else None


def _alerts(session: Session, viewer: Viewer, person_id: int, now: datetime) -> tuple[tuple[str, str], ...]:
    """The open alerts about the person that can be told of it, as choices."""
    if not may(viewer, Need.ALERTS_READ):
        return ()
    lines = board.list_lines(session, viewer, BoardFilters(person_id=person_id), now)
    own = set(
        session.scalars(select(Alert.uuid).where(Alert.person_id == person_id, Alert.closed_at.is_(None)))
    )
    return tuple(
        (str(each.uuid), f"It belongs to an open alert: {each.words}") for each in lines if each.uuid in own
    )
