"""What is not shared is neither told nor written over."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.errors import NotAllowed, NotFound
from people import identifiers, unseen, visit_warnings
from people.access import RecordClass
from tests.care_plans import alerting
from tests.cast import Cast
from tests.people.looking import BY, unshare


def test_a_class_that_is_not_shared_is_not_written_over(session: Session, cast: Cast, now: datetime) -> None:
    hana = alerting.hana(cast)
    unseen.refuse(session, hana, cast.ada, RecordClass.CONTACT, now)
    unshare(session, cast.housing.id, RecordClass.CONTACT)
    with pytest.raises(NotAllowed, match="Contact details"):
        unseen.refuse(session, hana, cast.ada, RecordClass.CONTACT, now)


def test_without_contact_details_only_ones_own_numbers_are_told_or_ended(
    session: Session, cast: Cast, now: datetime
) -> None:
    def add(kind: str, value: str, issuer: int) -> Any:
        given = {"kind": kind, "value": value, "issuer_id": issuer}
        return identifiers.add(session, cast.ada, given, actor=BY)

    tenancy, hospital = add("tenancy", "WH/1", cast.housing.id), add("hospital", "H-1", cast.health.id)
    hana = alerting.hana(cast)
    assert identifiers.list_seen(session, hana, cast.ada, now)[1]
    unshare(session, cast.housing.id, RecordClass.CONTACT)
    known, all_shown = identifiers.list_seen(session, hana, cast.ada, now)
    assert ([each.row for each in known], all_shown) == ([tenancy], False)
    assert identifiers.get_seen(session, hana, cast.ada, tenancy.uuid, now) is tenancy
    with pytest.raises(NotFound):
        identifiers.get_seen(session, hana, cast.ada, hospital.uuid, now)


def test_the_evidence_of_a_warning_is_for_those_who_see_notes_and_the_team_that_answers(
    session: Session, cast: Cast, now: datetime
) -> None:
    given = {"words": "Go in pairs", "evidence": "Shouted at", "review_on": (now + timedelta(days=9)).date()}
    theirs = visit_warnings.add(
        session, {**given, "owner_team_id": cast.nurses.id}, by=alerting.dev(cast), now=now, person=cast.ada
    )
    own = visit_warnings.add(
        session, {**given, "owner_team_id": cast.landlord.id}, by=alerting.hana(cast), now=now,
        home=cast.ada_home,
    )  # fmt: skip
    found = visit_warnings.about(session, now, person_id=cast.ada.id)
    shown = visit_warnings.evidence_shown
    assert shown(session, alerting.dev(cast), found, now) == {theirs.id: True, own.id: True}
    assert shown(session, alerting.hana(cast), found, now) == {theirs.id: False, own.id: True}
    with pytest.raises(NotAllowed, match="Community nurses"):
        visit_warnings.get_seen(session, alerting.hana(cast), theirs.uuid, now)
    assert visit_warnings.get_seen(session, alerting.hana(cast), own.uuid, now) is own
