"""What may be seen of alerts, and one of them whole: for the page on which somebody decides."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from care_plans.alerts import deadlines, moves, sights, workers
from care_plans.alerts.ladder import Due, LadderStep, when_words
from care_plans.alerts.whole import About, Happened, Near, Rung, Sent, Whole, as_seen
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.calls import Call
from care_plans.models.messages import Message
from care_plans.models.plans import PlanVersion
from care_plans.models.visits import Visit
from care_plans.seen import extents
from care_plans.seen.showing import IN_FULL
from care_plans.visits import visits
from core import journal
from core.db import vault_of
from core.errors import NotFound
from devices.models import Device
from people import visible, visit_warnings
from people.access import Viewer
from people.models.agencies import Staff, Team
from people.models.homes import Home, Residency
from people.models.people import Contact, Person, ResponderCard


def in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Alerts about people and homes in sight, and workers of one's own teams, and those sent to them (H10).

    One about a home that is over is of those who lived there meanwhile: who moves in later brings nobody the
    story of the household before.
    """
    lived_there = exists().where(
        Residency.home_id == Alert.home_id,
        Residency.period.overlaps(func.tstzrange(Alert.raised_at, Alert.closed_at, "[]")),
    )
    seen = Residency.person_id.in_(visible.person_ids(viewer, now))
    of_home = or_(
        and_(Alert.closed_at.is_(None), Alert.home_id.in_(visible.home_ids(viewer, now))),
        and_(Alert.closed_at.is_not(None), lived_there.where(seen)),
        and_(Alert.closed_at.is_not(None), Alert.home_id.in_(visible.home_ids(viewer, now)), ~lived_there),
    )
    return Alert.deleted_at.is_(None) & or_(
        Alert.person_id.in_(visible.person_ids(viewer, now)),
        and_(Alert.home_id.is_not(None), of_home),
        Alert.id.in_(visible.alert_ids_by_sight(viewer, now)),
        Alert.visit_id.in_(select(Visit.id).where(visits.in_sight(viewer))),
    )


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Alert:
    """The alert, or NotFound when there is none that `viewer` may see."""
    alert = session.scalar(select(Alert).where(Alert.uuid == uuid, in_sight(viewer, now)))
    if alert is None:
        raise NotFound
    return alert


def list_open(session: Session, viewer: Viewer, uuids: Collection[UUID], now: datetime) -> list[Alert]:
    """Those of these alerts that are open and in sight."""
    query = select(Alert).where(Alert.uuid.in_(uuids), Alert.closed_at.is_(None), in_sight(viewer, now))
    return list(session.scalars(query.order_by(Alert.id)))


def whole(session: Session, alert: Alert, now: datetime) -> Whole:
    """All there is to know about an alert in sight, in a dozen statements however long its story."""
    owner, closed_by = aliased(Staff), aliased(Staff)
    owner_team, handed_to = aliased(Team), aliased(Team)
    names = session.execute(
        select(owner.name, owner_team.name, handed_to.name, closed_by.name, Device.name, PlanVersion.number)
        .select_from(Alert)
        .outerjoin(owner, owner.id == Alert.owner_staff_id)
        .outerjoin(owner_team, owner_team.id == Alert.owner_team_id)
        .outerjoin(handed_to, handed_to.id == Alert.handed_to_team_id)
        .outerjoin(closed_by, closed_by.id == Alert.closed_by_id)
        .outerjoin(Device, Device.id == Alert.device_id)
        .outerjoin(PlanVersion, PlanVersion.id == Alert.version_id)
        .where(Alert.id == alert.id)
    ).one()
    home = _home(session, alert, now)
    return Whole(
        alert=alert,
        shown=IN_FULL,
        people=_people(session, sights.people_of(session, alert, now)),
        unseen=0,
        home=home,
        device=names[4],
        owner=names[0],
        owner_team=names[1],
        handed_to=names[2],
        closed_by=names[3],
        plan_version=names[5],
        events=list_events(session, alert),
        messages=_messages(session, alert),
        ladder=_rungs(session, alert, now),
        evidence=tuple((kind, datetime.fromisoformat(at), value) for kind, at, value in alert.evidence),
        warnings=visit_warnings.before_going(
            session, now, person_id=alert.person_id, home_id=home.id if home else None
        ),
        allowed=moves.allowed(deadlines.standing(alert)),
        worker=None,
    )


def whole_for(session: Session, viewer: Viewer, alert: Alert, now: datetime) -> tuple[Whole, bool]:
    """The alert as `viewer` may see it, and whether they may open the page of anybody it is about.

    Only as much is in it as their agency's bases and the person's choices leave open. Whom it was sent to
    learns the essentials of everybody it is about, and no more (H10): who goes to a house must know of all
    who live in it (H11). Who merely sees one of them learns nothing of the others.
    """
    found = whole(session, alert, now)
    uuids = [each.person_uuid for each in found.people]
    in_reach = set(
        session.scalars(
            select(Person.uuid).where(Person.uuid.in_(uuids), Person.id.in_(visible.person_ids(viewer, now)))
        )
    )
    sent = select(Alert.id).where(Alert.id == alert.id, Alert.id.in_(visible.alert_ids_by_sight(viewer, now)))
    if session.scalar(sent) is None:
        known = tuple(each for each in found.people if each.person_uuid in in_reach)
        found = replace(found, people=known, unseen=len(found.people) - len(known))
    found = replace(found, worker=workers.find(session, viewer, alert))
    return as_seen(found, extents.of_one(session, viewer, alert, now), viewer), bool(in_reach)


def record_look(session: Session, viewer: Viewer, alert: Alert, now: datetime, *, part: bool = False) -> None:
    """Write down that the viewer opened it, so that each person it is about can be told who looked.

    `part` is for what a page fetches again by itself: not while the viewer is still looking.
    """
    for person_id in sights.people_of(session, alert, now):
        if not (part and visible.still_looking(session, viewer, person_id, now)):
            journal.write(
                session,
                "looked at",
                actor=visible.actor(viewer),
                subject="alert",
                subject_uuid=alert.uuid,
                person_id=person_id,
            )


def list_events(session: Session, alert: Alert) -> tuple[Happened, ...]:
    """All that has happened to an alert, first things first."""
    rows = session.execute(
        select(AlertEvent, Staff.name, Staff.agency_id, Team.name)
        .outerjoin(Staff, Staff.id == AlertEvent.by_staff_id)
        .outerjoin(Team, Team.id == AlertEvent.team_id)
        .where(AlertEvent.alert_id == alert.id)
        .order_by(AlertEvent.id)
    )
    return tuple(
        Happened(
            event.at, event.what, by, agency_id, team, event.team_id, event.step, event.severity, event.words,
            event.details,
        )
        for event, by, agency_id, team in rows
    )  # fmt: skip


def _messages(session: Session, alert: Alert) -> tuple[Sent, ...]:
    rows = session.execute(
        select(
            Message,
            Team.name,
            Staff.name,
            func.coalesce(Team.agency_id, Staff.agency_id),
            Call.state,
            func.coalesce(Call.centre, false()),
        )
        .outerjoin(Team, Team.id == Message.team_id)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Call, Call.message_id == Message.id)
        .where(Message.alert_id == alert.id)
        .order_by(Message.id)
    )
    return tuple(
        Sent(
            row.uuid, team or staff or "", row.channel, row.state, row.subject, row.queued_at, row.sent_at,
            row.attempts, row.fault, agency_id, call, centre,
        )
        for row, team, staff, agency_id, call, centre in rows
    )  # fmt: skip


def _rungs(session: Session, alert: Alert, now: datetime) -> tuple[Rung, ...]:
    steps = deadlines.ladder_of(alert).steps
    who = {
        **_names(session, Team, [step.team for step in steps]),
        **_names(session, Staff, [step.staff for step in steps]),
        **_contacts(session, [step.contact for step in steps]),
    }
    began = {
        row.step: row.at
        for row in session.execute(
            select(AlertEvent.step, AlertEvent.at)
            .where(
                AlertEvent.alert_id == alert.id,
                AlertEvent.what == "step",
                AlertEvent.at >= alert.began_at,
            )
            .order_by(AlertEvent.id)
        )
    }
    held = alert.closed_at is not None or deadlines.held(alert) is not None
    due = None if held else deadlines.next_step(alert, now)
    found = []
    for step in steps:
        name, telephone = who.get(_key(step), ("Receiving centre", None))
        state, at = "later", None
        if step.position == alert.step:
            state, at = "now", alert.step_at if not held else began.get(step.position)
        elif step.position < alert.step:
            at = began.get(step.position)
            state = "done" if at is not None or step.is_for_all else "passed"
        elif isinstance(due, Due) and due.position == step.position:
            state, at = "next", due.at
        words = ", ".join(part for part in (step.words, when_words(step)) if part)
        found.append(Rung(step.position, words, step.way, step.wait, name, telephone, state, at))
    return tuple(found)


def _key(step: LadderStep) -> tuple[str, int]:
    if step.team is not None:
        return "teams", step.team
    return ("staff", step.staff) if step.staff is not None else ("contacts", step.contact or 0)


Named = dict[tuple[str, int], tuple[str, str | None]]


def _names(session: Session, table: type[Team] | type[Staff], keys: Sequence[int | None]) -> Named:
    rows = session.execute(
        select(table.id, table.name, table.telephone).where(table.id.in_([key for key in keys if key]))
    )
    return {(table.__tablename__, key): (name, telephone) for key, name, telephone in rows}


def _contacts(session: Session, keys: Sequence[int | None]) -> Named:
    vault = vault_of(session)
    rows = session.scalars(select(Contact).where(Contact.id.in_([key for key in keys if key])))
    return {
        ("contacts", row.id): (
            f"{row.name} ({row.relation})" if row.relation else row.name,
            vault.open(row.telephone_sealed) if row.telephone_sealed else None,
        )
        for row in rows
    }


def _home(session: Session, alert: Alert, now: datetime) -> Home | None:
    if alert.home_id is not None:
        return session.get(Home, alert.home_id)
    return session.scalar(
        select(Home)
        .join(Residency, Residency.home_id == Home.id)
        .where(Residency.person_id == alert.person_id, Residency.period.contains(now))
    )


def _people(session: Session, person_ids: Sequence[int]) -> tuple[About, ...]:
    vault = vault_of(session)
    near: dict[int, list[Near]] = {}
    contacts = session.scalars(
        select(Contact)
        .where(Contact.person_id.in_(person_ids), Contact.deleted_at.is_(None))
        .order_by(Contact.key_holder.desc(), Contact.minutes_away.nulls_last(), Contact.id)
    )
    for each in contacts:
        telephone = vault.open(each.telephone_sealed) if each.telephone_sealed else None
        near.setdefault(each.person_id, []).append(
            Near(each.name, each.relation, telephone, each.key_holder, each.minutes_away, each.remarks)
        )
    rows = session.execute(
        select(Person, ResponderCard)
        .outerjoin(ResponderCard, ResponderCard.person_id == Person.id)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
    )
    return tuple(
        About(
            person_uuid=person.uuid,
            name=f"{person.preferred_name or person.given_name} {person.family_name}",
            date_of_birth=person.date_of_birth,
            telephone=vault.open(person.telephone_sealed) if person.telephone_sealed else None,
            language=person.language,
            interpreter_needed=person.interpreter_needed,
            communication_needs=person.communication_needs,
            card=card,
            near=tuple(near.get(person.id, ())),
        )
        for person, card in rows
    )
