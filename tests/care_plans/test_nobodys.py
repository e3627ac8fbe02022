"""Whose a reading is, is asked; and nobody is judged by what is nobody's."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.rules import Judgement
from care_plans.severity import Class, Severity
from devices import kit_users, owners, rows, series, subjects
from devices.measurement import Flags
from devices.models import Device
from devices.rows import Row
from devices.series import SeriesKey
from devices.shared_kit_models import Owner
from people.models.homes import Residency
from tests.care_plans.judged_home import MINUTE, Home, close, on_copd
from tests.cast import Cast
from tests.devices.kit import CORA

DAY = timedelta(days=1)
OXYGEN = "copd.oxygen_low"


@pytest.fixture
def home(session: Session, cast: Cast, now: datetime) -> Home:
    """Ben lives with Ada, whose plan watches her oxygen."""
    on_copd(session, cast, now)
    row = session.scalars(select(Residency).where(Residency.person_id == cast.ben.id)).one()
    row.home_id, row.period = cast.ada_home.id, Range(now - 100 * DAY, None)
    session.flush()
    return Home(session, cast, now)


def shared(home: Home, name: str = "oximeter") -> Device:
    return home.device(name, home=True)


def says(home: Home, kind: str, value: float, at: datetime, channel: str = "", flags: int = 0) -> None:
    """The shared oximeter, or scale, says it."""
    kit = shared(home, "scale" if kind == "weight" else "oximeter")
    key = SeriesKey(kit.id, channel, kind)
    ids = series.ensure(home.session, {key})
    rows.put(home.session, [Row(ids[key], at, value, flags)], at, at)


def asked(home: Home) -> list[Alert]:
    return [each for each in home.alerts() if each.rule_key.startswith("whose.")]


def test_a_weight_without_a_number_is_asked_about_and_judges_nobody(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    says(home, "weight", 92.4, now - MINUTE)
    home.judge(now, subjects.person(cast.ben.id))
    (alert,) = home.alerts()
    assert (alert.home_id, alert.severity, alert.class_) == (
        cast.ada_home.id,
        Severity.WATCH,
        Class.TECHNICAL,
    )
    assert alert.words == "Whose is this? 92.4 kg at 07:45 on 22 November, Scale"
    assert (alert.kind, alert.device_id) == ("weight", shared(home, "scale").id)
    assert alert.escalate_after is not None


def test_one_question_for_each_piece_of_kit_lists_all(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    for n in (3, 2, 1):
        says(home, "weight", 90 + n, now - n * MINUTE)
        home.judge(now)
    (alert,) = asked(home)
    assert alert.words.startswith("Whose is this? 91 kg")
    assert alert.words.endswith("and 2 more")
    assert len(alert.evidence) == 3


def test_a_danger_asks_at_once_and_is_red_whoevers_it_is(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    says(home, "spo2", 84, now - MINUTE)
    home.judge(now)
    (alert,) = home.alerts()
    assert (alert.severity, alert.class_, alert.value) == (Severity.RED, Class.CLINICAL, 84)
    assert alert.rule_key.startswith("whose.danger.")
    assert alert.step == 1
    assert alert.escalate_after is not None
    assert alert.escalate_after <= now + 15 * MINUTE


def test_what_cannot_be_believed_is_asked_about_and_is_no_danger(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    says(home, "spo2", 12, now - MINUTE, flags=int(Flags.BEYOND_ABSOLUTE))
    home.judge(now)
    assert [alert.severity for alert in asked(home)] == [Severity.WATCH]


def test_whoever_has_its_number_is_judged_by_it_and_nobody_is_asked(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    kit_users.set_down(session, shared(home), 1, cast.ada.id, now=now, actor=CORA)
    for n in (6, 0):
        says(home, "spo2", 84, now - n * MINUTE, "user 1")
    home.judge(now)
    assert [(alert.rule_key, alert.person_id) for alert in home.alerts()] == [(OXYGEN, cast.ada.id)]


def test_a_housemates_reading_on_the_same_kit_judges_only_the_housemate(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    kit_users.set_down(session, shared(home), 2, cast.ben.id, now=now, actor=CORA)
    for n in (6, 0):
        says(home, "spo2", 84, now - n * MINUTE, "user 2")
    home.judge(now)
    assert home.alerts() == []


def test_an_impossible_jump_is_asked_about_and_judges_nobody(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    kit_users.set_down(session, shared(home, "scale"), 1, cast.ada.id, now=now, actor=CORA)
    for n in (1, 2, 3):
        says(home, "weight", 61.0, now - n * DAY, "user 1")
    says(home, "weight", 92.4, now - MINUTE, "user 1")
    home.judge(now)
    (alert,) = home.alerts()
    assert alert.words.startswith("Whose is this? 92.4 kg")


def were_adas(home: Home, cast: Cast, now: datetime) -> None:
    """Say that what was measured six minutes ago and now was Ada's."""
    for n in (6, 0):
        at = now - n * MINUTE
        owners.say(
            home.session, shared(home), "", at, Owner.PERSON, now=now, actor=CORA, person_id=cast.ada.id
        )


def test_an_answer_has_them_judged_by_it_and_the_question_is_closed(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    for n in (6, 0):
        says(home, "spo2", 93, now - n * MINUTE)
    home.judge(now)
    assert len(asked(home)) == 1
    were_adas(home, cast, now)
    home.judge(now)
    (question,) = asked(home)
    assert question.closed_at == now
    judged = select(Judgement.verdict).where(Judgement.rule_key == OXYGEN)
    assert session.scalars(judged).one() == "nothing"


def test_a_danger_that_is_answered_raises_the_alert_of_whose_it_was_and_stays_until_somebody_is_reached(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    for n in (6, 0):
        says(home, "spo2", 84, now - n * MINUTE)
    home.judge(now)
    were_adas(home, cast, now)
    home.judge(now)
    question, ada = home.alerts()
    assert (question.cleared_at, question.closed_at) == (now, None)
    assert (ada.rule_key, ada.person_id, ada.severity) == (OXYGEN, cast.ada.id, Severity.RED)


def test_another_number_of_ones_own_kit_asks_about_its_owner(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    own = home.device("cuff")
    key = SeriesKey(own.id, "user 2", "systolic")
    rows.put(session, [Row(series.ensure(session, {key})[key], now - MINUTE, 128, 0)], now, now)
    home.judge(now)
    (alert,) = home.alerts()
    assert (alert.person_id, alert.words[:24]) == (cast.ada.id, "Whose is this? 128 mmHg ")


def test_closed_without_an_answer_it_is_asked_again_after_a_day_and_at_once_about_another(
    session: Session, cast: Cast, home: Home, now: datetime
) -> None:
    says(home, "weight", 92.4, now - MINUTE)
    home.judge(now)
    close(session, asked(home)[0], now)
    home.judge(now + 60 * MINUTE)
    assert len(asked(home)) == 1
    home.judge(now + DAY)
    assert len(asked(home)) == 2
    close(session, asked(home)[1], now + DAY)
    says(home, "weight", 91.0, now + DAY + MINUTE)
    home.judge(now + DAY + 2 * MINUTE)
    assert len(asked(home)) == 3
