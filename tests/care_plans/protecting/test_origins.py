"""From where a follow-up leads to what asked for it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.protecting import interims, lines, origins, recalls
from care_plans.protecting.origins import From, Origin
from devices import kit_life
from tests.care_plans.protecting import unprotected
from tests.care_plans.protecting.unprotected import HOUR
from tests.cast import Cast
from tests.devices.kit import CORA


def test_each_leads_to_the_register_the_recall_or_the_interim_plan(
    session: Session, cast: Cast, now: datetime
) -> None:
    pendant = unprotected.pendant(session, cast)
    called = kit_life.recall(session, model=pendant.model, reason="May fail", now=now, actor=CORA)
    unprotected.fails(session, pendant, now - HOUR)
    for step in (recalls.step, lines.step, interims.step):
        step(session, now)
    found = origins.of(session, list(session.scalars(select(FollowUp.uuid))))
    assert set(found.values()) == {
        Origin(From.LINE, cast.ada_home.uuid),
        Origin(From.RECALL, called.uuid),
        Origin(From.INTERIM, cast.ada.uuid),
    }


def test_what_nothing_of_it_asked_for_leads_nowhere(session: Session, cast: Cast, now: datetime) -> None:
    row = FollowUp(
        kind=FollowUpKind.CALL, text="Ring", person_id=cast.ada.id, team_id=cast.nurses.id, due_at=now
    )
    session.add(row)
    session.flush()
    assert origins.of(session, [row.uuid]) == {}
