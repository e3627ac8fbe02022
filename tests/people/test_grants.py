from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.journal import Actor
from people import grants, sharing
from people.access import Extent, RecordClass
from tests.cast import Cast

BY = Actor("a test")
DISSENT = {"decision": "dissent", "said_by": "Ada herself", "evidence": "Told Sol at the kitchen table"}


def test_a_basis_that_is_set_takes_the_place_of_the_one_before(
    session: Session, cast: Cast, now: datetime
) -> None:
    given = {
        "purpose": "care", "record_class": "vitals", "extent": "category", "lawful_basis": "public_task",
        "agreement": "Westmere sharing agreement 2026, part 3",
    }  # fmt: skip
    row = grants.set_(session, cast.housing, given, by=cast.hana, actor=BY, now=now)
    assert sharing.team_sees(session, cast.landlord, cast.ada.id, now)[RecordClass.VITALS] is Extent.CATEGORY
    grants.end(session, row, reason="It ran out", actor=BY, now=now + timedelta(minutes=1))
    later = now + timedelta(minutes=2)
    assert sharing.team_sees(session, cast.landlord, cast.ada.id, later)[RecordClass.VITALS] is Extent.CHECK


@pytest.mark.parametrize("purpose", ["arrears", "occupancy", "tenancy_enforcement"])
def test_home_records_are_never_for_arrears_occupancy_or_enforcement(
    session: Session, cast: Cast, now: datetime, purpose: str
) -> None:
    given = {
        "purpose": purpose, "record_class": "home_environment", "extent": "full",
        "lawful_basis": "legitimate_interests", "agreement": "Asked for by the income team",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        grants.set_(session, cast.housing, given, by=cast.hana, actor=BY, now=now)
    assert set(refused.value.fields) == {"purpose"}
