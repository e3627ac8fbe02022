"""Holds kit that watches to the agreements of those whom it watches (H18)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from devices import watchers
from devices.models import Device, Series
from people import agreements, scoping
from people.models.people import Person
from people.watching import RESTRICTIVE, Watched, say

PERSON = (
    "This kit watches ({sorts}), and nobody has agreed to that. Record the agreement first, at "
    "/people/{uuid}/authority or with POST /api/v1/people/{uuid}/agreements; then give them the kit."
)
HOME = (
    "This kit watches ({sorts}), and {count} of those who live there {have} not agreed to that. Record an "
    "agreement with each of them first, at their page under Capacity and agreements, or with POST "
    "/api/v1/people/…/agreements; then put the kit there."
)
RESTRICTS = " It can come to restrict somebody: that needs a social care review too."


def watched_by(session: Session, devices: Collection[Device]) -> dict[int, frozenset[Watched]]:
    """What each of these watches, by inner key; nothing for life-safety kit."""
    kinds: dict[int, set[str]] = {}
    rows = session.execute(
        select(Series.device_id, Series.kind).where(
            Series.device_id.in_([each.id for each in devices]), Series.kind.in_(watchers.KINDS)
        )
    )
    for device_id, kind in rows:
        kinds.setdefault(device_id or 0, set()).add(kind)
    return {
        each.id: watchers.of(
            life_safety=each.life_safety,
            said=each.watches,
            model=each.model,
            name=each.name,
            kinds=kinds.get(each.id, ()),
        )
        for each in devices
    }


def lacking(
    session: Session,
    device: Device,
    *,
    person_id: int | None,
    home_id: int | None,
    start: datetime,
    now: datetime,
) -> dict[int, frozenset[Watched]]:
    """To what of `device` whom it would watch has not agreed, from `start` on and still now; by inner key.

    Kit of a home watches each who lives there.
    """
    with scoping.lifted(session):  # whoever tells of it leaves out whom it is about
        sorts = watched_by(session, [device])[device.id]
        if not sorts:
            return {}
        watched = [person_id] if person_id is not None else agreements.residents(session, home_id or 0, now)
        then, still = (agreements.lacking(session, watched, sorts, at) for at in (min(start, now), now))
    return {key: then.get(key, frozenset()) | still.get(key, frozenset()) for key in (*then, *still)}


def refuse_unagreed(
    session: Session,
    device: Device,
    *,
    person_id: int | None,
    home_id: int | None,
    start: datetime,
    now: datetime,
) -> None:
    """Conflict unless everybody whom `device` would watch has agreed to it, from `start` on and still now.

    Of whom it is lacking in a home is not told: whoever asks may not see them.
    """
    lack = lacking(session, device, person_id=person_id, home_id=home_id, start=start, now=now)
    if not lack:
        return
    wanting = frozenset().union(*lack.values())
    if person_id is not None:
        uuid = session.scalars(select(Person.uuid).where(Person.id == person_id)).one()
        words = PERSON.format(sorts=say(wanting), uuid=uuid)
    else:
        have = "has" if len(lack) == 1 else "have"
        words = HOME.format(sorts=say(wanting), count=len(lack), have=have)
    if wanting & RESTRICTIVE:
        words += RESTRICTS
    raise Conflict(words, {"person_id" if person_id is not None else "home_id": words})
