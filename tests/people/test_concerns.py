from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from people import concerns, signing_in
from people.access import Viewer
from people.models.agencies import Staff, Team, TeamRole
from people.models.concerns import Concern, Enquiry, Met
from tests.cast import Cast

SAID = {"worry": "Bruises", "danger": "no", "wishes": "To stay at home", "knows": "yes"}
HOUR = timedelta(hours=1)


def as_(session: Session, staff: Staff, now: datetime) -> Viewer:
    return signing_in.viewer_of(session, staff, now)


def raised(session: Session, cast: Cast, now: datetime) -> Concern:
    team = concerns.receiving_team(session, cast.ada, now)
    return concerns.raise_(
        session, cast.ada, team, concerns.read_raised(SAID),
        read_by=now + HOUR, decide_by=now + 2 * HOUR, by=as_(session, cast.dev, now), now=now,
    )  # fmt: skip


def test_it_goes_to_the_safeguarding_team_of_the_area_else_to_social_work(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert concerns.receiving_team(session, cast.ada, now) == cast.social_workers
    far = Team(agency_id=cast.social.id, name="Elsewhere", role=TeamRole.SAFEGUARDING, area="Elsewhere")
    session.add(far)
    session.flush()
    assert concerns.receiving_team(session, cast.ada, now) == cast.social_workers
    near = Team(agency_id=cast.social.id, name="Adults at risk", role=TeamRole.SAFEGUARDING, area="Westmere")
    session.add(near)
    session.flush()
    assert concerns.receiving_team(session, cast.ada, now) == near


def test_with_no_team_to_send_it_to_it_says_whom_to_ring(session: Session, cast: Cast, now: datetime) -> None:
    cast.social_workers.role = None
    session.flush()
    with pytest.raises(Conflict, match="Ring the council"):
        concerns.receiving_team(session, cast.ada, now)


def test_danger_now_needs_what_was_done_first() -> None:
    with pytest.raises(Invalid) as refused:
        concerns.read_raised(SAID | {"danger": "yes"})
    assert "999" in refused.value.fields["danger_done"]
    with pytest.raises(Invalid) as refused:
        concerns.read_raised({})
    assert set(refused.value.fields) == {"worry", "danger", "wishes", "knows"}


def test_only_its_team_and_whoever_raised_it_can_find_it(session: Session, cast: Cast, now: datetime) -> None:
    row = raised(session, cast, now)
    assert concerns.get_held(session, as_(session, cast.sol, now), row.uuid).concern is row
    assert concerns.get_known(session, as_(session, cast.dev, now), row.uuid).concern is row
    with pytest.raises(NotFound):
        concerns.get_held(session, as_(session, cast.dev, now), row.uuid)
    for other in (cast.cora, cast.hana, cast.mallory):
        with pytest.raises(NotFound):
            concerns.get_known(session, as_(session, other, now), row.uuid)
    key = signing_in.viewer_of(session, cast.cora, now, everyone=True)
    with pytest.raises(NotFound):
        concerns.get_known(session, key, row.uuid)
    assert [each.concern for each in concerns.list_held(session, as_(session, cast.sol, now))] == [row]
    assert concerns.list_held(session, as_(session, cast.cora, now)) == []
    assert [each.concern for each in concerns.list_raised(session, as_(session, cast.dev, now))] == [row]
    assert concerns.count_waiting(session, as_(session, cast.sol, now)) == 1
    assert concerns.count_waiting(session, as_(session, cast.cora, now)) is None


def test_the_journal_names_no_person(session: Session, cast: Cast, now: datetime) -> None:
    row = raised(session, cast, now)
    sol = as_(session, cast.sol, now)
    concerns.record_look(session, sol, row)
    concerns.take(session, row, by=sol, now=now)
    session.flush()
    entries = session.scalars(select(JournalEntry).where(JournalEntry.subject == "concern")).all()
    assert {each.what for each in entries} == {"raised", "looked at", "read"}
    assert {(each.person_id, str(each.details)) for each in entries} == {(None, "{}")}


def test_it_is_read_decided_planned_and_closed_in_this_order(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, sol = raised(session, cast, now), as_(session, cast.sol, now)
    begun = {"enquiry": "begun", "why": "Three bruises, two stories"}
    with pytest.raises(Conflict, match="read it"):
        concerns.decide(session, row, begun, by=sol, now=now)
    concerns.take(session, row, by=sol, now=now)
    with pytest.raises(Conflict, match="Decide about an enquiry first"):
        concerns.close(session, row, {"outcome": "x", "wishes_met": "fully"}, by=sol, now=now)
    concerns.decide(session, row, begun, by=sol, now=now)
    concerns.plan(session, row, "Seen daily by Dev", by=sol, now=now)
    with pytest.raises(Invalid):
        concerns.close(session, row, {"outcome": "Safe"}, by=sol, now=now)
    concerns.close(session, row, {"outcome": "Safe", "wishes_met": "partly"}, by=sol, now=now)
    assert (row.enquiry, row.wishes_met, row.safety_plan) == (Enquiry.BEGUN, Met.PARTLY, "Seen daily by Dev")
    assert [each.what for each in concerns.list_events(session, row)] == [
        "raised", "read", "enquiry begun", "safety plan", "closed",
    ]  # fmt: skip
    with pytest.raises(Conflict, match="closed"):
        concerns.plan(session, row, "more", by=sol, now=now)


def test_the_second_who_reads_it_is_told_who_came_first(session: Session, cast: Cast, now: datetime) -> None:
    row, sol = raised(session, cast, now), as_(session, cast.sol, now)
    concerns.take(session, row, by=sol, now=now)
    with pytest.raises(Conflict, match="Sol has read it already"):
        concerns.take(session, row, by=sol, now=now)
