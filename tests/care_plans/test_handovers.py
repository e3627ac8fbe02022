"""One shift hands over to the next."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans import handovers
from care_plans.alerts import alerts
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from people import teams
from people.visible import actor
from tests.care_plans.alerting import cora, dev, hana, raised, viewer
from tests.cast import Cast

HOUR = timedelta(hours=1)


def test_what_is_handed_over_is_taken_by_name_and_once(session: Session, cast: Cast, now: datetime) -> None:
    teams.join(session, cast.nurses, cast.sol, now, actor=actor(dev(cast)))
    alerts.raise_(session, raised(cast, now), now)
    row = handovers.give(session, cast.nurses, " Ada was promised a call ", by=dev(cast), now=now)
    assert (row.words, row.given_by_id) == ("Ada was promised a call", cast.dev.id)
    sol = viewer(cast.sol, cast.nurses)
    (told,) = handovers.list_recent(session, sol, now + HOUR)
    assert (told.team, told.given_by, told.taken_by) == ("Community nurses", "Dev", None)
    assert (told.waits(now + HOUR - timedelta(seconds=1)), told.waits(now + HOUR)) == (False, True)
    with pytest.raises(Conflict, match="Somebody else"):
        handovers.take(session, row.uuid, by=dev(cast), now=now)
    handovers.take(session, row.uuid, by=sol, now=now + HOUR)
    (told,) = handovers.list_recent(session, sol, now + HOUR)
    assert (told.taken_by, told.row.taken_at, told.waits(now + 3 * HOUR)) == ("Sol", now + HOUR, False)
    maeve = viewer(cast.cora, cast.nurses)
    with pytest.raises(Conflict, match="Sol has taken over already"):
        handovers.take(session, row.uuid, by=maeve, now=now + HOUR)


def test_other_teams_neither_give_nor_take_nor_read(session: Session, cast: Cast, now: datetime) -> None:
    row = handovers.give(session, cast.nurses, "Ada", by=dev(cast), now=now)
    with pytest.raises(NotAllowed):
        handovers.give(session, cast.nurses, "Ada", by=hana(cast), now=now)
    with pytest.raises(NotFound):
        handovers.take(session, row.uuid, by=cora(cast), now=now)
    assert handovers.list_recent(session, cora(cast), now) == []


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001])
def test_it_says_something(session: Session, cast: Cast, now: datetime, words: str) -> None:
    with pytest.raises(Invalid):
        handovers.give(session, cast.nurses, words, by=dev(cast), now=now)


def test_after_two_days_it_is_no_news_once_somebody_has_taken_over(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now, actor=actor(dev(cast)))
    friday = handovers.give(session, cast.nurses, "Ada", by=dev(cast), now=now)
    monday = now + timedelta(hours=62)
    (told,) = handovers.list_recent(session, dev(cast), monday)
    assert (told.row.uuid, told.waits(monday)) == (friday.uuid, True)
    assert handovers.list_recent(session, hana(cast), monday) == []
    sol = viewer(cast.sol, cast.nurses)
    handovers.take(session, friday.uuid, by=sol, now=monday)
    assert handovers.list_recent(session, dev(cast), monday) == []
    assert handovers.get(session, friday.uuid, sol).taken_by == "Sol"
    with pytest.raises(NotFound):
        handovers.get(session, friday.uuid, hana(cast))
