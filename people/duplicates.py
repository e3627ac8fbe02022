"""Pairs that might be one person, as far as whoever looks may know, and what they say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from people import likeness, matching, scoping, visible
from people.access import Viewer
from people.models.agencies import Agency, Team
from people.models.caring import CareTeam
from people.models.identity import Pair, PairState
from people.models.people import Person


@dataclass(frozen=True, slots=True)
class Likely:
    """A pair; of one who is not in sight there is no person, only the agencies to ask."""

    pair: Pair
    one: Person | None
    other: Person | None
    ask: tuple[str, ...]


def list_likely(
    session: Session, viewer: Viewer, now: datetime, *, limit: int = 50, offset: int = 0
) -> list[Likely]:
    """Proposed pairs of which at least one is in sight, the likeliest first."""
    query = _proposed(viewer, now).order_by(Pair.sure.desc(), Pair.score.desc(), Pair.id)
    return _told(session, viewer, session.scalars(query.limit(limit).offset(offset)).all(), now)


def count(session: Session, viewer: Viewer, now: datetime) -> int:
    """How many proposed pairs have somebody in sight."""
    return session.scalars(select(func.count()).select_from(_proposed(viewer, now).subquery())).one()


def of_person(session: Session, viewer: Viewer, person: Person, now: datetime) -> list[Likely]:
    """The proposed pairs that this person is one of."""
    query = _proposed(viewer, now).where(or_(Pair.one_id == person.id, Pair.other_id == person.id))
    return _told(session, viewer, session.scalars(query.order_by(Pair.score.desc())).all(), now)


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Likely:
    """One pair, decided or not, of which at least one is in sight; NotFound otherwise."""
    row = session.scalar(select(Pair).where(Pair.uuid == uuid, _in_sight(viewer, now)))
    if row is None:
        raise NotFound
    return _told(session, viewer, [row], now)[0]


def say_different(session: Session, likely: Likely, *, why: str, by: Viewer, now: datetime) -> Pair:
    """They are two people; nobody is asked again. Invalid without a reason, Conflict when it is decided."""
    if likely.one is None or likely.other is None:
        raise Invalid({"": ask_words(likely)})
    if not why.strip():
        raise Invalid({"why": "Say how you know that they are two people."})
    pair = likely.pair
    session.refresh(pair, with_for_update=True)
    if pair.state is not PairState.PROPOSED:
        raise Conflict("Somebody has decided on these two already. Look again.")
    pair.state, pair.decided_at, pair.decided_by_id, pair.why = (
        PairState.DIFFERENT,
        now,
        by.staff_id,
        why.strip(),
    )
    session.flush()
    for person in (likely.one, likely.other):
        journal.write(
            session, "said to be somebody else", actor=visible.actor(by), subject="pair",
            subject_uuid=pair.uuid, person_id=person.id, details={"why": why.strip()},
        )  # fmt: skip
    return pair


def put_together(session: Session, person: Person, other: Person, *, by: Viewer, now: datetime) -> Pair:
    """The pair of two people whom somebody takes for one though nobody proposed it, to be compared.

    Where they were said to be two people they are asked about anew. Invalid for one record with itself.
    """
    if person.id == other.id:
        raise Invalid({"other": "This is the record you came from: choose the other one."})
    one, two = sorted((person.id, other.id))
    pair = session.scalar(select(Pair).where(Pair.one_id == one, Pair.other_id == two).with_for_update())
    if pair is not None and pair.state is PairState.PROPOSED:
        return pair
    described = likeness.describe(session, (one, two), now)
    likelihood = matching.compare(described[one], described[two])
    if pair is None:
        pair = Pair(one_id=one, other_id=two)
        session.add(pair)
    pair.score, pair.sure = likelihood.score, likelihood.sure
    pair.reasons = [level.value for level in likelihood.reasons]
    pair.state, pair.proposed_at = PairState.PROPOSED, now
    pair.decided_at = pair.decided_by_id = pair.why = None
    session.flush()
    for each in (person, other):
        journal.write(
            session, "taken for one with another", actor=visible.actor(by), subject="pair",
            subject_uuid=pair.uuid, person_id=each.id,
        )  # fmt: skip
    return pair


def ask_words(likely: Likely) -> str:
    """Whom to ask about somebody who is not in sight."""
    whom = " or ".join(likely.ask) or "whoever runs this installation"
    return f"One of the two is not in your sight. Somebody who sees both has to decide: ask {whom}."


def agencies_of(session: Session, ids: Sequence[int], now: datetime) -> dict[int, tuple[str, ...]]:
    """The agencies that care for each of these people, the leading one first: whom to ask about them."""
    rows = session.execute(
        select(CareTeam.person_id, Agency.name, func.bool_or(CareTeam.lead).label("leads"))
        .join(Team, Team.id == CareTeam.team_id)
        .join(Agency, Agency.id == Team.agency_id)
        .where(CareTeam.person_id.in_(ids), CareTeam.period.contains(now))
        .group_by(CareTeam.person_id, Agency.name)
        .order_by(func.bool_or(CareTeam.lead).desc(), Agency.name)
    )
    found: dict[int, tuple[str, ...]] = {}
    for key, name, _leads in rows:
        found[key] = (*found.get(key, ()), name)
    return found


def _proposed(viewer: Viewer, now: datetime) -> Select[Pair]:
    return select(Pair).where(Pair.state == PairState.PROPOSED, _in_sight(viewer, now))


def _in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    ids = visible.person_ids(viewer, now)
    return or_(Pair.one_id.in_(ids), Pair.other_id.in_(ids))


def _told(session: Session, viewer: Viewer, pairs: Sequence[Pair], now: datetime) -> list[Likely]:
    ids = {key for pair in pairs for key in (pair.one_id, pair.other_id)}
    seen = visible.person_ids(viewer, now)
    people = {
        row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids), Person.id.in_(seen)))
    }
    with scoping.lifted(session):  # of whom the viewer may not see, only whom to ask leaves here
        asks = agencies_of(session, sorted(ids - people.keys()), now)
    found = []
    for pair in pairs:
        ask = [name for key in (pair.one_id, pair.other_id) for name in asks.get(key, ())]
        one, other = people.get(pair.one_id), people.get(pair.other_id)
        found.append(Likely(pair, one, other, tuple(dict.fromkeys(ask))))
    return found
