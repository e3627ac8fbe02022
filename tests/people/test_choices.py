from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.journal import Actor
from people import choices, sharing
from people.access import SEES_LITTLE, Extent, RecordClass
from tests.cast import Cast

BY = Actor("a test")
DISSENT = {"decision": "dissent", "said_by": "Ada herself", "evidence": "Told Sol at the kitchen table"}


def test_taking_a_choice_back_gives_the_view_back(session: Session, cast: Cast, now: datetime) -> None:
    row = choices.choose(session, cast.ada, None, DISSENT, by=cast.sol, actor=BY, now=now)
    assert sharing.team_sees(session, cast.nurses, cast.ada.id, now) == SEES_LITTLE
    choices.end(session, row, actor=BY, now=now + timedelta(minutes=1))
    later = now + timedelta(minutes=2)
    assert sharing.team_sees(session, cast.nurses, cast.ada.id, later)[RecordClass.PLAN] is Extent.FULL
    with pytest.raises(Conflict):
        choices.end(session, row, actor=BY, now=later)


def test_a_choice_is_found_by_its_own_person_alone(session: Session, cast: Cast, now: datetime) -> None:
    row = choices.choose(session, cast.ada, None, DISSENT, by=cast.sol, actor=BY, now=now)
    assert choices.get(session, cast.ada, row.uuid) is row
    with pytest.raises(NotFound):
        choices.get(session, cast.ben, row.uuid)
    assert [each.recorded_by for each in choices.listing(session, cast.ada, now)] == ["Sol"]
