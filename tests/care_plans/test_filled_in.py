"""What filled forms do beyond themselves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.plan import filled_in
from core.errors import Conflict
from devices import kinds, subjects
from devices.measurement import Flags
from devices.models import Reading, Series, Unread
from people import about_me
from people.forms import reading
from people.models.forms import FilledForm
from people.signing_in import viewer_of
from tests.cast import Cast

ALL_FOUR = {"satisfaction": 7, "worthwhile": 8, "happiness": 6, "anxiety": 2}
IN_ERROR = int(Flags.ENTERED_IN_ERROR)


def fill(
    session: Session, cast: Cast, now: datetime, code: str = "ons4", given: Any = None, **told: Any
) -> FilledForm:
    form, viewer = reading.get(code), viewer_of(session, cast.cora, now)
    return filled_in.complete(session, cast.ada, form, given or ALL_FOUR, told, viewer=viewer, now=now)


def stored(session: Session, kind: str) -> list[tuple[float, int]]:
    """Value and flags of Ada's readings of a kind, the earliest first."""
    query = (
        select(Reading.value, Reading.flags)
        .join(Series, Series.id == Reading.series_id)
        .where(Series.kind == kind)
        .order_by(Reading.measured_at)
    )
    return [(value, flags) for value, flags in session.execute(query)]


def test_every_kind_that_a_form_feeds_is_in_the_catalogue_with_the_scores_own_limits() -> None:
    fed = 0
    for form in reading.in_use().values():
        for score in form.scores:
            if score.reading is None:
                continue
            kind = kinds.get(score.reading)
            assert kind.absolute == (score.lowest, score.highest), score.reading
            assert kind.record_class is form.record_class, score.reading
            fed += 1
    assert fed == 7


def test_each_score_becomes_a_reading_and_wakes_whoever_judges(
    session: Session, cast: Cast, now: datetime
) -> None:
    fill(session, cast, now)
    said = int(Flags.SELF_REPORTED)
    assert stored(session, "wellbeing_satisfaction") == [(7, said)]
    assert stored(session, "wellbeing_anxiety") == [(2, said)]
    assert set(session.scalars(select(Unread.subject))) == {subjects.person(cast.ada.id).number}


def test_what_staff_found_is_a_reading_of_staff(session: Session, cast: Cast, now: datetime) -> None:
    fill(session, cast, now, "breathlessness_grade", {"grade": "g4"}, answered_by="staff")
    assert stored(session, "breathlessness") == [(4, int(Flags.STAFF))]


def test_an_answer_that_is_missing_makes_no_reading(session: Session, cast: Cast, now: datetime) -> None:
    fill(session, cast, now, given={"satisfaction": 7})
    fill(session, cast, now, "carer_check", {"sleep": "often"})
    assert stored(session, "wellbeing_satisfaction") != []
    assert stored(session, "wellbeing_anxiety") == []
    assert stored(session, "carer_strain") == []


def test_a_correction_takes_the_old_reading_back_and_puts_the_right_one_beside_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    first, cora = fill(session, cast, now), viewer_of(session, cast.cora, now)
    right = filled_in.correct(
        session, cast.ada, first, ALL_FOUR | {"anxiety": 9}, {"answered_at": first.answered_at},
        viewer=cora, now=now + timedelta(minutes=1),
    )  # fmt: skip
    told = int(Flags.SELF_REPORTED)
    assert stored(session, "wellbeing_anxiety") == [(2, told | IN_ERROR), (9, told)]
    filled_in.correct(
        session, cast.ada, right, {"anxiety": 8}, {"answered_at": first.answered_at},
        viewer=cora, now=now + timedelta(minutes=2),
    )  # fmt: skip
    assert stored(session, "wellbeing_anxiety") == [
        (2, told | IN_ERROR), (9, told | IN_ERROR), (8, told),
    ]  # fmt: skip
    assert stored(session, "wellbeing_happiness")[-1] == (6, told | IN_ERROR)


def test_what_is_filled_in_again_after_a_mistake_counts_though_it_is_the_same_moment_and_value(
    session: Session, cast: Cast, now: datetime
) -> None:
    first, cora = fill(session, cast, now), viewer_of(session, cast.cora, now)
    filled_in.mark_mistaken(session, first, {"mistake": "Ben's."}, viewer=cora, now=now)
    told = int(Flags.SELF_REPORTED)
    assert stored(session, "wellbeing_anxiety") == [(2, told | IN_ERROR)]
    later = now + timedelta(minutes=3)
    fill(session, cast, later, answered_at=first.answered_at)
    assert stored(session, "wellbeing_anxiety") == [(2, told | IN_ERROR), (2, told)]


def test_a_value_that_somebody_typed_in_for_that_very_moment_is_not_passed_over(
    session: Session, cast: Cast, now: datetime
) -> None:
    cora = viewer_of(session, cast.cora, now)
    filled_in.entry.enter(
        session, person_id=cast.ada.id, kind="breathlessness", value=2, at=now,
        source=filled_in.Source.STAFF, now=now, actor=filled_in.filling.actor(cora),
    )  # fmt: skip
    with pytest.raises(Conflict) as refused:
        fill(session, cast, now, "breathlessness_grade", {"grade": "g4"})
    assert list(refused.value.fields) == ["answered_at"]


def test_an_old_paper_form_stands_though_readings_are_not_kept_that_long(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = fill(session, cast, now, answered_at=now - timedelta(days=800))
    assert row.scores is not None
    assert stored(session, "wellbeing_anxiety") == []
    filled_in.mark_mistaken(
        session, row, {"mistake": "Too old."}, viewer=viewer_of(session, cast.cora, now), now=now
    )


def test_what_matters_becomes_about_me_and_what_was_not_asked_stays(
    session: Session, cast: Cast, now: datetime
) -> None:
    fill(session, cast, now, "what_matters", {"do_dont": "Ring twice."})
    said = about_me.find(session, cast.ada)
    assert said is not None
    assert said.please_do_and_dont == "Ring twice."
    assert said.most_important == "My Thursday lunch club and my own front door."
