"""The board."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, board, sights
from care_plans.alerts.choosing import BoardFilters
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.severity import Class, Severity
from devices import subjects
from devices.models import Reading, Series
from tests.care_plans.alerting import cora, dev, hana, mallory, raised
from tests.cast import Cast
from tests.housemates import ray

EVERYTHING = BoardFilters()
MINUTE = timedelta(minutes=1)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(connection, "before_cursor_execute", note)


def make(
    session: Session, cast: Cast, now: datetime, key: str, severity: Severity, class_: Class = Class.CLINICAL
) -> Alert:
    return alerts.raise_(session, raised(cast, now, severity, class_, key=key), now)


def test_lines_come_worst_first(session: Session, cast: Cast, now: datetime) -> None:
    make(session, cast, now, "a.watch", Severity.WATCH)
    make(session, cast, now, "a.new", Severity.RED)
    make(session, cast, now - MINUTE, "a.old", Severity.RED)
    make(session, cast, now, "a.press", Severity.RED, Class.LIFE_SAFETY)
    make(session, cast, now, "a.amber", Severity.AMBER, Class.TECHNICAL)
    make(session, cast, now, "a.fall", Severity.AMBER, Class.LIFE_SAFETY)
    lines = board.list_lines(session, cora(cast), EVERYTHING, now)
    keys = [session.get_one(Alert, line.id).rule_key for line in lines]
    assert keys == ["a.press", "a.old", "a.new", "a.fall", "a.amber", "a.watch"]


def test_a_line_says_what_is_wrong_for_whom_since_when_who_has_it_and_what_next(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = make(session, cast, now, "a.red", Severity.RED)
    alerts.acknowledge(session, alert, by=dev(cast), now=now)
    [line] = board.list_lines(session, dev(cast), EVERYTHING, now + MINUTE)
    assert (line.who, line.where, line.area) == ("Ada Marsh", "14 Orchard Row", "Westmere")
    assert (line.words, line.goal_text) == ("Oxygen 84%", "The lunch club on Thursdays")
    assert (line.began_at, line.owner, line.mine) == (now - 2 * MINUTE, "Dev", True)
    assert (line.next_words, line.next_at) == ("Community nurses", now + 5 * MINUTE)
    assert line.progress == pytest.approx(0.2)
    assert (line.person_uuid, line.zone) == (cast.ada.uuid, "Europe/London")


def test_it_says_what_an_alert_waits_for(session: Session, cast: Cast, now: datetime) -> None:
    alert = make(session, cast, now, "a.amber", Severity.AMBER)

    def words() -> str:
        [line] = board.list_lines(session, cora(cast), EVERYTHING, now)
        return line.next_words

    alerts.hand_over(session, alert, team_id=cast.landlord.id, reason="Cold", by=cora(cast), now=now,
                     accept_by=now + MINUTE)  # fmt: skip
    assert words() == "Handed to Homes and repairs: accept"
    alerts.accept(session, alert, by=hana(cast), now=now)
    assert words() == "Hana has seen it: ladder goes on"
    alerts.going(session, alert, until=now + 10 * MINUTE, by=hana(cast), now=now)
    assert words() == "Hana is going: arrival"
    alerts.shelve(session, alert, until=now + MINUTE, reason="Heater on", by=hana(cast), now=now)
    assert words() == "Shelved: back"
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Warm now", by=hana(cast), now=now)
    assert words() == "Decide"
    cleared = make(session, cast, now, "a.gone", Severity.AMBER)
    alerts.close(session, alert, cause=Cause.TRUE_ACTED, action="Heater", outcome=Outcome.HOME_MADE_SAFE,
                 by=hana(cast), now=now)  # fmt: skip
    alerts.clear(session, cleared, "Warm", now)
    assert words() == "Cleared: look and close"


def test_a_step_of_many_words_says_what_and_whom_and_leaves_the_how_to_the_ladder() -> None:
    told = "Decide about a check by the police: 101, or 999 if in fear. A named person rings (Night desk)"
    assert board.in_short(told) == "Decide about a check by the police (Night desk)"
    assert board.in_short("Tell the team: Night desk") == "Tell the team: Night desk"


def test_the_last_step_comes_again(session: Session, cast: Cast, now: datetime) -> None:
    alert = make(session, cast, now, "a.red", Severity.RED)
    alert.step = 3
    assert board.next_words(alert, now, owner=None, handed_to=None) == "Receiving centre, all hours, again"


def test_a_home_is_named_by_those_who_live_there(session: Session, cast: Cast, now: datetime) -> None:
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ben_home.id))
    alerts.raise_(session, cold, now)
    [line] = board.list_lines(session, hana(cast), EVERYTHING, now)
    assert (line.who, line.where, line.person_uuid) == ("Home of Ben Okafor", "Mill Court 3", None)


def test_a_line_draws_the_last_day_of_its_reading(session: Session, cast: Cast, now: datetime) -> None:
    session.execute(
        text("SELECT ensure_readings_partitions(:first, :last)"),
        {"first": date(2026, 11, 1), "last": date(2026, 12, 1)},
    )
    typed = Series(person_id=cast.ada.id, kind="spo2")
    session.add(typed)
    session.flush()
    session.add(Reading(series_id=typed.id, measured_at=now - MINUTE, value=84, flags=0, batch_id=1))
    make(session, cast, now, "a.red", Severity.RED)
    [line] = board.list_lines(session, cora(cast), EVERYTHING, now)
    assert line.spark == ((now - MINUTE, 84.0),)


def test_closed_alerts_are_not_on_it(session: Session, cast: Cast, now: datetime) -> None:
    alert = make(session, cast, now, "a.kit", Severity.WATCH, Class.TECHNICAL)
    alerts.clear(session, alert, "Heard", now)
    assert board.list_lines(session, cora(cast), EVERYTHING, now) == []


def test_the_number_of_statements_does_not_grow_with_the_lines(
    session: Session, cast: Cast, now: datetime
) -> None:
    make(session, cast, now, "a.first", Severity.RED)
    with counted(session) as few:
        board.list_lines(session, cora(cast), EVERYTHING, now)
    for number in range(10):
        make(session, cast, now, f"a.rule{number}", Severity.RED)
    with counted(session) as many:
        assert len(board.list_lines(session, cora(cast), EVERYTHING, now)) == 11
    assert len(many) == len(few) <= 6  # three of them are how much of each is shown


def test_its_counts_bear_the_stamp_of_the_same_lines(session: Session, cast: Cast, now: datetime) -> None:
    stamps = []
    for severity in (None, Severity.RED, Severity.WATCH):
        if severity is not None:
            make(session, cast, now, f"a.{severity}", severity)
        stamps.append(board.count(session, cora(cast), EVERYTHING, now).stamp)
        assert stamps[-1] == board.stamp(session, cora(cast), EVERYTHING, now)
    assert len(set(stamps)) == 3


def test_it_comes_in_pages(session: Session, cast: Cast, now: datetime) -> None:
    for number in range(3):
        make(session, cast, now, f"a.rule{number}", Severity.RED)
    first = board.list_lines(session, cora(cast), EVERYTHING, now, limit=2)
    rest = board.list_lines(session, cora(cast), EVERYTHING, now, limit=2, offset=2)
    assert len({line.id for line in [*first, *rest]}) == 3


def test_the_installations_own_key_sees_every_alert(session: Session, cast: Cast, now: datetime) -> None:
    make(session, cast, now, "a.red", Severity.RED)
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ben_home.id))
    alerts.raise_(session, cold, now)
    everybody = replace(mallory(cast), everyone=True)
    lines = board.list_lines(session, everybody, EVERYTHING, now)
    assert sorted(line.who for line in lines) == ["Ada Marsh", "Home of Ben Okafor"]


def test_of_a_household_those_are_named_whom_the_viewer_may_know_of(
    session: Session, cast: Cast, now: datetime
) -> None:
    ray(session, cast, now)
    home = subjects.home(cast.ada_home.id)
    alert = alerts.raise_(session, raised(cast, now, class_=Class.HOME_SOCIAL, subject=home), now)
    [line] = board.list_lines(session, hana(cast), EVERYTHING, now)
    assert line.who == "Home of Ada Marsh and 1 other person"
    sights.grant(session, alert, now, team_id=cast.landlord.id)
    [line] = board.list_lines(session, hana(cast), EVERYTHING, now)
    assert line.who == "Home of Ada Marsh and Ray Lowe"
