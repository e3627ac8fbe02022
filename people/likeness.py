"""Who might be the same person: compares records that share a key, and keeps the likely pairs for a human."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db import vault_of
from people import matching
from people.matching import Described, Likelihood
from people.models.homes import Home, Residency
from people.models.identity import Identifier, Likeness, MatchKey, Pair, PairState
from people.models.people import Person

BATCH = 50
AGAIN_AFTER = timedelta(days=1)
"""How soon somebody is compared again without having changed: their home or numbers may have."""
CROWDED = 200
"""A key that more people share tells nothing and is passed over: theirs are found by another."""


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who is like what was described."""

    person_id: int
    likelihood: Likelihood


def step(session: Session, now: datetime, limit: int = BATCH) -> bool:
    """Compare a batch of those who are new, changed, or not compared for a day; whether there were any."""
    stale = or_(
        Likeness.person_id.is_(None),
        Person.changed_at > Likeness.compared_at,
        Likeness.compared_at < now - AGAIN_AFTER,
    )
    ids = session.scalars(
        select(Person.id)
        .outerjoin(Likeness, Likeness.person_id == Person.id)
        .where(stale, Person.deleted_at.is_(None))
        .order_by(Likeness.compared_at.asc().nulls_first(), Person.id)
        .limit(limit)
        .with_for_update(of=Person, skip_locked=True, key_share=True)
    ).all()
    if not ids:
        return False
    described = describe(session, ids, now)
    _write_keys(session, described, now)
    for key in sorted(described):
        for match in like(session, described[key], now, leave_out=key):
            propose(session, key, match, now)
    return True


def like(
    session: Session, described: Described, now: datetime, *, leave_out: int | None = None
) -> list[Match]:
    """Whoever is likely to be the one described, the likeliest first."""
    wanted = sorted(matching.keys(described))
    crowded = select(MatchKey.key).where(MatchKey.key.in_(wanted)).group_by(MatchKey.key)
    crowded = crowded.having(func.count() > CROWDED)
    others = (
        select(MatchKey.person_id).where(MatchKey.key.in_(wanted), MatchKey.key.not_in(crowded)).distinct()
    )
    if leave_out is not None:
        others = others.where(MatchKey.person_id != leave_out)
    found = []
    for key, other in describe(session, session.scalars(others).all(), now).items():
        likelihood = matching.compare(described, other)
        if likelihood.likely:
            found.append(Match(key, likelihood))
    return sorted(found, key=lambda each: (-each.likelihood.score, each.person_id))


def describe(session: Session, ids: Collection[int], now: datetime) -> dict[int, Described]:
    """What is known of each of these people that is not brought into another, by inner key."""
    numbers: dict[int, set[bytes]] = {}
    for key, blind in session.execute(
        select(Identifier.person_id, Identifier.value_blind).where(
            Identifier.person_id.in_(ids), Identifier.deleted_at.is_(None)
        )
    ):
        numbers.setdefault(key, set()).add(blind)
    rows = session.execute(
        select(Person, Home.postcode, Home.address_line)
        .outerjoin(Residency, and_(Residency.person_id == Person.id, Residency.period.contains(now)))
        .outerjoin(Home, Home.id == Residency.home_id)
        .where(Person.id.in_(ids), Person.deleted_at.is_(None))
    )
    return {
        person.id: Described(
            given=person.given_name,
            family=person.family_name,
            born=person.date_of_birth,
            sex=None if person.sex.value == "not_known" else person.sex.value,
            preferred=person.preferred_name,
            postcode=postcode,
            address_line=line,
            telephone=person.telephone_blind,
            nhs_number=person.nhs_number_blind,
            numbers=frozenset(numbers.get(person.id, ())),
        )
        for person, postcode, line in rows
    }


def blind(session: Session, number: str | None) -> bytes | None:
    """A number as it is compared; None for none."""
    return vault_of(session).blind(number) if number else None


def propose(session: Session, key: int, match: Match, now: datetime) -> None:
    """Keep the pair for a human, unless one has said already of these two that they are not the same."""
    one, other = sorted((key, match.person_id))
    if _are_different(session, one, other):
        return
    values = {
        "score": match.likelihood.score,
        "sure": match.likelihood.sure,
        "reasons": [level.value for level in match.likelihood.reasons],
        "changed_at": now,
    }
    session.execute(
        insert(Pair)
        .values(one_id=one, other_id=other, version=1, proposed_at=now, state=PairState.PROPOSED, **values)
        .on_conflict_do_update(
            index_elements=[Pair.one_id, Pair.other_id], set_=values, where=Pair.state == PairState.PROPOSED
        )
    )


def _are_different(session: Session, one: int, other: int) -> bool:
    """Whether it was said of them, or of records that were brought into theirs, that they are two."""
    groups = [
        select(Person.id).where(or_(Person.id == key, Person.merged_into_id == key)) for key in (one, other)
    ]
    said = select(Pair.id).where(
        Pair.state == PairState.DIFFERENT,
        or_(
            and_(Pair.one_id.in_(groups[0]), Pair.other_id.in_(groups[1])),
            and_(Pair.one_id.in_(groups[1]), Pair.other_id.in_(groups[0])),
        ),
    )
    return session.scalar(said.limit(1)) is not None


def _write_keys(session: Session, described: Mapping[int, Described], now: datetime) -> None:
    ids = sorted(described)
    session.execute(delete(MatchKey).where(MatchKey.person_id.in_(ids)))
    rows = [{"person_id": key, "key": each} for key in ids for each in sorted(matching.keys(described[key]))]
    session.execute(insert(MatchKey), rows)
    changed = dict(session.execute(select(Person.id, Person.changed_at).where(Person.id.in_(ids))).all())
    # never before they changed, whatever the clock said: else they would be compared for ever
    at = {key: max(now, changed[key]) for key in ids}
    compared = insert(Likeness).values([{"person_id": key, "compared_at": at[key]} for key in ids])
    session.execute(
        compared.on_conflict_do_update(
            index_elements=[Likeness.person_id], set_={"compared_at": compared.excluded.compared_at}
        )
    )


def reasons_of(pair: Pair) -> Sequence[matching.Level]:
    """Why the pair was proposed."""
    return tuple(matching.Level(each) for each in pair.reasons)
