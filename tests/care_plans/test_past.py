"""What a rule would have been given of the past."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.evaluating import past
from care_plans.judging.rules import Rule, Track, from_document
from devices import subjects
from people.models.homes import Residency
from tests.care_plans.judged_home import Home
from tests.cast import Cast

HOUR = timedelta(hours=1)


def rule() -> Rule:
    return from_document(
        {
            "key": "copd.cold", "name": "Cold and short of oxygen", "class": "clinical", "about": "person",
            "steps": [{"severity": "amber", "when": {"all": [
                {"kind": "spo2", "below": 92}, {"kind": "room_temperature", "below": 16, "for": "5 h"},
            ]}}],
            "source": "A test.",
        }
    )  # fmt: skip


def given(session: Session, cast: Cast, start: datetime, end: datetime) -> dict[str, Track]:
    [(subject, tracks)] = past.tracks(session, [rule()], [subjects.person(cast.ada.id)], start, end)
    assert subject == subjects.person(cast.ada.id)
    return tracks


def test_it_reaches_as_far_back_before_the_start_as_the_rule_looks(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = Home(session, cast, now)
    for hours in (100, 30, 5, 1):
        home.say("spo2", 90, now - hours * HOUR)
        home.say("room_temperature", 15, now - hours * HOUR, home=True)
    tracks = given(session, cast, now - 10 * HOUR, now - 2 * HOUR)
    assert [now.timestamp() - at for at in tracks["spo2"].times] == [30 * 3600, 5 * 3600]
    assert set(tracks["room_temperature"].sources) == {"Room_Temperature"}


def test_of_a_home_only_what_was_measured_since_they_lived_there(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = Home(session, cast, now)
    for hours in (8, 3):
        home.say("room_temperature", 15, now - hours * HOUR, home=True)
    stay = session.scalars(select(Residency).where(Residency.person_id == cast.ada.id)).one()
    stay.period = Range(now - 5 * HOUR, None)
    session.flush()
    tracks = given(session, cast, now - 10 * HOUR, now)
    assert [now.timestamp() - at for at in tracks["room_temperature"].times] == [3 * 3600]
    assert "spo2" not in tracks
