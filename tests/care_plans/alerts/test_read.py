"""One alert whole."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation, read, sights
from care_plans.alerts.moves import Move
from care_plans.judging.hours import Hours
from care_plans.models.alerts import Cause, ContactKind, Outcome
from care_plans.models.messages import MessageState
from care_plans.severity import Class, Severity
from core.db import vault_of
from core.errors import NotFound
from devices import subjects
from people import looks, residencies
from people.models.people import Contact
from tests.care_plans.alerting import cora, dev, hana, ladder, mallory, raised, vi
from tests.cast import Cast
from tests.housemates import ray
from tests.people.looking import BY

MINUTE = timedelta(minutes=1)


def test_it_holds_the_story_the_ladder_and_the_messages(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + 5 * MINUTE)
    alerts.acknowledge(session, alert, by=dev(cast), now=now + 6 * MINUTE)
    found = read.whole(session, alert, now + 6 * MINUTE)
    assert [(event.what, event.by, event.team) for event in found.events] == [
        ("raised", None, None),
        ("step", None, "Coordinators"),
        ("step", None, "Community nurses"),
        ("acknowledged", "Dev", None),
    ]
    assert [(rung.who, rung.state, rung.at) for rung in found.ladder] == [
        ("Coordinators", "done", now),
        ("Community nurses", "now", now + 5 * MINUTE),
        ("Receiving centre", "next", now + 15 * MINUTE),
    ]
    assert [(sent.to, sent.state) for sent in found.messages] == [
        ("Coordinators", MessageState.WAITING),
        ("Community nurses", MessageState.WAITING),
    ]
    assert found.owner == "Dev"
    assert found.evidence == (("spo2", now - 2 * MINUTE, 84.0),)


def test_a_step_that_is_not_for_now_is_said_to_be_passed_over(
    session: Session, cast: Cast, now: datetime
) -> None:
    first, second, last = ladder(cast).steps
    by_night = replace(second, between=Hours(time(22), time(7)))
    picky = replace(ladder(cast), steps=(first, by_night, last))
    alert = alerts.raise_(session, replace(raised(cast, now), ladder=picky), now)
    escalation.step(session, now + 5 * MINUTE)
    found = read.whole(session, alert, now + 6 * MINUTE)
    assert [rung.state for rung in found.ladder] == ["done", "passed", "now"]
    assert found.ladder[1].words.endswith(", only from 22:00 to 07:00")


def test_it_holds_what_a_responder_must_know(session: Session, cast: Cast, now: datetime) -> None:
    beth = session.query(Contact).one()
    beth.telephone_sealed = vault_of(session).seal("+441632960199")
    alert = alerts.raise_(session, raised(cast, now), now)
    found = read.whole(session, alert, now)
    [ada] = found.people
    assert (ada.name, ada.telephone) == ("Ada Marsh", "+441632960114")
    assert ada.card is not None
    assert ada.card.home_oxygen
    assert [(near.name, near.telephone, near.key_holder) for near in ada.near] == [
        ("Beth Marsh", "+441632960199", True)
    ]
    assert found.home is not None
    assert found.home.address_line == "14 Orchard Row"


def test_an_alert_about_a_home_tells_of_everybody_in_it(session: Session, cast: Cast, now: datetime) -> None:
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ben_home.id))
    found = read.whole(session, alerts.raise_(session, cold, now), now)
    assert [person.name for person in found.people] == ["Ben Okafor"]
    assert found.home is not None
    assert found.home.id == cast.ben_home.id


def test_a_held_ladder_has_no_next_step(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now)
    found = read.whole(session, alert, now)
    assert [rung.state for rung in found.ladder] == ["now", "later", "later"]


def test_it_says_which_moves_are_allowed(session: Session, cast: Cast, now: datetime) -> None:
    alert = alerts.raise_(session, raised(cast, now), now)
    assert {Move.SHELVE, Move.CLOSE} & read.whole(session, alert, now).allowed == set()
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now)
    assert Move.CLOSE in read.whole(session, alert, now).allowed


@pytest.mark.parametrize("about", ["person", "home"])
def test_it_is_found_by_those_who_may_see_it_only(
    session: Session, cast: Cast, now: datetime, about: str
) -> None:
    subject = subjects.home(cast.ada_home.id) if about == "home" else subjects.person(cast.ada.id)
    alert = alerts.raise_(session, raised(cast, now, Severity.AMBER, subject=subject), now)
    assert read.get(session, cora(cast), alert.uuid, now) is alert
    for stranger in (mallory(cast), vi(cast)):
        with pytest.raises(NotFound):
            read.get(session, stranger, alert.uuid, now)


def test_who_merely_sees_one_of_a_household_learns_nothing_of_the_others(
    session: Session, cast: Cast, now: datetime
) -> None:
    ray(session, cast, now)
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    alert = alerts.raise_(session, cold, now)
    found, opens = read.whole_for(session, hana(cast), alert, now)
    assert ([person.name for person in found.people], found.unseen, opens) == (["Ada Marsh"], 1, True)


def test_whom_it_was_sent_to_learns_of_everybody_in_the_house(
    session: Session, cast: Cast, now: datetime
) -> None:
    ray(session, cast, now)
    smoke = raised(cast, now, class_=Class.LIFE_SAFETY, subject=subjects.home(cast.ada_home.id))
    alert = alerts.raise_(session, smoke, now)
    sights.grant(session, alert, now, team_id=cast.landlord.id)
    sights.grant(session, alert, now, team_id=cast.strangers.id)
    for viewer, may_open in ((hana(cast), True), (mallory(cast), False)):
        found, opens = read.whole_for(session, viewer, alert, now)
        assert [person.name for person in found.people] == ["Ada Marsh", "Ray Lowe"]
        assert (found.unseen, opens) == (0, may_open)


def test_an_alert_about_a_home_that_is_over_stays_with_the_household_of_then(
    session: Session, cast: Cast, now: datetime
) -> None:
    cold = raised(cast, now, Severity.AMBER, Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    alert = alerts.raise_(session, cold, now)
    later = now + timedelta(days=1)
    ended = {"cause": Cause.TRUE_ACTED, "action": "Rang Ada", "outcome": Outcome.HOME_MADE_SAFE}
    alerts.close(session, alert, **ended, by=cora(cast), now=now + MINUTE)
    residencies.move_out(session, cast.ada, later, actor=BY)
    newcomer = ray(session, cast, later + timedelta(days=9))  # there from `later` on
    assert residencies.lives_at(session, newcomer.id, cast.ada_home.id, later)
    assert read.get(session, cora(cast), alert.uuid, later) is alert
    with pytest.raises(NotFound):
        read.get(session, vi(cast), alert.uuid, later)


def test_each_whom_it_is_about_can_be_told_who_looked(session: Session, cast: Cast, now: datetime) -> None:
    housemate = ray(session, cast, now)
    cold = raised(cast, now, class_=Class.HOME_SOCIAL, subject=subjects.home(cast.ada_home.id))
    alert = alerts.raise_(session, cold, now)
    read.record_look(session, cora(cast), alert, now)
    read.record_look(session, cora(cast), alert, now, part=True)
    session.flush()
    for person in (cast.ada, housemate):
        assert [(look.by, look.at_what) for look in looks.list_looks(session, person)] == [("Cora", "alert")]
