"""Interim plans: whoever is without protection is rung at agreed times, and their kit is replaced in time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.protecting import Interim
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.protecting import asking, deadlines, recalls
from care_plans.protection_states import Lack
from care_plans.work import follow_ups
from core import journal
from core.errors import Conflict, Invalid
from core.journal import Actor
from devices import silence, stock, subjects, works
from devices.models import Assignment, Device
from people import absences, visible
from people.access import Viewer
from people.models.agencies import Staff
from people.models.homes import Residency
from people.models.people import Person

MACHINE = Actor("Hearthline")
UNPROTECTED = "protection.person"
"""The rule key of the alert about somebody without protection."""
OVER = "They are protected again: this plan is over."
CALL = "Interim call: {kit} does not protect them. Ask how they are, and whether they can reach somebody."
MEND = "Mend or replace {kit}: until then they can't call for help with it."
PROTECTED = "Not needed any more: they are protected again, or not at home."


@dataclass(frozen=True, slots=True)
class Unprotected:
    """Somebody who is not protected, by first name, with their interim plan."""

    person_uuid: UUID
    first_name: str
    plan: Interim


@dataclass(frozen=True, slots=True)
class Work:
    """What an interim plan asked for last, as far as it is in sight, and who agreed it."""

    replacing: FollowUp | None
    calling: FollowUp | None
    agreed_by: str | None


@dataclass(frozen=True, slots=True)
class _Need:
    """Why somebody needs an interim plan now."""

    lack: Lack
    kit: str
    since: datetime
    replace_id: int | None = None
    replace_by: datetime | None = None


def step(session: Session, now: datetime, limit: int = 100) -> bool:
    """Begin (at most `limit`), keep up and end interim plans, alone first; whether any began or ended."""
    needs = _needs(session, now)
    open_ = {row.person_id: row for row in session.scalars(_open().with_for_update(skip_locked=True))}
    alone = stock.living_alone(session, needs.keys(), now)
    over = open_.keys() - needs.keys()
    for person_id in over:
        end(session, open_[person_id], PROTECTED, now)
    begun = 0
    for person_id in sorted(needs, key=lambda each: (each not in alone, needs[each].since)):
        need = needs[person_id]
        row = open_.get(person_id)
        if row is None and begun < limit:
            row = _begin(session, person_id, need, now, alone=person_id in alone)
            begun += row is not None
        if row is not None:
            _keep_up(session, row, need, now, alone=person_id in alone)
    session.flush()
    return bool(over or begun)


def agree(
    session: Session, row: Interim, times: Iterable[str], words: str, *, by: Viewer, now: datetime
) -> None:
    """Change when somebody is rung until they are protected again, with what was agreed.

    Invalid for what is no time of day, for too many, and where no calls are wanted without saying why.
    Conflict where the plan is over.
    """
    session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise Conflict(OVER)
    chosen = _times(times)
    if not words.strip():
        raise Invalid({"agreed": "Say what was agreed, and with whom."})
    zone = asking.zone_of(session, subjects.person(row.person_id), now)
    row.call_times, row.next_call_at = chosen, deadlines.next_call(chosen, now, zone)
    row.agreed, row.agreed_at, row.agreed_by_id = words.strip(), now, by.staff_id
    details = {"calls": chosen, "words": row.agreed}
    _tell(session, "interim plan agreed", row, visible.actor(by), details)
    session.flush()


def end(session: Session, row: Interim, words: str, now: datetime) -> None:
    """End it, with what it asked for: they are protected, gone or away."""
    row.ended_at, row.next_call_at = now, None
    follow_ups.settle(session, row.call_id, words=words, by=None, now=now)
    if row.lack is Lack.DOWN:
        follow_ups.settle(session, row.replace_id, words=words, by=None, now=now)
    _tell(session, "interim plan ended", row, MACHINE)


def find(session: Session, person_id: int) -> Interim | None:
    """The interim plan of somebody who is not protected now; None for everybody else."""
    return session.scalar(_open().where(Interim.person_id == person_id))


def list_plans(session: Session, person: Person) -> Sequence[Interim]:
    """The interim plans of somebody, that which runs and those that are over, the latest first."""
    return session.scalars(
        select(Interim).where(Interim.person_id == person.id).order_by(Interim.began_at.desc())
    ).all()


def work_of(session: Session, row: Interim) -> Work:
    """What an interim plan has asked for, and who agreed it."""
    by = session.get(Staff, row.agreed_by_id) if row.agreed_by_id else None
    return Work(
        session.get(FollowUp, row.replace_id) if row.replace_id else None,
        session.get(FollowUp, row.call_id) if row.call_id else None,
        by.name if by else None,
    )


def list_of(session: Session, person_uuids: Collection[UUID]) -> list[Unprotected]:
    """Who of these is not protected now."""
    return _unprotected(session, Person.uuid.in_(person_uuids))


def list_about(
    session: Session, viewer: Viewer, *, person_id: int | None, home_id: int | None, now: datetime
) -> list[Unprotected]:
    """Whether whom something is about is not protected; of a home, who of those in sight that live there."""
    if person_id is not None:
        return _unprotected(session, Person.id == person_id)
    there = (Residency.home_id == home_id) & Residency.period.contains(now)
    lives_there = Person.id.in_(select(Residency.person_id).where(there))
    return _unprotected(session, lives_there & Person.id.in_(visible.person_ids(viewer, now)))


def not_reached(session: Session, now: datetime) -> dict[int, datetime]:
    """Who lives alone, is without protection, and was not rung in time: when the last such call was due.

    Somebody who was spoken to or seen about the alert since it was asked for was reached.
    """
    heard = func.greatest(Alert.contact_at, Alert.emergency_at)
    rows = session.execute(
        select(Interim.person_id, func.max(FollowUp.due_at))
        .join(FollowUp, FollowUp.person_id == Interim.person_id)
        .outerjoin(
            Alert,
            (Alert.person_id == Interim.person_id)
            & (Alert.rule_key == UNPROTECTED)
            & Alert.closed_at.is_(None),
        )
        .where(
            Interim.ended_at.is_(None),
            Interim.alone,
            Interim.lack == Lack.DOWN,
            FollowUp.kind == FollowUpKind.CALL,
            FollowUp.done_at.is_(None),
            FollowUp.due_at <= now - deadlines.REACHED_WITHIN,
            or_(FollowUp.id == Interim.call_id, FollowUp.alert_id == Alert.id),
            or_(heard.is_(None), heard < FollowUp.due_at - deadlines.NEAR),
        )
        .group_by(Interim.person_id)
    )
    return {row[0]: row[1] for row in rows}


def _needs(session: Session, now: datetime) -> Mapping[int, _Need]:
    """Who needs one: their life-safety kit is down, or called back; not who is away, nor who has died."""
    found = {**_recalled(session, now), **_down(session, now)}
    living = set(
        session.scalars(
            select(Person.id).where(
                Person.id.in_(found), Person.died_on.is_(None), Person.deleted_at.is_(None)
            )
        )
    )
    away = absences.away_now(session, found.keys(), now)
    return {key: need for key, need in found.items() if key in living - away}


def _down(session: Session, now: datetime) -> dict[int, _Need]:
    down = silence.unprotected(session, now)
    at_work = works.under_way(session, {each.device_id for each in down}, now)
    names = _names(session, {each.device_id for each in down})
    found: dict[int, _Need] = {}
    for each in down:  # longest first
        if each.device_id in at_work:
            continue
        before = found.get(each.person_id)
        kit = _listed(before.kit if before else None, names[each.device_id])
        found[each.person_id] = _Need(Lack.DOWN, kit, before.since if before else each.since)
    return found


def _recalled(session: Session, now: datetime) -> dict[int, _Need]:
    found: dict[int, _Need] = {}
    for work, device, held, due_at in recalls.list_suspect(session):
        for person_id in _holders(session, held, now):
            before = found.get(person_id)
            kit = _listed(before.kit if before else None, device.name)
            first = before or _Need(Lack.RECALLED, kit, work.asked_at, work.follow_up_id, due_at)
            found[person_id] = _Need(Lack.RECALLED, kit, first.since, first.replace_id, first.replace_by)
    return found


def _holders(session: Session, held: Assignment, now: datetime) -> list[int]:
    if held.person_id is not None:
        return [held.person_id]
    there = (Residency.home_id == held.home_id) & Residency.period.contains(now)
    return list(session.scalars(select(Residency.person_id).where(there)))


def _names(session: Session, device_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(Device.id, Device.name).where(Device.id.in_(device_ids)))
    return {row.id: row.name for row in rows}


def _listed(before: str | None, name: str) -> str:
    return ", ".join(dict.fromkeys([*(before.split(", ") if before else ()), name]))


def _begin(session: Session, person_id: int, need: _Need, now: datetime, *, alone: bool) -> Interim | None:
    """A new plan, or the last one again where that has only just ended: it was not mended then."""
    last = session.scalar(
        select(Interim)
        .where(Interim.person_id == person_id)
        .order_by(Interim.id.desc())
        .limit(1)
        .with_for_update()
    )
    if last is not None and last.ended_at is None:
        return None  # another worker has it
    zone = asking.zone_of(session, subjects.person(person_id), now)
    if last is not None and last.ended_at is not None and now - last.ended_at < deadlines.TAKEN_UP_AGAIN:
        last.ended_at, last.replace_id = None, None
        last.next_call_at = deadlines.next_call(last.call_times, now + deadlines.NEAR, zone)
        _tell(session, "interim plan taken up again", last, MACHINE)
        return last
    times = deadlines.usual_calls(need.lack, alone=alone)
    row = Interim(
        person_id=person_id, lack=need.lack, kit=need.kit, since=need.since, alone=alone, began_at=now,
        call_times=times, next_call_at=deadlines.next_call(times, now + deadlines.NEAR, zone),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _tell(session, "interim plan begun", row, MACHINE)
    return row


def _keep_up(session: Session, row: Interim, need: _Need, now: datetime, *, alone: bool) -> None:
    """Bring it up to date, and ask for what is due: its next call, and that the kit is mended."""
    subject = subjects.person(row.person_id)
    graver = need.lack is Lack.DOWN and row.lack is Lack.RECALLED
    if row.lack is Lack.DOWN and need.lack is Lack.RECALLED:
        follow_ups.settle(session, row.replace_id, words=PROTECTED, by=None, now=now)
    if (graver or row.alone != alone) and row.agreed_at is None:
        zone = asking.zone_of(session, subject, now)
        row.call_times = deadlines.usual_calls(need.lack, alone=alone)
        row.next_call_at = deadlines.next_call(row.call_times, now + deadlines.NEAR, zone)
    row.lack, row.kit, row.since, row.alone = need.lack, need.kit, need.since, alone
    if need.lack is Lack.RECALLED:
        row.replace_id, row.replace_by = need.replace_id, need.replace_by
    else:
        _see_to_replacing(session, row, now, anew=graver)
    if row.next_call_at is not None and row.next_call_at - deadlines.NEAR <= now:
        _ask_to_ring(session, row, now)


def _see_to_replacing(session: Session, row: Interim, now: datetime, *, anew: bool) -> None:
    """Ask that the kit is mended or replaced, and again where that was only said to be done."""
    asked = session.get_one(FollowUp, row.replace_id) if row.replace_id and not anew else None
    if asked is not None and (asked.done_at is None or now - asked.done_at < deadlines.REPLACED_AFTER):
        row.replace_by = asked.due_at
        return
    taken_up_again = asked is None and not anew
    subject = subjects.person(row.person_id)
    team_id = asking.team_of(session, subject, now)
    if team_id is None:
        return
    due_at = deadlines.replace_by(now, asking.zone_of(session, subject, now), alone=row.alone)
    if taken_up_again and row.replace_by is not None:
        due_at = max(now, min(due_at, row.replace_by))
    made = follow_ups.make(
        session, kind=FollowUpKind.REPAIR, text=MEND.format(kit=row.kit), team_id=team_id,
        due_at=due_at, now=now, person_id=row.person_id,
    )  # fmt: skip
    row.replace_id, row.replace_by = made.id, due_at


def _ask_to_ring(session: Session, row: Interim, now: datetime) -> None:
    """Ask for the next call; not while the last one is still to be made, which then is what is late."""
    subject = subjects.person(row.person_id)
    zone = asking.zone_of(session, subject, now)
    at = row.next_call_at or now
    row.next_call_at = deadlines.next_call(row.call_times, max(at, now), zone)
    team_id = asking.team_of(session, subject, now)
    if team_id is None or (row.call_id is not None and follow_ups.is_open(session, row.call_id)):
        return
    made = follow_ups.make(
        session, kind=FollowUpKind.CALL, text=CALL.format(kit=row.kit), team_id=team_id, due_at=at,
        now=now, person_id=row.person_id,
    )  # fmt: skip
    row.call_id = made.id


def _times(times: Iterable[str]) -> list[str]:
    try:
        read = sorted({time.fromisoformat(_padded(each.strip())) for each in times if each.strip()})
    except ValueError as fault:
        raise Invalid({"call_times": "Give times of day such as 10:00, with commas between."}) from fault
    if len(read) > deadlines.MOST_CALLS:
        raise Invalid({"call_times": f"Ring them at most {deadlines.MOST_CALLS} times a day."})
    return [f"{each:%H:%M}" for each in read]


def _padded(typed: str) -> str:
    """As people type it, "8:30" or "8", in the form that is read."""
    return f"{typed:0>5}" if ":" in typed else f"{typed:0>2}"


def _unprotected(session: Session, who: ColumnElement[bool]) -> list[Unprotected]:
    rows = session.execute(
        select(Interim, Person)
        .join(Person, Person.id == Interim.person_id)
        .where(who, Interim.ended_at.is_(None), Person.deleted_at.is_(None))
    )
    return [
        Unprotected(person.uuid, person.preferred_name or person.given_name, plan) for plan, person in rows
    ]


def _open() -> Select[Interim]:
    return select(Interim).where(Interim.ended_at.is_(None))


def _tell(
    session: Session, what: str, row: Interim, by: Actor, details: Mapping[str, object] | None = None
) -> None:
    journal.write(
        session, what, actor=by, subject="interim plan", subject_uuid=row.uuid, person_id=row.person_id,
        details=dict(details or {}),
    )  # fmt: skip
