"""Somebody does not answer: begun once, climbed by the alerts' machinery, ended by knowing how they are."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans import absences as away
from care_plans import deaths
from care_plans.alerts import alerts, auditor, escalation
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.ringing import NoReply
from care_plans.reached import Found
from care_plans.ringing import no_replies
from care_plans.severity import Class, Severity
from core.errors import Conflict, Invalid, NotFound
from tests.care_plans.alerting import cora, dev, hana, mallory, messages_to, viewer
from tests.care_plans.ringing.ringing import MINUTE, call, nobody_answers
from tests.care_plans.test_absences import leave
from tests.care_plans.test_absences import told as away_told
from tests.cast import Cast


def begun(session: Session, cast: Cast, now: datetime) -> tuple[NoReply, Alert]:
    row = nobody_answers(session, cast, call(session, cast, now), now).no_reply
    assert row is not None
    return row, session.get_one(Alert, row.alert_id)


def test_it_is_a_red_alert_of_life_safety_with_the_first_team_asked(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, alert = begun(session, cast, now)
    assert (alert.severity, alert.class_, alert.step) == (Severity.RED, Class.LIFE_SAFETY, 1)
    assert messages_to(session, cast.coordinators)
    assert (row.person_id, row.began_by_id, row.ended_at) == (cast.ada.id, None, None)
    assert auditor.audit(session, now) == []


def test_each_step_has_its_deadline_and_the_next_begins_when_it_passes(
    session: Session, cast: Cast, now: datetime
) -> None:
    _row, alert = begun(session, cast, now)
    asked = []
    for minutes in (16, 32, 78, 110):
        escalation.step(session, now + minutes * MINUTE)
        asked.append(alert.step)
    assert asked == [2, 3, 4, 4]
    assert messages_to(session, cast.nurses)
    assert len(messages_to(session, cast.centre)) == 2


def test_acknowledging_or_a_call_to_the_police_ends_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, alert = begun(session, cast, now)
    alerts.acknowledge(session, alert, by=cora(cast), now=now)
    escalation.step(session, now + 16 * MINUTE)
    assert alert.step == 2
    alerts.emergency(
        session, alert, at=now + 17 * MINUTE, reference="Police 4711", by=cora(cast), now=now + 17 * MINUTE
    )
    no_replies.step(session, now + 18 * MINUTE)
    assert row.ended_at is None


def test_nobody_closes_it_before_somebody_was_spoken_to_or_seen(
    session: Session, cast: Cast, now: datetime
) -> None:
    _row, alert = begun(session, cast, now)
    how = {"cause": Cause.TRUE_ACTED, "action": "Rang", "outcome": Outcome.NONE, "now": now}
    alerts.emergency(session, alert, at=now, reference="999, 4711", by=dev(cast), now=now)
    with pytest.raises(Invalid, match="Nobody has been spoken to or seen"):
        alerts.close(session, alert, by=dev(cast), **how)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="Nobody has been spoken to or seen"):
        alerts.close(session, alert, by=dev(cast), clinical_reason="She never answers", **how)  # type: ignore[arg-type]
    alerts.contact(session, alert, kind=ContactKind.SAW, words="In the garden", by=dev(cast), now=now)
    alerts.close(session, alert, by=dev(cast), **how)  # type: ignore[arg-type]
    assert alert.closed_at == now


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (ContactKind.SPOKE_TO, Found.SPOKEN_TO),
        (ContactKind.SAW, Found.SEEN),
        (ContactKind.WITH_THEM_NOW, Found.SEEN),
    ],
)
def test_a_contact_on_the_alert_ends_it_by_whoever_recorded_it(
    session: Session, cast: Cast, now: datetime, kind: ContactKind, found: Found
) -> None:
    row, alert = begun(session, cast, now)
    alerts.contact(session, alert, kind=kind, words="She is well", by=dev(cast), now=now + MINUTE)
    assert no_replies.step(session, now + MINUTE)
    assert (row.ended, row.ended_by_id, row.ended_at) == (found, cast.dev.id, now + MINUTE)
    assert not no_replies.step(session, now + 2 * MINUTE)


@pytest.mark.parametrize(
    ("why", "found", "outcome"),
    [("hospital", Found.HOSPITAL, Outcome.ADMITTED), ("holiday", Found.AWAY, Outcome.NONE)],
)
def test_that_they_are_elsewhere_ends_it_once_named_staff_confirm(
    session: Session, cast: Cast, now: datetime, why: str, found: Found, outcome: Outcome
) -> None:
    row, alert = begun(session, cast, now)
    given = away_told(now, why=why)
    proposed = away.record(session, cast.ada, given, by=dev(cast), now=now, confirmed=False)
    assert not no_replies.step(session, now)
    away.confirm(session, proposed, by=cora(cast), now=now)
    no_replies.step(session, now)
    assert (row.ended, row.ended_by_id) == (found, cast.cora.id)
    assert (alert.closed_at, alert.outcome, alert.closed_by_id) == (now, outcome, cast.cora.id)


def test_a_death_ends_it_and_nobody_looks_for_them_any_more(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, alert = begun(session, cast, now)
    deaths.record(
        session,
        cast.ada,
        {"died_on": now.date().isoformat(), "known_from": "Her daughter"},
        by=dev(cast),
        now=now,
    )
    no_replies.step(session, now)
    assert (row.ended, row.ended_by_id) == (Found.DIED, cast.dev.id)
    assert alert.closed_at == now
    escalation.step(session, now + timedelta(hours=1))
    assert alert.step == 1


def test_nobody_looks_for_those_who_are_away_or_have_died(
    session: Session, cast: Cast, now: datetime
) -> None:
    leave(session, cast, now)
    assert nobody_answers(session, cast, call(session, cast, now), now).no_reply is None
    cast.ben.died_on = now.date()
    session.flush()
    began = no_replies.begin(session, cast.ben, team_id=cast.coordinators.id, words="No answer", now=now)
    assert began is None
    with pytest.raises(Conflict, match="nobody looks for them"):
        no_replies.begin(
            session, cast.ben, team_id=cast.coordinators.id, words="Dark", now=now, by=cora(cast)
        )
    assert session.scalars(select(Alert)).all() == []


def test_there_are_never_two_of_one_person(session: Session, cast: Cast, now: datetime) -> None:
    row, alert = begun(session, cast, now)
    again = no_replies.begin(
        session, cast.ada, team_id=cast.nurses.id, words="Her light is off", now=now, by=dev(cast)
    )
    assert again is row
    later = nobody_answers(session, cast, call(session, cast, now), now + timedelta(hours=1)).no_reply
    assert later is row
    assert session.scalars(select(Alert)).all() == [alert]


def test_somebody_can_begin_it_before_enough_calls_were_made_and_says_why(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid, match="why"):
        no_replies.begin(session, cast.ada, team_id=cast.nurses.id, words=" ", now=now, by=dev(cast))
    row = no_replies.begin(
        session, cast.ada, team_id=cast.nurses.id, words="The curtains are drawn", now=now, by=dev(cast)
    )
    assert row is not None
    assert (row.began_by_id, row.why) == (cast.dev.id, "The curtains are drawn")


def test_whoever_does_not_answer_again_is_looked_for_again_though_the_first_alert_is_open(
    session: Session, cast: Cast, now: datetime
) -> None:
    first, alert = begun(session, cast, now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now + MINUTE)
    no_replies.step(session, now + MINUTE)
    later = now + timedelta(hours=5)
    second = nobody_answers(session, cast, call(session, cast, later), later).no_reply
    assert second is not None
    assert second.id != first.id
    assert (second.alert_id, alert.contact_at) == (alert.id, None)
    assert alert.escalate_after is not None


def test_those_who_may_see_neither_person_nor_alert_find_nothing(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, _alert = begun(session, cast, now)
    assert no_replies.get(session, hana(cast), row.uuid, now) is row
    assert no_replies.get(session, viewer(cast.cora, cast.coordinators), row.uuid, now) is row
    with pytest.raises(NotFound):
        no_replies.get(session, mallory(cast), row.uuid, now)


def test_every_time_is_told_with_the_names_of_those_in_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    _row, alert = begun(session, cast, now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="Well", by=dev(cast), now=now + MINUTE)
    no_replies.step(session, now + MINUTE)
    [told] = no_replies.list_of(session, cora(cast), cast.ada, now)
    assert (told.began_by, told.ended_by, told.row.ended) == (None, "Dev", Found.SEEN)
    assert told.alert == alert.uuid
    assert no_replies.list_of(session, mallory(cast), cast.ada, now) == []
