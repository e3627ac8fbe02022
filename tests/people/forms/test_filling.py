"""Drafts, completed forms, corrections and mistakes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotAllowed
from core.models import JournalEntry
from people.access import RecordClass, Viewer
from people.forms import filling, reading
from people.forms.shape import Form
from people.models.forms import AnsweredBy, AskedBy, FilledForm, FillState
from people.signing_in import viewer_of
from tests.cast import Cast
from tests.people.looking import unshare

ALL_FOUR = {"satisfaction": "7", "worthwhile": 8, "happiness": "6", "anxiety": 2}


@pytest.fixture
def ons4() -> Form:
    return reading.get("ons4")


@pytest.fixture
def cora(session: Session, cast: Cast, now: datetime) -> Viewer:
    return viewer_of(session, cast.cora, now)


def done(
    session: Session, cast: Cast, form: Form, viewer: Viewer, now: datetime, answers: Any = None, **told: Any
) -> FilledForm:
    given = ALL_FOUR if answers is None else answers
    return filling.complete(session, cast.ada, form, given, told, viewer=viewer, now=now)


def test_a_completed_form_stands_with_its_answers_its_scores_and_who_told_them(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    row = done(
        session, cast, ons4, cora, now,
        answered_by="representative", answered_by_name="Beth Marsh", asked_by="telephone",
        answered_at=now - timedelta(days=1),
    )  # fmt: skip
    assert (row.state, row.completed_at) == (FillState.COMPLETE, now)
    assert row.answers == {"satisfaction": 7, "worthwhile": 8, "happiness": 6, "anxiety": 2}
    assert [(each["key"], each["value"], each["band"]) for each in row.scores or ()] == [
        ("satisfaction", 7, "High"),
        ("worthwhile", 8, "High"),
        ("happiness", 6, "Medium"),
        ("anxiety", 2, "Low"),
    ]
    assert (row.answered_by, row.asked_by) == (AnsweredBy.REPRESENTATIVE, AskedBy.TELEPHONE)
    assert (row.staff_id, row.agency_id, row.record_class) == (cast.cora.id, cast.hub.id, ons4.record_class)


def test_a_draft_waits_for_what_is_still_to_be_asked(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    first = filling.save(session, cast.ada, ons4, {"anxiety": "3"}, {}, viewer=cora, now=now)
    assert (first.state, first.answers, first.scores) == (FillState.DRAFT, {"anxiety": 3}, None)
    more = filling.save(
        session, cast.ada, ons4, {"anxiety": 3, "happiness": 5}, {}, viewer=cora, now=now, draft=first
    )
    assert more is first
    whole = filling.complete(session, cast.ada, ons4, ALL_FOUR, {}, viewer=cora, now=now, draft=first)
    assert (whole is first, whole.state) == (True, FillState.COMPLETE)
    for act in (filling.save, filling.complete):
        with pytest.raises(Conflict):
            act(session, cast.ada, ons4, ALL_FOUR, {}, viewer=cora, now=now, draft=first)


def test_a_correction_takes_the_place_of_what_it_corrects_and_both_stay(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    first = done(session, cast, ons4, cora, now)
    right = filling.correct(
        session, cast.ada, first, ons4, {**ALL_FOUR, "anxiety": 9}, {}, viewer=cora, now=now
    )
    assert (first.superseded_at, first.answers["anxiety"]) == (now, 2)
    assert (right.supersedes_id, right.answers["anxiety"], right.superseded_at) == (first.id, 9, None)
    with pytest.raises(Conflict, match="corrected"):
        filling.correct(session, cast.ada, first, ons4, ALL_FOUR, {}, viewer=cora, now=now)


def test_two_corrections_at_the_same_moment_are_told_apart_by_the_database(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    first = done(session, cast, ons4, cora, now)
    filling.correct(session, cast.ada, first, ons4, ALL_FOUR, {}, viewer=cora, now=now)
    first.superseded_at = None  # as somebody else's session still sees it
    with pytest.raises(Conflict, match="same moment"):
        filling.correct(session, cast.ada, first, ons4, ALL_FOUR, {}, viewer=cora, now=now)


def test_what_was_entered_in_error_stays_with_its_reason(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    row = done(session, cast, ons4, cora, now)
    with pytest.raises(Invalid) as refused:
        filling.mark_mistaken(session, row, {"mistake": " "}, viewer=cora, now=now)
    assert list(refused.value.fields) == ["mistake"]
    filling.mark_mistaken(session, row, {"mistake": "It was Ben who said so."}, viewer=cora, now=now)
    assert (row.mistaken_at, row.mistake) == (now, "It was Ben who said so.")
    for act in (
        lambda: filling.mark_mistaken(session, row, {"mistake": "Again"}, viewer=cora, now=now),
        lambda: filling.correct(session, cast.ada, row, ons4, ALL_FOUR, {}, viewer=cora, now=now),
        lambda: filling.throw_away(session, row, viewer=cora, now=now),
    ):
        with pytest.raises(Conflict):
            act()


def test_a_draft_can_be_thrown_away_and_is_neither_corrected_nor_mistaken(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    draft = filling.save(session, cast.ada, ons4, {}, {}, viewer=cora, now=now)
    with pytest.raises(Conflict, match="draft"):
        filling.mark_mistaken(session, draft, {"mistake": "No"}, viewer=cora, now=now)
    filling.throw_away(session, draft, viewer=cora, now=now)
    assert draft.deleted_at == now
    with pytest.raises(Conflict, match="thrown away"):
        filling.save(session, cast.ada, ons4, {}, {}, viewer=cora, now=now, draft=draft)


def test_all_that_is_wrong_is_said_at_once(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    told = {"answered_by": "carer", "asked_by": "pigeon", "answered_at": now + timedelta(hours=1)}
    with pytest.raises(Invalid) as refused:
        done(session, cast, ons4, cora, now, {"anxiety": 11, "shoes": 1}, **told)
    assert set(refused.value.fields) == {"answers.anxiety", "answers.shoes", "asked_by", "answered_at"}
    with pytest.raises(Invalid) as refused:
        done(session, cast, ons4, cora, now, answered_by="carer")
    assert list(refused.value.fields) == ["answered_by_name"]


def test_a_form_without_any_answer_is_not_completed(
    session: Session, cast: Cast, ons4: Form, cora: Viewer, now: datetime
) -> None:
    with pytest.raises(Invalid, match="Nothing is answered"):
        done(session, cast, ons4, cora, now, {"anxiety": ""})


def test_every_change_is_written_down_without_what_was_answered(
    session: Session, cast: Cast, cora: Viewer, now: datetime
) -> None:
    form = reading.get("what_matters")
    draft = filling.save(session, cast.ada, form, {"also": "A secret"}, {}, viewer=cora, now=now)
    filling.complete(session, cast.ada, form, {"also": "A secret"}, {}, viewer=cora, now=now, draft=draft)
    rows = session.scalars(select(JournalEntry).where(JournalEntry.subject == "form")).all()
    assert [(row.what, row.by, row.person_id) for row in rows] == [
        ("saved a draft of", "Cora", cast.ada.id),
        ("completed", "Cora", cast.ada.id),
    ]
    assert "secret" not in str([row.details for row in rows])


@pytest.mark.parametrize("asked_by", sorted(set(AskedBy) - {AskedBy.OWN_PAGE}))
@pytest.mark.parametrize("code", sorted(reading.in_use()))
def test_every_form_can_be_answered_by_paper_and_telephone_as_well(code: str, asked_by: AskedBy) -> None:
    assert filling.READERS["asked_by"](asked_by.value) is asked_by
    assert reading.get(code).questions


def test_what_becomes_about_me_is_written_by_who_sees_about_me(
    session: Session, cast: Cast, cora: Viewer, ons4: Form, now: datetime
) -> None:
    form, said = reading.get("what_matters"), {"also": "I sing."}
    begun = filling.save(session, cast.ada, form, said, {}, viewer=cora, now=now)
    whole = done(session, cast, form, cora, now, said)
    unshare(session, cast.hub.id, RecordClass.CONTACT)
    for act in (
        lambda: filling.save(session, cast.ada, form, said, {}, viewer=cora, now=now),
        lambda: filling.complete(session, cast.ada, form, said, {}, viewer=cora, now=now, draft=begun),
        lambda: filling.correct(session, cast.ada, whole, form, said, {}, viewer=cora, now=now),
    ):
        with pytest.raises(NotAllowed, match="Contact details"):
            act()
    assert done(session, cast, ons4, cora, now).state is FillState.COMPLETE
