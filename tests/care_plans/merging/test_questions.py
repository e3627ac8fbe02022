"""What a human has to decide before two records become one."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.merging import questions
from care_plans.merging.questions import JOINS, OTHER, SOMEBODY_ELSES, STAYS, THEIRS, UNANSWERED, WORSE_STAYS
from care_plans.plan import enrol
from care_plans.severity import Severity
from core.errors import Invalid
from people.models.people import Person
from tests.care_plans.merging import twice
from tests.cast import Cast


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    return twice.lay(session, cast, now)


def refused(
    session: Session, kept: Person, gone: Person, given: dict[str, object], now: datetime
) -> dict[str, str]:
    with pytest.raises(Invalid) as fault:
        questions.settled(session, kept, gone, given, now)
    return fault.value.fields


def test_a_merge_that_would_mix_two_living_peoples_open_alerts_asks_for_each(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    mine = twice.raise_(session, cast, cast.ada, now, key="copd.breathless")
    theirs = [
        twice.raise_(session, cast, again, now),
        twice.raise_(session, cast, again, now, key="copd.cough"),
    ]
    faults = refused(session, cast.ada, again, {}, now)
    assert faults == {f"alerts.{each.uuid}": UNANSWERED for each in (mine, *theirs)}
    some = {"alerts": {str(theirs[0].uuid): THEIRS, str(mine.uuid): OTHER}}
    faults = refused(session, cast.ada, again, some, now)
    assert faults == {f"alerts.{theirs[1].uuid}": UNANSWERED, f"alerts.{mine.uuid}": SOMEBODY_ELSES}
    assert {questions.uuid_of(place) for place in faults} == {theirs[1].uuid, mine.uuid}


def test_of_two_of_one_rule_the_worse_has_to_stay_open(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    twice.raise_(session, cast, cast.ada, now)
    theirs = twice.raise_(session, cast, again, now, Severity.RED)
    place = str(theirs.uuid)
    faults = refused(session, cast.ada, again, {"alerts": {place: JOINS}}, now)
    assert faults == {f"alerts.{place}": WORSE_STAYS}
    decided = questions.settled(session, cast.ada, again, {"alerts": {place: STAYS}}, now)
    assert decided["alerts"] == {place: STAYS}


def test_where_they_live_is_asked_only_where_it_is_not_one_place(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    assert questions.settled(session, cast.ada, again, {}, now)["home"] == "kept"
    assert refused(session, cast.ada, cast.ben, {}, now)["home"] == "Say where they live now."


def test_fields_that_differ_are_those_of_the_record_that_stays_unless_chosen(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    decided = questions.settled(session, cast.ada, again, {"fields": {"date_of_birth": "gone"}}, now)
    assert decided["fields"] == {"given_name": "kept", "date_of_birth": "gone"}
    faults = refused(session, cast.ada, again, {"fields": {"date_of_birth": "x", "shoe": "kept"}}, now)
    assert set(faults) == {"fields.date_of_birth", "fields.shoe"}


def test_a_plan_in_force_is_never_lost_to_a_draft(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, publish_now=False)
    enrol.enrol(session, again, "copd", by=cast.dev, now=now)
    assert "keep" in refused(session, cast.ada, again, {}, now)
    assert questions.of(session, again, cast.ada, now).two_plans is False
    assert questions.find_plan(session, cast.ada) is not None
