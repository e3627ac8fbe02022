"""What was agreed of those who do not answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.plans import PlanPathway
from care_plans.models.ringing import NoReplyTerms
from care_plans.ringing import procedure, terms
from care_plans.ringing.procedure import DEFAULT
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.models import JournalEntry
from tests.care_plans.alerting import cora, dev, hana
from tests.care_plans.ringing.ringing import MINUTE, call, ring
from tests.cast import Cast
from tests.outcomes.counting import planned


def document(**changed: Any) -> dict[str, Any]:
    return procedure.to_document(DEFAULT) | changed


def agree(session: Session, cast: Cast, now: datetime, **changed: Any) -> NoReplyTerms:
    how: dict[str, Any] = {"agreed_with": "Ada herself", "agreed_on": now.date(), "by": dev(cast), "now": now}
    kept = {name: changed.pop(name) for name in ("agreed_with", "agreed_on", "seen", "by") if name in changed}
    return terms.set_for_person(session, cast.ada, document(**changed), **(how | kept))


def test_the_usual_holds_until_something_is_set(session: Session, cast: Cast, now: datetime) -> None:
    found = terms.holding(session, cast.ada.id, cast.coordinators.id)
    assert (found.terms, found.whose, found.revision) == (DEFAULT, "usual", 0)


def test_what_a_team_sets_holds_for_its_calls_and_no_others(
    session: Session, cast: Cast, now: datetime
) -> None:
    terms.set_for_team(session, cast.coordinators, document(attempts=2), by=cora(cast), now=now)
    assert terms.holding(session, cast.ada.id, cast.coordinators.id).terms.enough.attempts == 2
    assert terms.holding(session, cast.ada.id, cast.nurses.id).whose == "usual"
    with pytest.raises(Invalid, match="in the team"):
        terms.set_for_team(session, cast.coordinators, document(), by=dev(cast), now=now)


def test_what_holds_for_a_teams_calls_to_anybody_is_its_own_or_the_usual(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast, now, attempts=1)
    terms.set_for_team(session, cast.nurses, document(attempts=4), by=dev(cast), now=now)
    assert terms.holding(session, None, cast.coordinators.id).whose == "usual"
    found = terms.holding(session, None, cast.nurses.id)
    assert (found.whose, found.terms.enough.attempts) == ("team", 4)


def test_what_was_agreed_for_a_person_goes_before_with_whom_and_when(
    session: Session, cast: Cast, now: datetime
) -> None:
    terms.set_for_team(session, cast.coordinators, document(attempts=2), by=cora(cast), now=now)
    agree(session, cast, now, attempts=1)
    found = terms.holding(session, cast.ada.id, cast.coordinators.id)
    assert (found.whose, found.terms.enough.attempts, found.set_by) == ("person", 1, "Dev")
    assert found.row is not None
    assert (found.row.agreed_with, found.row.agreed_on) == ("Ada herself", now.date())
    assert ring(session, cast, call(session, cast, now), now).no_reply is not None


def test_every_fault_is_said_at_once(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        agree(session, cast, now, agreed_with=" ", agreed_on=now.date() + timedelta(days=1), attempts=0)
    assert set(refused.value.fields) == {"agreed_with", "agreed_on", "attempts"}
    with pytest.raises(Invalid) as refused:
        agree(session, cast, now, steps=[{"act": "visit", "minutes": 5, "team": 10**9},
                                         {"act": "welfare_check", "minutes": 5}])  # fmt: skip
    assert set(refused.value.fields) == {"steps.0.team"}


def test_what_held_before_is_kept_and_the_change_is_in_the_journal(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast, now, attempts=2)
    agree(session, cast, now + MINUTE, attempts=4)
    rows = session.scalars(select(NoReplyTerms).order_by(NoReplyTerms.id)).all()
    assert [row.document["attempts"] for row in rows] == [2, 4]
    assert rows[0].superseded_at == now + MINUTE
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry is not None
    assert (entry.what, entry.subject, entry.by, entry.person_id) == (
        "set",
        "no-reply terms",
        "Dev",
        cast.ada.id,
    )


def test_of_two_who_set_it_one_wins_and_the_other_is_told(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast, now, attempts=2, seen=0)
    with pytest.raises(Conflict, match="meanwhile"):
        agree(session, cast, now, attempts=5, seen=0, by=cora(cast))
    assert terms.holding(session, cast.ada.id, cast.nurses.id).terms.enough.attempts == 2
    assert terms.revision_of_person(session, cast.ada.id) == 1


def test_what_was_agreed_can_be_dropped(session: Session, cast: Cast, now: datetime) -> None:
    agree(session, cast, now, attempts=2)
    terms.drop_of_person(session, cast.ada, by=dev(cast), now=now)
    assert terms.find_of_person(session, cast.ada.id) is None
    with pytest.raises(Conflict):
        terms.drop_of_person(session, cast.ada, by=dev(cast), now=now)


def test_what_is_set_for_a_pathway_holds_for_those_on_it_before_what_the_team_set(
    session: Session, cast: Cast, now: datetime
) -> None:
    planned(session, cast, cast.ada, now - timedelta(days=9), None, pathway="copd")
    terms.set_for_team(session, cast.coordinators, document(attempts=4), by=cora(cast), now=now)
    terms.set_for_pathway(session, "copd", document(attempts=2), by=dev(cast), now=now)
    found = terms.holding(session, cast.ada.id, cast.coordinators.id)
    assert (found.whose, found.terms.enough.attempts, found.revision) == ("pathway", 2, 1)
    assert terms.holding(session, cast.ben.id, cast.coordinators.id).whose == "team"
    agree(session, cast, now, attempts=5)
    assert terms.holding(session, cast.ada.id, cast.coordinators.id).whose == "person"


def test_of_several_pathways_what_acts_soonest_holds(session: Session, cast: Cast, now: datetime) -> None:
    version = planned(session, cast, cast.ada, now - timedelta(days=9), None, pathway="copd")
    session.add(
        PlanPathway(version_id=version.id, pathway="heart_failure", pathway_version=1, title="Heart failure")
    )
    terms.set_for_pathway(session, "copd", document(attempts=3), by=dev(cast), now=now)
    terms.set_for_pathway(session, "heart_failure", document(attempts=1), by=dev(cast), now=now)
    call = (cast.ada.id, cast.nurses.id)
    assert terms.holding(session, *call).terms.enough.attempts == 1
    assert terms.holding_of(session, [call])[call].enough.attempts == 1


def test_a_pathway_that_there_is_not_is_not_found_and_of_two_one_wins(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(NotFound):
        terms.set_for_pathway(session, "hope", document(), by=dev(cast), now=now)
    terms.set_for_pathway(session, "copd", document(), by=dev(cast), now=now, seen=0)
    with pytest.raises(Conflict, match="meanwhile"):
        terms.set_for_pathway(session, "copd", document(), by=dev(cast), now=now, seen=0)


def test_an_agency_with_which_the_plan_is_not_shared_changes_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        agree(session, cast, now, by=hana(cast))
    agree(session, cast, now)
    with pytest.raises(NotAllowed):
        terms.drop_of_person(session, cast.ada, by=hana(cast), now=now)


def test_what_holds_for_many_calls_is_what_holds_for_each(
    session: Session, cast: Cast, now: datetime
) -> None:
    agree(session, cast, now, attempts=1)
    terms.set_for_team(session, cast.coordinators, document(attempts=2), by=cora(cast), now=now)
    calls = [
        (person.id, team.id) for person in (cast.ada, cast.ben) for team in (cast.coordinators, cast.nurses)
    ]
    many = terms.holding_of(session, calls)
    assert many == {call: terms.holding(session, *call).terms for call in calls}
    assert [many[call].enough.attempts for call in calls] == [1, 1, 2, 3]


def test_what_cannot_be_read_any_more_gives_way_to_the_usual(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = terms.set_for_team(session, cast.coordinators, document(), by=cora(cast), now=now)
    row.document = {"attempts": "many"}
    session.flush()
    assert terms.holding(session, cast.ada.id, cast.coordinators.id).terms == DEFAULT
    found = terms.find_of_team(session, cast.coordinators.id)
    assert found is not None
    assert found.whose == "team"
