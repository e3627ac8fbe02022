"""Clinical rules off until somebody takes responsibility."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.evaluating import unread
from care_plans.models.plans import PathwaySwitch
from care_plans.pathways import reading, switches
from care_plans.plan import enrol
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.models import JournalEntry
from devices import subjects
from tests.cast import Cast


def test_a_named_clinician_switches_them_on_on_the_record(
    session: Session, cast: Cast, now: datetime
) -> None:
    switches.switch_on(session, "copd", by=cast.dev, reason="Agreed at the clinical board", now=now)
    switch = switches.find(session, "copd")
    assert switch is not None
    assert (switch.on_by_id, switch.on_at, switch.on_reason) == (
        cast.dev.id,
        now,
        "Agreed at the clinical board",
    )
    entry = session.query(JournalEntry).filter_by(what="switched on").one()
    assert (entry.by, entry.details["pathway"]) == ("Dev", "copd")


def test_nobody_but_a_clinician_can(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        switches.switch_on(session, "copd", by=cast.cora, reason="x", now=now)


def test_it_asks_for_a_reason_and_not_twice(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        switches.switch_on(session, "copd", by=cast.dev, reason=" ", now=now)
    switches.switch_on(session, "copd", by=cast.dev, reason="x", now=now)
    with pytest.raises(Conflict):
        switches.switch_on(session, "copd", by=cast.dev, reason="x", now=now)


def test_switching_off_keeps_who_had_switched_on_and_wakes_everybody_on_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    switches.switch_on(session, "copd", by=cast.dev, reason="x", now=now)
    unread.claim(session, 10)
    switches.switch_off(session, "copd", by=cast.dev, reason="Under review", now=now)
    assert switches.find(session, "copd") is None
    assert unread.claim(session, 10) == [subjects.person(cast.ada.id)]
    with pytest.raises(NotFound):
        switches.switch_off(session, "copd", by=cast.dev, reason="again", now=now)


def test_a_newer_version_asks_for_responsibility_anew_and_the_older_stays_on_the_record(
    session: Session, cast: Cast, now: datetime
) -> None:
    newest = reading.get("copd").version
    older = PathwaySwitch(
        pathway="copd", pathway_version=newest - 1, on_at=now, on_by_id=cast.dev.id, on_reason="Before"
    )
    session.add(older)
    session.flush()
    switch = switches.switch_on(session, "copd", by=cast.dev, reason="Read the new version", now=now)
    assert switch.pathway_version == newest
    assert (older.off_at, older.off_by_id) == (now, cast.dev.id)
    assert switches.find(session, "copd") is switch
