"""Lists of follow-ups."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.alerts.alerts import AskedFollowUp
from care_plans.models.alerts import Cause, ContactKind, Outcome
from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.work import agenda, follow_ups
from care_plans.work.agenda import State, Wanted, Whose
from core.errors import NotFound
from tests.app import adas
from tests.care_plans.alerting import cora, dev, hana, mallory, raised, vi
from tests.cast import Cast

HOUR = timedelta(hours=1)


def made(
    session: Session, cast: Cast, now: datetime, text: str, due_at: datetime, *, home: bool = False
) -> FollowUp:
    return follow_ups.make(
        session,
        kind=FollowUpKind.VISIT,
        text=text,
        team_id=cast.landlord.id if home else cast.nurses.id,
        due_at=due_at,
        now=now,
        person_id=None if home else cast.ada.id,
        home_id=cast.ben_home.id if home else None,
    )


def texts(session: Session, viewer: object, now: datetime, **more: object) -> list[str]:
    return [
        item.text
        for item in agenda.list_items(session, viewer, Wanted(**more), now)  # type: ignore[arg-type]
    ]


def test_an_item_says_what_for_whom_where_by_when_and_who(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = made(session, cast, now, "Check the inhaler", now + HOUR)
    follow_ups.take(session, row, by=dev(cast), now=now)
    [item] = agenda.list_items(session, cora(cast), Wanted(), now)
    assert (item.who, item.where, item.area) == ("Ada Marsh", "14 Orchard Row", "Westmere")
    assert (item.team, item.agency, item.staff) == ("Community nurses", "Westmere Health", "Dev")
    assert (item.state, item.due_at, item.missed, item.moved) == (State.DUE, now + HOUR, False, 0)
    assert (item.person_uuid, item.uuid, item.scheduled) == (cast.ada.uuid, row.uuid, False)


def test_a_follow_up_of_a_home_says_its_address(session: Session, cast: Cast, now: datetime) -> None:
    made(session, cast, now, "Look at the boiler", now + HOUR, home=True)
    [item] = agenda.list_items(session, hana(cast), Wanted(), now)
    assert (item.who, item.where, item.home_uuid) == ("Mill Court 3", "Westmere", cast.ben_home.uuid)


def test_lists_are_by_state_and_first_due_first(session: Session, cast: Cast, now: datetime) -> None:
    made(session, cast, now, "later", now + 2 * HOUR)
    made(session, cast, now, "soon", now + HOUR)
    made(session, cast, now, "overdue", now - HOUR)
    for text, at in (("done first", now), ("done last", now + HOUR)):
        row = made(session, cast, now, text, now - HOUR)
        follow_ups.complete(session, row, outcome=FollowUpOutcome.DONE, remarks="", by=dev(cast), now=at)
    assert texts(session, cora(cast), now) == ["overdue", "soon", "later"]
    assert texts(session, cora(cast), now, states=frozenset({State.OVERDUE})) == ["overdue"]
    assert texts(session, cora(cast), now, states=frozenset({State.DUE})) == ["soon", "later"]
    assert texts(session, cora(cast), now, states=frozenset({State.DONE})) == ["done last", "done first"]
    assert agenda.count(session, cora(cast), Wanted(), now) == 3


def test_mine_my_teams_a_day_and_a_person_can_be_asked_for(
    session: Session, cast: Cast, now: datetime
) -> None:
    mine = made(session, cast, now, "mine", now + HOUR)
    follow_ups.take(session, mine, by=dev(cast), now=now)
    made(session, cast, now, "tomorrow", now + 24 * HOUR)
    made(session, cast, now, "boiler", now + HOUR, home=True)
    assert texts(session, dev(cast), now, whose=Whose.MINE) == ["mine"]
    assert texts(session, dev(cast), now, whose=Whose.TEAMS) == ["mine", "tomorrow"]
    assert texts(session, dev(cast), now) == ["mine", "boiler", "tomorrow"]
    assert texts(session, dev(cast), now, due_from=now + 12 * HOUR) == ["tomorrow"]
    assert texts(session, dev(cast), now, due_to=now + 12 * HOUR) == ["mine", "boiler"]
    assert texts(session, dev(cast), now, person_id=cast.ada.id) == ["mine", "tomorrow"]
    assert texts(session, dev(cast), now, team_id=cast.landlord.id) == ["boiler"]


def test_only_who_may_see_the_person_sees_what_is_to_be_done(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = made(session, cast, now, "Check", now + HOUR)
    made(session, cast, now, "Boiler", now + HOUR, home=True)
    for stranger in (mallory(cast), vi(cast)):
        assert texts(session, stranger, now) == []
        assert agenda.count(session, stranger, Wanted(), now) == 0
        for find in (agenda.get, agenda.get_item):
            with pytest.raises(NotFound):
                find(session, stranger, row.uuid, now)
    with pytest.raises(NotFound):
        agenda.get(session, cora(cast), uuid4(), now)
    assert agenda.get(session, cora(cast), row.uuid, now) is row
    assert len(texts(session, replace(mallory(cast), everyone=True), now)) == 2


def test_the_follow_up_of_an_alert_comes_with_its_alert_to_whom_it_was_sent(
    session: Session, cast: Cast, now: datetime
) -> None:
    asked = AskedFollowUp(FollowUpKind.VISIT, "Sit with her", cast.befrienders.id, 3600)
    alert = alerts.raise_(session, replace(raised(cast, now), follow_up=asked), now)
    [item] = agenda.list_items(session, vi(cast), Wanted(alert_id=alert.id), now)
    assert (item.alert_uuid, item.alert_words) == (alert.uuid, "Check on them")  # no vital signs for them
    [nurses] = agenda.list_items(session, dev(cast), Wanted(alert_id=alert.id), now)
    assert (nurses.alert_words, nurses.alert_says) == ("Oxygen 84%", "Ring Ada.")
    assert agenda.get_item(session, vi(cast), item.uuid, now) == item


def test_its_story_is_told_in_order_with_names(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now, "Check", now + HOUR)
    follow_ups.take(session, row, by=dev(cast), now=now)
    follow_ups.reschedule(session, row, due_at=now + 2 * HOUR, reason="Out", by=dev(cast), now=now)
    assert [(event.what, event.by) for event in agenda.list_events(session, row)] == [
        ("made", None),
        ("taken", "Dev"),
        ("rescheduled", "Dev"),
    ]
    assert agenda.get_item(session, cora(cast), row.uuid, now).moved == 1


def test_the_team_that_an_alert_asked_sees_its_follow_up_until_it_is_done(
    session: Session, cast: Cast, now: datetime
) -> None:
    asked = AskedFollowUp(FollowUpKind.VISIT, "Sit with her", cast.befrienders.id, 10 * 24 * 3600)
    alert = alerts.raise_(session, replace(raised(cast, now), follow_up=asked), now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now)
    alerts.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Seen", outcome=Outcome.NONE, by=dev(cast), now=now
    )
    later = now + 11 * 24 * HOUR
    [item] = agenda.list_items(session, vi(cast), Wanted(), later)
    assert item.state is State.OVERDUE
    assert texts(session, mallory(cast), later) == []
    row = agenda.get(session, vi(cast), item.uuid, later)
    follow_ups.complete(session, row, outcome=FollowUpOutcome.DONE, remarks="", by=vi(cast), now=later)
    assert texts(session, vi(cast), later, states=frozenset(State)) == []


def test_calls_are_what_is_done_by_ringing_the_person_and_nothing_that_asks_a_colleague(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = alerts.raise_(session, raised(cast, now, key="copd.pulse_fast"), now)
    referral = adas.lay(session, cast, now)["referral_id"]
    referral_id = session.scalars(select(Referral.id).where(Referral.uuid == referral)).one()
    call, check, visit = FollowUpKind.CALL, FollowUpKind.CHECK, FollowUpKind.VISIT
    asked = [
        ("Ring", call, {}),
        ("Ring about the alert", call, {"alert_id": alert.id}),
        ("Look in by telephone", check, {}),
        ("Has the other team taken it on?", check, {"referral_id": referral_id}),
        ("Look at what came late", check, {"alert_id": alert.id}),
        ("Waits under Concerns", check, {"restricted": True}),
        ("See her", visit, {}),
    ]
    for text, kind, more in asked:
        follow_ups.make(
            session, kind=kind, text=text, team_id=cast.nurses.id, due_at=now + HOUR, now=now,
            person_id=cast.ada.id, **more,
        )  # type: ignore[arg-type]  # fmt: skip
    rings = {"Ring", "Ring about the alert", "Look in by telephone"}
    assert set(texts(session, dev(cast), now, calls=True)) == rings
    rows = session.scalars(select(FollowUp).where(FollowUp.text.in_([text for text, *_ in asked]))).all()
    assert {row.text for row in rows if agenda.is_call(row)} == rings
