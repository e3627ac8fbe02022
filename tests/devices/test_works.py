from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.journal import Actor
from devices import registry, subjects, works
from devices.models import Unread
from tests.care_plans.judged_home import Home
from tests.cast import Cast

HOUR = timedelta(hours=1)
TESS = Actor("Tess")


def planned(ends: datetime, **more: object) -> dict[str, object]:
    return {"ends": ends, "why": "New battery", **more}


def test_it_runs_from_when_it_begins_until_it_ends_and_its_sensors_with_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = Home(session, cast, now)
    hub, other = home.device("hub", home=True), home.device("cuff")
    sensor = registry.enrol_sensor(
        session, hub, "0x1", {"name": "Hall", "model": "SNZB-03"}, actor=TESS, agency_id=cast.hub.id
    )
    works.plan(session, hub, planned(now + 2 * HOUR, starts=now + HOUR), now=now, actor=TESS)
    asked = {hub.id, sensor.id, other.id}
    assert works.under_way(session, asked, now) == set()
    assert works.under_way(session, asked, now + HOUR) == {hub.id, sensor.id}
    assert works.under_way(session, asked, now + 2 * HOUR) == set()
    assert works.under_way(session, [], now) == set()
    work = works.of(hub, now)
    assert work is not None
    assert (work.why, work.ends) == ("New battery", now + 2 * HOUR)
    assert works.of(hub, now + 2 * HOUR) is None


def test_when_it_is_over_those_whose_kit_it_is_are_judged_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    cuff = Home(session, cast, now).device("cuff")
    works.plan(session, cuff, planned(now + HOUR), now=now, actor=TESS)
    assert works.step(session, now + HOUR - timedelta(seconds=1)) is False
    assert works.step(session, now + HOUR) is True
    assert cuff.work_ends is None
    waiting = session.scalars(select(Unread.subject)).all()
    assert subjects.person(cast.ada.id).number in waiting
    assert works.step(session, now + HOUR) is False


def test_it_can_be_ended_before_and_not_twice(session: Session, cast: Cast, now: datetime) -> None:
    cuff = Home(session, cast, now).device("cuff")
    works.plan(session, cuff, planned(now + HOUR), now=now, actor=TESS)
    works.finish(session, cuff, now=now, actor=TESS)
    assert works.under_way(session, [cuff.id], now) == set()
    with pytest.raises(Conflict):
        works.finish(session, cuff, now=now, actor=TESS)


@pytest.mark.parametrize(
    ("starts", "ends", "why", "field"),
    [
        (0, 9, "Long", "ends"), (0, 0, "Over", "ends"), (3, 2, "Backwards", "ends"), (0, 1, "", "why"),
        (24 * 91, 24 * 91 + 1, "Far", "starts"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_field(
    session: Session, cast: Cast, now: datetime, starts: int, ends: int, why: str, field: str
) -> None:
    cuff = Home(session, cast, now).device("cuff")
    given = {"starts": now + starts * HOUR, "ends": now + ends * HOUR, "why": why}
    with pytest.raises(Invalid) as refused:
        works.plan(session, cuff, given, now=now, actor=TESS)
    assert list(refused.value.fields) == [field]


def test_the_work_around_an_alert_is_that_of_its_time(session: Session, cast: Cast, now: datetime) -> None:
    cuff = Home(session, cast, now).device("cuff")
    works.plan(session, cuff, planned(now + HOUR), now=now, actor=TESS)
    ada = subjects.person(cast.ada.id)
    assert [each.device_id for each in works.around(session, [ada], now, now)] == [cuff.id]
    assert works.around(session, [ada], now - HOUR, now) == []
    assert works.around(session, [subjects.person(cast.ben.id)], now, now) == []
