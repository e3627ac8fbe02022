"""What stands in somebody's calendar, and what never does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care_plans.calendars import entries
from care_plans.models.rotas import TeamRota
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from people import signing_in
from people.access import Viewer
from people.models.agencies import Role, Staff
from tests.care_plans.alerting import dev
from tests.care_plans.rotas.test_rotas import HOUR, cover, layer, set_rota
from tests.cast import Cast

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def follow_up(session: Session, cast: Cast, now: datetime, **more: Any) -> FollowUp:
    told: dict[str, Any] = {
        "kind": FollowUpKind.CALL, "text": "Ask Ada about her new tablets", "person_id": cast.ada.id,
        "team_id": cast.nurses.id, "staff_id": cast.dev.id, "due_at": now + DAY,
    }  # fmt: skip
    row = FollowUp(**told | more)
    session.add(row)
    session.flush()
    return row


def titles(session: Session, viewer: Viewer, now: datetime) -> list[str]:
    return [each.title for each in entries.list_own(session, viewer, now)]


def viewer_of(session: Session, who: Staff, now: datetime) -> Viewer:
    session.flush()
    return signing_in.viewer_of(session, who, now)


def test_a_follow_up_says_its_kind_initials_and_area_and_nothing_else(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = follow_up(session, cast, now)
    [one] = entries.list_own(session, dev(cast), now)
    assert (one.uid, one.title, one.words) == (
        f"{row.uuid}@hearthline", "Call for A.M., Westmere", "Open Hearthline to see it.",
    )  # fmt: skip
    assert (one.start, one.end) == (row.due_at - entries.POINT, row.due_at)
    assert (one.version, one.changed_at) == (row.version, row.changed_at)


@pytest.mark.parametrize(("hours", "from_then"), [(2, True), (24, True), (25, False)])
def test_a_window_of_a_day_at_most_is_the_entry(
    session: Session, cast: Cast, now: datetime, hours: int, from_then: bool
) -> None:
    row = follow_up(session, cast, now, opens_at=now + DAY - hours * HOUR)
    [one] = entries.list_own(session, dev(cast), now)
    assert one.start == (row.opens_at if from_then else row.due_at - entries.POINT)


@pytest.mark.parametrize(
    "more",
    [
        {"restricted": True},
        {"staff_id": None},
        {"due_at": timedelta(weeks=8)},
        {"due_at": timedelta(days=-8)},
        {"done_at": timedelta(), "outcome": FollowUpOutcome.DONE},
    ],
)
def test_what_is_restricted_nobodys_far_off_or_done_is_not_in_it(
    session: Session, cast: Cast, now: datetime, more: dict[str, Any]
) -> None:
    moments = {key: now + each for key, each in more.items() if isinstance(each, timedelta)}
    follow_up(session, cast, now, **more | moments)
    assert titles(session, dev(cast), now) == []


def test_what_somebody_may_no_longer_see_is_not_in_it(session: Session, cast: Cast, now: datetime) -> None:
    follow_up(session, cast, now, staff_id=cast.mallory.id)
    assert titles(session, viewer_of(session, cast.mallory, now), now) == []
    follow_up(session, cast, now)
    cast.dev.role = Role.COMMISSIONER
    assert titles(session, viewer_of(session, cast.dev, now), now) == []


def test_what_is_about_a_home_names_its_area_alone(session: Session, cast: Cast, now: datetime) -> None:
    follow_up(session, cast, now, person_id=None, home_id=cast.ada_home.id, kind=FollowUpKind.REPAIR)
    assert titles(session, dev(cast), now) == ["Repair for a home, Westmere"]


def test_duty_is_by_the_rota_with_covers_merged_and_keeps_its_id_while_it_begins_the_same(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_rota(session, cast, now, layer(cast.dev, turn_days=1, hours=[{"from": "08:00", "to": "20:00"}]))
    before = entries.list_own(session, dev(cast), now)
    assert {each.title for each in before} == {"On duty: Community nurses"}
    assert all("may be hours old" in each.words and each.busy for each in before)
    day = next(each for each in before if each.start > now + DAY)
    cover(session, cast, now, starts_at=day.end, ends_at=day.end + 2 * HOUR)
    after = entries.list_own(session, dev(cast), now)
    longer = next(each for each in after if each.uid == day.uid)
    assert (longer.start, longer.end) == (day.start, day.end + 2 * HOUR)
    assert len(after) == len(before)
    assert min(each.end for each in after) > now - WEEK
    assert max(each.start for each in after) < now + 8 * WEEK


def test_within_a_week_nothing_of_it_changes_by_itself(session: Session, cast: Cast, now: datetime) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    monday = now + (8 - now.isoweekday()) * DAY
    always, later = (entries.list_own(session, dev(cast), at) for at in (monday, monday + 6 * DAY))
    assert always == later
    assert len(always) == 1


def test_somebody_elses_duty_is_not_in_ones_own_and_is_by_initials_in_the_teams(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    other = Staff(agency_id=cast.health.id, name="Ravi Shah", email="r@westmere.example", role=Role.CLINICIAN)
    session.add(other)
    session.flush()
    viewer = Viewer(
        staff_id=other.id, staff_uuid=other.uuid, name=other.name, agency_id=other.agency_id,
        role="clinician", team_ids=frozenset({cast.nurses.id}),
    )  # fmt: skip
    follow_up(session, cast, now)
    assert titles(session, viewer, now) == []
    assert [each.title for each in entries.list_of_teams(session, viewer, now)] == [
        "D. on duty, Community nurses"
    ]
    assert entries.list_of_teams(session, viewer_of(session, cast.mallory, now), now) == []


def test_a_rota_that_cannot_be_read_is_left_out_and_the_rest_is_there(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    row = session.query(TeamRota).one()
    row.layers = [{"name": "Broken"}]
    follow_up(session, cast, now)
    assert titles(session, dev(cast), now) == ["Call for A.M., Westmere"]
