from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.messages.outbox import Recipient
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.referral_states import ReferralKind, ReferralState
from care_plans.referrals import answering, leading, relationships
from care_plans.work import follow_ups
from core.errors import Conflict
from people import care_teams, visible
from people.visible import actor
from tests.care_plans.alerting import raised
from tests.care_plans.referrals.referring import HOUR, send, viewer
from tests.cast import Cast


def todo(session: Session, cast: Cast, now: datetime, text: str) -> FollowUp:
    return follow_ups.make(
        session, kind=FollowUpKind.CALL, text=text, team_id=cast.coordinators.id, due_at=now + HOUR,
        now=now, person_id=cast.ada.id,
    )  # fmt: skip


def transfer(session: Session, cast: Cast, now: datetime, **more: object) -> object:
    return send(
        session, cast, now, by=cast.cora, team=cast.coordinators, to=cast.social_workers,
        kind=ReferralKind.TRANSFER, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_lead_moves_on_acceptance_and_not_before(session: Session, cast: Cast, now: datetime) -> None:
    row = transfer(session, cast, now)
    before = care_teams.leading(session, cast.ada.id, now)
    assert before is not None
    assert before.id == cast.coordinators.id
    answering.accept(session, row, by=viewer(session, cast.sol, now), now=now + HOUR)  # type: ignore[arg-type]
    after = care_teams.leading(session, cast.ada.id, now + HOUR)
    assert after is not None
    assert after.id == cast.social_workers.id
    assert row.state is ReferralState.DONE  # type: ignore[attr-defined]
    assert care_teams.find(session, cast.ada.id, cast.coordinators.id, now + HOUR) is not None


def test_open_work_is_handed_over_or_kept_one_by_one(session: Session, cast: Cast, now: datetime) -> None:
    kept, given = todo(session, cast, now, "Ring Beth"), todo(session, cast, now, "Order the rail")
    alert = alerts.raise_(session, raised(cast, now), now)
    alerts.assign(
        session,
        alert,
        to=Recipient(team_id=cast.coordinators.id),
        by=viewer(session, cast.cora, now),
        now=now,
    )
    listed = leading.list_open_work(session, cast.ada.id, cast.coordinators.id, now)
    assert {one.uuid for one in listed} == {kept.uuid, given.uuid, alert.uuid}
    row = transfer(session, cast, now, kept=(str(kept.uuid),))
    answering.accept(session, row, by=viewer(session, cast.sol, now), now=now + HOUR)  # type: ignore[arg-type]
    assert (kept.team_id, given.team_id) == (cast.coordinators.id, cast.social_workers.id)
    session.refresh(alert)
    assert alert.owner_team_id == cast.social_workers.id


def test_a_team_that_leaves_keeps_no_work_and_reads_only_what_it_saw(
    session: Session, cast: Cast, now: datetime
) -> None:
    own = todo(session, cast, now, "Ring Beth")
    row = transfer(session, cast, now, leaves=True, kept=(str(own.uuid),))
    answering.accept(session, row, by=viewer(session, cast.sol, now), now=now + HOUR)  # type: ignore[arg-type]
    assert own.team_id == cast.social_workers.id
    cora = viewer(session, cast.cora, now)
    assert visible.find_person(session, cora, cast.ada.uuid, now + HOUR) is None
    summary = relationships.find_summary(session, row, cora.team_ids)  # type: ignore[arg-type]
    assert summary is not None
    assert "Ring Beth" in str(summary.document)


def test_asking_for_the_lead_moves_it_when_the_leading_team_agrees(
    session: Session, cast: Cast, now: datetime
) -> None:
    own = todo(session, cast, now, "Ring Beth")
    row = send(session, cast, now, kind=ReferralKind.TRANSFER_REQUEST, to=cast.coordinators)
    cora = viewer(session, cast.cora, now)
    answering.accept(session, row, by=cora, now=now + HOUR, kept=(str(own.uuid),), leaves=False)
    lead = care_teams.leading(session, cast.ada.id, now + HOUR)
    assert lead is not None
    assert (lead.id, own.team_id) == (cast.nurses.id, cast.coordinators.id)


def test_a_lead_that_has_moved_meanwhile_is_not_moved_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = transfer(session, cast, now)
    care_teams.hand_lead(
        session, cast.ada, cast.nurses, leaves=None, reason="Meanwhile",
        actor=actor(viewer(session, cast.dev, now)), now=now,
    )  # fmt: skip
    with pytest.raises(Conflict, match="Community nurses leads by now"):
        answering.accept(session, row, by=viewer(session, cast.sol, now), now=now + HOUR)  # type: ignore[arg-type]
