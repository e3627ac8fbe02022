"""The second wall: what the web role reads by plain SQL, with every filter forgotten."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import sights
from care_plans.webhooks import endpoints
from care_plans.work import safeguarding
from core.db import Base
from devices import hours
from devices.models import Reading, Series
from devices.models_of_hours import StaleHour
from people import scoping, sharing, visible
from people.access import Extent, Purpose, RecordClass, Viewer
from people.models.agencies import Role, Staff, Team, TeamMember
from people.models.people import Person
from people.models.sharing import Decision, LawfulBasis, Override, SharingBasis, SharingChoice
from people.signing_in import viewer_of
from tests.app.adas import lay
from tests.app.conftest import BACK
from tests.care_plans.alerts.test_lone_workers import due
from tests.care_plans.calls.calling import placed, rings
from tests.care_plans.checking import lapse
from tests.care_plans.webhooks.setting import added
from tests.cast import Cast

# Tables that say nothing of a person, and why.
OPEN = {
    "agencies": "the directory",
    "teams": "the directory",
    "staff": "the directory",
    "team_members": "the directory",
    "rotas": "about teams",
    "recalls": "about models of kit",
    "rota_covers": "about teams; why somebody covers is left out by rotas.list_covers (decision 23)",
    "rule_trials": "about rules of pathways",
    "tokens": "keys of programs, by hash",
    "message_ways": "how staff are told: read wherever a message to them is queued",
    "text_reports": "ids of messages, and what the network said of each",
    "heartbeats": "how the workers are",
    "listened": "when intake heard what kit publishes",
    "installation": "the installation itself",
    "pathway_switches": "about pathways",
    "sharing_bases": "about agencies",
    "kind_classes": "about kinds of reading",
    "batches": "when something was stored",
    "messages_seen": "hashes of messages, by device",
    "unread": "a queue that the web only adds to",
    "summing": "how far all readings are summed",
    "call_reports": "what became of which call, by its id: a queue that the web only adds to",
}


WORRY = {
    "worry": "She is afraid of somebody who visits.",
    "danger": "no",
    "wishes": "To be left in peace",
    "knows": "yes",
}


@contextmanager
def as_web(session: Session, viewer: Viewer | None, now: datetime) -> Iterator[Connection]:
    """The connection in the web's role, limited to `viewer`, or to nobody."""
    session.flush()
    connection = session.connection()
    connection.exec_driver_sql(BACK)
    connection.exec_driver_sql("SET LOCAL ROLE hearth_web")
    if viewer is not None:
        scoping.limit_to(session, viewer, now)
    try:
        yield connection
    finally:
        connection.exec_driver_sql(BACK)
        session.info.pop("limits", None)


def viewer(session: Session, staff: Staff, now: datetime) -> Viewer:
    session.flush()
    return viewer_of(session, staff, now)


def guarded(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    )
    return sorted(rows.scalars())


def count(connection: Connection, table: str) -> int:
    found: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    return found


def readings_of_ada(session: Session, cast: Cast, now: datetime) -> None:
    series = [Series(person_id=cast.ada.id, channel="", kind=kind) for kind in ("spo2", "motion")]
    session.add_all(series)
    session.flush()
    session.add_all(
        Reading(series_id=each.id, measured_at=now - timedelta(hours=1), value=84, batch_id=1)
        for each in series
    )
    session.flush()
    hours.lay(session, now.replace(minute=0) - timedelta(hours=9), now.replace(minute=0))
    session.add_all(StaleHour(series_id=each.id, hour=now.replace(minute=0), at=now) for each in series)
    session.flush()


def test_every_table_is_guarded_or_says_nothing_of_a_person(session: Session) -> None:
    tables = set(Base.metadata.tables)
    found = set(guarded(session.connection()))
    assert tables - found - set(OPEN) == set(), "neither guarded by a policy nor listed as open"
    assert found & set(OPEN) == set()


def test_whoever_says_nothing_of_who_looks_finds_nothing(session: Session, cast: Cast, now: datetime) -> None:
    lay(session, cast, now)
    readings_of_ada(session, cast, now)
    with as_web(session, None, now) as connection:
        found = {table: count(connection, table) for table in guarded(connection)}
    assert {table: n for table, n in found.items() if n} == {}


def test_a_stranger_who_forgets_every_filter_finds_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    readings_of_ada(session, cast, now)
    mallory = viewer(session, cast.mallory, now)
    with as_web(session, mallory, now) as connection:
        found = {table: count(connection, table) for table in guarded(connection)}
    found.pop("devices")  # stock that is nobody's
    assert {table: n for table, n in found.items() if n} == {}


@pytest.mark.parametrize("name", ["cora", "dev", "mallory"])
def test_sight_of_everybody_opens_no_concern_and_nothing_that_is_asked_about_one(
    session: Session, cast: Cast, now: datetime, name: str
) -> None:
    sol = viewer(session, cast.sol, now)
    raised = safeguarding.raise_concern(session, cast.ada, WORRY, by=sol, now=now)
    raised.team_id = cast.social_workers.id
    key = replace(viewer(session, getattr(cast, name), now), everyone=True)
    asked = "follow_ups WHERE restricted"
    told = "follow_up_events e JOIN follow_ups f ON f.id = e.follow_up_id WHERE f.restricted"
    tables = ("concerns", "concern_events", asked, told)
    with as_web(session, key, now) as connection:
        assert count(connection, "people") >= 2
        assert {table: count(connection, table) for table in tables} == dict.fromkeys(tables, 0)
        with scoping.lifted(session):
            assert {table: count(connection, table) for table in tables} == dict.fromkeys(tables, 0)
        events = "follow_up_events WHERE words LIKE '%under Concerns%'"
        assert count(connection, events) == 0
    with as_web(session, sol, now) as connection:
        assert {table: count(connection, table) for table in tables} == dict.fromkeys(tables, 1)


def test_who_raised_a_concern_finds_it_and_nothing_that_is_asked_about_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    dev = viewer(session, cast.dev, now)
    with as_web(session, dev, now) as connection:
        safeguarding.raise_concern(session, cast.ada, WORRY, by=dev, now=now)
        assert count(connection, "concerns") == 1
        assert count(connection, "follow_ups WHERE restricted") == 0


def test_who_cares_for_somebody_finds_them_and_nobody_else(
    session: Session, cast: Cast, now: datetime
) -> None:
    lay(session, cast, now)
    session.execute(
        text("DELETE FROM care_teams WHERE person_id = :ben AND team_id = :team"),
        {"ben": cast.ben.id, "team": cast.nurses.id},
    )
    dev = viewer(session, cast.dev, now)
    with as_web(session, dev, now):
        assert session.scalars(select(Person.id)).all() == [cast.ada.id]


def test_a_housing_officer_reads_no_vital_sign_by_any_query(
    session: Session, cast: Cast, now: datetime
) -> None:
    readings_of_ada(session, cast, now)
    for table in ("readings", "reading_hours", "stale_hours"):
        kinds = text(f"SELECT s.kind FROM {table} r JOIN series s ON s.id = r.series_id ORDER BY 1")
        with as_web(session, viewer(session, cast.dev, now), now) as connection:
            assert connection.execute(kinds).scalars().all() == ["motion", "spo2"]
        with as_web(session, viewer(session, cast.hana, now), now) as connection:
            assert count(connection, table) == 0


def test_no_month_of_readings_is_reached_past_the_policies(
    session: Session, cast: Cast, now: datetime
) -> None:
    with as_web(session, viewer(session, cast.cora, now), now) as connection:
        rows = connection.exec_driver_sql(
            "SELECT inhrelid::regclass::text, has_table_privilege(inhrelid, 'SELECT') "
            "FROM pg_inherits WHERE inhparent IN ('readings'::regclass, 'reading_hours'::regclass)"
        ).all()
    assert rows
    assert [name for name, may in rows if may] == []


@pytest.mark.parametrize("name", ["cora", "dev", "hana", "sol", "vi", "mallory"])
def test_both_walls_agree_on_whom_and_which_homes_are_in_sight(
    session: Session, cast: Cast, now: datetime, name: str
) -> None:
    lay(session, cast, now)
    who = viewer(session, getattr(cast, name), now)
    first = set(session.scalars(visible.person_ids(who, now)))
    homes = set(session.scalars(visible.home_ids(who, now)))
    with as_web(session, who, now) as connection:
        assert set(connection.exec_driver_sql("SELECT * FROM hearth_people()").scalars()) == first
        assert set(connection.exec_driver_sql("SELECT * FROM hearth_homes()").scalars()) == homes


@pytest.mark.parametrize("seed", range(40))
def test_both_walls_agree_on_which_classes_are_fully_seen(
    session: Session, cast: Cast, now: datetime, seed: int
) -> None:
    chance = random.Random(seed)
    session.execute(text("DELETE FROM sharing_bases"))
    dev = cast.dev
    dev.role = chance.choice([Role.CLINICIAN, Role.VOLUNTEER, Role.TECHNICIAN, Role.RESPONDER])
    for purpose in Purpose:
        for record_class in chance.sample(list(RecordClass), 5):
            session.add(
                SharingBasis(
                    agency_id=cast.health.id,
                    purpose=purpose,
                    record_class=record_class,
                    extent=chance.choice(list(Extent)),
                    lawful_basis=chance.choice(list(LawfulBasis)),
                    agreement="A test",
                    began_at=now - timedelta(days=chance.randint(-1, 3)),
                )
            )
    for _ in range(chance.randint(0, 6)):
        began = now - timedelta(hours=chance.randint(1, 99))
        session.add(
            SharingChoice(
                person_id=chance.choice([cast.ada, cast.ben]).id,
                agency_id=chance.choice([None, cast.health.id, cast.housing.id]),
                purpose=chance.choice([None, *Purpose]),
                record_class=chance.choice([None, *RecordClass]),
                decision=chance.choice(list(Decision)),
                began_at=began,
                ended_at=chance.choice([None, None, began + timedelta(minutes=5)]),
                said_by="Ada",
                evidence="A test",
                recorded_by_id=cast.sol.id,
            )
        )
    if chance.random() < 0.2:
        until = now + timedelta(hours=chance.randint(-1, 1))
        session.add(
            Override(
                person_id=cast.ben.id,
                staff_id=dev.id,
                at=now - timedelta(hours=3),
                until=until,
                reason="A test",
                review_by=until,
            )
        )
    who = viewer(session, dev, now)
    said = sharing.sees_all(session, who, [cast.ada.id, cast.ben.id], now)
    first = {
        (person_id, record_class.value)
        for person_id, seen in said.items()
        for record_class, extent in seen.items()
        if extent is Extent.FULL
    }
    with as_web(session, who, now) as connection:
        second = {tuple(row) for row in connection.exec_driver_sql("SELECT * FROM hearth_full()")}
    assert second == first


def test_another_agencys_webhooks_and_what_went_there_are_not_found_by_any_query(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, _secret = added(session, cast, "https://records.example", now)
    endpoints.test(session, row, by=viewer(session, cast.dev, now), now=now)
    tables = ("webhook_endpoints", "webhook_deliveries")
    for who, rows in ((cast.dev, 1), (cast.hana, 0), (cast.cora, 0)):
        with as_web(session, viewer(session, who, now), now) as connection:
            assert {table: count(connection, table) for table in tables} == dict.fromkeys(tables, rows)
        everyone = replace(viewer(session, who, now), everyone=True)
        with as_web(session, everyone, now) as connection:
            assert {table: count(connection, table) for table in tables} == dict.fromkeys(tables, rows)


def test_of_calls_only_those_are_found_whose_message_is(session: Session, cast: Cast, now: datetime) -> None:
    rings(session, cast, now)
    placed(session, now)
    for who, rows in ((cast.cora, 1), (cast.mallory, 0)):
        with as_web(session, viewer(session, who, now), now) as connection:
            assert count(connection, "calls") == rows


def test_where_a_worker_is_the_database_tells_their_own_team_and_whom_their_alert_was_sent_in_their_agency(
    session: Session, cast: Cast, now: datetime
) -> None:
    visit, alert, at = due(session, cast, now)
    other = Team(agency_id=cast.health.id, name="Other nurses")
    session.add(other)
    mate = Staff(agency_id=cast.health.id, name="Mo", email="mo@w.example", role=Role.PRACTITIONER)
    session.add(mate)
    session.flush()
    session.add(TeamMember(team_id=other.id, staff_id=mate.id, period=Range(now, None)))

    def read(who: Staff) -> tuple[list[str], list[str], int]:
        with as_web(session, viewer(session, who, at), at) as connection:
            return (
                list(connection.execute(text("SELECT place FROM visits")).scalars()),
                list(connection.execute(text("SELECT words FROM alerts")).scalars()),
                len(list(connection.execute(text("SELECT id FROM visit_events")).scalars())),
            )

    seen = ([visit.place], [alert.words], 2)
    nothing: tuple[list[str], list[str], int] = ([], [], 0)
    assert read(cast.dev) == seen
    for stranger in (mate, cast.cora, cast.hana, cast.mallory):
        assert read(stranger) == nothing
    for team in (other, cast.coordinators):
        sights.grant(session, alert, at, team_id=team.id)
    assert read(mate) == seen
    assert read(cast.cora) == ([], [alert.words], 0)


def test_a_volunteer_reads_no_visit_but_their_own_and_nobody_elses_checks(
    session: Session, cast: Cast, now: datetime
) -> None:
    due(session, cast, now)
    lapse(session, cast.dev, now)
    session.add(TeamMember(team_id=cast.nurses.id, staff_id=cast.vi.id, period=Range(now, None)))
    cast.vi.agency_id = cast.health.id
    for who, number in ((cast.vi, 0), (cast.dev, 1), (cast.cora, 0)):
        with as_web(session, viewer(session, who, now), now) as connection:
            assert len(list(connection.execute(text("SELECT id FROM staff_checks")).scalars())) == number
            if who is cast.vi:
                assert list(connection.execute(text("SELECT id FROM visits")).scalars()) == []
