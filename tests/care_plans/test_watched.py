"""Whether anybody is told when a reading matters (H12)."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.pathways import switches
from care_plans.plan import enrol, watched
from care_plans.plan.watched import NOBODY, Extent
from people import signing_in
from tests.cast import Cast


def test_without_a_plan_nobody_is_watching(session: Session, cast: Cast) -> None:
    found = watched.of(session, [cast.ada.id])[cast.ada.id]
    assert (found.extent, found.words) == (Extent.NONE, f"{NOBODY}: there is no plan in force.")


def test_a_plan_that_nobody_switched_on_is_said_to_watch_nobody(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    off = watched.of(session, [cast.ada.id])[cast.ada.id]
    assert off.extent is Extent.NONE
    assert off.words.startswith(NOBODY)
    assert off.otherwise
    switches.switch_on(session, "copd", by=cast.dev, reason="x", now=now)
    on = watched.of(session, [cast.ada.id])[cast.ada.id]
    assert on.extent is Extent.ALL
    assert NOBODY not in on.words


def test_a_plan_that_is_partly_on_says_so(session: Session, cast: Cast, now: datetime) -> None:
    for pathway in ("copd", "warm_dry_home"):
        enrol.enrol(session, cast.ada, pathway, by=cast.dev, now=now)
    assert watched.of(session, [cast.ada.id])[cast.ada.id].extent is Extent.SOME


def test_those_whom_nobody_watches_are_counted_in_sight_only(
    session: Session, cast: Cast, now: datetime
) -> None:
    cora = signing_in.viewer_of(session, cast.cora, now)
    assert watched.count_unwatched(session, cora, now) == 2
    enrol.enrol(session, cast.ada, "warm_dry_home", by=cast.dev, now=now)
    assert watched.count_unwatched(session, cora, now) == 1
    assert watched.count_unwatched(session, signing_in.viewer_of(session, cast.mallory, now), now) == 0
