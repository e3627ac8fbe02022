"""How much a viewer, a team or an agency sees of whom, by the agencies' bases and the people's choices."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from people import access, choices
from people.access import SEES_ALL, Basis, Choice, Sees, Viewer
from people.models.agencies import Team
from people.models.sharing import LawfulBasis, Override, SharingBasis


def sees(session: Session, viewer: Viewer, person_id: int, now: datetime) -> Sees:
    """How much the viewer sees of each class of one person's record; see `sees_all`."""
    return sees_all(session, viewer, [person_id], now)[person_id]


def sees_all(session: Session, viewer: Viewer, person_ids: Collection[int], now: datetime) -> dict[int, Sees]:
    """The same for many people, in three statements; whether they are in sight at all is `people.visible`'s.

    Who broke the glass sees all but what is restricted, for as long as that lasts.
    """
    if viewer.everyone:
        return dict.fromkeys(person_ids, SEES_ALL)
    broken = set(
        session.scalars(
            select(Override.person_id).where(
                Override.staff_id == viewer.staff_id,
                Override.person_id.in_(person_ids),
                Override.at <= now,
                Override.until > now,
            )
        )
    )
    found = _sees(session, viewer.agency_id, viewer.role, person_ids, now)
    return {key: SEES_ALL if key in broken else seen for key, seen in found.items()}


def team_sees(session: Session, team: Team, person_id: int, now: datetime) -> Sees:
    """How much the members of a team see, as far as their agency goes: what a receiver will see."""
    return _sees(session, team.agency_id, None, [person_id], now)[person_id]


def agencies_see(
    session: Session, agency_ids: Collection[int], person_id: int, now: datetime
) -> dict[int, Sees]:
    """How much each of these agencies sees of a person."""
    bases = _held_by(session, agency_ids, now)
    said = [choices.plain_choice(row) for row in choices.in_force(session, [person_id], now)]
    return {key: access.sees(key, None, bases.get(key, ()), said) for key in agency_ids}


def _sees(
    session: Session, agency_id: int, role: str | None, person_ids: Collection[int], now: datetime
) -> dict[int, Sees]:
    bases = _held_by(session, [agency_id], now).get(agency_id, [])
    said: dict[int, list[Choice]] = {}
    for row in choices.in_force(session, person_ids, now):
        said.setdefault(row.person_id, []).append(choices.plain_choice(row))
    usual = access.sees(agency_id, role, bases, ())
    return {
        key: access.sees(agency_id, role, bases, said[key]) if key in said else usual for key in person_ids
    }


def _held_by(session: Session, agency_ids: Collection[int], now: datetime) -> dict[int, list[Basis]]:
    rows = session.scalars(
        select(SharingBasis).where(
            SharingBasis.agency_id.in_(agency_ids),
            SharingBasis.began_at <= now,
            or_(SharingBasis.ended_at.is_(None), SharingBasis.ended_at > now),
        )
    )
    found: dict[int, list[Basis]] = {}
    for row in rows:
        by_consent = row.lawful_basis is LawfulBasis.CONSENT
        basis = Basis(row.purpose, row.record_class, row.extent, by_consent)
        found.setdefault(row.agency_id, []).append(basis)
    return found
