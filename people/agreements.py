"""Agreements to kit that watches: one for each person and sort of watching, or there is none (H18).

An agreement is the person's own, or rests on a best-interests decision or on a verified attorney or deputy.
It says what less intrusive ways were thought of and what was said against it. What can come to restrict
somebody (doors, where somebody is) needs a social care review too, and runs out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from people.changes import in_conflict, note, plain
from people.faults import LINES, Reader, day, one_of, read_fields, words
from people.models.agencies import Staff
from people.models.authority import AgreedBy, Agreement, Authority, BestInterests
from people.models.homes import Residency
from people.models.people import Person
from people.standing import holds_for_welfare
from people.watching import RESTRICTIVE, Watched

READERS: Mapping[str, Reader] = {
    "watched": one_of(Watched),
    "agreed_by": one_of(AgreedBy),
    "why": words(LINES),
    "said": words(LINES),
    "less_intrusive": words(LINES),
    "objections": words(LINES),
    "reviewed_by": words(),
    "reviewed_on": day,
    "agreed_on": day,
    "review_on": day,
    "expires_on": day,
}
NEEDED = ("watched", "agreed_by", "why", "said", "less_intrusive", "objections", "review_on")
LONGEST = 366
"""Days that an agreement to what can restrict somebody may run; a default, to be confirmed."""
ALREADY = "There is an agreement about this sort of kit already: end that one first."
RESTRICTS = "Kit of this sort can come to restrict somebody: say who in social care reviewed it, and when."
RUNS_OUT = "Kit of this sort can come to restrict somebody: give a day, within a year, when this runs out."
AHEAD = "Give a day that is still to come."


def agree(
    session: Session,
    person: Person,
    given: Mapping[str, Any],
    *,
    by: Staff,
    actor: Actor,
    now: datetime,
    decision: BestInterests | None = None,
    authority: Authority | None = None,
) -> Agreement:
    """Record an agreement from `agreed_on`, or this minute, on; Invalid with every field that is wrong.

    `decision` or `authority` is what it rests on where the person did not agree themself. Conflict when one
    is in force for this sort of kit.
    """
    values = read_fields(given, READERS, required=NEEDED)
    faults = _faults(values, decision, authority, now.date())
    if faults:
        raise Invalid(faults)
    on: date | None = values.pop("agreed_on", None)
    # from its minute on, as kit that is handed over begins
    since = now.replace(second=0, microsecond=0) if on is None or on == now.date() else _midnight(on, now)
    row = Agreement(
        person_id=person.id,
        best_interests_id=decision.id if decision else None,
        authority_id=authority.id if authority else None,
        began_at=since,
        recorded_by_id=by.id,
        **values,
    )
    with in_conflict(session, "uq_monitoring_agreements_in_force", ALREADY, "watched"):
        session.add(row)
    note(
        session, "agreed", row, "monitoring agreement", actor=actor, person_id=person.id,
        details={"watched": plain(row.watched), "agreed_by": plain(row.agreed_by)},
    )  # fmt: skip
    return row


def end(
    session: Session, row: Agreement, *, said_by: str, why: str, actor: Actor, now: datetime
) -> Agreement:
    """End it: Conflict when it has ended, Invalid without who said so and why.

    What the kit measured while it held stays by the rules of keeping; the kit itself is for whoever calls.
    """
    if row.ended_at is not None:
        raise Conflict("This agreement has ended already.")
    given = {"said_by": said_by, "why": why}
    read = read_fields(given, {"said_by": words(), "why": words(LINES)}, required=tuple(given))
    row.ended_at, row.ended_by, row.ended_why = now, read["said_by"], read["why"]
    session.flush()
    note(
        session, "ended", row, "monitoring agreement", actor=actor, person_id=row.person_id,
        details={"watched": plain(row.watched)},
    )  # fmt: skip
    return row


def in_force(session: Session, person_ids: Collection[int], at: datetime) -> dict[int, frozenset[Watched]]:
    """To what sorts of watching each of these people has an agreement at `at`."""
    rows = session.execute(
        select(Agreement.person_id, Agreement.watched).where(
            Agreement.person_id.in_(person_ids), *holding(at)
        )
    )
    found: dict[int, set[Watched]] = {key: set() for key in person_ids}
    for person_id, watched in rows:
        found[person_id].add(watched)
    return {key: frozenset(sorts) for key, sorts in found.items()}


def holding(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes an agreement one that holds at `at`."""
    return (
        Agreement.began_at <= at,
        or_(Agreement.ended_at.is_(None), Agreement.ended_at > at),
        or_(Agreement.expires_on.is_(None), Agreement.expires_on >= at.date()),
        Agreement.deleted_at.is_(None),
    )


def residents(session: Session, home_id: int, at: datetime) -> Sequence[int]:
    """Inner keys of those who live in a home at `at`: kit that stands there watches them all."""
    return session.scalars(
        select(Residency.person_id)
        .where(Residency.home_id == home_id, Residency.period.contains(at))
        .order_by(Residency.person_id)
    ).all()


def lacking(
    session: Session, person_ids: Collection[int], sorts: Iterable[Watched], at: datetime
) -> dict[int, frozenset[Watched]]:
    """Which of these sorts each of these people has not agreed to; those who lack nothing are left out."""
    wanted = frozenset(sorts)
    agreed = in_force(session, person_ids, at)
    missing = {key: wanted - agreed[key] for key in person_ids}
    return {key: sorts for key, sorts in missing.items() if sorts}


def listing(session: Session, person: Person) -> Sequence[Agreement]:
    """All agreements, those in force first, then the latest ended."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.person_id == person.id, Agreement.deleted_at.is_(None))
        .order_by(Agreement.ended_at.desc().nulls_first(), Agreement.watched, Agreement.id)
    ).all()


def get(session: Session, person: Person, uuid: UUID) -> Agreement:
    """One of this person's, or NotFound."""
    row = session.scalar(select(Agreement).where(Agreement.uuid == uuid, Agreement.person_id == person.id))
    if row is None:
        raise NotFound
    return row


def ask_anew(session: Session, basis: AgreedBy, keys: Collection[int], now: datetime) -> None:
    """Let agreements that rest on what was withdrawn fall due for review today."""
    rests_on = Agreement.authority_id if basis is AgreedBy.REPRESENTATIVE else Agreement.best_interests_id
    session.execute(
        update(Agreement)
        .where(rests_on.in_(keys), Agreement.ended_at.is_(None))
        .values(review_on=now.date(), review_asked_at=None, version=Agreement.version + 1, changed_at=now)
    )


def _midnight(on: date, now: datetime) -> datetime:
    return datetime.combine(on, time(), now.tzinfo)


def _faults(
    values: Mapping[str, Any], decision: BestInterests | None, authority: Authority | None, today: date
) -> dict[str, str]:
    faults = _basis_faults(values["agreed_by"], decision, authority, today)
    if values["review_on"] <= today:
        faults["review_on"] = AHEAD
    if (values.get("agreed_on") or today) > today:
        faults["agreed_on"] = "This lies ahead: give the day they agreed."
    expires: date | None = values.get("expires_on")
    if values["watched"] in RESTRICTIVE:
        faults |= _restrictive_faults(values, expires, today)
    if expires is not None and expires <= today:
        faults["expires_on"] = AHEAD
    return faults


def _basis_faults(
    agreed_by: AgreedBy, decision: BestInterests | None, authority: Authority | None, today: date
) -> dict[str, str]:
    faults = {}
    if (agreed_by is AgreedBy.BEST_INTERESTS) != (decision is not None):
        faults["best_interests_id"] = "Name the best-interests decision where that is the basis, not else."
    elif decision is not None and decision.withdrawn_at is not None:
        faults["best_interests_id"] = "That decision was withdrawn: record what was decided since."
    if (agreed_by is AgreedBy.REPRESENTATIVE) != (authority is not None):
        faults["authority_id"] = "Name the attorney or deputy where one agreed, and only there."
    elif authority is not None and not holds_for_welfare(authority, today):
        faults["authority_id"] = (
            "Only an attorney or deputy for health and welfare, verified and in force, can agree to this."
        )
    return faults


def _restrictive_faults(values: Mapping[str, Any], expires: date | None, today: date) -> dict[str, str]:
    faults = {}
    reviewed: date | None = values.get("reviewed_on")
    if not values.get("reviewed_by"):
        faults["reviewed_by"] = RESTRICTS
    if reviewed is None or reviewed > today:
        faults["reviewed_on"] = RESTRICTS
    if expires is None or (expires - today).days > LONGEST:
        faults["expires_on"] = RUNS_OUT
    return faults
