"""Somebody does not answer: looked for by the ladder of one alert, until it is known how they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from care_plans.alerts import closing
from care_plans.alerts.deadlines import UNTIL_FOUND
from care_plans.alerts.events import What
from care_plans.alerts.raising import Raised, raise_
from care_plans.evaluating import unread
from care_plans.models.alerts import Alert, AlertEvent, ContactKind, Outcome
from care_plans.models.ringing import NoReply
from care_plans.reached import Found
from care_plans.ringing import procedure, steps, terms
from care_plans.severity import Class, Severity
from care_plans.work import part_in_care
from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from devices import subjects
from people import absences, scoping, visible
from people.access import Viewer
from people.models.absences import Absence, Away
from people.models.agencies import Staff
from people.models.identity import Death
from people.models.people import Person

MACHINE = Actor("Hearthline")
NEVER_LATE = 100 * 366 * 86400
"""Seconds: that somebody does not answer is never old news."""
CONTACTS = {
    ContactKind.SPOKE_TO: Found.SPOKEN_TO,
    ContactKind.SAW: Found.SEEN,
    ContactKind.WITH_THEM_NOW: Found.SEEN,
}
WHAT_SHOULD_HAPPEN = (
    "Ring once more, then go through the steps. Record every attempt here. It ends when somebody has spoken "
    "to them or seen them, or when it is on their page that they are in hospital or elsewhere. Afraid for "
    "their life: 999, with the address."
)
NOT_LOOKED_FOR = "It is on their page that they are away, or have died: nobody looks for them."
AWAY = "They are {away}, confirmed on their page: nobody looks for them any more."
DIED = "Their death is recorded on their page."


@dataclass(frozen=True, slots=True)
class NobodyAnswers:
    """What was found: nobody answered, the last time at `at`."""

    words: str
    at: datetime
    severity: Severity = Severity.RED
    kind: str = ""
    value: float | None = None
    unit: str | None = None
    evidence: Sequence[tuple[str, datetime, float]] = ()
    unconfirmed: bool = False

    @property
    def latest(self) -> datetime:
        """The same moment: nothing is measured."""
        return self.at


@dataclass(frozen=True, slots=True)
class Story:
    """Once that somebody was looked for, with the names of who began and who ended it by hand."""

    row: NoReply
    alert: UUID
    began_by: str | None
    ended_by: str | None


@scoping.past
def begin(
    session: Session,
    person: Person,
    *,
    team_id: int,
    words: str,
    now: datetime,
    by: Viewer | None = None,
    follow_up_id: int | None = None,
) -> NoReply | None:
    """Look for somebody; the one that is open where somebody does already.

    None for whoever is away or has died: nobody looks for them. `by` begins it by hand: Invalid without
    words, and Conflict instead of None.
    """
    if not words.strip():
        raise Invalid({"words": "Say why they are looked for before enough calls were made."})
    hold(session, person.id)
    session.refresh(person)
    if person.died_on is not None or absences.find_running(session, person.id, now) is not None:
        if by is not None:
            raise Conflict(NOT_LOOKED_FOR)
        return None
    there = find_open(session, person.id)
    if there is not None:
        return there
    agreed = terms.holding(session, person.id, team_id)
    alert = raise_(
        session,
        Raised(
            subject=subjects.person(person.id),
            rule_key=UNTIL_FOUND,
            name=f"Nobody can reach {person.preferred_name or person.given_name}",
            class_=Class.LIFE_SAFETY,
            finding=NobodyAnswers(words.strip(), now),
            ladder=steps.ladder(session, person.id, team_id, agreed.terms, now),
            what_should_happen=WHAT_SHOULD_HAPPEN,
            pages_within=NEVER_LATE,
        ),
        now,
    )
    row = NoReply(
        person_id=person.id, alert_id=alert.id, follow_up_id=follow_up_id, team_id=team_id,
        terms=procedure.to_document(agreed.terms), began_at=now, began_by_id=by.staff_id if by else None,
        why=words.strip(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, "began", row, visible.actor(by) if by else MACHINE)
    return row


def find_team(session: Session, person_id: int, by: Viewer, now: datetime) -> int | None:
    """Whose the first steps are when `by` begins it: one of their teams, else the one that leads the care."""
    mine = next(iter(sorted(by.team_ids)), None)
    return mine or part_in_care.leading_team(session, person_id, None, now)


def hold(session: Session, person_id: int) -> None:
    """Let nobody else record or begin anything of this person's calls until this transaction ends."""
    unread.lock(session, subjects.person(person_id))


def find_open(session: Session, person_id: int) -> NoReply | None:
    """The one in which somebody is looked for now, or None."""
    return session.scalar(
        select(NoReply).where(
            NoReply.person_id == person_id, NoReply.ended_at.is_(None), NoReply.deleted_at.is_(None)
        )
    )


def find_of_alert(session: Session, alert_id: int) -> NoReply | None:
    """The latest one that an alert is of, or None."""
    return session.scalar(
        select(NoReply).where(NoReply.alert_id == alert_id).order_by(NoReply.id.desc()).limit(1)
    )


def last_ended(session: Session, person_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these was last found; calls before that are settled."""
    rows = session.execute(
        select(NoReply.person_id, func.max(NoReply.ended_at))
        .where(NoReply.person_id.in_(person_ids), NoReply.ended_at.is_not(None))
        .group_by(NoReply.person_id)
    )
    return {person_id: at for person_id, at in rows if at is not None}


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> NoReply:
    """One of somebody in sight, or of an alert that was sent to the viewer; NotFound otherwise."""
    row = session.scalar(select(NoReply).where(NoReply.uuid == uuid, in_sight(viewer, now)))
    if row is None:
        raise NotFound
    return row


def list_of(session: Session, viewer: Viewer, person: Person, now: datetime) -> list[Story]:
    """Every time that somebody was looked for, the latest first."""
    rows = session.scalars(listing(viewer, now, person_id=person.id).order_by(NoReply.id.desc())).all()
    return stories(session, rows)


def listing(
    viewer: Viewer, now: datetime, *, open_: bool | None = None, person_id: int | None = None
) -> Select[NoReply]:
    """Those in sight, or of them those that are open (or not), or of one person; no order."""
    query = select(NoReply).where(in_sight(viewer, now))
    if open_ is not None:
        query = query.where(NoReply.ended_at.is_(None) if open_ else NoReply.ended_at.is_not(None))
    return query.where(NoReply.person_id == person_id) if person_id is not None else query


def stories(session: Session, rows: Sequence[NoReply]) -> list[Story]:
    """These with the names of those in them."""
    keys = {key for row in rows for key in (row.began_by_id, row.ended_by_id) if key is not None}
    names = {staff.id: staff.name for staff in session.scalars(select(Staff).where(Staff.id.in_(keys)))}
    uuids = dict(
        session.execute(
            select(Alert.id, Alert.uuid).where(Alert.id.in_([row.alert_id for row in rows]))
        ).all()
    )
    return [
        Story(row, uuids[row.alert_id], names.get(row.began_by_id or 0), names.get(row.ended_by_id or 0))
        for row in rows
        if row.alert_id in uuids
    ]


def in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Of people in sight, and of alerts that were sent to the viewer."""
    return NoReply.deleted_at.is_(None) & or_(
        NoReply.person_id.in_(visible.person_ids(viewer, now)),
        NoReply.alert_id.in_(visible.alert_ids_by_sight(viewer, now)),
    )


def step(session: Session, now: datetime, limit: int = 50) -> bool:
    """End those whose person was reached, is known to be elsewhere or has died; whether there was any."""
    rows = session.execute(
        select(NoReply, Alert, Person.died_on)
        .join(Alert, Alert.id == NoReply.alert_id)
        .join(Person, Person.id == NoReply.person_id)
        .outerjoin(
            Absence,
            (Absence.person_id == NoReply.person_id)
            & Absence.begun_at.is_not(None)
            & Absence.ended_at.is_(None)
            & (Absence.ends_at > now),
        )
        .where(
            NoReply.ended_at.is_(None),
            or_(
                Alert.contact_at.is_not(None),
                Alert.closed_at.is_not(None),
                Person.died_on.is_not(None),
                Absence.id.is_not(None),
            ),
        )
        .order_by(NoReply.id)
        .limit(limit)
        .with_for_update(of=NoReply, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        _settle(session, row, now)
    session.flush()
    return bool(rows)


def settle(session: Session, no_reply: NoReply, now: datetime) -> None:
    """End one at once whose alert has a contact on record."""
    alert = session.get_one(Alert, no_reply.alert_id)
    if no_reply.ended_at is None and alert.contact is not None:
        _by_contact(session, no_reply, alert)
        session.flush()


def _settle(session: Session, found: Row[*tuple[NoReply, Alert, object]], now: datetime) -> None:
    row, alert, died_on = found
    session.refresh(alert, with_for_update=True)
    if alert.contact is not None:
        _by_contact(session, row, alert)
        return
    if alert.closed_at is not None:
        _end(session, row, Found.DUPLICATE, alert.closed_by_id, alert.closed_at)
        return
    if died_on is not None:
        death = session.scalars(
            select(Death).where(Death.person_id == row.person_id, Death.undone_at.is_(None))
        ).first()
        by = death.recorded_by_id if death else None
        _end(session, row, Found.DIED, by, now)
        closing.close_as_known(session, alert, DIED, Outcome.NONE, by_staff_id=by, now=now)
        return
    away = absences.find_running(session, row.person_id, now)
    if away is not None:
        hospital = away.why is Away.HOSPITAL
        _end(session, row, Found.HOSPITAL if hospital else Found.AWAY, away.confirmed_by_id, now)
        words = AWAY.format(away=absences.WORDS[away.why])
        outcome = Outcome.ADMITTED if hospital else Outcome.NONE
        closing.close_as_known(session, alert, words, outcome, by_staff_id=away.confirmed_by_id, now=now)


def _by_contact(session: Session, row: NoReply, alert: Alert) -> None:
    at = alert.contact_at or row.began_at
    by = session.scalar(
        select(AlertEvent.by_staff_id)
        .where(AlertEvent.alert_id == alert.id, AlertEvent.what == What.CONTACT)
        .order_by(AlertEvent.id.desc())
        .limit(1)
    )
    _end(session, row, CONTACTS[alert.contact or ContactKind.SAW], by, max(at, row.began_at))


def _end(session: Session, row: NoReply, found: Found, by_staff_id: int | None, at: datetime) -> None:
    row.ended_at, row.ended, row.ended_by_id = at, found, by_staff_id
    _note(session, "ended", row, MACHINE)


def _note(session: Session, what: str, row: NoReply, by: Actor) -> None:
    journal.write(
        session, what, actor=by, subject="no reply", subject_uuid=row.uuid, person_id=row.person_id,
        details={"ended": row.ended.value if row.ended else None},
    )  # fmt: skip
