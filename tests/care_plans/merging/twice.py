"""Ada a second time, as another agency wrote her down, with something of all that a record can have."""

from datetime import date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUpKind
from care_plans.plan import enrol
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
from core.db import vault_of
from core.journal import Actor
from devices import entry, subjects
from devices.measurement import Source
from people import about_me, contacts
from people.models.caring import CareTeam
from people.models.homes import Residency
from people.models.people import Person, ResponderCard, Sex
from people.signing_in import viewer_of
from tests.care_plans import alerting
from tests.cast import Cast

BY = Actor("a test")
TEAMS = ("coordinators", "nurses", "befrienders")


def lay(
    session: Session,
    cast: Cast,
    now: datetime,
    *,
    lives_with_ada: bool = True,
    teams: tuple[str, ...] = TEAMS,
) -> Person:
    """Adelaide Marsh, born on 5 April instead of 4 May, in the care of the hub and of the befrienders."""
    vault = vault_of(session)
    row = Person(
        given_name="Adelaide",
        family_name="Marsh",
        preferred_name="Ada",
        date_of_birth=date(1948, 4, 5),
        sex=Sex.FEMALE,
        ethnicity="White British",
        nhs_number_sealed=vault.seal("9990000018"),
        nhs_number_blind=vault.blind("9990000018"),
        telephone_sealed=vault.seal("+441632960114"),
        telephone_blind=vault.blind("+441632960114"),
    )
    session.add(row)
    session.flush()
    since = now - timedelta(days=30)
    for name in teams:
        team = getattr(cast, name)
        session.add(
            CareTeam(
                person_id=row.id, team_id=team.id, lead=name == "coordinators", period=Range(since, None)
            )
        )
    home = cast.ada_home if lives_with_ada else cast.ben_home
    session.add(Residency(person_id=row.id, home_id=home.id, period=Range(since, None)))
    session.add(ResponderCard(person_id=row.id, dog="Rex, friendly", mobility="Uses a rollator"))
    session.flush()
    about_me.write(session, row, {"how_i_communicate": "Face to face."}, actor=BY, now=now)
    contacts.add(
        session,
        row,
        {"name": "Bethan Marsh", "relation": "daughter"},
        by=viewer_of(session, cast.cora, now),
        now=now,
    )
    return row


def raise_(
    session: Session,
    cast: Cast,
    person: Person,
    now: datetime,
    severity: Severity = Severity.AMBER,
    key: str = "copd.oxygen_low",
) -> Alert:
    """An open alert about somebody."""
    given = alerting.raised(cast, now, severity, Class.CLINICAL, subject=subjects.person(person.id), key=key)
    alert = alerts.raise_(session, given, now)
    session.flush()
    return alert


def busy(session: Session, cast: Cast, person: Person, now: datetime, pathway: str = "copd") -> None:
    """Give somebody a plan in force, typed-in readings and a follow-up."""
    enrol.enrol(session, person, pathway, by=cast.dev, now=now)
    entry.enter(
        session,
        person_id=person.id,
        kind="weight",
        value=70.0,
        at=now,
        source=Source.STAFF,
        now=now,
        actor=BY,
    )
    follow_ups.make(
        session, kind=FollowUpKind.CALL, text="Ring", team_id=cast.coordinators.id,
        due_at=now + timedelta(hours=3), now=now, person_id=person.id,
    )  # fmt: skip
    session.flush()
