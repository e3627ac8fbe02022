"""Who said no to being counted."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from people import choices, reporting
from tests.cast import Cast
from tests.people.looking import BY

NO = {"decision": "dissent", "said_by": "Ada", "evidence": "Said so"}


def test_the_choice_that_names_more_decides_who_is_left_out(
    session: Session, cast: Cast, now: datetime
) -> None:
    def left_out() -> list[int]:
        return list(session.scalars(reporting.left_out(cast.health.id, now)))

    def say(at: datetime, **given: Any) -> None:
        agency = given.pop("agency", None)
        choices.choose(session, cast.ada, agency, {**NO, **given}, by=cast.sol, actor=BY, now=at)

    assert left_out() == []
    say(now - timedelta(hours=3), record_class="vitals")
    assert left_out() == []
    say(now - timedelta(hours=2))
    assert left_out() == [cast.ada.id]
    say(now - timedelta(hours=1), purpose="planning", decision="permit")
    assert left_out() == []
    say(now, purpose="planning", agency=cast.health)
    assert left_out() == [cast.ada.id]
    assert list(session.scalars(reporting.left_out(cast.housing.id, now))) == []
