"""Who sees how much of what was filled in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.journal import Actor
from people import choices
from people.access import Extent
from people.forms import filled, filling, reading
from people.models.agencies import Staff
from people.models.forms import FilledForm
from people.signing_in import viewer_of
from tests.cast import Cast

SOMETHING = {
    "ons4": {"anxiety": 8},
    "home_warmth": {"heating": "no"},
    "what_matters": {"most_important": "My own front door."},
}
Fill = Callable[..., FilledForm]


@pytest.fixture
def fill(session: Session, cast: Cast, now: datetime) -> Fill:
    """Ada's answers to a form, written down by somebody."""

    def act(code: str, staff: Staff = cast.cora, at: datetime = now) -> FilledForm:
        viewer = viewer_of(session, staff, now)
        form, told = reading.get(code), {"answered_at": at}
        return filling.complete(session, cast.ada, form, SOMETHING[code], told, viewer=viewer, now=now)

    return act


def seen(session: Session, cast: Cast, staff: Staff, now: datetime) -> tuple[dict[str, Extent], bool]:
    found = filled.shown(session, viewer_of(session, staff, now), cast.ada, now)
    return {each.row.form_code: each.extent for each in found.items}, found.others


def test_each_agency_sees_what_its_basis_gives_and_no_more(
    session: Session, cast: Cast, now: datetime, fill: Fill
) -> None:
    for code in SOMETHING:
        fill(code)
    full = dict.fromkeys(SOMETHING, Extent.FULL)
    assert seen(session, cast, cast.cora, now) == (full, False)
    assert seen(session, cast, cast.dev, now) == (full, False)
    housing, others = seen(session, cast, cast.hana, now)
    assert housing == {"home_warmth": Extent.FULL, "what_matters": Extent.CATEGORY}
    assert others  # that there is something else, and not what


def test_whoever_filled_it_in_sees_what_they_wrote(
    session: Session, cast: Cast, now: datetime, fill: Fill
) -> None:
    row = fill("ons4", cast.hana)
    assert seen(session, cast, cast.hana, now) == ({"ons4": Extent.FULL}, False)
    assert filled.get(session, viewer_of(session, cast.hana, now), cast.ada, row.uuid, now).by == "Hana"


def test_what_is_seen_less_of_is_not_found_or_only_by_its_sort(
    session: Session, cast: Cast, now: datetime, fill: Fill
) -> None:
    hana = viewer_of(session, cast.hana, now)
    mind, plan = fill("ons4"), fill("what_matters")
    with pytest.raises(NotFound):
        filled.get(session, hana, cast.ada, mind.uuid, now)
    assert filled.get(session, hana, cast.ada, plan.uuid, now).extent is Extent.CATEGORY
    with pytest.raises(NotFound):
        filled.get_whole(session, hana, cast.ada, plan.uuid, now)
    with pytest.raises(NotFound):
        filled.get(session, viewer_of(session, cast.cora, now), cast.ben, plan.uuid, now)


def test_what_the_person_dissents_from_is_seen_less_at_once(
    session: Session, cast: Cast, now: datetime, fill: Fill
) -> None:
    fill("ons4")
    said = {
        "decision": "dissent",
        "record_class": "mental_health",
        "said_by": "Ada",
        "evidence": "On the phone.",
    }
    choices.choose(session, cast.ada, cast.health, said, by=cast.cora, actor=Actor("test"), now=now)
    assert seen(session, cast, cast.dev, now) == ({}, True)


def test_the_latest_comes_first_and_drafts_and_mistakes_are_for_those_who_see_all(
    session: Session, cast: Cast, now: datetime, fill: Fill
) -> None:
    old, new = fill("what_matters", at=now - timedelta(days=2)), fill("what_matters")
    cora = viewer_of(session, cast.cora, now)
    draft = filling.save(session, cast.ada, reading.get("what_matters"), {}, {}, viewer=cora, now=now)
    filling.mark_mistaken(session, old, {"mistake": "Not Ada's."}, viewer=cora, now=now)
    found = filled.shown(session, cora, cast.ada, now).items
    assert [each.row.id for each in found] == [draft.id, new.id, old.id]
    assert [each.stands for each in found] == [False, True, False]
    hanas = filled.shown(session, viewer_of(session, cast.hana, now), cast.ada, now).items
    assert [each.row.id for each in hanas] == [new.id]


def test_a_correction_and_what_it_corrects_know_each_other(
    session: Session, cast: Cast, now: datetime, fill: Fill
) -> None:
    first, cora = fill("ons4"), viewer_of(session, cast.cora, now)
    right = filling.correct(
        session, cast.ada, first, reading.get("ons4"), {"anxiety": 1}, {}, viewer=cora, now=now
    )
    assert filled.find_after(session, first) == right.uuid
    assert filled.find_before(session, right) == first.uuid
    assert filled.find_after(session, right) is None
