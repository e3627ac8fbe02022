"""How staff are told, as they chose it."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import ways
from care_plans.messages.telling import Quiet, Ways
from core.errors import Conflict, Invalid
from core.journal import Actor
from tests.cast import Cast

ME = Actor("Dev")
ALL = {"important": ["push", "sms", "email"], "ordinary": ["email"]}


def test_whoever_has_chosen_nothing_is_told_by_email(session: Session, cast: Cast) -> None:
    assert ways.of(session, cast.dev.id) == Ways()


def test_what_was_chosen_is_how_they_are_told(session: Session, cast: Cast) -> None:
    given = ALL | {"wait_minutes": 2, "quiet_from": "22:00", "quiet_until": "07:00", "quiet_days": [6, 0, 0]}
    row = ways.choose(session, cast.dev.id, given, zone="Europe/London", version=0, actor=ME)
    assert ways.of(session, cast.dev.id) == Ways(
        (Channel.PUSH, Channel.SMS, Channel.EMAIL),
        (Channel.EMAIL,),
        timedelta(minutes=2),
        Quiet(time(22), time(7), "Europe/London", frozenset({0, 6})),
    )
    ways.choose(session, cast.dev.id, ALL, zone="Europe/London", version=row.version, actor=ME)
    assert ways.of(session, cast.dev.id).quiet is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"important": [], "ordinary": ["email"]}, "important"),
        ({"important": ["email"], "ordinary": ["voice"]}, "ordinary"),
        ({"important": ["email", "email"], "ordinary": ["email"]}, "important"),
        (ALL | {"wait_minutes": 0}, "wait_minutes"),
        (ALL | {"quiet_from": "22:00"}, "quiet_until"),
        (ALL | {"quiet_until": "22:00"}, "quiet_from"),
        (ALL | {"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        (ALL | {"quiet_from": "25:00", "quiet_until": "22:00"}, "quiet_from"),
        (ALL | {"quiet_days": [7]}, "quiet_days"),
        (ALL | {"quiet_days": [True]}, "quiet_days"),
        (ALL | {"loud": True}, "loud"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    session: Session, cast: Cast, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ways.choose(session, cast.dev.id, given, zone="Europe/London", version=0, actor=ME)
    assert field in refused.value.fields


def test_of_two_who_choose_at_once_one_is_told(session: Session, cast: Cast) -> None:
    ways.choose(session, cast.dev.id, ALL, zone="Europe/London", version=0, actor=ME)
    with pytest.raises(Conflict):
        ways.choose(session, cast.dev.id, ALL, zone="Europe/London", version=0, actor=ME)


def test_a_number_that_texts_do_not_reach_counts_until_it_is_another(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.dev.telephone = "07700 900002"
    ways.choose(session, cast.dev.id, ALL, zone="Europe/London", version=0, actor=ME)
    ways.found_bad(session, cast.dev.id, now)
    session.flush()
    assert ways.of(session, cast.dev.id).bad == {Channel.SMS}
    cast.dev.telephone = "07700 900111"
    session.flush()
    assert ways.of(session, cast.dev.id).bad == frozenset()
