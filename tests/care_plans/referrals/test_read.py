from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.referral_states import DeclineReason, ReferralState, Result, Urgency
from care_plans.referrals import answering, read
from care_plans.referrals.moves import Move
from care_plans.referrals.read import Box, Wanted
from core.errors import NotFound
from people.access import RecordClass
from tests.care_plans.referrals.referring import HOUR, send, viewer
from tests.cast import Cast


def test_both_sides_see_it_and_a_stranger_does_not(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now)
    for staff in (cast.dev, cast.vi):
        assert read.get(session, viewer(session, staff, now), row.uuid, now) is row
    with pytest.raises(NotFound):
        read.get(session, viewer(session, cast.mallory, now), row.uuid, now)


def test_who_cares_for_the_person_sees_it_as_far_as_they_see_the_plan(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now, reason="Bruises on her arm", includes=frozenset({RecordClass.PLAN}))
    sol = read.whole(session, viewer(session, cast.sol, now), row, now)
    assert (sol.line.words, sol.party, sol.shared, sol.allowed) == (
        "Bruises on her arm",
        False,
        (),
        frozenset(),
    )
    hana = read.whole(session, viewer(session, cast.hana, now), row, now)
    assert "Bruises" not in str(hana)
    assert hana.line.words == "Something is asked for them; what, is not shared."


def test_a_list_stands_nearest_clock_first(session: Session, cast: Cast, now: datetime) -> None:
    routine = send(session, cast, now, reason="Later")
    urgent = send(session, cast, now, reason="Soon", urgency=Urgency.URGENT)
    found = read.list_lines(session, viewer(session, cast.dev, now), Wanted(Box.OUT), now)
    assert [line.row.id for line in found] == [urgent.id, routine.id]


def test_it_moves_from_in_and_out_to_done_when_each_side_is_through(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, vi, dev = send(session, cast, now), viewer(session, cast.vi, now), viewer(session, cast.dev, now)

    def boxes(who: object) -> list[int]:
        return [read.count(session, who, Wanted(box), now) for box in (Box.IN, Box.OUT, Box.DONE)]  # type: ignore[arg-type]

    assert (boxes(vi), boxes(dev)) == ([1, 0, 0], [0, 1, 0])
    answering.accept(session, row, by=vi, now=now)
    answering.finish(session, row, result=Result.HELPED, note="Done", by=vi, now=now)
    assert (boxes(vi), boxes(dev)) == ([0, 0, 1], [0, 1, 0])
    answering.review(session, row, by=dev, now=now)
    assert (boxes(vi), boxes(dev)) == ([0, 0, 1], [0, 0, 1])


def test_a_landlord_keeps_it_in_until_it_is_judged(session: Session, cast: Cast, now: datetime) -> None:
    row, hana = send(session, cast, now, to=cast.landlord, about_home=True), viewer(session, cast.hana, now)
    answering.decline(session, row, reason=DeclineReason.NOT_OURS, words="No", by=hana, now=now)
    assert read.count(session, hana, Wanted(Box.IN), now) == 1


def test_a_referral_whole_says_what_this_viewer_may_do(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now, background="She is afraid of dogs.")
    vi = read.whole(session, viewer(session, cast.vi, now), row, now)
    assert vi.allowed == {Move.ACCEPT, Move.DECLINE, Move.DELIVER}
    assert vi.background == "She is afraid of dogs."
    assert not vi.opens
    dev = read.whole(session, viewer(session, cast.dev, now), row, now)
    assert dev.allowed == {Move.REVOKE}
    assert dev.opens


def test_listing_filters_by_person_and_state(session: Session, cast: Cast, now: datetime) -> None:
    send(session, cast, now)
    dev = viewer(session, cast.dev, now)
    for wanted, number in (
        (Wanted(person_id=cast.ada.id), 1),
        (Wanted(person_id=cast.ben.id), 0),
        (Wanted(state=ReferralState.SENT), 1),
        (Wanted(state=ReferralState.DONE), 0),
    ):
        assert len(session.scalars(read.listing(dev, wanted, now + HOUR)).all()) == number
