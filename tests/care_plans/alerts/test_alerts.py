"""What people do with an alert."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.alerts.events import What
from care_plans.messages.outbox import Recipient
from care_plans.models.alerts import Alert, AlertEvent, ContactKind
from care_plans.severity import Class, Severity
from core.errors import Conflict, Invalid, NotFound
from core.models import JournalEntry
from people.models.caring import AlertSight
from tests.care_plans.alerting import cora, dev, mallory, messages_to, raised, times, vi
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


@pytest.fixture
def red(session: Session, cast: Cast, now: datetime) -> Alert:
    return alerts.raise_(session, raised(cast, now), now)


@pytest.fixture
def amber(session: Session, cast: Cast, now: datetime) -> Alert:
    return alerts.raise_(session, raised(cast, now, Severity.AMBER), now)


def test_acknowledging_a_red_names_its_owner_and_leaves_its_ladder_running(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    alerts.acknowledge(session, red, by=dev(cast), now=now)
    assert (red.owner_staff_id, red.acknowledged_at) == (cast.dev.id, now)
    assert red.seen_until == now + 30 * MINUTE
    assert red.escalate_after == now + 5 * MINUTE
    escalation.step(session, now + 5 * MINUTE)
    assert red.step == 2


def test_acknowledging_an_amber_holds_its_ladder_for_half_an_hour(
    session: Session, cast: Cast, now: datetime, amber: Alert
) -> None:
    alerts.acknowledge(session, amber, by=dev(cast), now=now)
    assert amber.escalate_after == now + 30 * MINUTE


def test_nobody_acknowledges_for_longer_than_the_colour_allows(
    session: Session, cast: Cast, now: datetime, amber: Alert
) -> None:
    with pytest.raises(Invalid, match="too long"):
        alerts.acknowledge(session, amber, by=dev(cast), now=now, until=now + timedelta(hours=5))
    with pytest.raises(Invalid, match="still to come"):
        alerts.acknowledge(session, amber, by=dev(cast), now=now, until=now)


def test_only_a_contact_stops_the_ladder_of_a_red_and_its_owner_must_decide(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    alerts.contact(session, red, kind=ContactKind.SPOKE_TO, words="Breathless, calm", by=dev(cast), now=now)
    assert (red.contact, red.contact_at, red.owner_staff_id) == (ContactKind.SPOKE_TO, now, cast.dev.id)
    assert red.escalate_after == now + 60 * MINUTE
    escalation.step(session, now + 59 * MINUTE)
    assert red.step == 1
    escalation.step(session, now + 60 * MINUTE)
    assert red.step == 1
    assert times(session, red, What.REMINDED) == 1
    assert len(messages_to(session, staff=cast.dev)) == 1
    assert red.escalate_after == now + 120 * MINUTE


def test_a_contact_says_how_they_are(session: Session, cast: Cast, now: datetime, red: Alert) -> None:
    with pytest.raises(Invalid, match="how they are"):
        alerts.contact(session, red, kind=ContactKind.SAW, words=" ", by=dev(cast), now=now)


def test_going_holds_the_ladder_and_no_arrival_resumes_it(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    alerts.going(session, red, until=now + 20 * MINUTE, by=dev(cast), now=now)
    assert red.escalate_after == now + 20 * MINUTE
    escalation.step(session, now + 19 * MINUTE)
    assert red.step == 1
    escalation.step(session, now + 20 * MINUTE)
    assert (red.step, red.going_until) == (2, None)
    assert times(session, red, What.NOT_ARRIVED) == 1
    assert len(messages_to(session, staff=cast.dev)) == 1
    assert len(messages_to(session, cast.nurses)) == 1


def test_going_again_and_again_holds_a_red_for_an_hour_at_most(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    alerts.going(session, red, until=now + 40 * MINUTE, by=dev(cast), now=now)
    later = now + 30 * MINUTE
    with pytest.raises(Invalid, match="longer than an hour"):
        alerts.going(session, red, until=later + 40 * MINUTE, by=dev(cast), now=later)
    alerts.going(session, red, until=now + 60 * MINUTE, by=dev(cast), now=later)
    assert red.escalate_after == now + 60 * MINUTE


def test_arriving_is_a_contact(session: Session, cast: Cast, now: datetime, red: Alert) -> None:
    alerts.going(session, red, until=now + 20 * MINUTE, by=dev(cast), now=now)
    alerts.contact(
        session, red, kind=ContactKind.WITH_THEM_NOW, words="On the floor, awake", by=dev(cast), now=now
    )
    assert red.going_until is None


def test_emergency_services_are_recorded_with_time_and_reference(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    with pytest.raises(Invalid) as wrong:
        alerts.emergency(session, red, at=now + MINUTE, reference="", by=dev(cast), now=now)
    assert set(wrong.value.fields) == {"at", "reference"}
    alerts.emergency(session, red, at=now - MINUTE, reference="WM-4711", by=dev(cast), now=now)
    assert (red.emergency_at, red.emergency_reference) == (now - MINUTE, "WM-4711")
    assert red.escalate_after == now + 60 * MINUTE


def test_assigning_opens_it_and_tells_them_and_holds_nothing(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    with pytest.raises(NotFound):
        alerts.get(session, vi(cast), red.uuid, now)
    alerts.assign(session, red, to=Recipient(staff_id=cast.vi.id), by=cora(cast), now=now)
    assert alerts.get(session, vi(cast), red.uuid, now) is red
    assert (red.owner_staff_id, red.escalate_after) == (cast.vi.id, now + 5 * MINUTE)
    assert "Cora has assigned it to you." in messages_to(session, staff=cast.vi)[0].body


def test_assigning_to_nobody_is_refused(session: Session, cast: Cast, now: datetime, red: Alert) -> None:
    cast.vi.left_at = now
    session.flush()
    for to in (Recipient(staff_id=cast.vi.id), Recipient(team_id=-1)):
        with pytest.raises(Invalid, match="Choose"):
            alerts.assign(session, red, to=to, by=cora(cast), now=now)


def test_a_comment_resets_no_clock(session: Session, cast: Cast, now: datetime, red: Alert) -> None:
    alerts.comment(session, red, words="Her daughter rang", by=cora(cast), now=now + 4 * MINUTE)
    assert red.escalate_after == now + 5 * MINUTE
    with pytest.raises(Invalid, match="Write something"):
        alerts.comment(session, red, words=" ", by=cora(cast), now=now)


@pytest.mark.parametrize(
    ("severity", "class_"), [(Severity.RED, Class.CLINICAL), (Severity.WATCH, Class.LIFE_SAFETY)]
)
def test_what_is_pressing_is_never_shelved(
    session: Session, cast: Cast, now: datetime, severity: Severity, class_: Class
) -> None:
    alert = alerts.raise_(session, raised(cast, now, severity, class_), now)
    with pytest.raises(Invalid, match="never shelved"):
        alerts.shelve(session, alert, until=now + MINUTE, reason="Busy", by=cora(cast), now=now)


def test_shelving_has_a_reason_and_an_end_and_people_are_told_when_it_ends(
    session: Session, cast: Cast, now: datetime, amber: Alert
) -> None:
    with pytest.raises(Invalid, match="why it can rest"):
        alerts.shelve(session, amber, until=now + MINUTE, reason="", by=cora(cast), now=now)
    with pytest.raises(Invalid, match="too long"):
        alerts.shelve(session, amber, until=now + timedelta(days=2), reason="x", by=cora(cast), now=now)
    alerts.shelve(session, amber, until=now + 60 * MINUTE, reason="Nurse is there", by=cora(cast), now=now)
    escalation.step(session, now + 59 * MINUTE)
    assert amber.step == 1
    escalation.step(session, now + 60 * MINUTE)
    assert (amber.shelved_until, amber.step) == (None, 2)
    assert times(session, amber, What.SHELF_ENDED) == 1
    assert len(messages_to(session, staff=cast.cora)) == 1


def test_somebody_who_came_second_is_told_who_came_first(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    seen = red.version
    alerts.acknowledge(session, red, by=dev(cast), now=now, seen=seen)
    with pytest.raises(Conflict, match="Dev acknowledged it before you"):
        alerts.acknowledge(session, red, by=cora(cast), now=now, seen=seen)
    alerts.acknowledge(session, red, by=cora(cast), now=now, seen=red.version)


def test_what_hearthline_did_meanwhile_stops_nobody(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    seen = red.version
    escalation.step(session, now + 5 * MINUTE)
    assert red.version > seen
    alerts.acknowledge(session, red, by=dev(cast), now=now + 6 * MINUTE, seen=seen)
    alerts.comment(session, red, words="Ringing her", by=dev(cast), now=now)
    alerts.contact(
        session, red, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now + 7 * MINUTE, seen=seen
    )


def test_a_comment_of_somebody_else_stops_nobody(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    seen = red.version
    alerts.comment(session, red, words="Her daughter rang", by=cora(cast), now=now)
    alerts.acknowledge(session, red, by=dev(cast), now=now, seen=seen)
    assert red.owner_staff_id == cast.dev.id


def test_each_move_is_an_event_and_a_journal_entry_with_its_actor(
    session: Session, cast: Cast, now: datetime, red: Alert
) -> None:
    alerts.acknowledge(session, red, by=dev(cast), now=now)
    event = session.scalars(select(AlertEvent).order_by(AlertEvent.id.desc())).first()
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert event is not None
    assert entry is not None
    assert (event.what, event.by_staff_id, event.severity) == ("acknowledged", cast.dev.id, Severity.RED)
    assert (entry.what, entry.by, entry.subject_uuid) == ("acknowledged", "Dev", red.uuid)


def test_mallory_finds_no_alert(session: Session, cast: Cast, now: datetime, red: Alert) -> None:
    with pytest.raises(NotFound):
        alerts.get(session, mallory(cast), red.uuid, now)
    with pytest.raises(NotFound):
        alerts.get(session, cora(cast), uuid4(), now)
    assert session.scalars(select(AlertSight.team_id)).all() == [cast.coordinators.id]
