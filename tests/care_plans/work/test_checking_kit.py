from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.own_kit import OwnKitCheck
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.work import checking_kit
from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from core.zones import UK
from devices.own_kit import Own
from people.models.caring import CareTeam
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.devices import kit
from tests.devices.kit import CORA

HOUR = timedelta(hours=1)
CUFF = {"sort": "cuff", "model": "Omron M3", "way": "by_hand"}
RIGHT = {"found": "right", "compared": {"systolic": [142, 138], "diastolic": [84, 82]}}
CANT_TELL = {"found": "cant_tell", "remarks": "Her arm is too sore today."}


@pytest.fixture
def own(session: Session, cast: Cast, now: datetime) -> Own:
    made = checking_kit.add(session, cast.ada, CUFF, zone=UK, actor=CORA, now=now)
    return checking_kit.get(session, made.device)


def record(session: Session, cast: Cast, own: Own, now: datetime, given: dict[str, Any]) -> OwnKitCheck:
    return checking_kit.record(session, own, given, zone=UK, by=viewer_of(session, cast.cora, now), now=now)


def asked(session: Session) -> list[FollowUp]:
    return list(session.scalars(select(FollowUp).order_by(FollowUp.id)))


def test_a_check_is_asked_of_whoever_leads_within_three_working_days(
    session: Session, cast: Cast, own: Own, now: datetime
) -> None:
    [follow_up] = asked(session)
    assert (follow_up.kind, follow_up.team_id) == (FollowUpKind.REVIEW, cast.coordinators.id)
    assert follow_up.person_id == cast.ada.id
    assert "blood pressure cuff (Omron M3), which is their own, against ours" in follow_up.text
    assert now < follow_up.due_at < now + timedelta(days=6)


def test_where_nobody_leads_it_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    for row in session.scalars(select(CareTeam).where(CareTeam.person_id == cast.ada.id)):
        row.lead = False
    session.flush()
    with pytest.raises(Conflict, match="Nobody leads"):
        checking_kit.add(session, cast.ada, CUFF, zone=UK, actor=CORA, now=now)


def test_found_right_it_counts_from_then_on_and_the_follow_up_is_done(
    session: Session, cast: Cast, own: Own, now: datetime
) -> None:
    later = now + HOUR
    row = record(session, cast, own, later, RIGHT)
    assert own.is_checked(later)
    assert not own.is_checked(now)
    assert row.compared == [["systolic", 142.0, 138.0], ["diastolic", 84.0, 82.0]]
    assert checking_kit.said(row)[0] == "Systolic blood pressure: theirs 142 mmHg, ours 138 mmHg"
    assert asked(session)[0].done_at == later
    written = select(JournalEntry.person_id).where(JournalEntry.what == "own kit checked: right")
    assert session.scalars(written).one() == cast.ada.id


def test_it_may_count_from_earlier_but_not_from_before_it_was_added(
    session: Session, cast: Cast, own: Own, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        record(session, cast, own, now + HOUR, {**RIGHT, "counts_from": now - HOUR})
    assert set(refused.value.fields) == {"counts_from"}
    record(session, cast, own, now + HOUR, {**RIGHT, "counts_from": now})
    assert own.is_checked(now)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"found": "right"}, "compared"),
        ({"found": "right", "compared": {"systolic": [142, None]}}, "compared.systolic"),
        ({"found": "right", "compared": {"weight": [80, 81]}}, "compared"),
        ({"found": "not_right"}, "remarks"),
        ({"found": "perhaps"}, "found"),
    ],
)
def test_a_check_says_all_that_it_needs(
    session: Session, cast: Cast, own: Own, now: datetime, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        record(session, cast, own, now, given)
    assert set(refused.value.fields) == {field}


def test_found_not_right_it_counts_no_more_and_is_not_asked_again(
    session: Session, cast: Cast, own: Own, now: datetime
) -> None:
    record(session, cast, own, now, RIGHT)
    record(session, cast, own, now + HOUR, {"found": "not_right", "remarks": "20 above ours."})
    assert own.is_checked(now)
    assert not own.is_checked(now + HOUR)
    assert all(each.done_at for each in asked(session))


def test_where_nobody_can_tell_it_is_to_be_checked_again(
    session: Session, cast: Cast, own: Own, now: datetime
) -> None:
    record(session, cast, own, now, CANT_TELL)
    first, second = asked(session)
    assert first.done_at is not None
    assert second.done_at is None


def test_what_counted_can_be_doubted_again_from_a_time_and_is_checked_again(
    session: Session, cast: Cast, own: Own, now: datetime
) -> None:
    viewer = viewer_of(session, cast.cora, now)
    given = {"why": "She dropped it.", "since": now + HOUR}
    with pytest.raises(Conflict):
        checking_kit.doubt(session, own, {"why": "Old."}, zone=UK, by=viewer, now=now)
    record(session, cast, own, now, RIGHT)
    checking_kit.doubt(session, own, given, zone=UK, by=viewer, now=now + 2 * HOUR)
    assert own.is_checked(now)
    assert not own.is_checked(now + HOUR)
    assert "She dropped it." in asked(session)[-1].text


def test_its_checks_are_listed_the_latest_first(
    session: Session, cast: Cast, own: Own, now: datetime
) -> None:
    record(session, cast, own, now, CANT_TELL)
    latest, first = checking_kit.listing(session, [own.device])
    assert (first.by, latest.by) == ("Cora", None)


def test_other_kit_is_nobodys_own(session: Session) -> None:
    with pytest.raises(NotFound):
        checking_kit.get(session, kit.device(session))
