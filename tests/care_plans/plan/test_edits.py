"""Who changed what in a draft."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.plan import edits
from care_plans.plan.parts import Part
from core.errors import Conflict
from tests.care_plans.planning import Draft
from tests.cast import Cast


def test_the_second_of_two_is_told_who_changed_what(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now)
    seen = draft.version.version
    edits.refuse_if_changed(session, draft.version, cast.ada, seen)
    draft.add(Part.STRENGTHS, by=cast.sol, text="Cooks")
    with pytest.raises(Conflict, match="Sol added: strength “Cooks”") as refused:
        edits.refuse_if_changed(session, draft.version, cast.ada, seen)
    assert "What you typed is still here" in str(refused.value)
    edits.refuse_if_changed(session, draft.version, cast.ada, draft.version.version)
    edits.refuse_if_changed(session, draft.version, cast.ada, None)
    assert [edit.by for edit in edits.since(session, draft.version, cast.ada, seen)] == ["Sol"]


def test_a_draft_that_is_gone_is_said(session: Session, cast: Cast) -> None:
    edits.refuse_if_changed(session, None, cast.ada, 0)
    with pytest.raises(Conflict, match="published or thrown away"):
        edits.refuse_if_changed(session, None, cast.ada, 3)


def test_a_change_makes_the_draft_another_one(session: Session, cast: Cast, now: datetime) -> None:
    draft = Draft(session, cast, now)
    before = draft.version.version
    edits.change(session, draft.version, cast.ada, "changed", cast.dev, {"title": "x"})
    assert draft.version.version == before + 1
    edits.note(session, draft.version, cast.ada, "looked over", cast.dev)
    assert draft.version.version == before + 1
