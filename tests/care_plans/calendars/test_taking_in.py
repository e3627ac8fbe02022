"""A calendar file becomes covers of a rota: shown first, made together, and never twice."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.calendars import lines, taking_in
from care_plans.calendars.lines import Covered
from care_plans.models.rotas import RotaCover
from care_plans.rotas import rotas
from core.errors import Conflict, Invalid
from core.models import JournalEntry
from people import teams
from people.visible import actor
from tests.care_plans.alerting import cora, dev
from tests.care_plans.calendars.test_reading import file
from tests.care_plans.rotas.test_rotas import HOUR, cover, layer, set_rota
from tests.cast import Cast

NIGHTS = (
    ("DTSTART:20261123T200000", "DURATION:PT12H", "SUMMARY:Dev"),
    ("DTSTART:20261124T200000", "DURATION:PT12H", "ATTENDEE:mailto:DEV@westmere.example"),
    ("DTSTART:20261125T200000", "DURATION:PT12H", "ATTENDEE:mailto:hana@westmere.example"),
)


@pytest.fixture(autouse=True)
def rota(session: Session, cast: Cast, now: datetime) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    session.flush()


def proposed(session: Session, cast: Cast, now: datetime) -> list[Covered]:
    found = taking_in.propose(session, cast.nurses, file(*NIGHTS), now)
    return [each.cover for each in found if each.cover]


def keep(session: Session, cast: Cast, now: datetime, wanted: list[Covered], why: str = "Nights") -> int:
    return taking_in.keep(session, cast.nurses, wanted, why, by=dev(cast), now=now)


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(RotaCover)).one()


def test_what_a_file_would_make_is_shown_and_nothing_is_written(
    session: Session, cast: Cast, now: datetime
) -> None:
    found = taking_in.propose(session, cast.nurses, file(*NIGHTS), now)
    assert [each.fault for each in found] == [None, None, lines.ELSEWHERE]
    assert count(session) == 0


def test_it_is_made_on_the_record_and_a_second_time_makes_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    wanted = proposed(session, cast, now)
    assert keep(session, cast, now, wanted) == 2
    assert keep(session, cast, now, wanted) == 0
    assert [each.there for each in taking_in.propose(session, cast.nurses, file(*NIGHTS), now)] == [
        True, True, False,
    ]  # fmt: skip
    rows = session.scalars(select(RotaCover).order_by(RotaCover.starts_at)).all()
    assert [(each.staff_id, each.starts_at.hour, each.why) for each in rows] == [
        (cast.dev.id, 20, "Nights")
    ] * 2
    entries = session.scalars(select(JournalEntry.what).where(JournalEntry.subject == "rota")).all()
    assert entries == ["set", "covered", "covered"]


def test_what_was_taken_back_is_made_again(session: Session, cast: Cast, now: datetime) -> None:
    wanted = proposed(session, cast, now)
    keep(session, cast, now, wanted)
    row = session.scalars(select(RotaCover)).first()
    assert row is not None
    rotas.uncover(session, cast.nurses, row.uuid, by=dev(cast), now=now)
    assert keep(session, cast, now, wanted) == 1


def test_all_are_made_or_none(session: Session, cast: Cast, now: datetime) -> None:
    wanted = proposed(session, cast, now)
    last = wanted[-1]
    with pytest.raises(Invalid) as fault, session.begin_nested():
        keep(session, cast, now, [*wanted, replace(last, start=last.end, end=last.end + timedelta(days=29))])
    assert fault.value.fields == {"": taking_in.NO_LONGER}
    assert count(session) == 0
    cover(session, cast, now, starts_at=last.start, ends_at=last.start + HOUR)
    with pytest.raises(Conflict, match="Somebody has written down"), session.begin_nested():
        keep(session, cast, now, wanted)
    assert count(session) == 1


def test_a_reason_is_asked_for_at_its_field_and_nothing_chosen_is_refused(
    session: Session, cast: Cast, now: datetime
) -> None:
    for wanted, why, field in ((proposed(session, cast, now), "", "why"), ([], "Nights", "")):
        with pytest.raises(Invalid) as fault:
            keep(session, cast, now, wanted, why)
        assert list(fault.value.fields) == [field]


def test_somebody_who_left_meanwhile_covers_nothing(session: Session, cast: Cast, now: datetime) -> None:
    wanted = proposed(session, cast, now)
    teams.leave(session, cast.nurses, cast.dev, now, actor=actor(cora(cast)))
    session.flush()
    with pytest.raises(Invalid):
        keep(session, cast, now, wanted)


def test_without_a_rota_no_file_is_taken(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as fault:
        taking_in.propose(session, cast.landlord, file(*NIGHTS), now)
    assert fault.value.fields == {"file": taking_in.NO_ROTA}
