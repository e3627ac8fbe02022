"""The homes of a simulated week laid into the record: teams with rotas, people, their kit, plans and past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app import trial
from app.demo import agreeing
from bench.week_homes import RUN_IN, Place, run_in
from care_plans.models.rotas import TeamRota
from care_plans.pathways import reading
from care_plans.plan import apply, drafts, publish
from care_plans.work.recurrence import WEEKDAYS
from core.clock import Clock
from core.db import Db
from core.journal import Actor
from core.zones import UK
from devices import assignments, last_word, partitions, registry, rows, series
from devices.gather import Word
from devices.models import Device
from devices.rows import Row
from devices.series import SeriesKey
from devices.simulator.kit import APPLIANCE, MOTION, About, Format, KitSpec
from people import homes, people, residencies
from people.models.agencies import Role, Staff, Team, TeamMember, TeamRole
from people.models.people import Person

BY = Actor("bench")
AGREED = "Person, at home"
EARLY, LATE, NIGHT = ("07:00", "15:00"), ("15:00", "23:00"), ("23:00", "07:00")
SHIFTS = {"early": EARLY, "late": LATE, "night": NIGHT}
EVERY_DAY = (TeamRole.COORDINATOR, TeamRole.COMMUNITY_NURSING, TeamRole.VIRTUAL_WARD, TeamRole.REABLEMENT)
"""Teams that have an early and a late shift every day; those without an end have a night as well, and all
others an early one on weekdays."""
WORKING_DAYS = list(WEEKDAYS[:5])
A_SHIFT = 2
"""Members of a team who take turns at one sort of shift."""
CLINICAL = (
    TeamRole.COMMUNITY_NURSING, TeamRole.VIRTUAL_WARD, TeamRole.PALLIATIVE_CARE, TeamRole.HOSPITAL,
    TeamRole.GENERAL_PRACTICE, TeamRole.PHARMACY, TeamRole.MEMORY_SERVICE, TeamRole.THERAPY,
)  # fmt: skip
SILENT_AFTER = {Format.OWN: 12 * 3600, Format.ZIGBEE: 6 * 3600}
"""What the installer writes down: kit of our own format speaks each hour, room sensors each 20 minutes.
A hub has no figure, as it never sleeps: that it is offline is told at once."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A home as it now stands in the record; `devices` are inner keys by their place in the kit."""

    place: Place
    person_id: int
    home_id: int
    devices: tuple[int, ...]


def stand(db: Db, at: datetime) -> None:
    """Let the clock of the installation stand at a time."""
    db.clock = Clock(at, at, 0.0)


def lay(db: Db, chosen: Sequence[Place], start: datetime, *, first_versions: bool) -> list[Laid]:
    """Lay everything down; plans follow the first versions of the pathways, or today's."""
    began = start - RUN_IN
    stand(db, began)
    with db.transaction() as session:
        partitions.make_ahead(session, start)
        trial.ensure(session, "a-week-at-the-bench-of-hearthline-0001", began, with_teams=True)
        for team in session.scalars(select(Team).order_by(Team.id)):
            _staff(session, team, began)
        clinician = session.scalars(select(Staff).where(Staff.name == trial.CLINICIAN)).one()
    laid = []
    for place in chosen:
        with db.transaction() as session:
            laid.append(_lay(session, place, clinician, began))
    stand(db, start)
    for one in laid:
        with db.transaction() as session:
            _past(session, one, start)
            _enrol(session, one, clinician, start, first_versions=first_versions)
    return laid


def _staff(session: Session, team: Team, now: datetime) -> None:
    """Members for each shift of the team, and its rota."""
    weekdays = None
    if team.staffed_all_hours:
        shifts = dict(SHIFTS)
    elif team.role in EVERY_DAY:
        shifts = {name: SHIFTS[name] for name in ("early", "late")}
    else:
        shifts, weekdays = {"early": EARLY}, WORKING_DAYS
    layers = []
    for name, hours in shifts.items():
        members = [_member(session, team, name, number, now) for number in range(A_SHIFT)]
        when = {"from": hours[0], "to": hours[1]} | ({"weekdays": weekdays} if weekdays else {})
        layers.append(
            {
                "name": name,
                "people": [str(one.uuid) for one in members],
                "starts": (now.date() - timedelta(days=now.weekday())).isoformat(),
                "turn_days": 1,
                "changes_at": hours[0],
                "hours": [when],
            }
        )
    session.add(TeamRota(team_id=team.id, zone=UK, layers=layers))
    session.flush()


def _member(session: Session, team: Team, shift: str, number: int, now: datetime) -> Staff:
    role = Role.CLINICIAN if team.role in CLINICAL else Role.COORDINATOR
    name = f"{team.name}, {shift} {number + 1}"
    one = Staff(
        agency_id=team.agency_id, name=name, email=f"{team.id}.{shift}.{number}@week.example", role=role
    )
    session.add(one)
    session.flush()
    session.add(TeamMember(team_id=team.id, staff_id=one.id, period=Range(now, None)))
    return one


def _lay(session: Session, place: Place, clinician: Staff, now: datetime) -> Laid:
    simulated = place.home
    said = {"given_name": "Person", "family_name": f"Week {place.number + 1}", "date_of_birth": "1944-05-04"}
    person = people.add(session, said, actor=BY, now=now)
    where = {"address_line": f"{place.number + 1} Week Lane", "postcode": "WM1 1AA"}
    home = homes.add(session, where, actor=BY)
    residencies.move_in(session, person, home, now, actor=BY)
    kit: dict[str, Device] = {}
    for spec in sorted(simulated.kit, key=lambda each: each.hub is not None):
        given = _given(spec)
        if spec.hub is None:
            key = simulated.device_key(spec)
            kit[spec.key_suffix] = registry.enrol(session, given, now=now, actor=BY, key=key).device
        else:
            hub = kit[spec.hub]
            kit[spec.key_suffix] = registry.enrol_sensor(session, hub, spec.address or "", given, actor=BY)
    agreeing.agree_to(session, {each: [person] for each in kit.values()}, by=clinician, actor=BY, now=now)
    for spec in simulated.kit:
        theirs = spec.about is About.PERSON
        assignments.assign(
            session,
            kit[spec.key_suffix],
            start=now,
            now=now,
            actor=BY,
            person_id=person.id if theirs else None,
            home_id=None if theirs else home.id,
        )
    return Laid(place, person.id, home.id, tuple(kit[spec.key_suffix].id for spec in simulated.kit))


def _given(spec: KitSpec) -> dict[str, object]:
    given: dict[str, object] = {"name": spec.name, "model": spec.model, "life_safety": spec.life_safety}
    if spec.room is not None:
        given["room"] = spec.room
    after = SILENT_AFTER.get(spec.format)
    if after and spec.kinds and not spec.life_safety and not {APPLIANCE, MOTION} & set(spec.kinds):
        given["silent_after_seconds"] = after
    return given


def _past(session: Session, one: Laid, start: datetime) -> None:
    """What their own kit took before the week, and that all kit was heard of just now."""
    taken = run_in(one.place, start)
    keys = [SeriesKey(one.devices[each.kit], "", each.kind) for each in taken]
    ids = series.ensure(session, set(keys))
    rows.put(
        session,
        (Row(ids[key], each.at, each.value, 0) for key, each in zip(keys, taken, strict=True)),
        start,
        start,
    )
    words = {
        device: Word(heard_at=start, online=True if spec.hub is None else None)
        for device, spec in zip(one.devices, one.place.home.kit, strict=True)
    }
    last_word.write(session, words, start)


def _enrol(session: Session, one: Laid, clinician: Staff, now: datetime, *, first_versions: bool) -> None:
    versions = reading.versions(one.place.pathway)
    person = session.get_one(Person, one.person_id)
    draft = drafts.open_draft(session, person, clinician)
    apply.lay(session, draft, person, versions[-1] if first_versions else versions[0], now)
    publish.publish(session, person, by=clinician, now=now, reason="Enrolled", agreed_with=AGREED)
