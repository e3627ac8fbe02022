"""Two records become one, and two again: every row as it was."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans import scoring
from care_plans.judging.news2 import Scale
from care_plans.merging import carrying_out
from care_plans.merging.questions import JOINS, STAYS, THEIRS
from care_plans.models.alerts import Alert, Cause
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.protecting import Interim
from care_plans.models.work import FollowUp
from care_plans.plan import drafts
from care_plans.protecting import interims
from care_plans.protection_states import Lack
from care_plans.reached import Found
from care_plans.ringing import no_replies
from care_plans.severity import Severity
from care_plans.work import follow_ups
from core.db import Base, Db
from core.journal import Actor
from devices import readings, subjects
from devices.models import Assignment, Device, Expectation
from people import cards, care_teams, contacts, joining, merging, people, visible
from people.models.caring import CareTeam
from people.models.homes import Residency
from people.models.identity import Merge, MergeState, Pair, PairState, RowChange
from people.models.people import AboutMe, Person
from tests.care_plans import alerting
from tests.care_plans.merging import twice
from tests.cast import Cast
from tests.cast import make as make_cast

OWN = {"journal", "merges", "row_changes", "pairs", "match_keys", "likenesses", "unread", "heartbeats"}


def dump(session: Session) -> dict[str, list[str]]:
    """Every row of every table, but for what merging itself writes down."""
    session.flush()
    session.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    found = {}
    for name in Base.metadata.tables:
        if name not in OWN:
            rows = session.scalars(text(f'SELECT to_jsonb(t)::text FROM "{name}" t'))
            found[name] = sorted(json.dumps(json.loads(row), sort_keys=True) for row in rows)
    return found


def ask(session: Session, cast: Cast, gone: Person, now: datetime, **decisions: Any) -> Merge:
    merge = merging.ask(
        session, cast.ada, gone, decisions, why="Ada says so herself.", by=alerting.cora(cast), now=now
    )
    assert carrying_out.step(session, now)
    session.refresh(merge)
    return merge


def part(session: Session, cast: Cast, merge: Merge, now: datetime) -> None:
    merging.ask_undo(session, merge, why="They are cousins.", by=alerting.cora(cast), now=now)
    assert carrying_out.step(session, now)
    session.refresh(merge)


@pytest.fixture
def again(session: Session, cast: Cast, now: datetime) -> Person:
    return twice.lay(session, cast, now)


def test_merged_and_parted_again_every_row_is_as_it_was(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    twice.busy(session, cast, cast.ada, now)
    twice.busy(session, cast, again, now, "heart_failure")
    same = twice.raise_(session, cast, cast.ada, now), twice.raise_(session, cast, again, now)
    other = twice.raise_(session, cast, again, now, Severity.RED, "heart_failure.weight_up")
    device = Device(key="scale", name="Scale", model="test")
    session.add(device)
    session.flush()
    session.add(
        Assignment(device_id=device.id, person_id=again.id, period=Range(now - timedelta(days=3), None))
    )
    session.flush()
    before = dump(session)
    merge = ask(
        session, cast, again, now,
        fields={"given_name": "gone", "date_of_birth": "gone"},
        alerts={str(same[1].uuid): JOINS, str(other.uuid): THEIRS},
    )  # fmt: skip
    assert merge.state is MergeState.DONE, merge.refused
    between = dump(session)
    assert between["alerts"] != before["alerts"]
    assert between["people"] != before["people"]
    part(session, cast, merge, now + timedelta(minutes=5))
    assert merge.state is MergeState.UNDONE
    assert merge.left == []
    after = dump(session)
    for table, rows in before.items():
        assert after[table] == rows, table
    session.refresh(again)
    assert again.merged_into_id is None


def test_all_that_is_known_of_either_is_with_the_record_that_stays(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    twice.busy(session, cast, again, now)
    alert = twice.raise_(session, cast, again, now)
    merge = ask(session, cast, again, now, alerts={str(alert.uuid): THEIRS})
    assert merge.state is MergeState.DONE, merge.refused
    session.expire_all()
    assert (alert.person_id, alert.subject) == (cast.ada.id, subjects.person(cast.ada.id).number)
    assert drafts.find_published(session, cast.ada) is not None
    assert {each.name for each in contacts.list_contacts(session, cast.ada)} == {"Beth Marsh", "Bethan Marsh"}
    names = {each.team.name for each in care_teams.around(session, cast.ada, now)}
    assert {"Coordinators", "Community nurses", "Befrienders", "Homes and repairs"} <= names
    assert session.scalars(select(FollowUp.text).where(FollowUp.person_id == cast.ada.id)).all() == ["Ring"]
    assert people.numbers(session, cast.ada).nhs_number == "9990000018"
    latest = readings.latest(session, [subjects.person(cast.ada.id)], now)
    assert [each.kind for each in latest] == ["weight"]
    expected = session.scalars(
        select(Expectation.person_id).where(
            Expectation.ended_at.is_(None), Expectation.person_id.is_not(None)
        )
    )
    assert set(expected) == {cast.ada.id}
    lefts = {
        table
        for table, column in (("alerts", "person_id"), ("contacts", "person_id"), ("follow_ups", "person_id"))
        if session.scalar(text(f'SELECT 1 FROM "{table}" WHERE {column} = :id LIMIT 1'), {"id": again.id})
    }
    assert lefts == set()


def test_the_responder_card_warns_of_whatever_either_did(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    ask(session, cast, again, now)
    session.expire_all()
    card = cards.find(session, cast.ada)
    assert card is not None
    assert card.home_oxygen
    assert card.dog == "Rex, friendly"
    assert card.mobility == "Walks with a frame / Uses a rollator"


def test_what_they_said_of_themselves_is_kept_from_both(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    ask(session, cast, again, now)
    current = session.scalars(
        select(AboutMe).where(AboutMe.person_id == cast.ada.id, AboutMe.superseded_at.is_(None))
    ).one()
    assert current.how_i_communicate == "Face to face."
    assert current.most_important == "My Thursday lunch club and my own front door."


def test_an_old_id_leads_to_the_record_that_stays(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    ask(session, cast, again, now)
    session.expire_all()
    assert visible.get_person(session, alerting.cora(cast), again.uuid, now).id == cast.ada.id
    assert [each.id for each in session.scalars(people.listing(alerting.cora(cast), now, "adelaide"))] == []


def test_of_two_open_alerts_of_one_rule_the_one_that_was_chosen_stays(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    mine, theirs = twice.raise_(session, cast, cast.ada, now), twice.raise_(session, cast, again, now)
    ask(session, cast, again, now, alerts={str(theirs.uuid): STAYS})
    session.expire_all()
    assert (mine.cause, mine.closed_by_id) == (Cause.DUPLICATE, cast.cora.id)
    assert (theirs.closed_at, theirs.person_id) == (None, cast.ada.id)


@pytest.mark.parametrize("stays", ["mine", "theirs"])
def test_of_two_by_which_they_are_looked_for_one_goes_on_and_they_part_again(
    session: Session, cast: Cast, again: Person, now: datetime, stays: str
) -> None:
    both = [
        no_replies.begin(session, each, team_id=cast.coordinators.id, words="No answer", now=now)
        for each in (cast.ada, again)
    ]
    mine, theirs = (session.get_one(Alert, each.alert_id) for each in both if each is not None)
    chosen = {"mine": JOINS, "theirs": STAYS}[stays]
    merge = ask(session, cast, again, now, alerts={str(theirs.uuid): chosen})
    session.expire_all()
    going_on = no_replies.find_open(session, cast.ada.id)
    assert going_on is not None
    assert going_on.alert_id == (mine if stays == "mine" else theirs).id
    assert [each.ended for each in both if each is not None and each is not going_on] == [Found.DUPLICATE]
    part(session, cast, merge, now)
    session.expire_all()
    assert no_replies.find_open(session, cast.ada.id) is not None
    assert no_replies.find_open(session, again.id) is not None


def test_a_merge_is_refused_when_an_alert_has_opened_since_it_was_decided(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    merging.ask(session, cast.ada, again, {}, why="Sure", by=alerting.cora(cast), now=now)
    twice.raise_(session, cast, again, now)
    before = dump(session)
    assert carrying_out.step(session, now)
    merge = session.scalars(select(Merge)).one()
    assert merge.state is MergeState.REFUSED
    assert "Say of this alert what becomes of it." in (merge.refused or "")
    assert dump(session) == before


def test_of_two_plans_one_goes_on_and_its_team_is_asked_to_look_at_the_other_today(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    twice.busy(session, cast, cast.ada, now)
    twice.busy(session, cast, again, now, "heart_failure")
    ask(session, cast, again, now)
    states = session.scalars(
        select(PlanVersion.state).join(Plan, Plan.id == PlanVersion.plan_id).where(Plan.person_id == again.id)
    )
    assert set(states) == {VersionState.SUPERSEDED}
    review = session.scalars(select(FollowUp).where(FollowUp.text == carrying_out.REVIEW)).one()
    assert (review.person_id, review.team_id) == (cast.ada.id, cast.coordinators.id)
    assert review.due_at <= now + timedelta(hours=4)


def test_of_two_settings_of_news2_one_goes_on_with_its_review_until_they_are_parted(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    told = {"scale": Scale.ONE, "why": "Home", "review_on": now.date() + timedelta(days=14)}
    by = alerting.dev(cast)
    mine, theirs = (scoring.switch_on(session, each, told, by=by, now=now) for each in (cast.ada, again))
    merge = ask(session, cast, again, now)
    assert merge.state is MergeState.DONE, merge.refused
    session.expire_all()
    assert (mine.off_at, theirs.off_why) == (None, joining.TWICE)
    open_ = [follow_ups.is_open(session, each.review_id or 0) for each in (mine, theirs)]
    assert open_ == [True, False]
    part(session, cast, merge, now + timedelta(minutes=5))
    session.expire_all()
    assert theirs.off_at is None
    assert follow_ups.is_open(session, theirs.review_id or 0)


def test_of_two_interim_plans_one_goes_on_until_they_are_parted(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    for person in (cast.ada, again):
        session.add(
            Interim(
                person_id=person.id, lack=Lack.DOWN, kit="Pendant", since=now, alone=True, began_at=now,
                call_times=["10:00"],
            )
        )  # fmt: skip
    session.flush()

    merge = ask(session, cast, again, now)

    assert merge.state is MergeState.DONE
    assert [plan.ended_at for plan in interims.list_plans(session, cast.ada)].count(None) == 1
    part(session, cast, merge, now)
    assert interims.find(session, again.id) is not None


def test_of_two_homes_the_chosen_one_is_where_they_live_from_now_on(
    session: Session, cast: Cast, now: datetime
) -> None:
    again = twice.lay(session, cast, now, lives_with_ada=False)
    merge = ask(session, cast, again, now, home="gone")
    assert merge.state is MergeState.DONE, merge.refused
    stays = session.scalars(
        select(Residency).where(Residency.person_id == cast.ada.id, Residency.period.contains(now))
    ).all()
    assert [each.home_id for each in stays] == [cast.ben_home.id]


def test_parting_keeps_what_somebody_did_since_and_tells_of_it(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    alert = twice.raise_(session, cast, again, now)
    merge = ask(session, cast, again, now, alerts={str(alert.uuid): THEIRS}, fields={"given_name": "gone"})
    session.expire_all()
    people.change(session, cast.ada, {"given_name": "Adele"}, actor=Actor("a test"), now=now)
    session.execute(update(Alert).where(Alert.id == alert.id).values(owner_staff_id=cast.dev.id))
    session.execute(delete(CareTeam).where(CareTeam.team_id == cast.befrienders.id))
    part(session, cast, merge, now)
    session.expire_all()
    assert cast.ada.given_name == "Adele"
    assert (alert.person_id, alert.owner_staff_id) == (again.id, cast.dev.id)
    left = {(each["table"], *each["columns"]) for each in merge.left or []}
    assert ("people", "given_name") in left
    assert ("care_teams", "person_id") in left


def test_they_are_remembered_as_one_and_then_as_two(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    merge = ask(session, cast, again, now)
    pair = session.scalars(select(Pair)).one()
    assert (pair.state, pair.decided_by_id) == (PairState.MERGED, cast.cora.id)
    part(session, cast, merge, now)
    session.refresh(pair)
    assert (pair.state, pair.why) == (PairState.DIFFERENT, "They are cousins.")


def test_every_row_that_changed_is_written_down_with_what_it_was(
    session: Session, cast: Cast, again: Person, now: datetime
) -> None:
    ask(session, cast, again, now)
    rows = session.scalars(select(RowChange).where(RowChange.table == "contacts")).all()
    assert [(row.before, row.after) for row in rows] == [
        ({"person_id": again.id}, {"person_id": cast.ada.id})
    ]


def test_two_workers_never_do_the_same_merge(real_db: Db, now: datetime) -> None:
    with real_db.transaction() as session:
        cast = make_cast(session)
        again = twice.lay(session, cast, now)
        merging.ask(session, cast.ada, again, {}, why="Sure", by=alerting.cora(cast), now=now)
    with real_db.transaction() as one, real_db.transaction() as other:
        assert merging.claim(one, MergeState.ASKED) is not None
        assert merging.claim(other, MergeState.ASKED) is None
    with real_db.transaction() as session:
        assert carrying_out.step(session, now)
        assert not carrying_out.step(session, now)
