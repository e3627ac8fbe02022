"""A part as it would be given to be what it is."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.plan import given
from care_plans.plan.parts import Part
from tests.care_plans.planning import Draft
from tests.cast import Cast


def test_what_a_pathway_lays_is_the_same_after_it_was_given_back(
    session: Session, cast: Cast, now: datetime
) -> None:
    draft = Draft(session, cast, now, "copd", "frailty_falls")
    for part in Part:
        if part is Part.TRIGGERS:
            continue
        for row in draft.rows(part):
            before = given.of(part, row, draft.known)
            draft.change(part, row.key)
            assert given.of(part, row, draft.known) == before, (part, row.key)
